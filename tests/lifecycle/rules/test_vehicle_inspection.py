"""Inspections by the worked examples: marks and tests by age, windows to the end of the month, and what is excluded."""

import calendar
from datetime import date
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifecycle.rules import vehicle_inspection as rules
from lifecycle.rules.parameters import Reading, shipped
from lifecycle.rules.vehicle_inspection import Due, Kind

NEW = date(2026, 11, 22)


def on(day: date = NEW) -> Reading:
    return shipped().reading(day)


def whole(kind: Kind, registered_on: date, *, excluded: bool = False) -> list[tuple[int, str]]:
    """The first inspections from the registration on, by year of age, as the law of today has them."""
    reading = Reading(shipped(), NEW)
    ages = rules._ages(rules._pattern(kind, excluded, reading))
    return [(registered_on.year + age // 12, what) for age, what in (next(ages) for _ in range(10))]


def nexts(registered_on: date, day: date = NEW, kind: Kind = "private_car") -> tuple[Due, ...]:
    return rules.due(kind, registered_on, None, on(day))


class TestPrivateCar:
    def test_registered_in_2016_is_inspected_as_in_the_example(self) -> None:
        assert whole("private_car", date(2016, 6, 30))[:7] == [
            (2018, "mark"),
            (2020, "mark"),
            (2022, "test"),
            (2024, "mark"),
            (2026, "test"),
            (2027, "test"),
            (2028, "test"),
        ]

    def test_registered_in_november_2020_is_tested_now(self) -> None:
        first, second, third = nexts(date(2020, 11, 22))[:3]

        assert (first.due_by, first.opens_on, first.what, first.standing) == (
            date(2026, 11, 30),
            date(2026, 9, 1),
            "test",
            "open",
        )
        assert (second.due_by.year, second.what) == (2028, "mark")
        assert (third.due_by.year, third.what) == (2030, "test")

    def test_registered_in_2010_is_tested_every_year(self) -> None:
        assert [(one.due_by.year, one.what) for one in nexts(date(2010, 5, 1))[:3]] == [
            (2027, "test"),
            (2028, "test"),
            (2029, "test"),
        ]

    @pytest.mark.parametrize(
        ("day", "standing"),
        [(date(2026, 8, 31), "later"), (date(2026, 9, 1), "open"), (date(2026, 11, 30), "open")],
    )
    def test_opens_two_months_before_its_month(self, day: date, standing: str) -> None:
        assert nexts(date(2020, 11, 22), day)[0].standing == standing

    def test_is_overdue_on_the_day_after_the_month_if_it_was_last_passed_before(self) -> None:
        found = rules.due("private_car", date(2020, 11, 22), date(2024, 10, 1), on(date(2026, 12, 1)))

        assert [(one.standing, one.due_by) for one in found[:2]] == [
            ("overdue", date(2026, 11, 30)),
            ("later", date(2028, 11, 30)),
        ]

    def test_is_done_once_it_was_passed_within_its_window(self) -> None:
        found = rules.due("private_car", date(2020, 11, 22), date(2026, 9, 1), on())

        assert found[0].due_by == date(2028, 11, 30)
        assert rules.due("private_car", date(2020, 11, 22), date(2026, 8, 31), on())[0].due_by == date(2026, 11, 30)

    def test_of_a_leap_day_holds_to_the_end_of_february(self) -> None:
        first = nexts(date(2024, 2, 29), date(2025, 1, 1))[0]

        assert (first.opens_on, first.due_by) == (date(2025, 12, 1), date(2026, 2, 28))


class TestOthers:
    def test_operating_ones_are_tested_yearly_and_after_five_years_twice(self) -> None:
        assert [one.age_months for one in nexts(NEW, kind="operating_passenger")[:7]] == [12, 24, 36, 48, 60, 66, 72]

    def test_lorries_are_tested_yearly_and_after_ten_years_twice(self) -> None:
        ages = [one.age_months for one in nexts(date(2017, 11, 1), kind="truck")]

        assert ages[:4] == [108, 120, 126, 132]

    def test_motorcycles_follow_the_private_car(self) -> None:
        assert whole("motorcycle", date(2016, 6, 30)) == whole("private_car", date(2016, 6, 30))

    def test_excluded_cars_are_tested_every_two_years_then_yearly_then_twice(self) -> None:
        ages = [
            age
            for age, _ in ((one.age_months, one) for one in rules.due("private_car", NEW, None, on(), excluded=True))
        ]

        assert ages == [24, 48, 72, 84, 96, 108, 120, 132, 144, 156]
        assert {one.what for one in rules.due("private_car", NEW, None, on(), excluded=True)} == {"test"}
        old = rules.due("private_car", date(2011, 12, 1), None, on(), excluded=True)
        assert [one.age_months for one in old[:3]] == [180, 186, 192]

    def test_a_car_registered_over_four_years_after_it_was_made_is_excluded(self) -> None:
        assert not rules.is_late_registered(date(2020, 2, 29), date(2024, 2, 29), on())
        assert rules.is_late_registered(date(2020, 2, 29), date(2024, 3, 1), on())


class TestEvery:
    @pytest.mark.parametrize(
        ("kind", "months"),
        [
            ("operating_passenger", ["2021-01", "2022-01", "2023-01", "2024-01", "2025-01", "2025-07"]),
            ("truck", ["2021-01", "2022-01"]),
        ],
    )
    def test_of_other_vehicles_comes_more_often(self, kind: Kind, months: list[str]) -> None:
        found = islice(rules.inspections(kind, date(2020, 1, 15), on()), len(months))

        assert [f"{one.due_by:%Y-%m}" for one in found if one.what == "test"] == months

    def test_rises_and_ends_some_day(self) -> None:
        found = [one.due_by for one in rules.inspections("motorcycle", date(1900, 1, 1), on())]

        assert found == sorted(set(found))
        assert len(found) < 200


class TestAlways:
    @given(
        st.dates(date(1980, 1, 1), NEW),
        st.sampled_from(["private_car", "motorcycle", "operating_passenger", "truck"]),
        st.booleans(),
    )
    def test_comes_in_order_to_the_ends_of_months_with_windows_before(
        self,
        registered_on: date,
        kind: Kind,
        excluded: bool,  # noqa: FBT001 - hypothesis gives it
    ) -> None:
        found = rules.due(kind, registered_on, None, on(), excluded=excluded)

        assert len(found) == rules.LISTED
        assert [one.due_by for one in found] == sorted({one.due_by for one in found})
        for one in found:
            assert one.due_by.day == calendar.monthrange(one.due_by.year, one.due_by.month)[1]
            assert 85 < (one.due_by - one.opens_on).days < 93
            assert one.due_by >= NEW
