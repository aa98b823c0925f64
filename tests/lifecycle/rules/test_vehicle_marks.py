"""When a vehicle's mark is due: the worked examples of the reform."""

from datetime import date
from itertools import islice

import pytest

from lifecycle.rules.parameters import shipped
from lifecycle.rules.vehicle_marks import Kind, marks

LAW = shipped().reading(date(2026, 11, 29))


def first(registered: date, kind: Kind, count: int) -> list[tuple[str, bool]]:
    """The months in which marks end, and whether there is a test."""
    return [(f"{one.due_on:%Y-%m}", one.tested) for one in islice(marks(registered, kind, LAW), count)]


def test_of_a_private_car_come_every_second_year_and_yearly_after_ten() -> None:
    assert first(date(2016, 6, 30), "private_car", 7) == [
        ("2018-06", False),
        ("2020-06", False),
        ("2022-06", True),
        ("2024-06", False),
        ("2026-06", True),
        ("2027-06", True),
        ("2028-06", True),
    ]


@pytest.mark.parametrize(
    ("kind", "months"),
    [
        ("operating", ["2021-01", "2022-01", "2023-01", "2024-01", "2025-01", "2025-07"]),
        ("truck", ["2021-01", "2022-01"]),
    ],
)
def test_of_other_vehicles_come_more_often(kind: Kind, months: list[str]) -> None:
    assert [month for month, tested in first(date(2020, 1, 15), kind, len(months)) if tested] == months


def test_hold_to_the_end_of_a_month_also_in_february() -> None:
    mark = next(marks(date(2024, 2, 29), "private_car", LAW))

    assert (mark.opens_on, mark.due_on) == (date(2025, 12, 1), date(2026, 2, 28))


def test_rise_and_end_some_day() -> None:
    found = list(marks(date(1900, 1, 1), "motorcycle", LAW))

    assert [one.due_on for one in found] == sorted({one.due_on for one in found})
    assert len(found) < 200
