"""Annual leave by the worked example, on both sides of each year, in years of joining and leaving, and what bars it."""

from datetime import date

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifecycle.rules import annual_leave as rules
from lifecycle.rules.annual_leave import Leave, Year
from lifecycle.rules.parameters import shipped

LAW = shipped().reading(date(2026, 12, 31))
WHOLE = Year(year=2026, joined_on=None, leaves_on=None, continuous_months=60, sick_months=0, personal_days=0)


def leave(since: date, **at: object) -> Leave:
    return rules.leave(since, msgspec.structs.replace(WHOLE, **at), LAW)


class TestLeave:
    @pytest.mark.parametrize(
        ("since", "days"),
        [
            (date(2026, 1, 1), 0),
            (date(2025, 12, 31), 5),
            (date(2017, 1, 1), 5),
            (date(2016, 12, 31), 10),
            (date(2007, 1, 1), 10),
            (date(2006, 12, 31), 15),
            (date(1980, 1, 1), 15),
        ],
    )
    def test_grows_with_years_of_work(self, since: date, days: int) -> None:
        assert leave(since).days == days

    def test_of_the_year_of_joining_is_its_share_as_in_the_example(self) -> None:
        found = leave(date(2014, 7, 1), joined_on=date(2026, 7, 1))

        assert (found.whole_year_days, found.calendar_days, found.days) == (10, 184, 5)

    @pytest.mark.parametrize(("joined", "days"), [(date(2026, 6, 2), 5), (date(2026, 7, 2), 5), (date(2026, 7, 3), 4)])
    def test_counts_the_day_of_joining_and_whole_days_only(self, joined: date, days: int) -> None:
        assert leave(date(2014, 1, 1), joined_on=joined).days == days

    def test_of_the_year_of_leaving_is_its_share(self) -> None:
        assert leave(date(2000, 1, 1), leaves_on=date(2026, 6, 30)).days == 181 * 15 // 365

    def test_of_who_joined_earlier_is_the_whole(self) -> None:
        assert leave(date(2014, 1, 1), joined_on=date(2020, 5, 1)).days == 10

    @pytest.mark.parametrize(
        ("since", "at", "bar"),
        [
            (date(2014, 1, 1), {"continuous_months": 11}, "under_a_year"),
            (date(2014, 1, 1), {"continuous_months": 12}, None),
            (date(2014, 1, 1), {"sick_months": 2}, None),
            (date(2014, 1, 1), {"sick_months": 3}, "sick_too_long"),
            (date(2020, 1, 1), {"sick_months": 2}, "sick_too_long"),
            (date(2000, 1, 1), {"sick_months": 3}, None),
            (date(2000, 1, 1), {"sick_months": 4}, "sick_too_long"),
            (date(2014, 1, 1), {"personal_days": 19}, None),
            (date(2014, 1, 1), {"personal_days": 20}, "personal_leave"),
        ],
    )
    def test_is_barred_on_both_sides_of_each_condition(
        self, since: date, at: dict[str, object], bar: str | None
    ) -> None:
        found = leave(since, **at)

        assert found.barred_by == bar
        assert (found.days == 0) is (bar is not None)

    @given(st.dates(date(1960, 1, 1), date(2026, 12, 31)), st.dates(date(2026, 1, 1), date(2026, 12, 31)))
    def test_of_a_part_never_exceeds_the_whole_and_falls_with_later_joining(self, since: date, joined: date) -> None:
        part, whole = leave(since, joined_on=joined), leave(since)

        assert 0 <= part.days <= whole.days
        assert leave(since, joined_on=date(2026, 12, 31)).days <= part.days
