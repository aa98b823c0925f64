"""Evidence beside a signature: gathered when it is made, and everything that isn't evidence for it refused by name."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from asn1crypto import cms
from asn1crypto import ocsp as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from app.kernel import clock
from app.kernel.ids import new_person_id
from app.pki import ocsp
from app.pki.authorities import TIMESTAMPS, Authorities, der
from app.pki.certificates import Issuer, Leaf, Signer, make_leaf, make_responder, new_key
from app.pki.enrolment import issue
from app.pki.errors import CertificateNotTrusted
from app.pki.evidence import Evidence, Signature, check, gather, prove
from app.pki.ocsp import Status, asked_about, make_answer, make_error
from app.pki.profiles import Kind
from app.pki.revocation import revoke
from app.pki.setup import prepare_folder
from app.pki.signed_data import NotGenuine
from app.pki.timestamps import make_imprint, make_token, stamp_over
from tests.makers.pki import AT, a_csr, a_leaf, a_setup, the_authorities

GOOD = Status(known=True)
REVOKED = Status(True, AT - timedelta(hours=1), x509.ReasonFlags.key_compromise)


class Made(msgspec.Struct, frozen=True):
    """A signature of a device with the evidence that was gathered for it."""

    signature: Signature
    evidence: Evidence


def a_signature(certificate: x509.Certificate | None = None, value: bytes = b"a signature") -> Signature:
    """A signature by a device."""
    return Signature(value, certificate or a_leaf(Kind.DEVICE), Kind.DEVICE)


def a_status(certificate: x509.Certificate, status: Status = GOOD, at: datetime = AT) -> bytes:
    """What our responder answers about a device's certificate."""
    issuer = the_authorities().issuer(Kind.DEVICE)
    return make_answer(asked_about(certificate, issuer), status, ocsp.responder(issuer, at), at)


def made(**changes: Any) -> Made:
    """A signature with its evidence; `changes` replace parts of the evidence."""
    signature, trusted = a_signature(), the_authorities()
    evidence = Evidence(
        chain=(der(trusted.issuer(Kind.DEVICE).certificate), der(trusted.root)),
        status=a_status(signature.certificate),
        time_stamp=stamp_over(signature.value, trusted, AT),
    )
    return Made(signature, msgspec.structs.replace(evidence, **changes))


def refused(one: Made, trusted: Authorities | None = None) -> str:
    """Why evidence is none for a signature."""
    with pytest.raises(NotGenuine) as reason:
        check(one.signature, one.evidence, trusted or the_authorities())
    return str(reason.value)


def with_status(status: bytes, one: Made | None = None) -> Made:
    """The same signature with another OCSP answer."""
    one = one or made()
    return Made(one.signature, msgspec.structs.replace(one.evidence, status=status))


class TestCheck:
    def test_says_when_the_signature_existed_at_the_latest(self) -> None:
        one = made()

        proved = check(one.signature, one.evidence, the_authorities())

        assert proved.signed_by == AT

    @pytest.mark.parametrize("minutes", [-5, 0, 5])
    def test_takes_an_answer_of_the_same_minutes(self, minutes: int) -> None:
        one = made()

        status = a_status(one.signature.certificate, at=AT + timedelta(minutes=minutes))

        assert check(one.signature, with_status(status, one).evidence, the_authorities()).signed_by == AT

    def test_refuses_a_certificate_that_had_ended_or_hadnt_begun(self) -> None:
        ended = a_leaf(Kind.DEVICE, at=AT - timedelta(days=366))
        later = a_leaf(Kind.DEVICE, at=AT + timedelta(days=1))

        for certificate in (ended, later):
            one = Made(a_signature(certificate), made(status=a_status(certificate)).evidence)
            assert refused(one) == "certificate_expired"

    def test_refuses_a_certificate_of_another_kind(self) -> None:
        one = made()
        other = msgspec.structs.replace(one.signature, kind=Kind.OFFICER)

        assert refused(Made(other, one.evidence)) == "certificate_of_another_kind"

    def test_refuses_another_citys_evidence(self, tmp_path: Path) -> None:
        assert refused(made(), prepare_folder(a_setup(tmp_path))) == "certificate_not_trusted"


