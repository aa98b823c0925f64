"""What the desk counts: what waits, and how fast was decided; nobody's data, and no officer's."""

from datetime import date, timedelta

import httpx
import msgspec
import pytest

from app.kernel import clock
from app.kernel.actors import Officer
from app.kernel.calendar import add_working_days
from app.kernel.database import execute, fetch_one, transaction
from app.kernel.events import deliver_pending
from lifecycle.birth.household_registration import MATTER
from lifecycle.cases import decisions, overdue, statistics
from lifecycle.cases.carrying_out import OFFICE
from lifecycle.cases.desk_errors import PeriodWrong
from lifecycle.cases.events import CaseRejected
from lifecycle.cases.states import Step
from lifecycle.cases.statistics_structs import MatterThroughput, MatterWaiting
from lifecycle.cases.structs import Refusing
from lifecycle.catalogue import published
from tests.makers.callers import an_enrolled_officer
from tests.makers.cases import Family, a_submitted_case, an_accepted_case
from tests.makers.desk import a_claimed_case
from tests.makers.people import a_grant, an_officer

NOTHING = MatterWaiting(
    matter_code=MATTER,
    matter_name=published.matter(MATTER).name,
    states=[],
    cases=0,
    overdue=0,
    due_today=0,
    due_this_week=0,
    oldest=clock.from_epoch(0),
)


async def waiting(officer: Officer) -> MatterWaiting:
    await deliver_pending()
    return next((one for one in (await statistics.summary(officer)).items if one.matter_code == MATTER), NOTHING)


async def decided(officer: Officer, on: date | None = None) -> MatterThroughput | None:
    await deliver_pending()
    day = on or clock.today()
    items = (await statistics.throughput(officer, day, day)).items
    return next((one for one in items if one.matter_code == MATTER), None)


async def entry(case_id: object) -> tuple[object, ...]:
    """What is kept of a decision."""
    await deliver_pending()
    async with transaction(OFFICE):
        row = await fetch_one(
            "SELECT outcome, working_days, in_time, decided_on FROM decided_entry WHERE case_id = $1", case_id
        )
    return tuple(row) if row else ()


class TestSummary:
    async def test_counts_by_matter_and_state(self, family: Family) -> None:
        officer = an_officer()
        before = await waiting(officer)

        await an_accepted_case(family, officer)

        after = await waiting(officer)
        states = {one.state: one.cases for one in after.states}
        assert after.cases == before.cases + 1
        assert states["accepted"] == {one.state: one.cases for one in before.states}.get("accepted", 0) + 1
        assert sum(states.values()) == after.cases
        assert after.oldest <= clock.now()

    async def test_counts_what_is_due_and_late(self, family: Family, monkeypatch: pytest.MonkeyPatch) -> None:
        case = await a_submitted_case(family)
        await deliver_pending()
        async with transaction(OFFICE):
            await execute("UPDATE desk_entry SET division = '370699' WHERE case_id = $1", case.id)
        there, due = an_officer(a_grant("handle", MATTER, "370699")), add_working_days(clock.today(), 5)

        seen = []
        for day in (due - timedelta(days=due.weekday()), due, due + timedelta(days=1)):
            monkeypatch.setattr(clock, "today", lambda day=day: day)
            one = await waiting(there)
            seen.append((one.due_today, one.due_this_week, one.overdue))

        assert seen == [(int(due.weekday() == 0), 1, 0), (1, 1, 0), (0, 0, 1)]

    async def test_counts_only_what_the_officer_may_handle(self, family: Family) -> None:
        await a_submitted_case(family)

        for stranger in (
            an_officer(department="TYJ"),
            an_officer(a_grant("look")),
            an_officer(a_grant("handle", "infant_immunization")),
            an_officer(a_grant("handle", "*", "110101")),
        ):
            assert await waiting(stranger) == NOTHING


