"""Two things at once about one officer: neither gives back what the other took away."""

import pytest

from app.identity import officer_accounts, officer_sessions
from app.identity.errors import SessionOver, SignInRefused
from app.identity.officer_errors import EnrolmentRefused, OldKeyNotProved
from app.identity.officer_structs import CertificateRenewal, OfficerEnrolling
from app.identity.officers import DIRECTORY
from app.kernel.database import fetch_value, transaction
from app.pki.revocation import standing
from tests.app.identity.test_side_by_side import Held, beside
from tests.makers.callers import EnrolledOfficer, a_key
from tests.makers.officers import HERE, a_powerless_officer, a_system_administrator, signed, signs_in
from tests.makers.pki import a_csr

pytestmark = pytest.mark.usefixtures("app")


async def a_renewal(officer: EnrolledOfficer) -> CertificateRenewal:
    nonce = (await officer_accounts.renewal_challenge(officer.officer)).nonce
    return CertificateRenewal(a_csr(a_key()), nonce, signed(officer.key, nonce))


class TestDismissal:
    async def test_leaves_no_certificate_to_who_renews_meanwhile(self, monkeypatch: pytest.MonkeyPatch) -> None:
        administrator, officer = await a_system_administrator(), await a_powerless_officer()
        renewal = await a_renewal(officer)
        held = Held(officer_sessions.end_all)
        monkeypatch.setattr(officer_accounts, "end_all", held)

        _, answer = await beside(
            held,
            officer_accounts.dismiss(administrator.officer, officer.officer.id),
            lambda: officer_accounts.renew(officer.officer, renewal),
        )

        assert isinstance(answer, SessionOver)
        async with transaction(DIRECTORY):
            serial = await fetch_value("SELECT serial FROM officer WHERE id = $1", officer.officer.id)
        certificate = await standing(serial)
        assert certificate is not None
        assert certificate.revoked_at is not None

    async def test_leaves_no_session_to_who_signs_in_meanwhile(self, monkeypatch: pytest.MonkeyPatch) -> None:
        administrator, officer = await a_system_administrator(), await a_powerless_officer()
        held = Held(officer_sessions.end_all)
        monkeypatch.setattr(officer_accounts, "end_all", held)

        _, answer = await beside(
            held,
            officer_accounts.dismiss(administrator.officer, officer.officer.id),
            lambda: signs_in(officer.code, officer.key, officer.totp_secret),
        )

        assert isinstance(answer, SignInRefused)
        assert (await officer_sessions.my_sessions(officer.officer)).items == []

    async def test_certifies_nobody_who_enrols_meanwhile(self, monkeypatch: pytest.MonkeyPatch) -> None:
        administrator, officer = await a_system_administrator(), await a_powerless_officer()
        given = await officer_accounts.give_enrolment_code(administrator.officer, officer.officer.id)
        asked = OfficerEnrolling(given.officer.code, given.enrolment_code, a_csr(a_key()))
        held = Held(officer_sessions.end_all)
        monkeypatch.setattr(officer_accounts, "end_all", held)

        _, answer = await beside(
            held,
            officer_accounts.dismiss(administrator.officer, officer.officer.id),
            lambda: officer_accounts.enrol(asked, HERE),
        )

        assert isinstance(answer, EnrolmentRefused)


class TestEnrolment:
    async def test_anew_isnt_undone_by_a_renewal_with_the_old_key(self, monkeypatch: pytest.MonkeyPatch) -> None:
        administrator, officer = await a_system_administrator(), await a_powerless_officer()
        given = await officer_accounts.give_enrolment_code(administrator.officer, officer.officer.id)
        renewal = await a_renewal(officer)
        key, held = a_key(), Held(officer_sessions.end_all)
        monkeypatch.setattr(officer_accounts, "end_all", held)

        enrolled, answer = await beside(
            held,
            officer_accounts.enrol(OfficerEnrolling(given.officer.code, given.enrolment_code, a_csr(key)), HERE),
            lambda: officer_accounts.renew(officer.officer, renewal),
        )

        assert isinstance(answer, OldKeyNotProved)
        assert (await signs_in(officer.code, key, enrolled.totp_secret)).officer_id == officer.officer.id
