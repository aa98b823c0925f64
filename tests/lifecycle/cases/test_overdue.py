"""What the calendar does to cases, and what both sides see of it."""

from datetime import date, timedelta
from uuid import UUID

import httpx
import pytest
import pytest_asyncio
from litestar import Litestar

from app.audit.acts import Act
from app.kernel import clock
from app.kernel.actors import Citizen, Officer
from app.kernel.calendar import add_working_days, next_working_day
from app.kernel.database import fetch_all, transaction
from app.kernel.events import deliver_pending
from lifecycle.cases import casebook, decisions, desk, drafts, forms, overdue, reading, submission
from lifecycle.cases.carrying_out import OFFICE
from lifecycle.cases.desk_lists import DeskFilter
from lifecycle.cases.states import Step
from lifecycle.cases.structs import CaseRef, CaseView, CorrectionAsked, FormChange, NewCase, Refusing, Submission
from tests.makers.callers import headers, the_recorded_authorities
from tests.makers.cases import a_code
from tests.makers.matters import OWN_MATTER, OwnMatter
from tests.makers.outside import Phones
from tests.makers.people import a_citizen, an_officer

ONE_DAY = timedelta(days=1)


@pytest_asyncio.fixture(autouse=True)
async def known_seals(app: Litestar) -> None:
    await the_recorded_authorities()


