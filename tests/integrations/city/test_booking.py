"""The city's calendars: every matter that can be booked has venues, and their hours make slots."""

from datetime import date, timedelta

from integrations.city import booking
from integrations.city.departments import SERVICES
from integrations.city.divisions import DIVISIONS
from lifecycle.appointments.times import times
from lifecycle.catalogue.files import read_files
from lifecycle.catalogue.structs import Kind
from tests.makers.city_people import the_same_city
from tests.makers.city_questions import refuses, told

MONDAY = date(2026, 11, 30)


def test_every_matter_that_is_booked_has_venues_at_its_own_department() -> None:
    books = {code: text.department for code, (_, text) in read_files().matters.items() if Kind.BOOK in text.live}

    assert {pattern.matter: pattern.department for pattern in booking.patterns()} == books


def test_each_department_tells_its_own_venues_and_each_once() -> None:
    for department in sorted({pattern.department for pattern in booking.patterns()}):
        venues = booking.calendars(the_same_city(), department).items
        codes = [(venue.matter, venue.code) for venue in venues]

        assert len(codes) == len(set(codes))
        assert {venue.division_code for venue in venues} <= {division.code for division in DIVISIONS}
        assert told(department.lower(), booking.SERVICE) == booking.calendars(the_same_city(), department)


def test_every_venue_has_slots_within_a_week() -> None:
    week = [MONDAY + timedelta(days=day) for day in range(7)]

    for pattern in booking.patterns():
        for venue in booking.calendars(the_same_city(), pattern.department).items:
            assert any(times(venue, day) for day in week), venue.code


def test_a_department_of_which_nothing_is_booked_has_no_calendars() -> None:
    assert booking.SERVICE not in SERVICES["swj"]


def test_a_question_has_no_parts() -> None:
    refuses("mzj", booking.SERVICE, id_number="370602199708230021")
