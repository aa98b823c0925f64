"""Certificate requests that somebody made to get more than a certificate for their key."""

import base64
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from asn1crypto import csr, keys
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed448, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given, settings
from hypothesis import strategies as some

from app.kernel.errors import Refusal
from app.pki.certificates import Leaf, make_leaf, new_key
from app.pki.errors import AuthorityRequested, CsrUnreadable, KeyNotAllowed, PossessionNotProved
from app.pki.profiles import Kind
from app.pki.requests import LONGEST_CSR, proved_key
from tests.makers.pki import AT, a_csr, the_authorities

Change = Callable[[Any], None]
KEY = new_key()
GOOD = a_csr(KEY)


def der_of(text: str) -> bytes:
    """The DER within a PEM request."""
    return base64.b64decode("".join(text.strip().splitlines()[1:-1]))


def pem_of(der: bytes) -> str:
    """A PEM request around some bytes."""
    body = base64.encodebytes(der).decode()
    return f"-----BEGIN CERTIFICATE REQUEST-----\n{body}-----END CERTIFICATE REQUEST-----\n"


def forged(change: Change = lambda info: None, digest: hashes.HashAlgorithm | None = None, name: str = "sha256") -> str:
    """A request whose insides were changed before its own key signed it anew."""
    request = csr.CertificationRequest.load(der_of(GOOD))
    info = request["certification_request_info"]
    change(info)
    signed = {
        "certification_request_info": csr.CertificationRequestInfo.load(info.dump(force=True)),
        "signature_algorithm": {"algorithm": f"{name}_ecdsa"},
        "signature": KEY.sign(info.dump(force=True), ec.ECDSA(digest or hashes.SHA256())),
    }
    return pem_of(csr.CertificationRequest(signed).dump())


def with_point(point: bytes) -> Change:
    """Put other bytes where the public key's point is."""

    def change(info: Any) -> None:
        info["subject_pk_info"]["public_key"] = keys.ECPointBitString(point)

    return change


def with_attribute(kind: str, *values: object) -> Change:
    """Add an attribute."""

    def change(info: Any) -> None:
        info["attributes"].append(csr.CRIAttribute({"type": kind, "values": list(values)}))

    return change


def set_version(info: Any) -> None:
    """Pretend to be of a later version."""
    info["version"] = 1


POINT = KEY.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
OFF_CURVE = POINT[:-1] + bytes((POINT[-1] ^ 1,))
BASIC = {"extn_id": "basic_constraints", "critical": True, "extn_value": {"ca": True}}
NOT_BASIC = {"extn_id": "basic_constraints", "critical": True, "extn_value": {"ca": False}}


class TestKeys:
    @pytest.mark.parametrize(
        "key",
        [
            *(rsa.generate_private_key(65537, bits) for bits in (1024, 2048)),
            *(ec.generate_private_key(curve) for curve in (ec.SECP384R1(), ec.SECP521R1(), ec.BrainpoolP256R1())),
            ed448.Ed448PrivateKey.generate(),
        ],
        ids=["rsa-1024", "rsa-2048", "p-384", "p-521", "brainpool", "ed448"],
    )
    def test_of_other_kinds_are_refused(self, key: Any) -> None:
        builder = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([]))
        request = builder.sign(key, None if isinstance(key, ed448.Ed448PrivateKey) else hashes.SHA256())

        with pytest.raises(KeyNotAllowed):
            proved_key(request.public_bytes(Encoding.PEM).decode())

    @pytest.mark.parametrize(
        "point",
        [OFF_CURVE, b"\x00", POINT[:33], POINT + b"\x00", b"", b"\x04" + bytes(64), b"\x04" + b"\xff" * 64],
        ids=["off the curve", "infinity", "half", "longer", "empty", "zero", "beyond the field"],
    )
    def test_that_are_no_points_are_refused(self, point: bytes) -> None:
        with pytest.raises(KeyNotAllowed):
            proved_key(forged(with_point(point)))

    @pytest.mark.parametrize("curve", ["secp192r1", "secp224r1", "secp256k1", "1.3.6.1.4.1.32473.9"])
    def test_on_other_curves_are_refused(self, curve: str) -> None:
        def change(info: Any) -> None:
            info["subject_pk_info"]["algorithm"]["parameters"] = {"named": curve}

        with pytest.raises((KeyNotAllowed, CsrUnreadable)):
            proved_key(forged(change))