class TestTimeStamp:
    def test_of_another_signature_is_refused(self) -> None:
        replayed = stamp_over(b"another signature", the_authorities(), AT)

        assert refused(made(time_stamp=replayed)) == "time_stamp_of_something_else"

    def test_of_another_citys_authority_is_refused(self, tmp_path: Path) -> None:
        theirs = stamp_over(b"a signature", prepare_folder(a_setup(tmp_path)), AT)

        assert refused(made(time_stamp=theirs)) == "certificate_not_trusted"

    def test_by_a_certificate_that_is_no_time_stamp_authoritys_is_refused(self) -> None:
        trusted = the_authorities()
        seal = trusted.own["documents"]
        posing = msgspec.structs.replace(trusted, own=trusted.own | {TIMESTAMPS.label: seal})

        assert refused(made(time_stamp=stamp_over(b"a signature", posing, AT))) == "certificate_of_another_kind"

    def test_over_a_weaker_digest_is_refused(self) -> None:
        imprint = make_imprint("sha1", hashes.Hash(hashes.SHA1()).finalize())
        token = make_token(imprint, the_authorities(), AT, nonce=None)

        assert refused(made(time_stamp=token)) == "algorithm_not_allowed"

    def test_with_another_time_written_in_is_refused(self) -> None:
        forged = made().evidence.time_stamp.replace(b"20261122090000Z", b"20261122100000Z")

        assert refused(made(time_stamp=forged)) == "content_changed"

    def test_signed_by_another_key_is_refused(self) -> None:
        trusted = the_authorities()
        forging = Signer(new_key(), trusted.own[TIMESTAMPS.label].certificate)
        posing = msgspec.structs.replace(trusted, own=trusted.own | {TIMESTAMPS.label: forging})

        assert refused(made(time_stamp=stamp_over(b"a signature", posing, AT))) == "signature_wrong"

    @pytest.mark.parametrize("token", [b"", b"\x30\x00", b"hello", b"\x30\x80" * 200])
    def test_that_is_none_is_refused(self, token: bytes) -> None:
        assert refused(made(time_stamp=token)) == "time_stamp_unreadable"

    def test_followed_by_anything_is_refused(self) -> None:
        assert refused(made(time_stamp=made().evidence.time_stamp + b"\x00")) == "time_stamp_unreadable"

    def test_is_worth_nothing_with_any_changed_byte(self) -> None:
        one = made()
        good = one.evidence.time_stamp
        # The certificates beside it aren't covered by its signature, only needed by it.
        signed = cms.ContentInfo.load(good)["content"]["encap_content_info"].dump()
        start = good.index(signed)

        for position in range(start, start + len(signed)):
            changed = bytearray(good)
            changed[position] ^= 0x01
            assert refused(Made(one.signature, msgspec.structs.replace(one.evidence, time_stamp=bytes(changed))))


