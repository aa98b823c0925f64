"""What the desk's list is narrowed to and ordered by; late cases, and who supervises them."""

from datetime import date, timedelta

import httpx
import pytest

from app.kernel import clock
from app.kernel.actors import NoRight, Officer
from app.kernel.calendar import add_working_days
from app.kernel.database import execute, transaction
from app.kernel.events import deliver_pending
from app.kernel.paging import CursorWrong
from lifecycle.cases import decisions, desk, overdue, reading
from lifecycle.cases.carrying_out import OFFICE
from lifecycle.cases.desk_lists import DeskFilter
from lifecycle.cases.events import CaseMoved
from lifecycle.cases.limits import limit_on
from lifecycle.cases.states import Step
from lifecycle.cases.structs import CaseRef, CorrectionAsked, DeskItem
from tests.makers.callers import an_enrolled_officer
from tests.makers.cases import Family, a_family, a_submitted_case, an_accepted_case, the_case
from tests.makers.city import Town
from tests.makers.desk import a_claimed_case, on_desk
from tests.makers.people import a_grant, an_officer

ONE_DAY = timedelta(days=1)


async def everything(officer: Officer, wanted: DeskFilter) -> list[DeskItem]:
    """Every page of a list."""
    await deliver_pending()
    items: list[DeskItem] = []
    cursor = None
    while True:
        page = await desk.desk(officer, wanted, cursor, 2)
        items, cursor = [*items, *page.items], page.next
        if cursor is None:
            return items


async def due(case: CaseRef, on: date) -> None:
    """Have a case's clock end on a day."""
    async with transaction(OFFICE):
        await execute("UPDATE matter_case SET due_on = $2, version = version + 1 WHERE id = $1", case.id, on)
        await desk.project(CaseMoved(subject_id=case.id))


class TestOrder:
    async def test_by_what_is_due_leaves_out_what_the_applicant_must_do(self, family: Family, town: Town) -> None:
        officer = an_officer()
        later, sooner, corrected = (
            await a_submitted_case(family),
            await a_submitted_case(await a_family(town)),
            await a_claimed_case(await a_family(town), officer),
        )
        await decisions.request_correction(officer, corrected.id, CorrectionAsked("请补正"))
        await deliver_pending()
        await due(later, clock.today() + 3 * ONE_DAY)
        await due(sooner, clock.today() + ONE_DAY)

        items = await everything(officer, DeskFilter(order="due"))

        found = [one.id for one in items]
        days = [one.due_on for one in items]
        assert found.index(sooner.id) < found.index(later.id)
        assert corrected.id not in found
        assert len(found) == len(set(found))
        assert days == sorted(day for day in days if day is not None)

    async def test_takes_no_cursor_of_another_order(self, family: Family, town: Town) -> None:
        officer = an_officer()
        await a_submitted_case(family)
        await a_submitted_case(await a_family(town))
        await deliver_pending()
        cursor = (await desk.desk(officer, DeskFilter(), None, 1)).next

        with pytest.raises(CursorWrong):
            await desk.desk(officer, DeskFilter(order="due"), cursor, 1)


class TestNarrowing:
    async def test_to_what_is_late_for_the_office(self, family: Family) -> None:
        officer = an_officer()
        case = await a_submitted_case(family)
        assert await on_desk(officer, case.id, DeskFilter(overdue=True)) is None

        await due(case, clock.today() - ONE_DAY)

        item = await on_desk(officer, case.id, DeskFilter(overdue=True))
        assert item is not None
        assert item.overdue

    async def test_to_ones_own(self, family: Family) -> None:
        officer, other = (await an_enrolled_officer()).officer, an_officer()
        case = await a_claimed_case(family, officer)

        assert await on_desk(officer, case.id, DeskFilter(mine=True)) is not None
        assert await on_desk(other, case.id, DeskFilter(mine=True)) is None

    @pytest.mark.parametrize(
        "asked", [{"order": "newest"}, {"overdue": "perhaps"}, {"division": "xx"}, {"due_by": "soon"}]
    )
    async def test_refuses_what_isnt_a_filter(self, http: httpx.AsyncClient, asked: dict[str, str]) -> None:
        officer = await an_enrolled_officer()

        answer = await http.get("/v1/officer/desk", params=asked, headers=officer.headers)

        assert (answer.status_code, answer.json()["code"]) == (400, "parameter_wrong")

    async def test_is_asked_over_http(self, http: httpx.AsyncClient, family: Family) -> None:
        officer = await an_enrolled_officer()
        case = await a_claimed_case(family, officer.officer)
        await deliver_pending()

        answer = await http.get("/v1/officer/desk", params={"mine": "true", "order": "due"}, headers=officer.headers)

        assert [one["id"] for one in answer.json()["items"]] == [str(case.id)]


class TestEscalation:
    async def test_shows_supervisors_what_is_long_undecided(
        self, family: Family, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        officer = an_officer()
        supervisor = an_officer(a_grant("supervise", "infant_immunization", "370681"))
        case = await an_accepted_case(family, officer)
        last = (await the_case(case.id)).due_on
        assert last is not None
        alone = add_working_days(last, limit_on(last, "escalate_working_days"))

        seen = []
        for day in (last + ONE_DAY, alone, alone + ONE_DAY, alone + 2 * ONE_DAY):
            monkeypatch.setattr(clock, "today", lambda day=day: day)
            await overdue.look_through()
            seen.append(await on_desk(supervisor, case.id, DeskFilter(escalated=True)) is not None)

        assert seen == [False, False, True, True]
        happened = [one.what for one in (await reading.events(family.mother, case.id)).items]
        assert (happened.count("overdue"), happened.count("escalated")) == (1, 1)
        await decisions.take(officer, case.id, Step.REVIEW)
        assert await on_desk(supervisor, case.id, DeskFilter(escalated=True)) is not None, "its clock runs on"
        await decisions.take(officer, case.id, Step.REJECT)
        assert await on_desk(supervisor, case.id, DeskFilter(escalated=True)) is None

    async def test_is_for_supervisors_of_the_department(self, http: httpx.AsyncClient) -> None:
        handler = await an_enrolled_officer(a_grant("handle"))

        with pytest.raises(NoRight):
            await desk.desk(handler.officer, DeskFilter(escalated=True), None, 20)
        answer = await http.get("/v1/officer/desk", params={"escalated": "true"}, headers=handler.headers)
        assert (answer.status_code, answer.json()["code"]) == (403, "no_right")

    async def test_shows_a_supervisor_no_more_than_the_list(self, family: Family) -> None:
        supervisor = an_officer(a_grant("supervise"))
        case = await a_submitted_case(family)

        assert await on_desk(supervisor, case.id, DeskFilter()) is None
        with pytest.raises(NoRight):
            await desk.look_at(supervisor, case.id)
