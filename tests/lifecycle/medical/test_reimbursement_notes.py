"""What is told of a claim as it stands: nothing of half a form, the window, doubts, and no estimate without figures."""

from datetime import date
from typing import Any

import pytest

from lifecycle.medical.reimbursement_notes import NO_FIGURES, OTHER_YEAR, OTHERS_LIABLE, notes

FORM: dict[str, Any] = {
    "insured_as": "employee_active",
    "covered_until": "2026-11-30",
    "year": 2026,
    "paid_fen": 0,
    "admissions": 0,
    "outpatient_cost_fen": 0,
    "outpatient_paid_fen": 0,
    "compliant_own_fen": 0,
    "tier": "tier3",
    "care": "inpatient",
    "from_on": "2026-10-01",
    "discharged_on": "2026-10-09",
    "where": "local",
    "others_liable": False,
    "total_fen": 3_000_000,
    "excluded_fen": 200_000,
    "prepay_fen": 100_000,
}


def said(as_of: date = date(2026, 11, 29), **changes: Any) -> list[str]:
    return [one.en for one in notes({**FORM, **changes}, as_of)]


class TestNotes:
    def test_work_the_example_out(self) -> None:
        window, estimate = said()

        assert "2027-12-31" in window
        for part in ("27000.00", "800.00", "86 %", "22532.00", "7468.00"):
            assert part in estimate

    def test_count_in_what_the_year_has_seen(self) -> None:
        assert "400.00 deductible" in said(admissions=1)[-1]
        assert "basic insurance about 0.00" in said(paid_fen=55_000_000)[-1]

    @pytest.mark.parametrize("missing", ["insured_as", "tier", "care", "from_on", "where", "total_fen", "excluded_fen"])
    def test_say_nothing_of_half_a_form(self, missing: str) -> None:
        assert list(notes({name: value for name, value in FORM.items() if name != missing}, date(2026, 11, 29))) == []

    def test_say_nothing_of_parts_that_are_more_than_the_whole(self) -> None:
        assert said(excluded_fen=2_900_001) == []

    def test_have_no_figures_for_costs_under_the_new_law(self) -> None:
        assert said(date(2027, 2, 1), from_on="2026-12-30", discharged_on="2027-01-02")[-1] == NO_FIGURES.en

    def test_say_that_another_years_costs_arent_counted_in(self) -> None:
        *_, last = said(from_on="2025-10-01", discharged_on="2025-10-09")

        assert last == OTHER_YEAR.en

    @pytest.mark.parametrize(("as_of", "late"), [(date(2027, 12, 31), False), (date(2028, 1, 1), True)])
    def test_say_when_it_is_late(self, as_of: date, *, late: bool) -> None:
        assert ("that is past" in said(as_of)[0]) == late

    def test_say_that_others_are_liable(self) -> None:
        assert said(others_liable=True)[0] == OTHERS_LIABLE.en

    @pytest.mark.parametrize(("until", "doubted"), [("2026-10-09", False), ("2026-10-08", True), (None, False)])
    def test_say_that_cover_had_ended(self, until: str | None, *, doubted: bool) -> None:
        assert any("cover ended" in one for one in said(covered_until=until)) == doubted
