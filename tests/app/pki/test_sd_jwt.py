"""SD-JWTs under the seal: read by a library of others, and refused wherever anything was touched."""

import base64
import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import pytest
import pytest_asyncio
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st
from sd_jwt.verifier import SDJWTVerifier

from app.kernel import clock
from app.keys.algorithms import raw_of_der
from app.pki import sd_jwt
from app.pki.authorities import DOCUMENTS, RECEIPTS, authorities, der
from app.pki.credentials import seal_credential, verify_credential
from app.pki.profiles import PROFILES, Kind
from app.pki.sd_jwt import Disclosure, disclosure_of, encoded, joined
from app.pki.signed_data import NotGenuine
from tests.makers.callers import a_key
from tests.makers.seals import key_in, the_seals

pytestmark = pytest.mark.usefixtures("app")
ISSUER = "https://fuhai.example"
SCRIPT: Final = Path(__file__).parents[3] / "docs" / "verify_sd_jwt.py"


@pytest_asyncio.fixture(autouse=True)
async def _authorities() -> None:
    await the_seals()


def claims(**changed: Any) -> dict[str, Any]:
    now = clock.epoch_seconds()
    said = {"iss": ISSUER, "iat": now, "nbf": now, "exp": now + 600, "jti": "j1", "vct": "urn:fuhai:licence:X"}
    return said | changed


def three() -> list[Disclosure]:
    return [disclosure_of("name", "王小红"), disclosure_of("address", "芝罘区"), disclosure_of("sex", "女")]


def parts(token: str) -> list[str]:
    return token.split("~", maxsplit=1)[0].split(".")


def header(token: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(sd_jwt.decoded(parts(token)[0]))
    return found


def signed_by(key: ec.EllipticCurvePrivateKey, head: dict[str, Any], payload: bytes) -> str:
    text = sd_jwt.compact(head, payload)
    return f"{text.decode()}.{encoded(raw_of_der(key.sign(text, ec.ECDSA(hashes.SHA256()))))}~"


async def refused(token: str) -> str:
    with pytest.raises(NotGenuine) as reason:
        await verify_credential(token, ISSUER)
    return str(reason.value)


class TestByOthers:
    def test_a_library_of_others_verifies_it_by_the_certificate_that_it_carries(self) -> None:
        hidden = three()
        token = joined(seal_credential(claims(), hidden), hidden[:1])

        said = SDJWTVerifier(token, key_in).get_verified_payload()

        assert said["name"] == "王小红"
        assert not {"address", "sex", "_sd"} & set(said)

    async def test_our_own_reads_the_same(self) -> None:
        hidden = three()
        found = await verify_credential(joined(seal_credential(claims(aud="银行"), hidden), hidden[1:]), ISSUER)

        assert found.disclosed == {"address": "芝罘区", "sex": "女"}
        assert (found.id, found.type, found.audience) == ("j1", "urn:fuhai:licence:X", "银行")
        assert found.expires_at - found.sealed_at == timedelta(minutes=10)


class TestScript:
    """docs/verify_sd_jwt.py, run as anybody would."""

    def run(self, token: str, folder: Path) -> "subprocess.CompletedProcess[str]":
        (folder / "shown.txt").write_text(token, encoding="utf-8")
        command = [sys.executable, str(SCRIPT), "shown.txt", "out"]
        return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=60)

    def test_takes_it_apart_so_that_the_signature_verifies(self, tmp_path: Path) -> None:
        hidden = three()
        token = seal_credential(claims(issuing_authority="公安局"), hidden)
        done = self.run(joined(token, hidden[:1]), tmp_path)

        assert done.returncode == 0, done.stderr
        assert "王小红" in done.stdout
        assert "芝罘区" not in done.stdout
        seal = x509.load_pem_x509_certificate((tmp_path / "out/seal.pem").read_bytes())
        key = seal.public_key()
        assert isinstance(key, ec.EllipticCurvePublicKey)
        out = tmp_path / "out"
        key.verify((out / "signature.der").read_bytes(), (out / "signed.txt").read_bytes(), ec.ECDSA(hashes.SHA256()))

    def test_refuses_a_disclosure_of_another(self, tmp_path: Path) -> None:
        token = seal_credential(claims(issuing_authority="公安局"), three())

        assert self.run(joined(token, three()[:1]), tmp_path).returncode != 0


class TestForm:
    def test_salts_have_128_bits_and_are_never_the_same(self) -> None:
        salts = {disclosure_of("name", "王小红").salt for _ in range(50)}

        assert len(salts) == 50
        assert {len(sd_jwt.decoded(salt)) for salt in salts} == {16}

    def test_says_what_is_withheld_by_digests_only_in_no_order(self) -> None:
        hidden = three()
        token = seal_credential(claims(), hidden)
        said = json.loads(sd_jwt.decoded(parts(token)[1]))

        assert said["_sd"] == sorted(one.digest for one in hidden)
        assert said["_sd_alg"] == "sha-256"
        assert "王小红" not in str(said)
        assert (header(token)["alg"], header(token)["typ"]) == ("ES256", "dc+sd-jwt")

    def test_digests_as_the_standard_does(self) -> None:
        # RFC 9901, section 4.2.3
        disclosure = "WyI2cU1RdlJMNWhhaiIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0"

        assert sd_jwt.digest(disclosure) == "uutlBuYeMDyjLLTpf6Jxi7yNkEF35jdyWMn9U7b_RYY"

    @given(st.text(max_size=200))
    def test_refuses_anything_else_by_name(self, text: str) -> None:
        with pytest.raises(NotGenuine):
            sd_jwt.read(text)


