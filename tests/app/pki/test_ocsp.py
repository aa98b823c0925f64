"""OCSP: what is good, revoked, unknown, and what can't be asked."""

from datetime import timedelta
from pathlib import Path

import pytest
from asn1crypto import ocsp as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.ocsp import OCSPCertStatus, OCSPResponseStatus

from app.pki.authorities import Authorities
from app.pki.ocsp import Malformed, NotOurs, Status, make_answer, make_error, read_request, responder
from app.pki.profiles import Kind
from app.pki.setup import prepare_folder
from tests.makers.pki import AT, a_leaf, a_setup, the_authorities

GOOD = Status(known=True)


def a_request(
    leaf: x509.Certificate,
    issuer: x509.Certificate,
    nonce: bytes | None = None,
    digest: hashes.HashAlgorithm | None = None,
) -> bytes:
    """An OCSP request, DER."""
    builder = ocsp.OCSPRequestBuilder().add_certificate(leaf, issuer, digest or hashes.SHA256())
    if nonce is not None:
        builder = builder.add_extension(x509.OCSPNonce(nonce), critical=False)
    return builder.build().public_bytes(Encoding.DER)


def answered(request: bytes, status: Status, trusted: Authorities) -> ocsp.OCSPResponse:
    """What we answer."""
    asked = read_request(request, trusted)
    signer = responder(asked.issuer, AT)
    return ocsp.load_der_ocsp_response(make_answer(asked, status, signer, AT))


@pytest.fixture
def trusted() -> Authorities:
    return the_authorities()


class TestAnswer:
    @pytest.mark.parametrize("digest", [hashes.SHA1(), hashes.SHA256(), hashes.SHA384(), hashes.SHA512()])
    def test_says_good_to_every_way_of_naming_the_authority(
        self, digest: hashes.HashAlgorithm, trusted: Authorities
    ) -> None:
        leaf = a_leaf(Kind.DEVICE)
        request = a_request(leaf, trusted.issuer(Kind.DEVICE).certificate, digest=digest)

        answer = answered(request, GOOD, trusted)

        assert answer.certificate_status is OCSPCertStatus.GOOD
        assert answer.serial_number == leaf.serial_number
        assert answer.hash_algorithm.name == digest.name

    def test_says_since_when_and_why_one_is_revoked(self, trusted: Authorities) -> None:
        request = a_request(a_leaf(Kind.DEVICE), trusted.issuer(Kind.DEVICE).certificate)
        revoked_at = AT - timedelta(hours=1)

        answer = answered(request, Status(True, revoked_at, x509.ReasonFlags.key_compromise), trusted)

        assert answer.certificate_status is OCSPCertStatus.REVOKED
        assert answer.revocation_time_utc == revoked_at
        assert answer.revocation_reason is x509.ReasonFlags.key_compromise

    def test_says_unknown_of_what_we_never_issued(self, trusted: Authorities) -> None:
        request = a_request(a_leaf(Kind.DEVICE), trusted.issuer(Kind.DEVICE).certificate)

        assert answered(request, Status(known=False), trusted).certificate_status is OCSPCertStatus.UNKNOWN

    def test_gives_the_nonce_back(self, trusted: Authorities) -> None:
        request = a_request(a_leaf(Kind.DEVICE), trusted.issuer(Kind.DEVICE).certificate, nonce=b"0123456789abcdef")

        answer = answered(request, GOOD, trusted)

        assert answer.extensions.get_extension_for_class(x509.OCSPNonce).value.nonce == b"0123456789abcdef"

    def test_is_signed_by_a_responder_that_the_same_authority_delegates(self, trusted: Authorities) -> None:
        request = a_request(a_leaf(Kind.OFFICER), trusted.issuer(Kind.OFFICER).certificate)

        answer = answered(request, GOOD, trusted)

        (signer,) = answer.certificates
        signer.verify_directly_issued_by(trusted.issuer(Kind.OFFICER).certificate)
        key = signer.public_key()
        assert isinstance(key, ec.EllipticCurvePublicKey)
        key.verify(answer.signature, answer.tbs_response_bytes, ec.ECDSA(hashes.SHA256()))
        assert signer.extensions.get_extension_for_class(x509.OCSPNoCheck).oid == x509.OCSPNoCheck.oid


class TestReadRequest:
    def test_refuses_somebody_elses_authority(self, tmp_path: Path, trusted: Authorities) -> None:
        theirs = prepare_folder(a_setup(tmp_path))
        request = a_request(a_leaf(Kind.DEVICE), theirs.issuer(Kind.DEVICE).certificate)

        with pytest.raises(NotOurs):
            read_request(request, trusted)

    @pytest.mark.parametrize("request_", [b"", b"\x30\x00", b"hello", b"\x00" * 500, b"\x30\x80" * 1_500])
    def test_refuses_what_is_no_request(self, request_: bytes, trusted: Authorities) -> None:
        with pytest.raises(Malformed):
            read_request(request_, trusted)

    def test_refuses_two_questions_at_once(self, trusted: Authorities) -> None:
        one = asn1.OCSPRequest.load(a_request(a_leaf(Kind.DEVICE), trusted.issuer(Kind.DEVICE).certificate))
        questions = one["tbs_request"]["request_list"]
        questions.append(questions[0].copy())

        with pytest.raises(Malformed):
            read_request(one.dump(force=True), trusted)

    def test_refuses_a_serial_number_below_zero(self, trusted: Authorities) -> None:
        leaf, issuer = a_leaf(Kind.DEVICE), trusted.issuer(Kind.DEVICE).certificate
        request = asn1.OCSPRequest.load(a_request(leaf, issuer))
        request["tbs_request"]["request_list"][0]["req_cert"]["serial_number"] = -leaf.serial_number

        with pytest.raises(Malformed):
            read_request(request.dump(force=True), trusted)

    def test_refuses_a_nonce_that_is_too_long(self, trusted: Authorities) -> None:
        request = a_request(a_leaf(Kind.DEVICE), trusted.issuer(Kind.DEVICE).certificate, nonce=b"n" * 129)

        with pytest.raises(Malformed):
            read_request(request, trusted)

    def test_survives_every_changed_byte(self, trusted: Authorities) -> None:
        good = a_request(a_leaf(Kind.DEVICE), trusted.issuer(Kind.DEVICE).certificate, nonce=b"12345678")

        for position in range(len(good)):
            for bit in (0x01, 0x80, 0xFF):
                changed = bytearray(good)
                changed[position] ^= bit
                try:
                    asked = read_request(bytes(changed), trusted)
                except (Malformed, NotOurs):
                    continue
                assert asked.issuer.profile.kind is Kind.DEVICE


class TestResponder:
    def test_is_kept_until_a_day_before_it_ends(self, trusted: Authorities) -> None:
        issuer = trusted.issuer(Kind.TERMINAL)

        first = responder(issuer, AT)

        assert responder(issuer, AT + timedelta(days=5)) is first
        assert responder(issuer, AT + timedelta(days=6, hours=1)) is not first


def test_errors_are_unsigned_and_named() -> None:
    assert ocsp.load_der_ocsp_response(make_error(Malformed())).response_status is OCSPResponseStatus.MALFORMED_REQUEST
    assert ocsp.load_der_ocsp_response(make_error(NotOurs())).response_status is OCSPResponseStatus.UNAUTHORIZED
