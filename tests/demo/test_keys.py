from pathlib import Path

import jwt
import pytest
from cryptography import x509

from app.identity import dpop
from app.identity.errors import ProofWrong
from app.pki.profiles import Kind
from app.pki.requests import proved_key
from demo.keys import Key
from lifecycle.cases import signing
from lifecycle.cases.errors import CaseSignatureWrong
from tests.makers.pki import a_leaf

ADDRESS = "http://127.0.0.1:8000/v1/me"


class TestKey:
    def test_has_the_thumbprint_to_which_tokens_are_bound(self) -> None:
        key = Key.new()

        assert key.thumbprint == dpop.thumbprint_of_key(key.private.public_key())

    def test_is_kept_for_its_owner_only(self, tmp_path: Path) -> None:
        key, path = Key.new(), tmp_path / "key.pem"

        key.save(path)

        assert path.stat().st_mode & 0o777 == 0o600
        assert Key.read(path.read_bytes()).thumbprint == key.thumbprint

    def test_asks_for_a_certificate_by_proving_its_possession(self) -> None:
        key = Key.new()

        assert proved_key(key.certificate_request()) == key.private.public_key()


class TestProof:
    def test_is_one_that_the_server_takes_for_its_request_only(self) -> None:
        key = Key.new()
        proof = key.proof("GET", ADDRESS, "token")

        assert dpop.verify(proof, "GET", ADDRESS, "token").jkt == key.thumbprint
        for method, address, token in (
            ("POST", ADDRESS, "token"),
            ("GET", f"{ADDRESS}/x", "token"),
            ("GET", ADDRESS, "t"),
        ):
            with pytest.raises(ProofWrong):
                dpop.verify(proof, method, address, token)

    def test_is_new_each_time(self) -> None:
        key = Key.new()

        ids = {jwt.decode(key.proof("GET", ADDRESS), options={"verify_signature": False})["jti"] for _ in range(5)}

        assert len(ids) == 5


class TestDetachedJws:
    def test_is_one_that_the_case_takes_for_these_bytes_only(self) -> None:
        key = Key.new()
        certificate: x509.Certificate = a_leaf(Kind.DEVICE, key=key.private.public_key())

        detached = signing.read_detached(key.detached_jws(b'{"a":1}', [certificate]))

        signing.refuse_other_payload(detached, b'{"a":1}')
        with pytest.raises(CaseSignatureWrong):
            signing.refuse_other_payload(detached, b'{"a":2}')
