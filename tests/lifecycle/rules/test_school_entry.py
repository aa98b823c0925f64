"""When a child enters school: both sides of the cut-off and of the window, and never two years apart from the age of six."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifecycle.rules.parameters import shipped
from lifecycle.rules.school_entry import Stage, When, entry_year, intake, school_year, settled_by

NOW = date(2026, 11, 29)


class TestEntryYear:
    @pytest.mark.parametrize(
        ("born", "primary"),
        [(date(2020, 8, 31), 2026), (date(2020, 9, 1), 2027), (date(2020, 2, 29), 2026), (date(2019, 12, 31), 2026)],
    )
    def test_is_that_in_which_six_is_reached_by_the_end_of_august(self, born: date, primary: int) -> None:
        assert entry_year(born, shipped().reading(NOW)) == primary

    @given(st.dates(date(2007, 1, 1), date(2026, 12, 31)))
    def test_lets_nobody_enter_before_six_or_after_seven(self, born: date) -> None:
        starts = date(entry_year(born, shipped().reading(NOW)), 8, 31)

        assert timedelta(6 * 365) <= starts - born <= timedelta(7 * 365 + 2)


class TestSchoolYear:
    @pytest.mark.parametrize(("day", "year"), [(date(2027, 8, 31), 2026), (date(2027, 9, 1), 2027)])
    def test_begins_in_september(self, day: date, year: int) -> None:
        assert school_year(shipped().reading(day)) == year


class TestIntake:
    @pytest.mark.parametrize(
        ("day", "when"),
        [
            (date(2026, 8, 31), "too_young"),
            (date(2026, 9, 1), "before"),
            (date(2027, 6, 14), "before"),
            (date(2027, 6, 15), "in_time"),
            (date(2027, 7, 5), "in_time"),
            (date(2027, 7, 6), "late"),
            (date(2027, 9, 1), "late"),
            (date(2036, 8, 31), "late"),
            (date(2036, 9, 1), "past"),
        ],
    )
    def test_of_a_child_who_enters_in_2027(self, day: date, when: When) -> None:
        found = intake(date(2021, 3, 1), "primary", shipped().reading(day))

        assert (found.when, found.entry_year) == (when, 2027)

    @pytest.mark.parametrize(
        ("stage", "day", "when"),
        [
            ("junior", date(2027, 6, 30), "before"),
            ("junior", date(2027, 7, 1), "in_time"),
            ("junior", date(2027, 7, 13), "late"),
            ("primary", date(2027, 6, 30), "late"),
        ],
    )
    def test_of_a_child_in_its_sixth_year_of_school(self, stage: Stage, day: date, when: When) -> None:
        assert intake(date(2015, 3, 1), stage, shipped().reading(day)).when == when

    def test_waits_for_a_plan_that_is_not_published(self) -> None:
        found = intake(date(2022, 3, 1), "primary", shipped().reading(date(2028, 6, 20)))

        assert (found.when, found.window) == ("before", None)


class TestSettledBy:
    def test_is_the_end_of_june_of_the_year_of_entry(self) -> None:
        assert settled_by(2027, shipped().reading(NOW)) == date(2027, 6, 30)