class TestStatus:
    def test_of_another_certificate_is_refused(self) -> None:
        assert refused(with_status(a_status(a_leaf(Kind.DEVICE)))) == "status_of_another_certificate"

    def test_of_the_same_number_at_another_authority_is_refused(self) -> None:
        one, other = made(), the_authorities().issuer(Kind.OFFICER)
        asked = asked_about(one.signature.certificate, other)

        answer = make_answer(asked, GOOD, ocsp.responder(other, AT), AT)

        assert refused(with_status(answer, one)) == "status_of_another_certificate"

    @pytest.mark.parametrize(("status", "why"), [(REVOKED, "status_revoked"), (Status(known=False), "status_unknown")])
    def test_that_isnt_good_is_refused(self, status: Status, why: str) -> None:
        one = made()

        assert refused(with_status(a_status(one.signature.certificate, status), one)) == why

    @pytest.mark.parametrize(("seconds", "why"), [(-301, "status_too_old"), (301, "status_from_later")])
    def test_of_other_minutes_is_refused(self, seconds: int, why: str) -> None:
        one = made()

        status = a_status(one.signature.certificate, at=AT + timedelta(seconds=seconds))

        assert refused(with_status(status, one)) == why

    def test_by_a_responder_of_another_authority_is_refused(self) -> None:
        one, issuer = made(), the_authorities().issuer(Kind.DEVICE)
        others = ocsp.responder(the_authorities().issuer(Kind.OFFICER), AT)

        answer = make_answer(asked_about(one.signature.certificate, issuer), GOOD, others, AT)

        assert refused(with_status(answer, one)) == "status_responder_not_delegated"

    def test_by_a_leaf_that_was_never_delegated_is_refused(self) -> None:
        one, key = made(), new_key()
        device = Signer(key, a_leaf(Kind.DEVICE, key=key.public_key()))

        answer = make_answer(
            asked_about(one.signature.certificate, the_authorities().issuer(Kind.DEVICE)), GOOD, device, AT
        )

        assert refused(with_status(answer, one)) == "status_responder_not_delegated"

    def test_by_a_responder_that_had_ended_is_refused(self) -> None:
        one, issuer = made(), the_authorities().issuer(Kind.DEVICE)
        ended = Signer(issuer.responding, make_responder(issuer, AT - timedelta(days=8)))

        answer = make_answer(asked_about(one.signature.certificate, issuer), GOOD, ended, AT)

        assert refused(with_status(answer, one)) == "status_responder_not_delegated"

    def test_signed_by_another_key_is_refused(self) -> None:
        one = made()
        forging = asn1.OCSPResponse.load(one.evidence.status)
        basic = forging["response_bytes"]["response"].parsed
        basic["signature"] = new_key().sign(basic["tbs_response_data"].dump(), ec.ECDSA(hashes.SHA256()))
        forging["response_bytes"]["response"] = asn1.ParsableOctetString(basic.dump(force=True))

        assert refused(with_status(forging.dump(force=True), one)) == "status_signature_wrong"

    def test_that_is_none_is_refused(self) -> None:
        assert refused(with_status(make_error(ocsp.Malformed()))) == "status_unanswered"
        for answer in (b"", b"hello", b"\x30\x00", b"\x30\x80" * 100):
            assert refused(with_status(answer)) == "status_unreadable"

    def test_is_worth_nothing_with_any_changed_byte_of_what_it_says(self) -> None:
        one = made()
        good = one.evidence.status
        said = asn1.OCSPResponse.load(good)["response_bytes"]["response"].parsed["tbs_response_data"].dump()
        start = good.index(said)

        for position in range(start, start + len(said)):
            changed = bytearray(good)
            changed[position] ^= 0x01
            assert refused(with_status(bytes(changed), one))


@pytest.mark.usefixtures("own")
class TestGather:
    async def a_device(self) -> Signature:
        issued = await issue(Kind.DEVICE, a_csr(), new_person_id(), "d1.cit-evidence")
        return a_signature(x509.load_pem_x509_certificate(issued.certificate.encode()))

    async def test_gives_what_proves_the_signature(self) -> None:
        signature = await self.a_device()

        evidence = await gather(signature)

        assert abs((await prove(signature, evidence)).signed_by - clock.now()) < timedelta(minutes=1)

    async def test_gives_no_proof_once_the_certificate_is_revoked(self) -> None:
        signature = await self.a_device()
        before = await gather(signature)
        await revoke(f"{signature.certificate.serial_number:040x}", x509.ReasonFlags.key_compromise)

        after = await gather(signature)

        assert (await prove(signature, before)).signed_by <= clock.now()
        with pytest.raises(NotGenuine, match="status_revoked"):
            await prove(signature, after)

    async def test_refuses_somebody_elses_certificate(self, tmp_path: Path) -> None:
        theirs: Issuer = prepare_folder(a_setup(tmp_path)).issuer(Kind.DEVICE)
        renamed = make_leaf(theirs, new_key().public_key(), Leaf("d1.cit-x"), AT)

        with pytest.raises(NotGenuine):
            await prove(a_signature(renamed), await gather(a_signature(renamed)))

    async def test_refuses_an_authority_that_we_never_had(self, own: Authorities) -> None:
        with pytest.raises(CertificateNotTrusted):
            await gather(a_signature(own.root))