class TestProofs:
    @pytest.mark.parametrize(
        ("digest", "name"),
        [(hashes.SHA1(), "sha1"), (hashes.SHA224(), "sha224")],
    )
    def test_over_weak_digests_are_refused(self, digest: hashes.HashAlgorithm, name: str) -> None:
        with pytest.raises(PossessionNotProved):
            proved_key(forged(digest=digest, name=name))

    def test_by_another_key_are_refused(self) -> None:
        with pytest.raises(PossessionNotProved):
            proved_key(
                forged(with_point(new_key().public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)))
            )

    def test_of_another_request_are_refused(self) -> None:
        mine = csr.CertificationRequest.load(der_of(a_csr(KEY, subject="mine")))
        mine["signature"] = csr.CertificationRequest.load(der_of(GOOD))["signature"].native

        with pytest.raises(PossessionNotProved):
            proved_key(pem_of(mine.dump(force=True)))

    def test_that_name_another_algorithm_than_they_used_are_refused(self) -> None:
        with pytest.raises(PossessionNotProved):
            proved_key(forged(digest=hashes.SHA256(), name="sha384"))


class TestWishes:
    def test_to_be_an_authority_are_refused(self) -> None:
        with pytest.raises(AuthorityRequested):
            proved_key(forged(with_attribute("extension_request", [BASIC])))

    def test_hidden_behind_a_harmless_one_are_refused(self) -> None:
        hidden = (
            forged(with_attribute("extension_request", [NOT_BASIC, BASIC])),
            forged(with_attribute("extension_request", [NOT_BASIC], [BASIC])),
        )

        for request in hidden:
            with pytest.raises((AuthorityRequested, CsrUnreadable)):
                proved_key(request)

    @pytest.mark.parametrize(
        "change",
        [
            with_attribute("challenge_password", csr.DirectoryString({"utf8_string": "let me in"})),
            with_attribute("extension_request", [NOT_BASIC]),
        ],
        ids=["a password", "no authority"],
    )
    def test_that_mean_nothing_here_are_ignored(self, change: Change) -> None:
        assert proved_key(forged(change)) == KEY.public_key()

    @given(
        names=some.lists(some.from_regex(r"[a-z0-9*.-]{1,40}", fullmatch=True), max_size=5),
        subject=some.text(some.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=16),
    )
    @settings(max_examples=40, deadline=None)
    def test_for_names_never_reach_the_certificate(self, names: list[str], subject: str) -> None:
        wanted = x509.SubjectAlternativeName([x509.DNSName(name) for name in ["evil.example", *names]])
        request = a_csr(KEY, lambda builder: builder.add_extension(wanted, critical=True), subject=subject)

        made = make_leaf(the_authorities().issuer(Kind.DEVICE), proved_key(request), Leaf("d1.cit-a1"), AT)

        said = made.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        assert said.get_values_for_type(x509.DNSName) == ["d1.cit-a1.device.fuhai.example"]
        assert made.subject.rfc4514_string() == "CN=d1.cit-a1.device.fuhai.example"


class TestWrappings:
    @pytest.mark.parametrize(
        "text",
        [
            GOOD + GOOD,
            GOOD + "junk",
            "junk\n" + GOOD,
            GOOD.replace("-----\n", "-----\nProc-Type: 4,ENCRYPTED\n\n", 1),
            GOOD.replace("REQUEST-----\n", "REQUEST-----\x00\n", 1),
            pem_of(der_of(GOOD) + b"\x00"),
            pem_of(der_of(GOOD) * 2),
            pem_of(der_of(GOOD)[:-1]),
            pem_of(b"\x30\x80" * 1_000),
            forged(set_version),
            "A" * (LONGEST_CSR + 1),
            GOOD + " " * LONGEST_CSR,
        ],
        ids=[
            *("two", "text behind", "text before", "headers", "nul", "trailing byte", "twice", "cut", "deep"),
            *("version", "oversized", "padded"),
        ],
    )
    def test_that_hold_more_or_less_than_one_request_are_refused(self, text: str) -> None:
        with pytest.raises(CsrUnreadable):
            proved_key(text)

    @given(some.binary(max_size=600))
    @settings(max_examples=200, deadline=None)
    def test_of_any_bytes_are_refused_by_name(self, data: bytes) -> None:
        with pytest.raises(Refusal):
            proved_key(pem_of(data))

    @given(some.text(max_size=300))
    def test_of_any_text_are_refused_by_name(self, text: str) -> None:
        with pytest.raises(CsrUnreadable):
            proved_key(text)

    @given(some.data())
    @settings(max_examples=300, deadline=None)
    def test_of_a_request_with_bytes_changed_give_no_other_key(self, data: some.DataObject) -> None:
        changed = bytearray(der_of(GOOD))
        for _ in range(data.draw(some.integers(1, 4))):
            changed[data.draw(some.integers(0, len(changed) - 1))] = data.draw(some.integers(0, 255))

        with suppress(Refusal):
            assert proved_key(pem_of(bytes(changed))) == KEY.public_key()
