"""Working days: the announced years, the limits counted in them, and the years that nobody has announced."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel.calendar import (
    FOLDER,
    CalendarUnknown,
    add_working_days,
    count_working_days,
    is_provisional,
    is_working_day,
    next_working_day,
    read_year,
    year_of,
)

days_2025_2026 = st.dates(date(2025, 1, 1), date(2026, 9, 30))


def working_days(year: int, month: int) -> int:
    first = date(year, month, 1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return count_working_days(first - timedelta(days=1), last) if month > 1 else _january(first, last)


def _january(first: date, last: date) -> int:
    return int(is_working_day(first)) + count_working_days(first, last)


class TestIsWorkingDay:
    @pytest.mark.parametrize("day", [date(2026, 1, 1), date(2026, 2, 23), date(2026, 11, 22), date(2025, 10, 8)])
    def test_knows_days_of_rest(self, day: date) -> None:
        assert not is_working_day(day)

    @pytest.mark.parametrize("day", [date(2026, 2, 24), date(2026, 2, 28), date(2026, 11, 23), date(2025, 1, 26)])
    def test_knows_working_days_and_working_weekends(self, day: date) -> None:
        assert is_working_day(day)

    def test_counts_the_months_of_2026(self) -> None:
        counts = [working_days(2026, month) for month in range(1, 13)]

        assert counts == [21, 16, 22, 21, 19, 21, 23, 21, 22, 18, 21, 23]

    def test_counts_248_days_in_2025(self) -> None:
        assert sum(working_days(2025, month) for month in range(1, 13)) == 248

    @pytest.mark.parametrize("year", [2024, 2028, 1900, 9999])
    def test_refuses_a_year_that_nobody_announced(self, year: int) -> None:
        with pytest.raises(CalendarUnknown) as refused:
            is_working_day(date(year, 6, 1))

        assert refused.value.facts == {"year": year}


class TestProvisionalYear:
    def test_is_said_to_be_provisional(self) -> None:
        assert is_provisional(date(2027, 3, 1))
        assert not is_provisional(date(2026, 3, 1))

    def test_makes_up_for_holidays_on_a_weekend(self) -> None:
        rest = [
            date(2027, 2, 5),
            date(2027, 2, 8),
            date(2027, 2, 9),
            date(2027, 2, 10),
            date(2027, 5, 3),
            date(2027, 10, 5),
        ]

        assert not any(is_working_day(day) for day in rest)
        assert is_working_day(date(2027, 2, 11))
        assert is_working_day(date(2027, 5, 5))

    def test_has_thirteen_statutory_days_that_fall_on_weekdays_or_are_made_up_for(self) -> None:
        off = [day for holiday in year_of(2027).off for day in holiday.days]

        assert sum(day.weekday() < 5 for day in off) == 13


class TestAddWorkingDays:
    @pytest.mark.parametrize(
        ("accepted", "count", "due"),
        [
            (date(2026, 2, 12), 5, date(2026, 2, 26)),
            (date(2026, 4, 29), 3, date(2026, 5, 7)),
            (date(2025, 9, 26), 10, date(2025, 10, 16)),
            (date(2026, 11, 20), 20, date(2026, 12, 18)),
            (date(2026, 11, 22), 0, date(2026, 11, 22)),
        ],
    )
    def test_counts_from_the_day_after(self, accepted: date, count: int, due: date) -> None:
        assert add_working_days(accepted, count) == due

    def test_goes_on_into_the_provisional_year(self) -> None:
        due = add_working_days(date(2026, 12, 30), 2)

        assert due == date(2027, 1, 4)
        assert is_provisional(due)

    def test_refuses_to_run_past_the_announced_years(self) -> None:
        with pytest.raises(CalendarUnknown):
            add_working_days(date(2027, 12, 30), 20)

    def test_refuses_a_negative_limit(self) -> None:
        with pytest.raises(ValueError, match="negative"):
            add_working_days(date(2026, 11, 22), -1)

    @given(days_2025_2026, st.integers(1, 40))
    def test_ends_on_a_working_day_and_counts_back(self, accepted: date, count: int) -> None:
        due = add_working_days(accepted, count)

        assert is_working_day(due)
        assert count_working_days(accepted, due) == count


class TestNextWorkingDay:
    def test_keeps_a_working_day(self) -> None:
        assert next_working_day(date(2026, 11, 23)) == date(2026, 11, 23)

    def test_moves_a_day_of_rest(self) -> None:
        assert next_working_day(date(2026, 10, 1)) == date(2026, 10, 8)

    @given(days_2025_2026)
    def test_skips_no_working_day(self, day: date) -> None:
        following = next_working_day(day)

        assert is_working_day(following)
        assert count_working_days(day, following) == (0 if following == day else 1)


class TestCountWorkingDays:
    def test_counts_none_backwards(self) -> None:
        assert count_working_days(date(2026, 11, 23), date(2026, 11, 20)) == 0


class TestReadYear:
    @pytest.mark.parametrize(
        ("change", "told"),
        [
            (("year = 2026", "year = 2025"), "outside 2025"),
            (("2026-01-04", "2026-01-05"), "weekend"),
            (("2026-01-04", "2026-01-03"), "twice"),
            (("verified_on", "verifed_on"), "verifed_on"),
            (("year = 2026", "year = "), "Invalid value"),
        ],
    )
    def test_refuses_a_file_that_contradicts_itself(self, tmp_path: Path, change: tuple[str, str], told: str) -> None:
        path = tmp_path / "2026.toml"
        path.write_text((FOLDER / "2026.toml").read_text("utf-8").replace(*change), "utf-8")

        with pytest.raises(ValueError, match=told) as refused:
            read_year(path)

        assert "2026.toml" in str(refused.value)

    def test_finds_a_year_in_every_file(self) -> None:
        for path in FOLDER.glob("*.toml"):
            assert read_year(path).year == int(path.stem)