class TestThroughput:
    async def test_counts_each_decision(self, family: Family) -> None:
        officer = an_officer()
        before = await decided(officer)
        case = await an_accepted_case(family, officer)

        await decisions.refuse(officer, case.id, Step.REJECT, Refusing("不符合条件"))

        after = await decided(officer)
        assert after is not None
        assert after.decided == (before.decided if before else 0) + 1
        assert after.rejected == (before.rejected if before else 0) + 1
        assert after.decided == after.approved + after.rejected + after.declined
        assert await entry(case.id) == ("rejected", 0, True, clock.today())

    async def test_says_median_and_ninetieth_and_the_share_in_time(self) -> None:
        async with transaction(OFFICE):
            for place in range(1, 11):
                await execute(
                    "INSERT INTO decided_entry (case_id, department, matter_code, division, decided_on, outcome, working_days, in_time) "
                    "VALUES (gen_random_uuid(), 'TYJ', $1, '370602', '2026-03-05', 'approved', $2, $3)",
                    *(MATTER, place, None if place == 10 else place < 9),
                )

        one = await decided(an_officer(department="TYJ"), date(2026, 3, 5))

        assert one is not None
        assert (one.decided, one.median_working_days, one.ninetieth_working_days) == (10, 5, 9)
        assert (one.with_limit, one.in_time, one.in_time_percent) == (9, 8, 89)
        assert await decided(an_officer(department="TYJ"), date(2026, 3, 6)) is None
        assert await decided(an_officer(a_grant("handle", "*", "370611"), department="TYJ"), date(2026, 3, 5)) is None

    async def test_knows_what_was_late_though_no_job_ran(self, family: Family, monkeypatch: pytest.MonkeyPatch) -> None:
        officer = an_officer()
        case = await an_accepted_case(family, officer)
        async with transaction(OFFICE):
            yesterday = clock.today() - timedelta(days=1)
            await execute("UPDATE matter_case SET due_on = $2 WHERE id = $1", case.id, yesterday)

        await decisions.refuse(officer, case.id, Step.REJECT, Refusing("不符合条件"))

        assert (await entry(case.id))[2] is False

    async def test_knows_what_was_accepted_by_silence(self, family: Family, monkeypatch: pytest.MonkeyPatch) -> None:
        officer = an_officer()
        case = await a_submitted_case(family)
        async with transaction(OFFICE):
            await execute(
                "UPDATE matter_case SET due_on = $2 WHERE id = $1", case.id, clock.today() - timedelta(days=1)
            )
        await overdue.look_through()
        await decisions.claim(officer, case.id)

        await decisions.take(officer, case.id, Step.APPROVE)

        assert (await entry(case.id))[::2] == ("approved", False)

    async def test_counts_what_was_not_accepted(self, family: Family) -> None:
        officer = an_officer()
        case = await a_claimed_case(family, officer)

        await decisions.refuse(officer, case.id, Step.DECLINE, Refusing("不属于受理范围"))

        assert (await entry(case.id))[0] == "declined"

    async def test_counts_working_days_from_submission(self, family: Family) -> None:
        officer = an_officer()
        case = await an_accepted_case(family, officer)
        async with transaction(OFFICE):
            await execute(
                "UPDATE matter_case SET submitted_at = submitted_at - interval '14 days' WHERE id = $1", case.id
            )

        await decisions.refuse(officer, case.id, Step.REJECT, Refusing("不符合条件"))

        assert (await entry(case.id))[1] == 10

    async def test_counts_a_decision_once_and_the_later_one(self, family: Family) -> None:
        officer = an_officer()
        case = await an_accepted_case(family, officer)
        await decisions.take(officer, case.id, Step.APPROVE)
        first = await entry(case.id)
        async with transaction(OFFICE):
            for _ in range(2):
                await statistics.project(CaseRejected(subject_id=case.id, at=clock.now()))
            await statistics.project(CaseRejected(subject_id=case.id, at=clock.now() - timedelta(days=9)))

        assert (first[0], (await entry(case.id))[0]) == ("approved", "rejected")
        assert (await entry(case.id))[3] == clock.today()

    async def test_says_nothing_of_people(self, family: Family) -> None:
        officer = an_officer()
        case = await an_accepted_case(family, officer)
        await decisions.take(officer, case.id, Step.APPROVE)

        said = msgspec.json.encode(await statistics.throughput(officer, clock.today(), clock.today())).decode()

        assert str(officer.id) not in said
        assert str(case.id) not in said

    async def test_is_of_a_year_at_the_most(self) -> None:
        officer, today = an_officer(), clock.today()

        for since, until in ((today, today - timedelta(days=1)), (today - timedelta(days=367), today)):
            with pytest.raises(PeriodWrong):
                await statistics.throughput(officer, since, until)

    @pytest.mark.parametrize("asked", [{}, {"since": "2026-01-01"}, {"since": "soon", "until": "2026-02-01"}])
    async def test_needs_both_days(self, http: httpx.AsyncClient, asked: dict[str, str]) -> None:
        officer = await an_enrolled_officer()

        answer = await http.get("/v1/officer/desk/throughput", params=asked, headers=officer.headers)

        assert (answer.status_code, answer.json()["code"]) == (400, "parameter_wrong")
