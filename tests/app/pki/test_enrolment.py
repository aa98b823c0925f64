"""Issuing, looking up and revoking certificates, with the table behind them."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa

from app.kernel import clock
from app.kernel.ids import new_person_id
from app.pki.authorities import OWN_LEAVES, Authorities, der
from app.pki.certificates import Leaf, make_leaf, new_key, serial_text
from app.pki.enrolment import Issued, issue, issue_department, opaque_label, record_own
from app.pki.errors import (
    CertificateExpired,
    CertificateOfAnotherKind,
    CertificateRevoked,
    CertificateUnknown,
    KeyNotAllowed,
    NameNotAllowed,
)
from app.pki.profiles import Kind
from app.pki.revocation import revoke, revoke_all_of, standing
from app.pki.verification import verify_certificate
from tests.makers.pki import a_csr, a_leaf

pytestmark = pytest.mark.usefixtures("own")


async def a_device() -> Issued:
    """A device's certificate of a new resident."""
    return await issue(Kind.DEVICE, a_csr(), new_person_id(), f"d1.cit-{opaque_label()}")


class TestIssue:
    async def test_certifies_the_key_of_the_request_for_its_owner(self) -> None:
        owner, key = new_person_id(), new_key()

        issued = await issue(Kind.DEVICE, a_csr(key), owner, "d1.cit-k3f9")
        verified = await verify_certificate(issued.certificate, Kind.DEVICE, clock.now())

        assert verified.public_key == key.public_key()
        assert verified.owner_id == owner
        assert verified.name == issued.name == "d1.cit-k3f9.device.fuhai.example"
        assert verified.serial == issued.serial

    async def test_gives_the_authority_with_the_certificate(self, own: Authorities) -> None:
        issued = await a_device()

        leaf, above = x509.load_pem_x509_certificates(issued.chain.encode())

        assert above == own.issuer(Kind.DEVICE).certificate
        leaf.verify_directly_issued_by(above)

    async def test_takes_no_name_from_the_request(self) -> None:
        names = x509.SubjectAlternativeName([x509.DNSName("portal.dept.fuhai.example")])
        csr = a_csr(building=lambda builder: builder.add_extension(names, critical=True), subject="mayor")

        issued = await issue(Kind.DEVICE, csr, new_person_id(), "d1.cit-x")

        certificate = x509.load_pem_x509_certificate(issued.certificate.encode())
        assert "mayor" not in certificate.subject.rfc4514_string()
        assert "portal" not in str(certificate.extensions)

    async def test_records_nothing_when_it_refuses(self) -> None:
        owner = new_person_id()

        with pytest.raises(KeyNotAllowed):
            await issue(Kind.DEVICE, a_csr(rsa.generate_private_key(65537, 2048)), owner, "d1.cit-x")
        with pytest.raises(NameNotAllowed):
            await issue(Kind.DEVICE, a_csr(), owner, "D1 *")

        assert await revoke_all_of(owner, Kind.DEVICE, x509.ReasonFlags.superseded) == 0

    async def test_issues_to_many_at_once(self) -> None:
        issued = await asyncio.gather(*(a_device() for _ in range(10)))

        assert len({one.serial for one in issued}) == 10

    async def test_certifies_a_department_from_a_file(self, tmp_path: Path) -> None:
        path = tmp_path / "gaj.csr"
        path.write_text(a_csr(), encoding="ascii")

        chain = await issue_department(path, "gaj")

        first = x509.load_pem_x509_certificates(chain.encode())[0]
        assert "gaj.dept.fuhai.example" in first.subject.rfc4514_string()


class TestVerifyCertificate:
    async def test_refuses_what_was_never_recorded(self, own: Authorities) -> None:
        forged = make_leaf(own.issuer(Kind.DEVICE), new_key().public_key(), Leaf("d1.cit-x"), clock.now())

        with pytest.raises(CertificateUnknown):
            await verify_certificate(der(forged), Kind.DEVICE, clock.now())

    async def test_refuses_a_revoked_one_from_then_on(self) -> None:
        issued = await a_device()
        before = clock.now()

        await revoke(issued.serial, x509.ReasonFlags.key_compromise)

        with pytest.raises(CertificateRevoked):
            await verify_certificate(issued.certificate, Kind.DEVICE, clock.now())
        await verify_certificate(issued.certificate, Kind.DEVICE, before)

    async def test_refuses_an_expired_one_and_one_of_another_kind(self) -> None:
        issued = await a_device()

        with pytest.raises(CertificateExpired):
            await verify_certificate(issued.certificate, Kind.DEVICE, clock.now() + timedelta(days=366))
        with pytest.raises(CertificateOfAnotherKind):
            await verify_certificate(issued.certificate, Kind.OFFICER, clock.now())


class TestRevoke:
    async def test_keeps_the_first_reason_and_time(self) -> None:
        issued = await a_device()

        first = await revoke(issued.serial, x509.ReasonFlags.key_compromise)
        again = await revoke(issued.serial, x509.ReasonFlags.superseded)

        assert again == first
        assert again.reason is x509.ReasonFlags.key_compromise

    async def test_refuses_a_serial_that_was_never_issued(self) -> None:
        with pytest.raises(CertificateUnknown):
            await revoke(serial_text(a_leaf(Kind.DEVICE).serial_number), x509.ReasonFlags.unspecified)

    async def test_ends_every_certificate_of_an_owner_and_nobody_elses(self) -> None:
        owner, other = new_person_id(), await a_device()
        mine = [await issue(Kind.DEVICE, a_csr(), owner, f"d{n}.cit-y") for n in (1, 2)]

        assert await revoke_all_of(owner, Kind.DEVICE, x509.ReasonFlags.privilege_withdrawn) == 2

        for one in mine:
            with pytest.raises(CertificateRevoked):
                await verify_certificate(one.certificate, Kind.DEVICE, clock.now())
        await verify_certificate(other.certificate, Kind.DEVICE, clock.now())

    async def test_doesnt_touch_other_kinds(self) -> None:
        owner = new_person_id()
        officer = await issue(Kind.OFFICER, a_csr(), owner, "o-17")

        assert await revoke_all_of(owner, Kind.DEVICE, x509.ReasonFlags.superseded) == 0
        await verify_certificate(officer.certificate, Kind.OFFICER, clock.now())


class TestRecordOwn:
    async def test_knows_every_seal_of_the_product(self, own: Authorities) -> None:
        await record_own(own)

        for leaf in OWN_LEAVES:
            found = await standing(serial_text(own.own[leaf.label].certificate.serial_number))
            assert found is not None
            assert found.revoked_at is None
