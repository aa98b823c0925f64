"""Checks of a pregnancy by the worked examples, on both sides of each day, and what holds of any pregnancy."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.departments.maternity import CHECKS
from lifecycle.rules import antenatal as rules
from lifecycle.rules.antenatal import Check, Days, Pregnancy
from lifecycle.rules.parameters import Reading, shipped

FIRST = date(2026, 8, 1)


def on(day: date = date(2026, 11, 22)) -> Reading:
    return shipped().reading(day)


def one(first: date = FIRST) -> Pregnancy:
    return rules.by_last_period(first, on())


def check(code: str, day: date = date(2026, 11, 22)) -> Check:
    return next(found for found in rules.checks(one(), on(day)) if found.code == code)


class TestPregnancy:
    def test_is_due_and_sixteen_weeks_and_a_day_old_as_in_the_example(self) -> None:
        assert one().due_on == date(2027, 5, 8)
        assert rules.age_on(one(), date(2026, 11, 22)) == (16, 1)

    def test_is_counted_back_from_the_due_day_of_an_ultrasound(self) -> None:
        found = rules.by_due_day(date(2027, 5, 15), on())

        assert found == Pregnancy(date(2026, 8, 8), date(2027, 5, 15), "ultrasound")

    @pytest.mark.parametrize(("days", "possible"), [(-1, False), (0, True), (308, True), (309, False)])
    def test_is_possible_for_forty_four_weeks(self, days: int, possible: bool) -> None:  # noqa: FBT001 - a table
        assert rules.is_possible(one(), FIRST + timedelta(days=days), on()) is possible

    def test_is_registered_before_thirteen_weeks_as_in_the_example(self) -> None:
        assert rules.handbook(one(), on()) == Days(date(2026, 9, 12), date(2026, 10, 30))


class TestChecks:
    @pytest.mark.parametrize(
        ("code", "from_on", "until"),
        [
            ("visit_1", date(2026, 9, 12), date(2026, 11, 6)),
            ("visit_2", date(2026, 11, 7), date(2026, 12, 18)),
            ("visit_3", date(2026, 12, 19), date(2027, 1, 22)),
            ("ogtt", date(2027, 1, 16), date(2027, 2, 19)),
            ("nt_scan", date(2026, 10, 17), date(2026, 11, 6)),
            ("nipt", date(2026, 10, 24), date(2027, 1, 8)),
            ("serum_screening", date(2026, 11, 14), date(2026, 12, 25)),
            ("visit_7", date(2027, 4, 17), date(2027, 4, 23)),
            ("visit_11", date(2027, 5, 15), date(2027, 5, 21)),
        ],
    )
    def test_fall_as_in_the_examples(self, code: str, from_on: date, until: date) -> None:
        assert (check(code).from_on, check(code).until) == (from_on, until)

    @pytest.mark.parametrize(
        ("day", "standing"),
        [
            (date(2026, 11, 6), "later"),
            (date(2026, 11, 7), "now"),
            (date(2026, 12, 18), "now"),
            (date(2026, 12, 19), "past"),
        ],
    )
    def test_stand_by_both_of_their_days(self, day: date, standing: str) -> None:
        assert check("visit_2", day).standing == standing

    def test_have_five_visits_that_are_free(self) -> None:
        assert sum(each.free for each in rules.checks(one(), on())) == 5

    def test_have_the_visits_follow_each_other_without_a_gap(self) -> None:
        visits = [found for found in rules.checks(one(), on()) if found.code.startswith("visit")]

        for before, after in pairwise(visits):
            assert timedelta(0) <= after.from_on - before.until <= timedelta(days=1)

    def test_are_had_at_a_visit_that_there_is(self) -> None:
        found = rules.checks(one(), on())

        assert {each.at for each in found if each.at is not None} <= {each.code for each in found if each.at is None}

    def test_are_told_by_the_codes_of_the_hospitals(self) -> None:
        assert {each.told_as for each in rules.checks(one(), on()) if each.told_as is not None} == set(CHECKS)

    @given(st.dates(date(2020, 1, 1), date(2040, 12, 31)))
    def test_of_any_pregnancy_come_in_order_and_end_within_a_fortnight_of_the_due_day(self, first: date) -> None:
        found = rules.checks(one(first), on())

        assert [each.from_on for each in found] == sorted(each.from_on for each in found)
        assert all(each.from_on <= each.until for each in found)
        assert max(each.until for each in found) == one(first).due_on + timedelta(days=13)