@pytest.fixture(autouse=True)
def _own_matters(app: Litestar, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(forms._forms, OWN_MATTER, OwnMatter(OWN_MATTER))


class Days:
    """A calendar that a test turns ahead, after what needs certificates of today is done; the time of day goes on."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.today, self._now = clock.today(), clock.now
        self._patch = monkeypatch

    def turn_to(self, day: date) -> None:
        ahead = day - self.today
        self._patch.setattr(clock, "now", lambda: self._now() + ahead)
        self._patch.setattr(clock, "today", lambda: day)

    def working(self, count: int) -> date:
        """The last day of a limit that began today."""
        return add_working_days(self.today, count)


@pytest.fixture
def days(monkeypatch: pytest.MonkeyPatch) -> Days:
    return Days(monkeypatch)


async def submitted(citizen: Citizen) -> CaseRef:
    opened = await drafts.open_case(citizen, NewCase(OWN_MATTER))
    draft = await drafts.change(citizen, opened.id, opened.version, FormChange({"purpose": "办理"}))
    code = await a_code(Phones(), citizen, draft.id)
    return await submission.submit(citizen, draft.id, Submission(confirmation_code=code))


async def at_work(case: CaseRef, *steps: Step) -> Officer:
    officer = an_officer(department="WJW")
    await decisions.claim(officer, case.id)
    for step in steps:
        await decisions.take(officer, case.id, step)
    return officer


async def happened(citizen: Citizen, case: CaseRef) -> list[str]:
    return [one.what for one in (await reading.events(citizen, case.id)).items]


async def seen(citizen: Citizen, case: CaseRef) -> CaseView:
    return await reading.show(citizen, case.id)


async def titles(http: httpx.AsyncClient, citizen: Citizen) -> list[str]:
    await deliver_pending()
    return [one["kind"] for one in (await http.get("/v1/inbox", headers=await headers(citizen))).json()["items"]]


class TestWaiting:
    async def test_says_what_for_whom_and_until_when(self, days: Days) -> None:
        citizen = await a_citizen(2)
        case = await submitted(citizen)

        first = (await seen(citizen, case)).waiting
        officer = await at_work(case)
        await decisions.request_correction(officer, case.id, CorrectionAsked("请补充"))
        second = (await seen(citizen, case)).waiting

        assert first is not None
        assert (first.awaited, first.by, first.until) == ("acceptance", "department", days.working(5))
        assert first.days_left == 5
        assert second is not None
        assert (second.awaited, second.by, second.unit) == ("correction", "applicant", "d")
        assert second.until == next_working_day(days.today + timedelta(days=30))
        assert (await reading.cases(citizen, only_open=True, cursor=None, limit=5)).items[0].waiting == second

    async def test_is_nothing_while_the_case_is_suspended(self, days: Days) -> None:
        citizen = await a_citizen(2)
        case = await submitted(citizen)
        officer = await at_work(case, Step.ACCEPT)

        await decisions.refuse(officer, case.id, Step.SUSPEND, Refusing("等待法院裁定"))

        assert (await seen(citizen, case)).waiting is None


class TestAcceptance:
    async def test_comes_by_silence_after_the_days_of_the_law(self, days: Days, http: httpx.AsyncClient) -> None:
        citizen = await a_citizen(2)
        case = await submitted(citizen)

        days.turn_to(days.working(5))
        await overdue.look_through()
        assert (await seen(citizen, case)).state == "submitted", "the last day isn't over"
        days.turn_to(days.working(5) + ONE_DAY)
        await overdue.look_through()
        await overdue.look_through()

        view = await seen(citizen, case)
        assert view.state == "accepted"
        assert await happened(citizen, case) == ["open", "submit", "accept_by_silence", "overdue"]
        assert view.waiting is not None
        assert view.waiting.until == days.working(1), "it counts as accepted from the day it came in"
        async with transaction(OFFICE):
            acts = await fetch_all("SELECT act, actor FROM act WHERE subject_id = $1 ORDER BY id", case.id)
        assert (Act.CASE_ACCEPTED, "system:calendar") in [tuple(row) for row in acts]
        assert "case.accepted_by_silence" in await titles(http, citizen)


class TestDecision:
    async def test_is_warned_of_and_told_to_be_late_once(self, days: Days, http: httpx.AsyncClient) -> None:
        citizen = await a_citizen(2)
        case = await submitted(citizen)
        officer = await at_work(case, Step.ACCEPT)

        await overdue.look_through()
        await overdue.look_through()
        days.turn_to(days.working(1) + ONE_DAY)
        for _ in range(2):
            await overdue.look_through()

        assert await happened(citizen, case) == ["open", "submit", "claim", "accept", "warned", "overdue"]
        waiting = (await seen(citizen, case)).waiting
        assert waiting is not None
        assert waiting.overdue
        assert (await titles(http, citizen)).count("case.overdue") == 1
        approved = await decisions.take(officer, case.id, Step.REJECT)
        assert approved.state == "rejected"


class TestDesk:
    async def test_shows_what_is_due(self, days: Days) -> None:
        citizen = await a_citizen(2)
        case = await submitted(citizen)
        await deliver_pending()
        officer = an_officer(department="WJW")

        async def listed(due_by: date | None) -> list[tuple[str | None, date | None, bool]]:
            page = await desk.desk(officer, DeskFilter(due_by=due_by), None, 100)
            return [(one.awaited, one.due_on, one.overdue) for one in page.items if one.id == case.id]

        due = days.working(5)
        assert await listed(None) == [("acceptance", days.working(5), False)]
        assert await listed(days.working(5) - ONE_DAY) == []
        late = days.working(7)
        days.turn_to(late)
        assert await listed(late) == [("acceptance", due, True)]


class TestCorrection:
    async def test_that_isnt_answered_in_time_lapses(self, days: Days, http: httpx.AsyncClient) -> None:
        citizen = await a_citizen(2)
        case = await submitted(citizen)
        await decisions.request_correction(await at_work(case), case.id, CorrectionAsked("请补充"))

        last = next_working_day(days.today + timedelta(days=30))
        days.turn_to(last)
        await overdue.look_through()
        assert (await seen(citizen, case)).state == "correction_requested"
        days.turn_to(last + ONE_DAY)
        await overdue.look_through()

        view = await seen(citizen, case)
        assert (view.state, view.waiting, view.steps) == ("lapsed", None, [])
        assert "case.lapsed" in await titles(http, citizen)

    async def test_counts_down(self, days: Days) -> None:
        citizen = await a_citizen(2)
        case = await submitted(citizen)
        officer = await at_work(case, Step.ACCEPT)
        await decisions.request_correction(officer, case.id, CorrectionAsked("请补充"))
        last = next_working_day(days.today + timedelta(days=30))
        days.turn_to(last - timedelta(days=12))

        waiting = (await seen(citizen, case)).waiting
        assert waiting is not None
        assert waiting.days_left == 12


class TestDraft:
    async def test_that_nobody_touches_is_told_of_and_thrown_away(self, days: Days, http: httpx.AsyncClient) -> None:
        citizen = await a_citizen(2)
        opened = await drafts.open_case(citizen, NewCase(OWN_MATTER))

        days.turn_to(days.today + timedelta(days=77))
        for _ in range(2):
            await overdue.look_through()
        assert (await titles(http, citizen)).count("case.lapses_soon") == 1
        assert (await seen(citizen, opened)).state == "draft"
        days.turn_to(days.today + timedelta(days=91))
        await overdue.look_through()

        assert (await seen(citizen, opened)).state == "lapsed"
        assert (await drafts.open_case(citizen, NewCase(OWN_MATTER))).id != opened.id

    async def test_that_is_touched_stays(self, days: Days) -> None:
        citizen = await a_citizen(2)
        opened = await drafts.open_case(citizen, NewCase(OWN_MATTER))
        days.turn_to(days.today + timedelta(days=80))
        await overdue.look_through()
        await drafts.change(citizen, opened.id, opened.version, FormChange({"purpose": "继续"}))

        days.turn_to(days.today + timedelta(days=91))
        await overdue.look_through()

        assert (await seen(citizen, opened)).state == "draft"

    async def test_is_thrown_away_only_where_its_applicant_was_told_in_time(
        self, days: Days, http: httpx.AsyncClient
    ) -> None:
        citizen = await a_citizen(2)
        opened = await drafts.open_case(citizen, NewCase(OWN_MATTER))

        states = []
        for gone in (200, 213, 214):
            days.turn_to(days.today + timedelta(days=gone))
            await overdue.look_through()
            states.append((await seen(citizen, opened)).state)

        assert states == ["draft", "draft", "lapsed"], "no job ran for 200 days, and then it was told of"
        assert (await titles(http, citizen)).count("case.lapses_soon") == 1

    async def test_that_was_touched_is_told_of_anew(self, days: Days, http: httpx.AsyncClient) -> None:
        citizen = await a_citizen(2)
        opened = await drafts.open_case(citizen, NewCase(OWN_MATTER))
        days.turn_to(days.today + timedelta(days=80))
        await overdue.look_through()
        await drafts.change(citizen, opened.id, opened.version, FormChange({"purpose": "继续"}))

        states = []
        for gone in (80 + 91, 80 + 91 + 14):
            days.turn_to(days.today + timedelta(days=gone))
            await overdue.look_through()
            states.append((await seen(citizen, opened)).state)

        assert states == ["draft", "lapsed"]
        assert (await titles(http, citizen)).count("case.lapses_soon") == 2

    async def test_that_was_touched_while_the_job_ran_stays(self, days: Days, monkeypatch: pytest.MonkeyPatch) -> None:
        citizen = await a_citizen(2)
        opened = await drafts.open_case(citizen, NewCase(OWN_MATTER))
        days.turn_to(days.today + timedelta(days=77))
        await overdue.look_through()
        days.turn_to(days.today + timedelta(days=91))
        find = casebook.find

        async def touched_before(case_id: UUID, *, lock: bool = False) -> casebook.CaseFile:
            monkeypatch.setattr(casebook, "find", find)
            await drafts.change(citizen, opened.id, opened.version, FormChange({"purpose": "继续"}))
            return await find(case_id, lock=lock)

        monkeypatch.setattr(casebook, "find", touched_before)
        await overdue.look_through()

        assert (await seen(citizen, opened)).state == "draft"
