"""The rules of a newborn's insurance: the window, the wait after it, the years that are due."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifecycle.birth.newborn_insurance_rules import Cover, cover, is_newborn, notes, window_end
from lifecycle.rules.parameters import Reading, shipped

YEAR_FEN = 42_000


def on(day: date) -> Reading:
    return shipped().reading(day)


class TestCover:
    @pytest.mark.parametrize(
        ("born", "enrolled", "since", "until", "years"),
        [
            (date(2026, 3, 10), date(2026, 3, 10), date(2026, 3, 10), date(2026, 12, 31), 1),
            (date(2026, 3, 10), date(2026, 9, 10), date(2026, 3, 10), date(2026, 12, 31), 1),
            (date(2026, 3, 10), date(2026, 9, 11), date(2026, 12, 11), date(2026, 12, 31), 1),
            (date(2026, 3, 10), date(2026, 10, 2), date(2027, 1, 2), date(2027, 12, 31), 1),
            (date(2025, 11, 20), date(2026, 2, 1), date(2025, 11, 20), date(2026, 12, 31), 2),
            (date(2025, 8, 31), date(2026, 2, 28), date(2025, 8, 31), date(2026, 12, 31), 2),
            (date(2025, 8, 31), date(2026, 3, 1), date(2026, 6, 1), date(2026, 12, 31), 1),
        ],
        ids=[
            "at birth",
            "on the window's last day",
            "a day late",
            "late, into the next year",
            "over the new year",
            "on a last day of February",
            "a day after that",
        ],
    )
    def test_counts_from_birth_within_the_window(
        self, born: date, enrolled: date, since: date, until: date, years: int
    ) -> None:
        assert cover(born, on(enrolled)) == Cover(since, until, years * YEAR_FEN)

    @given(st.dates(date(2025, 1, 1), date(2030, 1, 1)), st.integers(0, 364))
    def test_never_begins_before_birth_and_costs_each_year_it_touches(self, born: date, age: int) -> None:
        enrolled = born + timedelta(days=age)

        given_ = cover(born, on(enrolled))

        assert born <= given_.covered_from <= given_.covered_until
        assert given_.covered_until >= enrolled
        assert given_.due_fen == YEAR_FEN * (given_.covered_until.year - given_.covered_from.year + 1)
        assert (given_.covered_from == born) == (enrolled <= window_end(born, on(enrolled)))


class TestNewborn:
    @pytest.mark.parametrize(("day", "still"), [(date(2027, 3, 9), True), (date(2027, 3, 10), False)])
    def test_is_who_isnt_one_yet(self, day: date, *, still: bool) -> None:
        assert is_newborn(date(2026, 3, 10), on(day)) == still


class TestNotes:
    def test_say_the_last_day_and_what_is_due(self) -> None:
        window, due = notes(date(2026, 3, 10), on(date(2026, 4, 1)))

        assert "2026-09-10" in window.zh
        assert "2026-09-10" in window.en
        assert "420.00" in due.zh
        assert "420.00" in due.en

    def test_say_that_it_is_late_and_from_when_it_covers(self) -> None:
        window, _ = notes(date(2026, 3, 10), on(date(2026, 9, 11)))

        assert "2026-12-11" in window.zh
        assert "2026-12-11" in window.en
