"""Certificate signing requests: what counts, and what is refused by name."""

import base64
from contextlib import suppress

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from app.kernel.errors import Refusal
from app.pki.certificates import new_key
from app.pki.errors import AuthorityRequested, CsrUnreadable, KeyNotAllowed, PossessionNotProved
from app.pki.profiles import usage
from app.pki.requests import proved_key
from tests.makers.pki import a_csr


def flipped(csr_pem: str, position: int) -> str:
    """The same request with one bit of its DER changed."""
    lines = csr_pem.strip().splitlines()
    data = bytearray(base64.b64decode("".join(lines[1:-1])))
    data[position] ^= 1
    body = base64.encodebytes(bytes(data)).decode()
    return f"{lines[0]}\n{body}{lines[-1]}\n"


class TestProvedKey:
    def test_gives_the_key_that_signed(self) -> None:
        key = new_key()

        assert proved_key(a_csr(key)) == key.public_key()

    def test_ignores_foreign_names(self) -> None:
        names = x509.SubjectAlternativeName([x509.DNSName("portal.dept.fuhai.example")])
        key = new_key()

        csr = a_csr(
            key, lambda builder: builder.add_extension(names, critical=False), subject="portal.dept.fuhai.example"
        )

        assert proved_key(csr) == key.public_key()

    @pytest.mark.parametrize(
        "key",
        [
            rsa.generate_private_key(65537, 1024),
            rsa.generate_private_key(65537, 2048),
            ec.generate_private_key(ec.SECP384R1()),
            ec.generate_private_key(ec.SECP256K1()),
        ],
        ids=["rsa-1024", "rsa-2048", "p-384", "secp256k1"],
    )
    def test_refuses_keys_off_p256(self, key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> None:
        with pytest.raises(KeyNotAllowed):
            proved_key(a_csr(key))

    def test_refuses_ed25519(self) -> None:
        builder = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([]))
        csr = builder.sign(ed25519.Ed25519PrivateKey.generate(), None)

        with pytest.raises(KeyNotAllowed):
            proved_key(csr.public_bytes(serialization.Encoding.PEM).decode())

    def test_refuses_a_signature_by_another_key(self) -> None:
        with pytest.raises(PossessionNotProved):
            proved_key(flipped(a_csr(), -1))

    def test_refuses_a_changed_subject(self) -> None:
        csr = a_csr(subject="zzzz")
        data = base64.b64decode("".join(csr.strip().splitlines()[1:-1]))

        with pytest.raises(PossessionNotProved):
            proved_key(flipped(csr, data.index(b"zzzz")))

    def test_refuses_a_weak_digest(self) -> None:
        with pytest.raises(PossessionNotProved):
            proved_key(a_csr(digest=hashes.SHA224()))

    def test_refuses_to_make_an_authority(self) -> None:
        wish = x509.BasicConstraints(ca=True, path_length=None)

        with pytest.raises(AuthorityRequested):
            proved_key(a_csr(building=lambda builder: builder.add_extension(wish, critical=True)))

    def test_refuses_a_key_that_would_sign_certificates(self) -> None:
        wish = usage(key_cert_sign=True)

        with pytest.raises(AuthorityRequested):
            proved_key(a_csr(building=lambda builder: builder.add_extension(wish, critical=True)))

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "hello",
            "-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----",
            "-----BEGIN CERTIFICATE REQUEST-----\n!!!!\n-----END CERTIFICATE REQUEST-----",
            "\N{CJK UNIFIED IDEOGRAPH-4E00}" * 10,
            "A" * 9_000,
        ],
    )
    def test_refuses_what_is_no_request(self, text: str) -> None:
        with pytest.raises(CsrUnreadable):
            proved_key(text)

    def test_refuses_two_requests_in_one(self) -> None:
        with pytest.raises(CsrUnreadable):
            proved_key(a_csr() + a_csr())

    def test_refuses_a_certificate_in_place_of_a_request(self) -> None:
        with pytest.raises(CsrUnreadable):
            proved_key(a_csr().replace("CERTIFICATE REQUEST", "CERTIFICATE"))

    def test_gives_no_other_key_for_any_changed_byte(self) -> None:
        key = new_key()
        csr = a_csr(key)
        length = len(base64.b64decode("".join(csr.strip().splitlines()[1:-1])))

        for position in range(length):
            with suppress(Refusal):
                assert proved_key(flipped(csr, position)) == key.public_key()

    def test_refuses_every_truncation(self) -> None:
        lines = a_csr().strip().splitlines()
        data = base64.b64decode("".join(lines[1:-1]))

        for length in range(1, len(data), 7):
            body = base64.encodebytes(data[:length]).decode()
            with pytest.raises(CsrUnreadable):
                proved_key(f"{lines[0]}\n{body}{lines[-1]}\n")
