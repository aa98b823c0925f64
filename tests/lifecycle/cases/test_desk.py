"""The desk's list, fed by events."""

import pytest

from app.kernel.actors import Officer
from app.kernel.database import transaction
from app.kernel.events import deliver_pending
from app.kernel.paging import CursorWrong
from lifecycle.cases import decisions, desk, submission
from lifecycle.cases.carrying_out import OFFICE
from lifecycle.cases.desk_lists import DeskFilter
from lifecycle.cases.events import CaseSubmitted
from lifecycle.cases.states import State, Step
from lifecycle.cases.structs import DeskItem, Refusing
from tests.makers.cases import Family, a_draft, a_family, a_submitted_case
from tests.makers.city import Town
from tests.makers.people import a_grant, an_officer

ALL = DeskFilter()


async def the_desk(officer: Officer, wanted: DeskFilter = ALL) -> list[DeskItem]:
    """Everything on an officer's desk, page by page."""
    items, cursor = [], None
    while True:
        page = await desk.desk(officer, wanted, cursor, 3)
        items.extend(page.items)
        cursor = page.next
        if cursor is None:
            return items


class TestDesk:
    async def test_shows_a_case_once_its_event_is_delivered(self, family: Family) -> None:
        officer, case = an_officer(), await a_submitted_case(family)
        await deliver_pending()

        item = next(one for one in await the_desk(officer) if one.id == case.id)

        assert (item.number, item.state, item.claimed, item.mine) == (case.number, "submitted", False, False)
        assert item.matter_name.zh == "出生入户登记"

    async def test_follows_each_step_until_the_end(self, family: Family) -> None:
        officer, case = an_officer(), await a_submitted_case(family)
        await decisions.claim(officer, case.id)
        await deliver_pending()
        claimed = next(one for one in await the_desk(officer) if one.id == case.id)
        await decisions.refuse(officer, case.id, Step.DECLINE, Refusing("不属于受理范围"))
        await deliver_pending()

        assert (claimed.claimed, claimed.mine) == (True, True)
        assert case.id not in [one.id for one in await the_desk(officer)]

    async def test_never_shows_a_draft(self, family: Family) -> None:
        draft = await a_draft(family)
        await submission.withdraw(family.mother, draft.id)
        await deliver_pending()

        assert draft.id not in [one.id for one in await the_desk(an_officer())]

    async def test_takes_no_harm_from_a_repeated_event(self, family: Family) -> None:
        case = await a_submitted_case(family)
        await deliver_pending()
        async with transaction(OFFICE):
            await desk.project(CaseSubmitted(subject_id=case.id))

        assert [one.id for one in await the_desk(an_officer())].count(case.id) == 1

    async def test_pages_without_gaps_or_repeats_oldest_first(self, family: Family, town: Town) -> None:
        for _ in range(5):
            await a_submitted_case(await a_family(town))
        await deliver_pending()

        items = await the_desk(an_officer())

        assert len({one.id for one in items}) == len(items) >= 5
        assert [one.submitted_at for one in items] == sorted(one.submitted_at for one in items)

    async def test_shows_only_what_the_officer_may_handle(self, family: Family) -> None:
        case = await a_submitted_case(family)
        await deliver_pending()
        grants = {
            "division": a_grant("handle", "*", "370602"),
            "elsewhere": a_grant("handle", "*", "370611"),
            "other matter": a_grant("handle", "infant_immunization", "*"),
            "other right": a_grant("look", "*", "*"),
        }

        seen = {
            name: case.id in [one.id for one in await the_desk(an_officer(grant))] for name, grant in grants.items()
        }

        assert seen == {"division": True, "elsewhere": False, "other matter": False, "other right": False}
        assert case.id not in [one.id for one in await the_desk(an_officer(department="WJW"))]

    async def test_narrows_by_matter_division_and_state(self, family: Family) -> None:
        case = await a_submitted_case(family)
        await deliver_pending()
        officer = an_officer()

        async def shows(wanted: DeskFilter) -> bool:
            return case.id in [one.id for one in await the_desk(officer, wanted)]

        assert await shows(DeskFilter(matter="birth_household_registration", division="3706", state=State.SUBMITTED))
        assert not await shows(DeskFilter(state=State.ACCEPTED))
        assert not await shows(DeskFilter(matter="infant_immunization"))
        assert not await shows(DeskFilter(division="370611"))

    async def test_refuses_a_cursor_of_another_list(self) -> None:
        with pytest.raises(CursorWrong):
            await desk.desk(an_officer(), ALL, "bm90LW91cnM", 20)
