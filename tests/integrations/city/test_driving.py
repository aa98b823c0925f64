"""The traffic police's party: what drivers and owners are told follows the rules of licences and points, on both sides of each day."""

from datetime import date, timedelta

import msgspec
import pytest

from integrations.city.driving import (
    SERVICES,
    affairs_on,
    driver_affairs,
    driver_licence,
    licence_on,
    offences_on,
    vehicle_offences,
)
from integrations.city.outcomes import NOT_FOUND, QuestionRefused
from integrations.city.people import Person, age_on
from integrations.city.population import REFERENCE
from integrations.city.vehicles import Licence, licence_of, vehicles_of
from tests.makers.city_people import a_town_of_registers

CITY = a_town_of_registers()
POPULATION = CITY.population
PEOPLE = list(POPULATION.people.values())
DRIVERS = [(person, licence) for person in PEOPLE if (licence := licence_of(POPULATION, person)) is not None]


def tasks_of(person: Person, licence: Licence, day: date) -> dict[str, str]:
    """What a driver has to see to on a day, and how that stands."""
    return {task.matter: task.state for task in affairs_on(POPULATION, person, licence, day).tasks}


class TestLicence:
    def test_has_the_points_of_the_register_on_the_reference_day(self) -> None:
        for person, licence in DRIVERS:
            told = licence_on(POPULATION, person, licence, REFERENCE)
            assert told.points == licence.points
            assert told.cycle_started_on <= REFERENCE <= told.cycle_ends_on
            assert person.id_number not in told.licence_no

    def test_may_be_renewed_from_the_ninetieth_day_before_its_end(self) -> None:
        person, licence = next((one, known) for one, known in DRIVERS if known.expires_on is not None)
        ends = licence.expires_on
        assert ends is not None

        days = [ends - timedelta(days=91), ends - timedelta(days=90), ends, ends + timedelta(days=1)]

        assert [licence_on(POPULATION, person, licence, day).state for day in days] == [
            "valid", "renewable", "renewable", "expired",
        ]  # fmt: skip
        assert [tasks_of(person, licence, day)["renewal"] for day in days] == ["not_yet", "open", "open", "overdue"]

    def test_for_good_is_never_renewed(self) -> None:
        person, licence = next((one, known) for one, known in DRIVERS if known.expires_on is None)

        assert licence_on(POPULATION, person, licence, date(2040, 1, 1)).state == "valid"
        assert "renewal" not in tasks_of(person, licence, REFERENCE)


class TestAffairs:
    def test_tell_the_same_points_as_the_licence_and_where_they_come_from(self) -> None:
        for person, licence in DRIVERS:
            told = affairs_on(POPULATION, person, licence, REFERENCE)
            assert told.points == licence.points == sum(one.points for one in told.entries)
            assert told.points + told.points_left == 12
            assert 0 <= told.reducible_points <= min(6, told.points)

    def test_bar_training_in_the_probation_of_twelve_months(self) -> None:
        person, licence = next((one, known) for one, known in DRIVERS if known.points)
        fresh = msgspec.structs.replace(licence, first_issued_on=date(2025, 11, 2))

        assert affairs_on(POPULATION, person, fresh, date(2026, 11, 1)).probation_until == date(2026, 11, 2)
        assert affairs_on(POPULATION, person, fresh, date(2026, 11, 1)).reducible_points == 0
        assert affairs_on(POPULATION, person, fresh, date(2026, 11, 2)).probation_until is None

    def test_bar_training_where_a_car_is_overdue_for_inspection(self) -> None:
        for person, licence in DRIVERS:
            late = any(car.inspection_valid_until < REFERENCE for car in vehicles_of(POPULATION, person))
            if late and licence.points:
                assert tasks_of(person, licence, REFERENCE)["points_reduction"] == "barred"

    def test_ask_for_a_health_check_from_seventy_on_only(self) -> None:
        for person, licence in DRIVERS:
            asked = "health_check" in tasks_of(person, licence, REFERENCE)
            age = age_on(person.birth_date, REFERENCE)
            assert asked or age < 70
            assert not asked or age >= 69

    def test_ask_drivers_of_large_vehicles_for_a_review_after_a_cycle_with_points(self) -> None:
        for person, licence in DRIVERS:
            if "review" in tasks_of(person, licence, REFERENCE):
                assert licence.licence_class in {"A2", "B1", "B2"}

    def test_leave_thirty_days_after_a_cycle(self) -> None:
        person, licence = next((one, known) for one, known in DRIVERS if age_on(one.birth_date, REFERENCE) > 71)
        start = licence_on(POPULATION, person, licence, REFERENCE).cycle_ends_on + timedelta(days=1)

        assert tasks_of(person, licence, start - timedelta(days=1))["health_check"] in {"not_yet", "open"}
        assert tasks_of(person, licence, start + timedelta(days=30))["health_check"] == "open"
        assert tasks_of(person, licence, start + timedelta(days=31))["health_check"] == "not_yet"


class TestOffences:
    def test_are_of_ones_own_cars_and_add_up(self) -> None:
        for person, _ in DRIVERS:
            told = vehicle_offences(CITY, person)
            cars = vehicles_of(POPULATION, person)
            assert (told is None) == (not cars)
            if told is not None:
                assert {one.plate for one in told.offences} <= {car.plate for car in cars}
                owed = [one for one in told.offences if one.state in {"fined", "overdue"}]
                assert told.unpaid_fen == sum(one.fine_fen + one.late_fen for one in owed)

    def test_become_overdue_as_days_pass(self) -> None:
        cars = [(person, vehicles_of(POPULATION, person)) for person, _ in DRIVERS]
        now = [offences_on(POPULATION, person, owned, REFERENCE) for person, owned in cars if owned]
        later = [offences_on(POPULATION, person, owned, date(2027, 11, 1)) for person, owned in cars if owned]

        assert any(one.state == "fined" for told in now for one in told.offences)
        assert not any(one.state == "fined" for told in later for one in told.offences)
        assert all(one.unpaid_fen <= other.unpaid_fen for one, other in zip(now, later, strict=True))

    def test_are_none_where_there_is_nothing_and_that_is_told(self) -> None:
        told = [vehicle_offences(CITY, person) for person, _ in DRIVERS]

        assert any(one is not None and one.offences == () and one.unpaid_fen == 0 for one in told)


def test_who_neither_drives_nor_owns_is_not_known() -> None:
    child = next(person for person in PEOPLE if age_on(person.birth_date, REFERENCE) < 18)
    asked = msgspec.Raw(msgspec.json.encode({"id_number": child.id_number}))

    assert [serve(CITY, asked) for serve in SERVICES.values()] == [NOT_FOUND] * 3
    assert driver_licence(CITY, child) is None
    assert driver_affairs(CITY, child) is None


@pytest.mark.parametrize("body", [b"{}", b'{"id_number": "1"}', b'{"id_number": "370602199708230021", "plate": "x"}'])
def test_a_malformed_question_is_refused(body: bytes) -> None:
    for serve in SERVICES.values():
        with pytest.raises(QuestionRefused, match="body_malformed"):
            serve(CITY, msgspec.Raw(body))
