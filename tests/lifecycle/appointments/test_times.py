"""Which slots a venue's hours make, and which days can be booked by now."""

from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel.clock import SHANGHAI
from integrations.departments.booking import Hours
from lifecycle.appointments.times import released, times
from tests.makers.appointments import a_venue

MONDAY = date(2026, 11, 30)


def at(hour: int, minute: int = 0, day: date = MONDAY) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=SHANGHAI)


def a_half_hour(**changes: Any) -> Hours:
    told: dict[str, Any] = {"weekdays": (), "opens": "09:00", "closes": "09:30", "minutes": 30, "places": 1}
    return Hours(**(told | changes))


class TestTimes:
    def test_cut_hours_into_whole_slots_only(self) -> None:
        venue = a_venue(hours=(Hours((1,), "09:00", "10:15", 30, 4),))

        made = times(venue, MONDAY)

        assert [(one.starts_at, one.ends_at) for one in made] == [(at(9), at(9, 30)), (at(9, 30), at(10))]
        assert {one.places for one in made} == {4}
        assert times(venue, MONDAY + timedelta(days=1)) == []

    def test_of_overlapping_hours_the_first_named_decides(self) -> None:
        venue = a_venue(hours=(Hours((1,), "09:00", "10:00", 30, 2), Hours((1,), "09:30", "10:30", 30, 9)))

        assert [(one.starts_at, one.places) for one in times(venue, MONDAY)] == [
            (at(9), 2),
            (at(9, 30), 2),
            (at(10), 9),
        ]

    @given(
        opens=st.integers(0, 22 * 60),
        length=st.integers(1, 600),
        minutes=st.integers(5, 480),
        places=st.integers(1, 50),
    )
    def test_never_overlap_and_never_leave_the_hours(self, opens: int, length: int, minutes: int, places: int) -> None:
        closes = min(opens + length, 23 * 60 + 59)
        hours = Hours(
            (1,), f"{opens // 60:02d}:{opens % 60:02d}", f"{closes // 60:02d}:{closes % 60:02d}", minutes, places
        )

        made = times(a_venue(hours=(hours,)), MONDAY)

        assert all(one.ends_at <= after.starts_at for one, after in pairwise(made))
        assert all(at(0) + timedelta(minutes=opens) <= one.starts_at for one in made)
        assert all(one.ends_at <= at(0) + timedelta(minutes=closes) for one in made)
        assert len(made) == (closes - opens) // minutes

    def test_what_has_codes_of_its_own_is_offered_side_by_side_on_its_day_only(self) -> None:
        clinics = tuple(Hours((), "09:00", "10:00", 60, 2, on=MONDAY, code=code) for code in ("B", "A"))
        off = Hours((), "09:00", "10:00", 60, 2, on=MONDAY, code="C", cancelled=True)
        venue = a_venue(hours=(*clinics, off))

        made = times(venue, MONDAY)

        assert [(one.starts_at, one.of.code) for one in made] == [(at(9), "A"), (at(9), "B")]
        assert times(venue, MONDAY + timedelta(days=7)) == []

    @pytest.mark.parametrize("wrong", [{}, {"weekdays": (1,), "on": MONDAY}, {"weekdays": (1,), "cancelled": True}])
    def test_are_of_a_day_or_of_weekdays_and_only_what_is_named_is_cancelled(self, wrong: dict[str, Any]) -> None:
        with pytest.raises(ValueError, match=r"on:|cancelled:"):
            a_half_hour(**wrong)

    @pytest.mark.parametrize(("opens", "closes"), [("09:00", "09:00"), ("12:00", "09:00")])
    def test_hours_end_after_they_begin(self, opens: str, closes: str) -> None:
        with pytest.raises(ValueError, match="closes"):
            Hours((1,), opens, closes, 30, 1)


class TestReleased:
    def test_the_last_day_comes_at_its_hour(self) -> None:
        venue = a_venue(days_ahead=2, releases_at="08:00")

        before, after = list(released(venue, at(7, 59))), list(released(venue, at(8)))

        assert before == [MONDAY, MONDAY + timedelta(days=1)]
        assert after == [*before, MONDAY + timedelta(days=2)]

    def test_days_on_which_it_is_closed_are_left_out(self) -> None:
        venue = a_venue(days_ahead=1, closed_on=(MONDAY,))

        assert list(released(venue, at(12))) == [MONDAY + timedelta(days=1)]
