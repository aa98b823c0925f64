"""The clocks of a case: which runs, until when, and what every step does to it."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel.calendar import count_working_days
from app.kernel.words import Words
from lifecycle.cases.clocks import Clock, ClockKind, Counting, Stopped, Terms, after, decision_term
from lifecycle.cases.states import Step
from lifecycle.catalogue.structs import TimeLimit, TimeUnit

TERMS = Terms(acceptance_working_days=5, correction_days=30, decision=(20, "wd"))
days = st.dates(date(2026, 1, 1), date(2026, 8, 31))


def a_limit(count: int, unit: TimeUnit) -> TimeLimit:
    words = Words("期限", "limit")
    return TimeLimit(count=count, unit=unit, text=words, source="x", verified_on=None, illustrative=False)


def clock_after(*steps: tuple[Step, date], terms: Terms = TERMS) -> Clock:
    clock = Clock()
    for step, day in steps:
        clock = after(clock, step, day, terms)
    return clock


class TestDueOn:
    @pytest.mark.parametrize(
        ("since", "count", "due"),
        [
            (date(2026, 11, 23), 5, date(2026, 11, 30)),
            (date(2026, 9, 30), 5, date(2026, 10, 13)),
            (date(2026, 11, 28), 1, date(2026, 11, 30)),
            (date(2026, 11, 27), 0, date(2026, 11, 27)),
        ],
    )
    def test_counts_working_days_from_the_day_after(self, since: date, count: int, due: date) -> None:
        assert Counting(ClockKind.ACCEPTANCE, since, count, "wd").due_on == due

    def test_of_calendar_days_ends_on_a_working_day(self) -> None:
        assert Counting(ClockKind.CORRECTION, date(2026, 9, 2), 30, "d").due_on == date(2026, 10, 8)
        assert Counting(ClockKind.CORRECTION, date(2026, 11, 1), 30, "d").due_on == date(2026, 12, 1)

    def test_isnt_known_before_the_holidays_are(self) -> None:
        running = Counting(ClockKind.DECISION, date(2027, 12, 20), 20, "wd")

        assert running.due_on is None
        assert running.left(date(2027, 12, 21)) == 20


class TestAfter:
    def test_runs_to_accept_then_to_decide(self) -> None:
        submitted = clock_after((Step.SUBMIT, date(2026, 11, 23)))
        accepted = after(submitted, Step.ACCEPT, date(2026, 11, 25), TERMS)

        assert submitted.running == Counting(ClockKind.ACCEPTANCE, date(2026, 11, 23), 5, "wd")
        assert accepted == Clock(Counting(ClockKind.DECISION, date(2026, 11, 25), 20, "wd"))
        assert after(accepted, Step.REVIEW, date(2026, 11, 26), TERMS) == accepted

    def test_stands_still_while_the_applicant_corrects(self) -> None:
        asked = clock_after(
            (Step.SUBMIT, date(2026, 11, 2)),
            (Step.ACCEPT, date(2026, 11, 2)),
            (Step.REQUEST_CORRECTION, date(2026, 11, 9)),
        )
        answered = after(asked, Step.ANSWER_CORRECTION, date(2026, 11, 20), TERMS)

        assert asked.running == Counting(ClockKind.CORRECTION, date(2026, 11, 9), 30, "d")
        assert asked.stopped == Stopped(ClockKind.DECISION, 15, "wd")
        assert answered == Clock(Counting(ClockKind.DECISION, date(2026, 11, 20), 15, "wd"))
        assert answered.running is not None
        assert answered.running.due_on == date(2026, 12, 11)

    def test_begins_anew_to_accept_what_was_corrected(self) -> None:
        answered = clock_after(
            (Step.SUBMIT, date(2026, 11, 2)),
            (Step.REQUEST_CORRECTION, date(2026, 11, 6)),
            (Step.ANSWER_CORRECTION, date(2026, 11, 10)),
        )

        assert answered == Clock(Counting(ClockKind.ACCEPTANCE, date(2026, 11, 10), 5, "wd"))

    @given(accepted=days, worked=st.integers(0, 40), away=st.integers(0, 60))
    def test_gives_the_office_as_many_days_as_without_a_suspension(
        self, accepted: date, worked: int, away: int
    ) -> None:
        suspended = accepted + timedelta(days=worked)
        resumed = suspended + timedelta(days=away)
        clock = clock_after((Step.ACCEPT, accepted), (Step.SUSPEND, suspended), (Step.RESUME, resumed))

        assert clock.running is not None
        used = min(20, count_working_days(accepted, suspended))
        assert used + clock.running.left(resumed) == 20

    def test_runs_on_where_the_register_refused(self) -> None:
        back = clock_after(
            (Step.ACCEPT, date(2026, 11, 2)), (Step.APPROVE, date(2026, 11, 4)), (Step.REOPEN, date(2026, 11, 5))
        )

        assert back == Clock(Counting(ClockKind.DECISION, date(2026, 11, 5), 18, "wd"))

    @pytest.mark.parametrize("step", [Step.DECLINE, Step.REJECT, Step.WITHDRAW, Step.LAPSE, Step.ISSUE, Step.CLOSE])
    def test_ends_with_the_case(self, step: Step) -> None:
        running = clock_after((Step.SUBMIT, date(2026, 11, 2)))

        assert after(running, step, date(2026, 11, 3), TERMS) == Clock()

    def test_has_none_to_decide_where_no_limit_is_known(self) -> None:
        no_limit = Terms(acceptance_working_days=5, correction_days=30, decision=None)

        accepted = clock_after((Step.SUBMIT, date(2026, 11, 2)), (Step.ACCEPT, date(2026, 11, 3)), terms=no_limit)
        asked = after(accepted, Step.REQUEST_CORRECTION, date(2026, 11, 4), no_limit)

        assert accepted == Clock()
        assert after(asked, Step.ANSWER_CORRECTION, date(2026, 11, 5), no_limit) == Clock()


class TestDecisionTerm:
    def test_is_what_the_counter_promised_before_what_law_allows(self) -> None:
        promised, takes = a_limit(5, TimeUnit.WORKING_DAYS), a_limit(30, TimeUnit.WORKING_DAYS)

        assert decision_term(promised, takes) == (5, "wd")
        assert decision_term(None, takes) == (30, "wd")
        assert decision_term(None, None) is None

    @pytest.mark.parametrize(
        ("limit", "term"),
        [
            (a_limit(0, TimeUnit.NOW), (1, "wd")),
            (a_limit(60, TimeUnit.DAYS), (60, "d")),
            (a_limit(2, TimeUnit.WEEKS), (14, "d")),
            (a_limit(3, TimeUnit.MONTHS), None),
        ],
    )
    def test_reads_every_unit(self, limit: TimeLimit, term: tuple[int, str] | None) -> None:
        assert decision_term(limit, None) == term


class TestByLaw:
    BOTH_COME = Terms(acceptance_working_days=None, correction_days=30, decision=(60, "d"))

    def test_nothing_is_awaited_of_the_office_before_the_applicants_come(self) -> None:
        submitted = clock_after((Step.SUBMIT, date(2026, 11, 23)), terms=self.BOTH_COME)
        corrected = clock_after(
            (Step.SUBMIT, date(2026, 11, 23)),
            (Step.REQUEST_CORRECTION, date(2026, 11, 24)),
            (Step.ANSWER_CORRECTION, date(2026, 11, 26)),
            terms=self.BOTH_COME,
        )

        assert submitted == corrected == Clock()

    @given(accepted=days, worked=st.integers(0, 40), away=st.integers(0, 60))
    def test_a_term_that_law_counts_goes_on_through_every_interruption(
        self, accepted: date, worked: int, away: int
    ) -> None:
        law = Terms(acceptance_working_days=None, correction_days=30, decision=(60, "d"), counted_from=accepted)
        stopped_on = accepted + timedelta(days=worked)
        for stops, goes_on in ((Step.REQUEST_CORRECTION, Step.ANSWER_CORRECTION), (Step.SUSPEND, Step.RESUME)):
            after_all = clock_after(
                (Step.ACCEPT, accepted), (stops, stopped_on), (goes_on, stopped_on + timedelta(days=away)), terms=law
            )

            assert after_all.running == Counting(ClockKind.DECISION, accepted, 60, "d")
