"""Officers' accounts: appointed, enrolled by one code on their own machine, renewed, and gone at once."""

import asyncio
import secrets

import httpx
import msgspec
import pyotp
import pytest

from app.audit import findings
from app.identity import officer_accounts, officer_grants
from app.identity.errors import SessionOver, SignInRefused
from app.identity.officer_errors import (
    EnrolmentRefused,
    GrantBeyondReach,
    OfficerCodeTaken,
    OfficerDismissed,
    OfficerUnknown,
)
from app.identity.officer_structs import EnrolmentCode, OfficerEnrolled, OfficerEnrolling
from app.kernel import clock
from app.kernel.actors import ADMINISTER_AUDIT, ADMINISTER_SECURITY, NoRight, SameOfficer
from app.pki.errors import CsrUnreadable
from tests.makers.callers import EnrolledOfficer, Key, a_key, an_enrolled_officer
from tests.makers.officers import (
    HERE,
    a_powerless_officer,
    a_right,
    a_security_administrator,
    a_system_administrator,
    an_appointment,
    an_audit_administrator,
    signs_in,
)
from tests.makers.people import a_grant
from tests.makers.pki import a_csr

pytestmark = pytest.mark.usefixtures("app")


def a_code() -> str:
    return f"N-{secrets.token_hex(5)}"


async def an_appointed(by: EnrolledOfficer, department: str = "GAJ") -> EnrolmentCode:
    return await officer_accounts.appoint(by.officer, an_appointment(a_code(), department))


async def enrolled(given: EnrolmentCode, key: Key) -> OfficerEnrolled:
    return await officer_accounts.enrol(OfficerEnrolling(given.officer.code, given.enrolment_code, a_csr(key)), HERE)


class TestAppoint:
    async def test_leads_to_an_officer_who_signs_in_and_may_do_nothing(self) -> None:
        given, key = await an_appointed(await a_system_administrator()), a_key()

        made = await enrolled(given, key)
        tokens = await signs_in(given.officer.code, key, made.totp_secret)

        assert (given.officer.state, tokens.officer_id) == ("appointed", made.officer_id)
        assert tokens.name == "赵敏"

    @pytest.mark.parametrize("action", [ADMINISTER_SECURITY, ADMINISTER_AUDIT, "*"])
    async def test_is_for_system_administrators_only(self, action: str) -> None:
        other = await an_enrolled_officer(a_grant(action))

        with pytest.raises(NoRight):
            await an_appointed(other)

    async def test_stays_within_the_department_unless_in_the_whole_city(self) -> None:
        local, city = await a_system_administrator("GAJ", "370602"), await a_system_administrator("GAJ", "3706")

        assert (await an_appointed(local, "GAJ")).officer.department == "GAJ"
        assert (await an_appointed(city, "WJW")).officer.department == "WJW"
        with pytest.raises(GrantBeyondReach):
            await an_appointed(local, "WJW")

    async def test_of_two_with_one_code_at_once_one_is_appointed(self) -> None:
        administrator, code = await a_system_administrator(), a_code()

        done = await asyncio.gather(
            *(officer_accounts.appoint(administrator.officer, an_appointment(code)) for _ in range(3)),
            return_exceptions=True,
        )

        assert sorted(type(one).__name__ for one in done) == ["EnrolmentCode", *["OfficerCodeTaken"] * 2]
        with pytest.raises(OfficerCodeTaken):
            await officer_accounts.appoint(administrator.officer, an_appointment(code))

    async def test_who_isnt_enrolled_cant_sign_in(self) -> None:
        given = await an_appointed(await a_system_administrator())

        with pytest.raises(SignInRefused):
            await signs_in(given.officer.code, a_key(), pyotp.random_base32())


class TestEnrol:
    async def test_takes_a_code_once_of_several_at_once(self) -> None:
        given = await an_appointed(await a_system_administrator())

        done = await asyncio.gather(*(enrolled(given, a_key()) for _ in range(3)), return_exceptions=True)

        assert sorted(type(one).__name__ for one in done) == ["EnrolmentRefused"] * 2 + ["OfficerEnrolled"]

    async def test_refuses_anothers_code_an_old_one_and_a_late_one(self, monkeypatch: pytest.MonkeyPatch) -> None:
        administrator = await a_system_administrator()
        given, other = await an_appointed(administrator), await an_appointed(administrator)
        newer = await officer_accounts.give_enrolment_code(administrator.officer, given.officer.id)

        for wrong in (given, msgspec.structs.replace(other, officer=given.officer)):
            with pytest.raises(EnrolmentRefused):
                await enrolled(wrong, a_key())
        monkeypatch.setattr(clock, "now", lambda: newer.expires_at)
        with pytest.raises(EnrolmentRefused):
            await enrolled(newer, a_key())

    async def test_doesnt_use_the_code_up_for_a_bad_request(self) -> None:
        given = await an_appointed(await a_system_administrator())

        with pytest.raises(CsrUnreadable):
            await officer_accounts.enrol(OfficerEnrolling(given.officer.code, given.enrolment_code, "nothing"), HERE)

        assert (await enrolled(given, a_key())).officer_id == given.officer.id

    async def test_anew_ends_the_certificate_and_sessions_before(self) -> None:
        administrator, officer = await a_system_administrator(), await a_powerless_officer()

        await enrolled(await officer_accounts.give_enrolment_code(administrator.officer, officer.officer.id), a_key())

        with pytest.raises(SessionOver):
            await officer.again()
        with pytest.raises(SignInRefused):
            await signs_in(officer.code, officer.key, officer.totp_secret)

    async def test_anew_with_sensitive_rights_is_told_to_who_audits(self) -> None:
        administrator, watching = await a_system_administrator(), await an_audit_administrator()
        security, plain = await a_security_administrator(), await a_powerless_officer()

        for officer in (security, plain):
            given = await officer_accounts.give_enrolment_code(administrator.officer, officer.officer.id)
            await enrolled(given, a_key())

        page = await findings.findings(watching.officer, "enrolled_anew", None, 100)
        told = {one.officer_id for one in page.items}
        assert security.officer.id in told
        assert plain.officer.id not in told

    async def test_isnt_given_to_oneself(self) -> None:
        administrator = await a_system_administrator()

        with pytest.raises(SameOfficer):
            await officer_accounts.give_enrolment_code(administrator.officer, administrator.officer.id)


