"""openssl verifies a presentation, taken apart as docs/presentations.md says."""

import sys
from pathlib import Path

import pytest

from app.kernel import clock
from app.pki.authorities import authorities, pem
from app.pki.credentials import seal_credential
from app.pki.sd_jwt import disclosure_of, joined
from tests.makers.programs import done, needs, said
from tests.makers.seals import the_seals

pytestmark = [pytest.mark.interop, pytest.mark.usefixtures("portal")]
SCRIPT = Path(__file__).parents[2] / "docs" / "verify_sd_jwt.py"


@needs("openssl")
class TestOpenssl:
    async def test_verifies_signature_and_seal(self, tmp_path: Path) -> None:
        await the_seals()
        now, hidden = clock.epoch_seconds(), [disclosure_of("name", "王小红"), disclosure_of("address", "芝罘区")]
        claims = {"iss": "http://x", "iat": now, "nbf": now, "exp": now + 600, "jti": "1", "vct": "v"}
        token = joined(seal_credential(claims | {"issuing_authority": "公安局"}, hidden), hidden[:1])
        (tmp_path / "shown.txt").write_text(token, encoding="utf-8")

        shown = done(tmp_path, f"{sys.executable} {SCRIPT} shown.txt .")
        (tmp_path / "root.pem").write_bytes(pem(authorities().root))
        done(tmp_path, "openssl x509 -in seal.pem -pubkey -noout -out seal-key.pem")
        verify = "openssl dgst -sha256 -verify seal-key.pem -signature signature.der signed.txt"

        assert "王小红" in shown
        assert "Verified OK" in done(tmp_path, verify)
        chain = "openssl verify -x509_strict -purpose any -CAfile root.pem -untrusted issuer.pem seal.pem"
        assert "seal.pem: OK" in done(tmp_path, chain)
        with (tmp_path / "signed.txt").open("ab") as file:
            file.write(b"x")
        assert "Verified OK" not in said(tmp_path, verify)
