"""What who is out of work or poor is entitled to, on both sides of each line."""

from datetime import date
from typing import ClassVar

import pytest

from lifecycle.rules.declared_kinds import (
    JOB_ENDED,
    RESIDENCE_AREA,
)
from lifecycle.rules.fact_kinds import (
    DISABILITY_GRADE,
    HOUSEHOLD_INCOME_FEN,
    HOUSEHOLD_PERSONS,
    JOB,
    PENSION_SINCE,
    UNEMPLOYED_SINCE,
    UNEMPLOYMENT_MONTHS,
    Job,
)
from tests.makers.facts import (
    ADULT,
    DAY,
    Known,
    a_person,
    amount,
    answer,
    said,
)

LOW: Known = {HOUSEHOLD_INCOME_FEN: 180_000, HOUSEHOLD_PERSONS: 3, RESIDENCE_AREA: "urban"}
ENOUGH: Known = {HOUSEHOLD_INCOME_FEN: 330_000, HOUSEHOLD_PERSONS: 3, RESIDENCE_AREA: "urban"}


class TestUnemployment:
    LOST: ClassVar[Known] = {UNEMPLOYED_SINCE: date(2026, 10, 1), UNEMPLOYMENT_MONTHS: 60, JOB_ENDED: "against_my_will"}

    def test_is_paid_by_months(self) -> None:
        found = answer("unemployment_benefit", a_person(ADULT, self.LOST))

        assert found.answer == "yes"
        assert found.verdict is not None
        assert found.verdict.until == date(2028, 3, 31)
        assert found.verdict.amount is not None
        assert found.verdict.amount.fen == 198_000

    @pytest.mark.parametrize(
        ("more", "says"),
        [
            ({UNEMPLOYMENT_MONTHS: 11}, "no"),
            ({UNEMPLOYMENT_MONTHS: 12}, "yes"),
            ({JOB_ENDED: "resigned"}, "no"),
            ({JOB_ENDED: "employer_at_fault"}, "yes"),
            ({PENSION_SINCE: DAY}, "no"),
            ({JOB: Job(date(2020, 1, 1))}, "no"),
            ({JOB: Job(date(2020, 1, 1), date(2026, 9, 30))}, "yes"),
        ],
    )
    def test_depends_on_how_and_how_long(self, more: Known, says: str) -> None:
        assert said("unemployment_benefit", a_person(ADULT, self.LOST | more)) == says

    @pytest.mark.parametrize(("as_of", "says"), [(date(2028, 3, 31), "yes"), (date(2028, 4, 1), "no")])
    def test_ends_with_its_last_month(self, as_of: date, says: str) -> None:
        assert said("unemployment_benefit", a_person(ADULT, self.LOST), as_of) == says

    def test_names_all_that_it_needs_at_once(self) -> None:
        found = answer("unemployment_benefit", a_person(ADULT))

        assert [kind.name for kind in found.needs] == ["unemployed_since", "unemployment_months", "job_ended"]


class TestLowIncome:
    def test_is_below_the_line_and_not_on_it(self) -> None:
        assert amount("minimum_living_allowance", a_person(ADULT, LOW)) == 150_000
        assert said("minimum_living_allowance", a_person(ADULT, ENOUGH)) == "no"
        just = ENOUGH | {HOUSEHOLD_INCOME_FEN: 329_999}
        assert amount("minimum_living_allowance", a_person(ADULT, just)) == 1

    @pytest.mark.parametrize(("grade", "living", "care"), [(1, 20_000, 18_000), (2, 20_000, 14_000)])
    def test_with_a_severe_disability_has_two_subsidies(self, grade: int, living: int, care: int) -> None:
        known = a_person(ADULT, LOW | {DISABILITY_GRADE: grade})

        assert (amount("disability_living_subsidy", known), amount("disability_care_subsidy", known)) == (living, care)

    def test_a_lighter_disability_or_a_higher_income_has_less(self) -> None:
        assert said("disability_care_subsidy", a_person(ADULT, {DISABILITY_GRADE: 3})) == "no"
        assert said("disability_living_subsidy", a_person(ADULT, LOW | {DISABILITY_GRADE: 4})) == "yes"
        assert said("disability_living_subsidy", a_person(ADULT, LOW | {DISABILITY_GRADE: 9})) == "no"
        assert said("disability_living_subsidy", a_person(ADULT, ENOUGH | {DISABILITY_GRADE: 1})) == "no"
