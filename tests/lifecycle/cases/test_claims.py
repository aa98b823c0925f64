"""Claiming cases, and claims of officers who may handle them no longer."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import msgspec
import pytest

from app.identity import officer_accounts, officer_grants
from app.identity.departments import know_post
from app.identity.officers import DIRECTORY
from app.kernel import clock
from app.kernel.actors import NoRight, Officer, SameOfficer
from app.kernel.database import execute, fetch_all, fetch_value, transaction
from app.kernel.events import deliver_pending
from app.kernel.ids import new_person_id
from lifecycle.birth.household_registration import MATTER
from lifecycle.cases import decisions, desk, reading
from lifecycle.cases.carrying_out import OFFICE
from lifecycle.cases.desk_lists import DeskFilter
from lifecycle.cases.errors import CaseClaimedByAnother, CaseNotFound, StepNotAllowed
from lifecycle.cases.states import Step
from lifecycle.cases.structs import CaseRef
from tests.makers.callers import an_enrolled_officer
from tests.makers.cases import Family, a_draft, a_submitted_case, the_case
from tests.makers.officers import a_security_administrator, a_system_administrator
from tests.makers.people import a_grant, an_officer

Ending = Callable[[Officer, pytest.MonkeyPatch], Awaitable[None]]


async def a_case_of(holder: Officer, family: Family) -> CaseRef:
    """A case that an officer claimed."""
    case = await a_submitted_case(family)
    await decisions.claim(holder, case.id)
    return case


async def dismissed(officer: Officer, monkeypatch: pytest.MonkeyPatch) -> None:
    await officer_accounts.dismiss((await a_system_administrator()).officer, officer.id)


async def withdrawn(officer: Officer, monkeypatch: pytest.MonkeyPatch) -> None:
    async with transaction(DIRECTORY):
        grant_id = await fetch_value("SELECT id FROM officer_grant WHERE officer_id = $1", officer.id)
    await officer_grants.withdraw((await a_security_administrator()).officer, officer.id, grant_id, "调岗")


async def expired(officer: Officer, monkeypatch: pytest.MonkeyPatch) -> None:
    tomorrow = clock.today() + timedelta(days=1)
    monkeypatch.setattr(clock, "today", lambda: tomorrow)


async def moved(officer: Officer, monkeypatch: pytest.MonkeyPatch) -> None:
    async with transaction(DIRECTORY):
        await know_post("WJW", "窗口")
        await execute("UPDATE officer SET department = 'WJW' WHERE id = $1", officer.id)


class TestClaim:
    async def test_gives_a_case_to_one_of_two_officers_at_once(self, family: Family) -> None:
        case = await a_submitted_case(family)
        officers = [(await an_enrolled_officer()).officer for _ in range(2)]
        outcomes = await asyncio.gather(*(decisions.claim(one, case.id) for one in officers), return_exceptions=True)

        assert sorted(type(one).__name__ for one in outcomes) == ["CaseClaimedByAnother", "CaseRef"]

    async def test_is_never_of_ones_own_affair(self, family: Family) -> None:
        officer, case = an_officer(), await a_submitted_case(family)
        await decisions.claim(officer, case.id)

        for person in (family.child, family.mother.id):
            concerned = msgspec.structs.replace(officer, person_id=person)
            with pytest.raises(SameOfficer):
                await decisions.claim(concerned, case.id)
            with pytest.raises(SameOfficer):
                await decisions.take(concerned, case.id, Step.ACCEPT)

    async def test_changes_nothing_when_repeated(self, family: Family) -> None:
        officer, case = an_officer(), await a_submitted_case(family)
        first = await decisions.claim(officer, case.id)

        assert await decisions.claim(officer, case.id) == first

    async def test_hands_over_once_released(self, family: Family) -> None:
        officer, other, case = (await an_enrolled_officer()).officer, an_officer(), await a_submitted_case(family)
        await decisions.claim(officer, case.id)
        with pytest.raises(CaseClaimedByAnother):
            await decisions.release(other, case.id)
        await decisions.release(officer, case.id)
        await decisions.claim(other, case.id)

        assert (await the_case(case.id)).officer_id == other.id

    @pytest.mark.parametrize(
        "grant",
        [
            a_grant(action="look"),
            a_grant(matter="infant_immunization"),
            a_grant(division="370611"),
            a_grant(division="3701"),
        ],
    )
    async def test_needs_the_right_for_matter_and_division(self, family: Family, grant: object) -> None:
        case = await a_submitted_case(family)

        with pytest.raises(NoRight):
            await decisions.claim(an_officer(grant), case.id)  # type: ignore[arg-type]

    async def test_is_enough_with_a_grant_for_the_division_above(self, family: Family) -> None:
        case = await a_submitted_case(family)
        division = (await the_case(case.id)).division

        assert (await decisions.claim(an_officer(a_grant("handle", MATTER, division[:6])), case.id)).id == case.id

    async def test_knows_no_drafts_nor_other_departments_cases(self, family: Family) -> None:
        draft = await a_draft(family)
        with pytest.raises(CaseNotFound):
            await decisions.claim(an_officer(), draft.id)
        with pytest.raises(CaseNotFound):
            await decisions.claim(an_officer(), new_person_id())
        case = await a_submitted_case(family)
        with pytest.raises(CaseNotFound):
            await decisions.claim(an_officer(department="WJW"), case.id)


class TestVoidClaim:
    @pytest.mark.parametrize("ended", [dismissed, withdrawn, expired, moved])
    async def test_is_taken_over(self, family: Family, monkeypatch: pytest.MonkeyPatch, ended: Ending) -> None:
        today = msgspec.structs.replace(a_grant("handle"), valid_to=clock.today())
        holder, other = (await an_enrolled_officer(today)).officer, an_officer()
        case = await a_case_of(holder, family)
        with pytest.raises(CaseClaimedByAnother):
            await decisions.claim(other, case.id)

        await ended(holder, monkeypatch)
        await decisions.claim(other, case.id)

        happened = (await reading.events(family.mother, case.id)).items
        assert [(one.what, one.by) for one in happened[2:]] == [
            ("claim", "officer"),
            ("release", "system"),
            ("claim", "officer"),
        ]
        assert happened[3].reason == decisions.VOID.reason
        assert (await decisions.take(other, case.id, Step.ACCEPT)).state == "accepted"
        async with transaction(OFFICE):
            acts = await fetch_all("SELECT act, actor FROM act WHERE subject_id = $1 ORDER BY id", case.id)
        assert ("case_released", OFFICE.principal) in [tuple(row) for row in acts]

    async def test_is_free_on_the_desk(self, family: Family, monkeypatch: pytest.MonkeyPatch) -> None:
        holder, other = (await an_enrolled_officer(a_grant("handle"))).officer, an_officer()
        case = await a_case_of(holder, family)
        await deliver_pending()

        async def claimed() -> tuple[bool, bool]:
            division = (await the_case(case.id)).division
            page = await desk.desk(other, DeskFilter(matter=MATTER, division=division), None, 100)
            (item,) = [one for one in page.items if one.id == case.id]
            return item.claimed, (await desk.look_at(other, case.id)).claimed

        before = await claimed()
        await dismissed(holder, monkeypatch)

        assert (before, await claimed()) == ((True, True), (False, False))

    async def test_isnt_one_of_an_officer_who_may_still_handle_it(self, family: Family) -> None:
        holder = (await an_enrolled_officer(a_grant("handle"), a_grant("idle"))).officer
        case = await a_case_of(holder, family)
        async with transaction(DIRECTORY):
            await execute("UPDATE officer SET not_after = $2 WHERE id = $1", holder.id, clock.now())
            idle = await fetch_value(
                "SELECT id FROM officer_grant WHERE officer_id = $1 AND action = 'idle'", holder.id
            )
        await officer_grants.withdraw((await a_security_administrator()).officer, holder.id, idle, "调岗")

        with pytest.raises(CaseClaimedByAnother):
            await decisions.claim(an_officer(), case.id)
        assert (await the_case(case.id)).officer_id == holder.id

    async def test_stays_where_there_is_nothing_left_to_do(
        self, family: Family, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        holder = (await an_enrolled_officer(a_grant("handle"))).officer
        case = await a_case_of(holder, family)
        for step in (Step.ACCEPT, Step.APPROVE):
            await decisions.take(holder, case.id, step)
        await dismissed(holder, monkeypatch)

        with pytest.raises(StepNotAllowed):
            await decisions.claim(an_officer(), case.id)
        assert (await the_case(case.id)).officer_id == holder.id