class TestDismiss:
    async def test_is_out_at_once_and_holds_nothing_any_more(self) -> None:
        administrator, granting = await a_system_administrator(), await a_security_administrator()
        officer = await a_powerless_officer()

        gone = await officer_accounts.dismiss(administrator.officer, officer.officer.id)
        again = await officer_accounts.dismiss(administrator.officer, officer.officer.id)

        assert (gone.state, again) == ("dismissed", gone)
        with pytest.raises(SessionOver):
            await officer.again()
        with pytest.raises(SignInRefused):
            await signs_in(officer.code, officer.key, officer.totp_secret)
        history = await officer_grants.grants_of(granting.officer, officer.officer.id, None, 20)
        assert [one.withdrawn_because for one in history.items] == ["dismissed"]

    async def test_gets_neither_code_nor_right_any_more(self) -> None:
        administrator, granting = await a_system_administrator(), await a_security_administrator()
        officer = await a_powerless_officer()
        await officer_accounts.dismiss(administrator.officer, officer.officer.id)

        with pytest.raises(OfficerDismissed):
            await officer_accounts.give_enrolment_code(administrator.officer, officer.officer.id)
        with pytest.raises(OfficerDismissed):
            await officer_grants.propose(granting.officer, officer.officer.id, a_right())

    async def test_isnt_oneself_nor_another_departments(self) -> None:
        local, other = await a_system_administrator("GAJ", "370602"), await a_powerless_officer("WJW")

        with pytest.raises(SameOfficer):
            await officer_accounts.dismiss(local.officer, local.officer.id)
        with pytest.raises(OfficerUnknown):
            await officer_accounts.dismiss(local.officer, other.officer.id)


class TestOfficers:
    async def test_are_listed_for_who_administers_them(self) -> None:
        local, city = await a_system_administrator("SFJ", "370602"), await a_security_administrator("GAJ")
        other = await a_powerless_officer("TYJ")

        near = await officer_accounts.officers(local.officer, None, 100)
        far = await officer_accounts.officers(city.officer, None, 100)

        assert {one.department for one in near.items} == {"SFJ"}
        assert other.officer.id in {one.id for one in far.items}
        with pytest.raises(NoRight):
            await officer_accounts.officers(other.officer, None, 20)

    async def test_come_page_by_page(self) -> None:
        administrator = await a_system_administrator("MSA", "370602")
        made = [await an_appointed(administrator, "MSA") for _ in range(3)]

        first = await officer_accounts.officers(administrator.officer, None, 2)
        second = await officer_accounts.officers(administrator.officer, first.next, 2)

        assert [one.id for one in (*first.items, *second.items)] == [
            *(one.officer.id for one in reversed(made)),
            administrator.officer.id,
        ]


class TestOverHttp:
    async def test_appoints_enrols_and_dismisses(self, http: httpx.AsyncClient) -> None:
        administrator, code = await a_system_administrator(), a_code()
        asked = {"code": code, "department": "GAJ", "post": "窗口", "name": "赵敏", "id_number": "370602199001010013"}

        given = (await http.post("/v1/officer/officers", json=asked, headers=administrator.headers)).json()
        enrolment = {"officer_code": code, "enrolment_code": given["enrolment_code"], "csr": a_csr(a_key())}
        made = await http.post("/v1/officer/enrolment", json=enrolment)
        again = await http.post("/v1/officer/enrolment", json=enrolment)
        path = f"/v1/officer/officers/{given['officer']['id']}"
        gone = await http.post(f"{path}/dismiss", headers=administrator.headers)

        assert "370602199001010013" not in str(given)
        assert (made.status_code, set(made.json())) == (
            200,
            {"officer_id", "certificate", "not_after", "totp_secret"},
        )
        assert (again.status_code, again.json()["code"]) == (401, "enrolment_refused")
        assert gone.json()["state"] == "dismissed"

    @pytest.mark.parametrize(
        "changed",
        [
            {"code": "a.b"},
            {"code": "-a"},
            {"code": "a" * 41},
            {"department": "gaj"},
            {"name": ""},
            {"id_number": "1"},
            {"post": "a\nb"},
            {"rights": ["*"]},
        ],
    )
    async def test_refuses_a_bad_appointment(self, http: httpx.AsyncClient, changed: dict[str, object]) -> None:
        administrator = await a_system_administrator()
        asked = {"code": "A-1", "department": "GAJ", "post": "窗口", "name": "赵敏", "id_number": "370602199001010013"}

        answer = await http.post("/v1/officer/officers", json=asked | changed, headers=administrator.headers)

        assert (answer.status_code, answer.json()["code"]) == (422, "body_wrong")

    async def test_is_closed_to_whoever_isnt_signed_in(self, http: httpx.AsyncClient) -> None:
        for path in ("/v1/officer/officers", "/v1/officer/me", "/v1/officer/sessions"):
            answer = await http.get(path)
            assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")
