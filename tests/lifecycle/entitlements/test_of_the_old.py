"""What the old are entitled to, on both sides of each birthday and bracket."""

from datetime import date

import pytest

from app.kernel.ids import new_person_id
from lifecycle.rules.declared_kinds import (
    RESIDENT_PENSION_MONTHS,
)
from lifecycle.rules.fact_kinds import (
    ALLOWANCES,
    CASES,
    DIVISION,
    INSURED,
    JOB,
    PENSION_SINCE,
    REGISTERED,
    WORKER_KIND,
    Allowance,
    CaseStanding,
    Insured,
    Job,
)
from tests.makers.facts import (
    ADULT,
    AS_OF,
    BY_DAY,
    DAY,
    Known,
    a_person,
    aged,
    amount,
    answer,
    said,
)


class TestOldAgeAllowance:
    @pytest.mark.parametrize(("years", "fen"), [(80, 10_000), (89, 10_000), (90, 30_000), (99, 30_000), (100, 80_000)])
    def test_rises_on_each_birthday(self, years: int, fen: int) -> None:
        assert amount("old_age_allowance", aged(years)) == fen
        before = answer("old_age_allowance", aged(years, -1))
        assert before.answer == ("yes_from" if years == 80 else "yes")
        assert before.again is not None
        assert before.again == AS_OF + BY_DAY if years in {80, 90, 100} else before.again > AS_OF

    def test_begins_on_the_leap_day_itself_where_there_is_one(self) -> None:
        found = answer("old_age_allowance", a_person(date(1948, 2, 29)), date(2027, 2, 1))

        assert found.verdict is not None
        assert found.verdict.from_on == date(2028, 2, 29)

    def test_is_not_for_who_is_registered_elsewhere_or_nowhere(self) -> None:
        assert said("old_age_allowance", aged(85, more={DIVISION: "370102"})) == "no"
        found = answer("old_age_allowance", aged(85, more={REGISTERED: False}))
        assert found.verdict is not None
        assert found.verdict.would_be_if is not None

    def test_that_is_drawn_or_was_granted_is_had(self) -> None:
        drawn = answer("old_age_allowance", aged(85, more={ALLOWANCES: (Allowance("senior", 10_000),)}))
        case = CaseStanding(new_person_id(), "social_welfare_info", False, DAY, True)
        granted = answer("old_age_allowance", aged(85, more={CASES: (case,)}))

        assert [one.verdict.drawn for one in (drawn, granted) if one.verdict] == [True, True]


class TestPension:
    # A man of 1965-01-15 retires on 2025-02-15; one of 1970-05-05 on 2031-10-05.
    def paid(self, months: int, more: Known | None = None) -> Known:
        return {INSURED: Insured(months, DAY)} | (more or {})

    @pytest.mark.parametrize(("as_of", "says"), [(date(2025, 2, 14), "yes_from"), (date(2025, 2, 15), "yes")])
    def test_begins_at_the_statutory_age(self, as_of: date, says: str) -> None:
        assert said("pension_at_statutory_age", a_person(date(1965, 1, 15), self.paid(180), "male"), as_of) == says

    @pytest.mark.parametrize(("months", "says"), [(179, "no"), (180, "yes")])
    def test_asks_for_enough_months(self, months: int, says: str) -> None:
        assert said("pension_at_statutory_age", a_person(date(1965, 1, 15), self.paid(months), "male")) == says

    def test_asks_a_woman_for_her_kind_of_work_and_never_guesses_it(self) -> None:
        found = answer("pension_at_statutory_age", a_person(ADULT, self.paid(180)))

        assert (found.answer, [kind.name for kind in found.needs]) == ("unknown", ["worker_kind"])
        assert (
            said("pension_at_statutory_age", a_person(ADULT, self.paid(400, {WORKER_KIND: "woman_worker"})))
            == "yes_from"
        )

    def test_earlier_goes_by_the_year_chosen(self) -> None:
        known = a_person(date(1970, 5, 5), self.paid(180), "male")
        found = answer("pension_earlier", known)

        assert found.answer == "no" or (found.verdict is not None and found.verdict.from_on is not None)
        assert said("pension_earlier", a_person(date(1970, 5, 5), self.paid(400), "male")) == "yes_from"
        assert said("pension_earlier", a_person(date(1965, 1, 15), self.paid(400), "male"), date(2025, 2, 15)) == "no"

    def test_later_needs_an_employer(self) -> None:
        known = self.paid(400, {JOB: Job(date(2000, 1, 1))})
        man = date(1965, 1, 15)

        assert said("pension_later", a_person(man, known, "male"), date(2025, 2, 14)) == "yes_from"
        assert said("pension_later", a_person(man, known, "male"), date(2025, 2, 15)) == "yes"
        assert said("pension_later", a_person(man, known, "male"), date(2028, 2, 15)) == "no"
        over = {JOB: Job(date(2000, 1, 1), date(2026, 1, 1))}
        assert said("pension_later", a_person(man, over, "male")) == "no"

    def test_that_is_drawn_is_had(self) -> None:
        found = answer("pension_at_statutory_age", aged(70, more={PENSION_SINCE: DAY}))
        assert found.verdict is not None
        assert found.verdict.drawn

    @pytest.mark.parametrize(("years", "days", "says"), [(60, 0, "yes"), (60, -1, "yes_from")])
    def test_of_residents_begins_at_sixty(self, years: int, days: int, says: str) -> None:
        assert said("pension_of_residents", aged(years, days, more={RESIDENT_PENSION_MONTHS: 180})) == says
        assert said("pension_of_residents", aged(years, days, more={RESIDENT_PENSION_MONTHS: 179})) == "no"

    def test_is_nothing_for_children(self) -> None:
        for name in ("pension_at_statutory_age", "pension_earlier", "pension_later", "pension_of_residents"):
            assert said(name, aged(16, -1)) == "no"
