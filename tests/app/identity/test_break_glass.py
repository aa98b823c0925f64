"""Break-glass: seen by a second person, open for a while, told to the person, escalated where nobody looks."""

import asyncio
from datetime import timedelta
from uuid import UUID

import msgspec
import pytest

from app.audit.basis import NoBasis
from app.audit.findings import AUDITOR
from app.identity import break_glass, looks
from app.identity.look_structs import PersonLook, PersonProfile
from app.identity.officer_errors import BreakGlassDecided, BreakGlassLapsed, BreakGlassUnknown
from app.kernel import clock
from app.kernel.actors import ADMINISTER_SECURITY, APPROVE_BREAK_GLASS, Citizen, NoRight, SameOfficer
from app.kernel.database import fetch_all, transaction
from app.kernel.events import deliver_pending
from app.notices import inbox
from tests.makers.callers import EnrolledOfficer, an_enrolled_officer
from tests.makers.officers import a_break_glass, a_looking_officer, a_powerless_officer, an_approver
from tests.makers.people import a_citizen, a_grant, an_id_number

pytestmark = pytest.mark.usefixtures("app")


async def a_known_person() -> tuple[str, Citizen]:
    number = an_id_number()
    return number, await a_citizen(id_number=number)


async def looks_at(officer: EnrolledOfficer, request_id: UUID) -> PersonProfile:
    return await looks.look(officer.officer, PersonLook("核实", ("identity",), break_glass_id=request_id))


async def notices_of(citizen: Citizen) -> list[str]:
    await deliver_pending()
    return [one.kind for one in (await inbox.inbox(citizen, None, 20)).items]


async def found_of(officer: EnrolledOfficer) -> list[str]:
    async with transaction(AUDITOR):
        rows = await fetch_all("SELECT kind FROM access_finding WHERE officer_id = $1", officer.officer.id)
    return [row["kind"] for row in rows]


async def acts_about(citizen: Citizen) -> list[str]:
    async with transaction(AUDITOR):
        rows = await fetch_all("SELECT act FROM act WHERE citizen_id = $1 ORDER BY id", citizen.id)
    return [row["act"] for row in rows if row["act"] != "signed_in"]


class TestDangerToLife:
    async def test_is_open_at_once_for_half_an_hour(self, monkeypatch: pytest.MonkeyPatch) -> None:
        (number, person), officer = await a_known_person(), await a_looking_officer()

        request = await a_break_glass(officer, number)

        assert (request.state, request.mine, request.overdue) == ("open", True, False)
        assert (await looks_at(officer, request.id)).person_id == person.id
        assert request.open_until == request.asked_at + timedelta(minutes=30)
        monkeypatch.setattr(clock, "now", lambda: request.open_until)
        with pytest.raises(NoBasis):
            await looks_at(officer, request.id)

    async def test_is_told_to_the_person_at_once(self) -> None:
        (number, person), officer = await a_known_person(), await a_looking_officer()

        await a_break_glass(officer, number)

        assert await notices_of(person) == ["identity.break_glass_opened"]
        (notice,) = (await inbox.inbox(person, None, 20)).items
        assert "生命安全" in notice.text.zh
        assert officer.officer.name not in notice.text.zh

    async def test_goes_on_once_a_second_officer_saw_it(self) -> None:
        (number, person), officer, second = await a_known_person(), await a_looking_officer(), await an_approver()
        request = await a_break_glass(officer, number)

        seen = await break_glass.approve(second.officer, request.id)

        assert (seen.state, seen.open_until, seen.decided_by) == ("approved", request.open_until, second.officer.id)
        assert (await looks_at(officer, request.id)).person_id == person.id
        assert await found_of(officer) == []

    async def test_closes_at_once_where_the_second_officer_disapproves(self) -> None:
        (number, _), officer, second = await a_known_person(), await a_looking_officer(), await an_approver()
        request = await a_break_glass(officer, number)

        await break_glass.refuse(second.officer, request.id)
        await break_glass.refuse(second.officer, request.id)

        with pytest.raises(NoBasis):
            await looks_at(officer, request.id)
        assert await found_of(officer) == ["break_glass_refused"]

    async def test_is_escalated_once_where_nobody_saw_it_in_time(self, monkeypatch: pytest.MonkeyPatch) -> None:
        (number, _), officer, second = await a_known_person(), await a_looking_officer(), await an_approver()
        unseen, seen = await a_break_glass(officer, number), await a_break_glass(officer, number)
        await break_glass.approve(second.officer, seen.id)
        just_before, at_last = unseen.see_by - timedelta(seconds=1), unseen.see_by

        monkeypatch.setattr(clock, "now", lambda: just_before)
        await break_glass.escalate()
        before = await found_of(officer)
        monkeypatch.setattr(clock, "now", lambda: at_last)
        await break_glass.escalate()
        await break_glass.escalate()

        assert (before, await found_of(officer)) == ([], ["break_glass_unseen"])
        (shown,) = [one for one in (await break_glass.requests(officer.officer, None, 20)).items if one.overdue]
        assert shown.id == unseen.id


