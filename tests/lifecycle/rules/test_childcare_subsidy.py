"""The childcare subsidy by the handbook's examples, at its boundaries, and for every birthday."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifecycle.rules.childcare_subsidy import claim_by, payments, total_fen
from lifecycle.rules.parameters import Reading, shipped

TODAY = date(2026, 11, 29)
YUAN = 100


def reading() -> Reading:
    return Reading(shipped(), TODAY)


class TestPayments:
    @pytest.mark.parametrize(
        ("born_on", "yuan"),
        [
            (date(2022, 6, 15), 1_800),
            (date(2024, 12, 31), 10_800),
            (date(2025, 3, 1), 10_800),
            (date(2021, 12, 31), 0),
            (date(2022, 1, 1), 300),
            (date(2025, 1, 1), 10_800),
        ],
    )
    def test_follow_the_worked_examples(self, born_on: date, yuan: int) -> None:
        assert total_fen(payments(born_on, reading())) == yuan * YUAN

    def test_of_a_child_born_since_are_three_by_birthday(self) -> None:
        due = payments(date(2025, 3, 1), reading())

        assert [one.from_on for one in due] == [date(2025, 3, 1), date(2026, 3, 1), date(2027, 3, 1)]
        assert {one.amount_fen for one in due} == {3_600 * YUAN}

    @given(st.dates(date(2020, 1, 1), date(2027, 12, 31)))
    def test_are_never_more_than_three_years_and_never_less_for_a_younger_child(self, born_on: date) -> None:
        own = total_fen(payments(born_on, reading()))
        younger = total_fen(payments(born_on + timedelta(days=1), reading()))

        assert 0 <= own <= younger <= 3 * 3_600 * YUAN

    def test_name_what_they_rest_on(self) -> None:
        used = reading()
        payments(date(2024, 5, 1), used)

        assert {one.key for one in used.used} >= {"childcare_subsidy.begins_on", "childcare_subsidy.month_fen"}


class TestClaimBy:
    def test_is_set_for_children_born_before_and_in_the_first_year(self) -> None:
        assert claim_by(date(2024, 12, 31), reading()) == date(2025, 12, 31)
        assert claim_by(date(2025, 12, 31), reading()) == date(2026, 12, 31)
        assert claim_by(date(2026, 1, 1), reading()) is None
