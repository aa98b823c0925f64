"""Traffic offences: they add up to the points of the licence, fines lie in the law's range, and cycles run as the rules say."""

from datetime import date, timedelta

import msgspec
import pytest

from integrations.city.drawing import draw
from integrations.city.offences import (
    Entry,
    OffenceRules,
    counting,
    cycle_of,
    decided,
    is_overdue,
    late_fen,
    of_car,
    pay_by,
    recorded,
)
from integrations.city.population import REFERENCE
from integrations.city.registers import listed
from integrations.city.vehicles import Licence, licence_of, vehicles_of
from integrations.departments.driving import OFFENCES

CITY = draw(370600, 3_000)
DRIVERS = [(person, licence) for person in CITY.people.values() if (licence := licence_of(CITY, person)) is not None]
OWNERS = [(person, car) for person, _ in DRIVERS for car in vehicles_of(CITY, person)]
RULES = listed("traffic_offences", OffenceRules).items


def an_entry(*, decided_on: date | None = date(2026, 10, 1), paid: bool = False, fine_fen: int = 20_000) -> Entry:
    """An offence that was decided, if it was, on a day."""
    one = next(entry for person, _ in DRIVERS for entry in decided(CITY, person))
    rule = msgspec.structs.replace(one.rule, fine_fen=fine_fen)
    return msgspec.structs.replace(one, rule=rule, decided_on=decided_on, paid=paid)


class TestRules:
    def test_name_every_offence_once(self) -> None:
        assert sorted(rule.offence for rule in RULES) == sorted(OFFENCES)

    def test_take_points_of_the_rules_and_fines_in_the_range_of_the_law(self) -> None:
        assert {rule.points for rule in RULES} <= {0, 1, 3, 6, 9, 12}
        assert all(2_000 <= rule.least_fen <= rule.fine_fen <= rule.most_fen <= 200_000 for rule in RULES)


class TestDecided:
    def test_add_up_to_the_points_of_the_licence(self) -> None:
        for person, licence in DRIVERS:
            assert sum(one.rule.points for one in decided(CITY, person)) == licence.points

    def test_lie_in_the_cycle_of_the_reference_day_and_not_before_the_licence(self) -> None:
        for person, licence in DRIVERS:
            start, last = cycle_of(licence.first_issued_on, REFERENCE)
            for one in decided(CITY, person):
                assert one.decided_on is not None
                assert start <= one.decided_on <= min(last, REFERENCE)
                assert licence.first_issued_on <= one.at.date() <= one.decided_on

    def test_are_the_same_each_time(self) -> None:
        assert all(decided(CITY, person) == decided(CITY, person) for person, _ in DRIVERS)


class TestOfACar:
    def test_are_none_from_before_it_was_registered(self) -> None:
        assert all(
            car.registered_on <= one.at.date() <= REFERENCE
            for person, car in OWNERS
            for one in of_car(CITY, person, car)
        )

    def test_that_a_camera_recorded_are_not_decided(self) -> None:
        found = [one for _, car in OWNERS for one in recorded(CITY, car)]

        assert found
        assert all(one.decided_on is None and not one.paid for one in found)

    def test_are_told_newest_first(self) -> None:
        for person, car in OWNERS:
            times = [one.at for one in of_car(CITY, person, car)]
            assert times == sorted(times, reverse=True)


class TestCycle:
    @pytest.mark.parametrize(
        ("issued", "day", "start", "last"),
        [
            (date(2020, 5, 18), date(2026, 5, 17), date(2025, 5, 18), date(2026, 5, 17)),
            (date(2020, 5, 18), date(2026, 5, 18), date(2026, 5, 18), date(2027, 5, 17)),
            (date(2026, 10, 1), date(2026, 10, 1), date(2026, 10, 1), date(2027, 9, 30)),
            (date(2024, 2, 29), date(2026, 2, 27), date(2025, 2, 28), date(2026, 2, 27)),
            (date(2024, 2, 29), date(2026, 2, 28), date(2026, 2, 28), date(2027, 2, 27)),
            (date(2024, 2, 29), date(2028, 2, 29), date(2028, 2, 29), date(2029, 2, 27)),
        ],
    )
    def test_opens_on_each_anniversary(self, issued: date, day: date, start: date, last: date) -> None:
        assert cycle_of(issued, day) == (start, last)

    def test_clears_points_unless_the_fine_is_overdue(self) -> None:
        carried = 0
        for person, licence in DRIVERS:
            start = cycle_of(licence.first_issued_on, REFERENCE)[1] + timedelta(days=1)
            left = counting(CITY, person, licence, start)
            assert all(not one.paid and is_overdue(one, start) for one in left)
            carried += len(left)
            assert sum(one.rule.points for one in counting(CITY, person, licence, REFERENCE)) == licence.points
        assert carried


class TestFine:
    def test_is_due_fifteen_days_after_the_decision(self) -> None:
        assert pay_by(an_entry()) == date(2026, 10, 16)
        assert pay_by(an_entry(decided_on=None)) is None

    @pytest.mark.parametrize(
        ("day", "late"),
        [
            (date(2026, 10, 16), 0),
            (date(2026, 10, 17), 600),
            (date(2026, 11, 18), 19_800),
            (date(2026, 11, 19), 20_000),
            (date(2027, 10, 1), 20_000),
        ],
    )
    def test_grows_by_three_percent_a_day_up_to_its_own_amount(self, day: date, late: int) -> None:
        assert late_fen(an_entry(), day) == late

    def test_that_is_paid_never_grows(self) -> None:
        assert late_fen(an_entry(paid=True), date(2027, 10, 1)) == 0


def test_a_licence_without_points_has_no_offences() -> None:
    blank = [person for person, licence in DRIVERS if licence.points == 0]

    assert blank
    assert all(decided(CITY, person) == () for person in blank)
    assert isinstance(DRIVERS[0][1], Licence)