class TestPending:
    async def test_opens_once_a_second_officer_approved(self, monkeypatch: pytest.MonkeyPatch) -> None:
        (number, person), officer, second = await a_known_person(), await a_looking_officer(), await an_approver()
        request = await a_break_glass(officer, number, "missing_person")
        with pytest.raises(NoBasis):
            await looks_at(officer, request.id)
        assert await notices_of(person) == []

        approved = await break_glass.approve(second.officer, request.id)
        again = await break_glass.approve(second.officer, request.id)

        assert (request.state, approved.state, again) == ("pending", "approved", approved)
        assert await notices_of(person) == ["identity.break_glass_opened"]
        assert (await looks_at(officer, request.id)).person_id == person.id
        assert await notices_of(person) == ["data_looked_at", "identity.break_glass_opened"]
        monkeypatch.setattr(clock, "now", lambda: approved.open_until)
        with pytest.raises(NoBasis):
            await looks_at(officer, request.id)

    async def test_lapses_where_nobody_saw_it_in_time(self, monkeypatch: pytest.MonkeyPatch) -> None:
        (number, _), officer, second = await a_known_person(), await a_looking_officer(), await an_approver()
        late, in_time = [await a_break_glass(officer, number, "missing_person") for _ in range(2)]

        monkeypatch.setattr(clock, "now", lambda: in_time.see_by - timedelta(seconds=1))
        assert (await break_glass.approve(second.officer, in_time.id)).state == "approved"
        monkeypatch.setattr(clock, "now", lambda: late.see_by)
        with pytest.raises(BreakGlassLapsed):
            await break_glass.approve(second.officer, late.id)
        assert await found_of(officer) == []

    async def test_stays_shut_where_it_is_refused_and_nobody_is_told(self) -> None:
        (number, person), officer, second = await a_known_person(), await a_looking_officer(), await an_approver()
        request = await a_break_glass(officer, number, "public_safety")

        refused = await break_glass.refuse(second.officer, request.id)

        assert (refused.state, refused.open_until) == ("refused", None)
        with pytest.raises(NoBasis):
            await looks_at(officer, request.id)
        assert await notices_of(person) == []
        assert await found_of(officer) == []

    async def test_for_an_investigation_is_told_after_its_period(self, monkeypatch: pytest.MonkeyPatch) -> None:
        (number, person), officer, second = await a_known_person(), await a_looking_officer(), await an_approver()
        request = await a_break_glass(officer, number, "investigation")
        await break_glass.approve(second.officer, request.id)
        approved_at = clock.now()
        await break_glass.tell_due()
        before = await notices_of(person)

        monkeypatch.setattr(clock, "now", lambda: approved_at + timedelta(days=90))
        await break_glass.tell_due()
        await break_glass.tell_due()

        assert (before, await notices_of(person)) == ([], ["identity.break_glass_opened"])

    async def test_is_sealed_at_each_step(self) -> None:
        (number, person), officer, second = await a_known_person(), await a_looking_officer(), await an_approver()

        request = await a_break_glass(officer, number, "missing_person")
        await break_glass.approve(second.officer, request.id)
        await looks_at(officer, request.id)

        assert await acts_about(person) == ["break_glass_asked", "break_glass_approved", "person_looked_at"]


class TestSecondOfficer:
    async def test_is_another_of_the_department_with_the_right(self) -> None:
        number, _ = await a_known_person()
        officer = await an_enrolled_officer(a_grant("people.look"), a_grant(APPROVE_BREAK_GLASS))
        request = await a_break_glass(officer, number, "missing_person")
        powerless, elsewhere = await a_powerless_officer(), await an_approver("WJW")

        for by, refusal in ((officer, SameOfficer), (powerless, NoRight), (elsewhere, BreakGlassUnknown)):
            for decide in (break_glass.approve, break_glass.refuse):
                with pytest.raises(refusal):
                    await decide(by.officer, request.id)

    async def test_may_be_of_security_in_any_department(self) -> None:
        (number, _), officer = await a_known_person(), await a_looking_officer("identity", department="WJW")
        security = await an_enrolled_officer(a_grant(ADMINISTER_SECURITY), a_grant(APPROVE_BREAK_GLASS))
        request = await a_break_glass(officer, number, "missing_person")

        assert (await break_glass.approve(security.officer, request.id)).state == "approved"

    @pytest.mark.parametrize("changed", [{"valid_to": -1}, {"valid_from": 1}])
    async def test_holds_the_right_today(self, changed: dict[str, int]) -> None:
        (number, _), officer = await a_known_person(), await a_looking_officer()
        dates = {name: clock.today() + timedelta(days=days) for name, days in changed.items()}
        late = await an_enrolled_officer(msgspec.structs.replace(a_grant(APPROVE_BREAK_GLASS), **dates))
        request = await a_break_glass(officer, number, "missing_person")

        with pytest.raises(NoRight):
            await break_glass.approve(late.officer, request.id)

    async def test_decides_once(self) -> None:
        (number, _), officer, second = await a_known_person(), await a_looking_officer(), await an_approver()
        approved, refused = [await a_break_glass(officer, number, "missing_person") for _ in range(2)]
        await break_glass.approve(second.officer, approved.id)
        await break_glass.refuse(second.officer, refused.id)

        with pytest.raises(BreakGlassDecided):
            await break_glass.refuse(second.officer, approved.id)
        with pytest.raises(BreakGlassDecided):
            await break_glass.approve(second.officer, refused.id)

    async def test_of_two_at_once_one_decides(self) -> None:
        (number, _), officer = await a_known_person(), await a_looking_officer()
        first, second = await an_approver(), await an_approver()
        request = await a_break_glass(officer, number, "missing_person")

        done = await asyncio.gather(
            break_glass.approve(first.officer, request.id),
            break_glass.refuse(second.officer, request.id),
            return_exceptions=True,
        )

        assert sorted(type(one).__name__ for one in done) == ["BreakGlassDecided", "BreakGlassView"]
