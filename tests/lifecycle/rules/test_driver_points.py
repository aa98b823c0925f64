"""Points by the worked examples: cycles, what is carried, what education takes off, and the study that full points bring."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifecycle.rules import driver_points as rules
from lifecycle.rules.driver_points import Education, Penalty
from lifecycle.rules.parameters import Reading, shipped

FIRST = date(2020, 5, 18)


def on(day: date = date(2026, 11, 29)) -> Reading:
    return shipped().reading(day)


def penalty(points: int, decided_on: date, paid_on: date | None = None) -> Penalty:
    return Penalty(points=points, decided_on=decided_on, paid_on=paid_on)


class TestCycles:
    def test_open_on_the_anniversary_as_in_the_first_example(self) -> None:
        day_before, day = date(2026, 5, 17), date(2026, 5, 18)

        earlier, later = rules.cycles(FIRST, [penalty(3, day_before, day_before), penalty(6, day)], on())
        assert (earlier.ends_on, earlier.points, earlier.carried_on) == (day_before, 3, 0)
        assert (later.starts_on, later.points, later.carried_in) == (day, 6, 0)

    def test_carry_an_overdue_fine_on_as_in_the_third_example(self) -> None:
        paid, unpaid = penalty(8, date(2026, 1, 5), date(2026, 1, 6)), penalty(3, date(2026, 2, 5))

        earlier, later = rules.cycles(FIRST, [paid, unpaid], on())
        assert (earlier.points, earlier.is_full, earlier.carried_on) == (11, False, 3)
        assert (later.carried_in, later.points) == (3, 3)

    @pytest.mark.parametrize(
        ("decided", "carried"), [(date(2026, 5, 1), 3), (date(2026, 5, 2), 0), (date(2026, 5, 17), 0)]
    )
    def test_carry_nothing_on_while_a_fine_may_still_be_paid(self, decided: date, carried: int) -> None:
        assert rules.cycles(FIRST, [penalty(3, decided)], on())[0].carried_on == carried

    def test_carry_on_what_was_paid_after_the_cycle(self) -> None:
        assert rules.cycles(FIRST, [penalty(3, date(2026, 1, 5), date(2026, 5, 18))], on())[0].carried_on == 3
        assert rules.cycles(FIRST, [penalty(3, date(2026, 1, 5), date(2026, 5, 17))], on())[0].carried_on == 0

    def test_that_are_full_carry_nothing_on(self) -> None:
        found = rules.cycles(FIRST, [penalty(9, date(2026, 1, 5)), penalty(3, date(2026, 1, 6))], on())

        assert [(one.is_full, one.points) for one in found] == [(True, 12), (False, 0)]

    def test_without_penalties_are_the_present_one(self) -> None:
        (now,) = rules.cycles(FIRST, [], on())

        assert (now.starts_on, now.ends_on, now.points) == (date(2026, 5, 18), date(2027, 5, 17), 0)

    def test_of_a_leap_day_open_on_the_last_of_february(self) -> None:
        assert rules.cycle_of(date(2020, 2, 29), date(2026, 2, 28))[0] == date(2026, 2, 28)
        assert rules.cycle_of(date(2020, 2, 29), date(2024, 2, 29)) == (date(2024, 2, 29), date(2025, 2, 27))

    @given(st.dates(date(1990, 1, 1), date(2026, 1, 1)), st.integers(0, 3_000))
    def test_hold_each_day_once(self, first: date, days: int) -> None:
        day = first + timedelta(days=days)
        starts, ends = rules.cycle_of(first, day)

        assert starts <= day <= ends
        assert 364 <= (ends - starts).days <= 365
        assert rules.cycle_of(first, ends + timedelta(days=1))[0] == ends + timedelta(days=1)


class TestEducation:
    @pytest.mark.parametrize(
        ("points", "done", "left"),
        [
            (6, ["online"], 5),
            (6, ["on_site"], 4),
            (6, ["volunteer"], 5),
            (9, ["on_site", "on_site", "on_site"], 3),
            (9, ["on_site", "on_site", "on_site", "online"], 3),
            (1, ["on_site"], 0),
            (11, ["online"], 10),
            (12, ["on_site"], 12),
        ],
    )
    def test_takes_points_off_up_to_six_and_below_twelve_only(
        self, points: int, done: list[Education], left: int
    ) -> None:
        assert rules.after_education(points, done, on()) == left


class TestStudy:
    def test_of_nine_and_three_is_seven_days_as_in_the_second_example(self) -> None:
        now = rules.cycles(FIRST, [penalty(9, date(2026, 6, 1)), penalty(3, date(2026, 7, 1))], on())[-1]

        found = rules.study(now.points, 1, on(), heavy=False)
        assert found is not None
        assert (found.days, found.exams) == (7, ("theory",))

    def test_is_none_below_twelve(self) -> None:
        assert rules.study(11, 1, on(), heavy=False) is None

    @pytest.mark.parametrize(
        ("points", "times", "heavy", "days", "exams"),
        [
            (12, 2, False, 14, 2),
            (23, 1, False, 7, 1),
            (24, 1, False, 14, 2),
            (35, 1, False, 14, 2),
            (36, 1, False, 21, 3),
            (12, 3, False, 21, 3),
            (12, 20, False, 60, 3),
            (12, 1, True, 30, 1),
            (24, 1, True, 60, 2),
            (60, 1, True, 120, 3),
        ],
    )
    def test_is_longer_with_each_measure_up_to_a_most(
        self,
        points: int,
        times: int,
        heavy: bool,  # noqa: FBT001 - a table
        days: int,
        exams: int,
    ) -> None:
        found = rules.study(points, times, on(), heavy=heavy)

        assert found is not None
        assert (found.days, len(found.exams)) == (days, exams)


class TestOffences:
    def test_are_worth_what_the_law_says(self) -> None:
        points = {one.code: one.points for one in rules.offences(on())}

        assert (points["drink_driving"], points["hit_and_run_injury"], points["hit_and_run_slight"]) == (12, 12, 6)
        assert (points["speeding_highway_50"], points["speeding_highway_20"], points["speeding_road_50"]) == (12, 6, 6)
        assert set(points.values()) == {1, 3, 6, 9, 12}