class TestHostile:
    async def test_truncated(self) -> None:
        hidden = three()
        token = joined(seal_credential(claims(), hidden), hidden)

        for shown in (token[:-1], token[:-2], token[: len(token) // 2], token.rstrip("~"), token + "x", f"~{token}"):
            assert await refused(shown) in {"presentation_unreadable", "disclosure_unknown"}
        assert await refused(token[1:]) == "presentation_unreadable"

    async def test_alg_none_and_others(self) -> None:
        token = seal_credential(claims(), three())
        head, payload, signature = parts(token)
        for changed in ({"alg": "none"}, {"alg": "HS256"}, {"typ": "JWT"}, {"crit": ["b64"], "b64": False}):
            forged = encoded(json.dumps(header(token) | changed).encode())
            assert await refused(f"{forged}.{payload}.{signature}~") == "algorithm_not_allowed"
            assert await refused(f"{forged}.{payload}.~") in {"algorithm_not_allowed", "presentation_unreadable"}
        assert await refused(f"{head}.{payload}.~") == "algorithm_not_allowed"

    async def test_a_disclosure_of_another_credential_and_the_same_twice(self) -> None:
        hidden, others = three(), three()
        token = seal_credential(claims(), hidden)

        assert await refused(joined(token, [hidden[0], others[1]])) == "disclosure_unknown"
        assert await refused(joined(token, [hidden[0], hidden[0]])) == "disclosure_repeated"

    async def test_a_disclosure_written_otherwise(self) -> None:
        hidden = three()
        token = seal_credential(claims(), hidden)
        changed = Disclosure(hidden[0].salt, "name", "王大红")

        assert await refused(joined(token, [changed])) == "disclosure_unknown"
        assert await refused(f"{token}~{hidden[0].encoded}=~") == "disclosure_unknown"

    async def test_two_claims_of_one_name_or_a_reserved_one(self) -> None:
        for hidden in ([disclosure_of("name", "A"), disclosure_of("name", "B")], [disclosure_of("exp", "9999999999")]):
            assert await refused(joined(seal_credential(claims(), hidden), hidden)) == "disclosure_repeated"

    async def test_claims_changed_after_signing(self) -> None:
        token = seal_credential(claims(), three())
        head, payload, signature = parts(token)
        later = encoded(json.dumps(json.loads(sd_jwt.decoded(payload)) | {"exp": 9_999_999_999}).encode())

        assert await refused(f"{head}.{later}.{signature}~") == "signature_wrong"

    async def test_another_issuer_under_the_same_seal(self) -> None:
        assert await refused(joined(seal_credential(claims(iss="https://other.example"), []), [])) == "issuer_wrong"

    async def test_a_forged_certificate(self) -> None:
        real, key = seal_credential(claims(), three()), a_key()
        policy = PROFILES[Kind.SEAL].policy
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "documents")])
        forged = (
            x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
            .not_valid_before(clock.now() - timedelta(days=1))
            .not_valid_after(clock.now() + timedelta(days=1))
            .add_extension(x509.CertificatePolicies([x509.PolicyInformation(policy, None)]), critical=False)
            .sign(key, hashes.SHA256())
        )
        payload = sd_jwt.decoded(parts(real)[1])
        own = [base64.b64encode(der(forged)).decode()]

        # Its own certificate, its own before the real chain, and the real chain over a signature of its own.
        for chain in (own, [*own, *header(real)["x5c"]], header(real)["x5c"]):
            reason = await refused(signed_by(key, header(real) | {"x5c": chain}, payload))
            assert reason == ("certificate_not_trusted" if chain[0] == own[0] else "signature_wrong")
        for chain in (["AAAA"], ["%%%"], [""]):
            assert await refused(signed_by(key, header(real) | {"x5c": chain}, payload)) == "certificate_unreadable"
        for certificates in ([], "AAAA", [1]):
            assert (
                await refused(signed_by(key, header(real) | {"x5c": certificates}, payload))
                == "presentation_unreadable"
            )

    async def test_another_seal_of_ours(self) -> None:
        trusted, real = authorities(), seal_credential(claims(), three())
        receipts = trusted.own[RECEIPTS.label]
        head = header(real) | {"x5c": [base64.b64encode(der(receipts.certificate)).decode()]}
        token = signed_by(receipts.key, head, sd_jwt.decoded(parts(real)[1]))

        assert await refused(token) == "certificate_of_another_kind"
        assert DOCUMENTS.kind == RECEIPTS.kind
