"""Time-stamps, judged by an independent client (rfc3161-client)."""

import hashlib
from datetime import timedelta

import pytest
from asn1crypto import core, tsp
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import load_der_x509_certificate
from rfc3161_client import (
    HashAlgorithm,
    TimestampRequestBuilder,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)
from rfc3161_client.tsp import TimeStampRequest

from app.pki.timestamps import LARGEST_REQUEST, POLICY, stamp
from tests.makers.pki import AT, the_authorities

DATA = "福海".encode()


def a_query(data: bytes = DATA) -> TimeStampRequest:
    """A request for a time-stamp with a nonce, from the client."""
    return TimestampRequestBuilder().data(data).hash_algorithm(HashAlgorithm.SHA256).nonce(nonce=True).build()


def refused_because(request: bytes) -> set[str]:
    """The failures that a rejected request is answered with."""
    (answer,) = core.SequenceOf.load(stamp(request, the_authorities(), AT), spec=tsp.PKIStatusInfo)
    assert answer["status"].native == "rejection"
    failures: set[str] = answer["fail_info"].native
    return failures


def a_raw_query(**changes: object) -> bytes:
    """A request as ASN.1, with parts changed."""
    imprint = {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": hashlib.sha256(DATA).digest()}
    request: bytes = tsp.TimeStampReq({"version": "v1", "message_imprint": imprint, **changes}).dump()
    return request


class TestStamp:
    def test_satisfies_an_independent_verifier(self) -> None:
        query = a_query()

        answer = decode_timestamp_response(stamp(query.as_bytes(), the_authorities(), AT))

        verifier = VerifierBuilder.from_request(query).add_root_certificate(the_authorities().root).build()
        assert verifier.verify_message(answer, DATA)
        assert answer.tst_info.gen_time == AT
        assert answer.tst_info.policy.dotted_string == POLICY

    def test_doesnt_stand_for_other_data(self) -> None:
        query = a_query()
        answer = decode_timestamp_response(stamp(query.as_bytes(), the_authorities(), AT))

        verifier = VerifierBuilder.from_request(query).add_root_certificate(the_authorities().root).build()

        with pytest.raises(VerificationError):
            verifier.verify_message(answer, DATA + b"!")

    def test_gives_each_stamp_a_number_of_its_own(self) -> None:
        numbers = {
            decode_timestamp_response(stamp(a_query().as_bytes(), the_authorities(), AT)).tst_info.serial_number
            for _ in range(20)
        }

        assert len(numbers) == 20

    def test_leaves_the_certificates_out_unless_asked(self) -> None:
        lean = decode_timestamp_response(stamp(a_raw_query(), the_authorities(), AT))
        full = decode_timestamp_response(stamp(a_raw_query(cert_req=True), the_authorities(), AT))

        assert not lean.signed_data.certificates
        assert {load_der_x509_certificate(c).public_bytes(Encoding.DER) for c in full.signed_data.certificates}

    def test_says_the_time_to_the_second_in_utc(self) -> None:
        late = AT + timedelta(microseconds=999_999)

        answer = decode_timestamp_response(stamp(a_raw_query(), the_authorities(), late))

        assert answer.tst_info.gen_time == AT

    @pytest.mark.parametrize(
        ("request_", "why"),
        [
            (b"", "bad_data_format"),
            (b"hello", "bad_data_format"),
            (b"\x30\x00", "bad_data_format"),
            (b"\x30" * (LARGEST_REQUEST + 1), "bad_data_format"),
            (a_raw_query() + b"\x00", "bad_data_format"),
            (a_raw_query(version="v2"), "bad_request"),
            (a_raw_query(req_policy="1.2.3"), "unaccepted_policy"),
            (a_raw_query(nonce=1 << 600), "bad_data_format"),
            (
                a_raw_query(message_imprint={"hash_algorithm": {"algorithm": "md5"}, "hashed_message": b"0" * 16}),
                "bad_alg",
            ),
            (
                a_raw_query(message_imprint={"hash_algorithm": {"algorithm": "sha1"}, "hashed_message": b"0" * 20}),
                "bad_alg",
            ),
            (
                a_raw_query(message_imprint={"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": b"0" * 20}),
                "bad_data_format",
            ),
            (
                a_raw_query(extensions=[{"extn_id": "1.2.3", "critical": True, "extn_value": b"\x05\x00"}]),
                "unaccepted_extensions",
            ),
        ],
        ids=[
            *("empty", "text", "no fields", "too long", "trailing byte", "version", "policy", "nonce"),
            *("md5", "sha1", "digest too short", "extension"),
        ],
    )
    def test_rejects_by_name(self, request_: bytes, why: str) -> None:
        assert refused_because(request_) == {why}

    def test_answers_every_changed_byte(self) -> None:
        good = a_raw_query(nonce=12345, cert_req=True)

        for position in range(len(good)):
            changed = bytearray(good)
            changed[position] ^= 0xFF
            assert stamp(bytes(changed), the_authorities(), AT)
