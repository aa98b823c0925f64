"""What a child and its mother are entitled to, on both sides of each day."""

from datetime import date
from typing import ClassVar

import pytest

from app.kernel.ids import new_person_id
from lifecycle.rules.declared_kinds import (
    MEDICAL_SCHEME,
)
from lifecycle.rules.fact_kinds import (
    CHILDCARE_PAID_YEARS,
    CHILDREN,
    MEDICAL_INSURED,
    PREGNANCY,
    REGISTERED,
    WAGE_FEN,
    Child,
    Pregnancy,
)
from tests.makers.facts import (
    ADULT,
    Known,
    a_person,
    amount,
    answer,
    said,
)


class TestChildcareSubsidy:
    BORN = date(2025, 6, 1)

    @pytest.mark.parametrize(
        ("as_of", "says", "period"),
        [
            (date(2025, 5, 31), "no", ""),
            (date(2025, 6, 1), "yes", "2025-06-01"),
            (date(2026, 5, 31), "yes", "2025-06-01"),
            (date(2026, 6, 1), "yes", "2026-06-01"),
            (date(2026, 12, 31), "yes", "2026-06-01"),
            (date(2027, 1, 1), "no", ""),
            (date(2028, 6, 1), "no", ""),
        ],
    )
    def test_is_a_years_until_a_first_claim_is_too_late(self, as_of: date, says: str, period: str) -> None:
        found = answer("childcare_subsidy", a_person(self.BORN), as_of)

        assert (found.answer, found.verdict.period if found.verdict else None) == (says, period)

    @pytest.mark.parametrize(("as_of", "says"), [(date(2029, 1, 9), "yes"), (date(2029, 1, 10), "no")])
    def test_ends_on_the_third_birthday(self, as_of: date, says: str) -> None:
        assert said("childcare_subsidy", a_person(date(2026, 1, 10)), as_of) == says

    def test_of_who_was_born_before_is_by_months_of_the_year(self) -> None:
        assert amount("childcare_subsidy", a_person(date(2023, 6, 1)), date(2025, 12, 31)) == 12 * 30_000

    def test_is_looked_at_again_when_the_year_ends(self) -> None:
        found = answer("childcare_subsidy", a_person(date(2026, 3, 1)))

        assert found.again == date(2027, 3, 1)
        assert found.verdict is not None
        assert found.verdict.until == date(2027, 2, 28)

    def test_needs_the_registration_and_is_had_once_it_was_paid(self) -> None:
        assert said("childcare_subsidy", a_person(date(2026, 3, 1), {REGISTERED: False})) == "no"
        paid = answer("childcare_subsidy", a_person(date(2026, 3, 1), {CHILDCARE_PAID_YEARS: (2026,)}))
        assert paid.verdict is not None
        assert paid.verdict.drawn


class TestNewbornInsurance:
    @pytest.mark.parametrize(("as_of", "says"), [(date(2027, 2, 28), "yes"), (date(2027, 3, 1), "no")])
    def test_is_for_the_first_year(self, as_of: date, says: str) -> None:
        assert said("newborn_insurance", a_person(date(2026, 3, 1)), as_of) == says

    def test_is_had_by_who_is_insured(self) -> None:
        found = answer("newborn_insurance", a_person(date(2026, 3, 1), {MEDICAL_INSURED: True}))
        assert found.verdict is not None
        assert found.verdict.drawn


class TestMaternity:
    INSURED_AS: ClassVar[Known] = {MEDICAL_SCHEME: "employee", WAGE_FEN: 660_000}
    CARRYING = Pregnancy(date(2026, 8, 1))

    @pytest.mark.parametrize(("as_of", "says"), [(date(2027, 4, 22), "yes_from"), (date(2027, 4, 23), "yes")])
    def test_begins_with_the_leave_before_birth(self, as_of: date, says: str) -> None:
        known = a_person(ADULT, self.INSURED_AS | {PREGNANCY: self.CARRYING})

        assert said("maternity_allowance", known, as_of) == says
        assert amount("maternity_allowance", known, as_of) == 3_476_000

    @pytest.mark.parametrize(("as_of", "says"), [(date(2027, 3, 1), "yes"), (date(2027, 3, 2), "no")])
    def test_is_claimed_within_a_year(self, as_of: date, says: str) -> None:
        child = Child(date(2026, 3, 1), new_person_id())

        assert said("maternity_allowance", a_person(ADULT, self.INSURED_AS | {CHILDREN: (child,)}), as_of) == says

    def test_is_the_insured_mothers(self) -> None:
        known = {PREGNANCY: self.CARRYING} | self.INSURED_AS
        assert said("maternity_allowance", a_person(ADULT, known, "male")) == "no"
        assert said("maternity_allowance", a_person(ADULT, known | {MEDICAL_SCHEME: "resident"})) == "no"
        assert said("maternity_allowance", a_person(ADULT, self.INSURED_AS)) == "no"
