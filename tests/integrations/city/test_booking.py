"""The city's calendars: every matter that can be booked has venues, and their hours make slots."""

from datetime import timedelta

import msgspec

from app.kernel import clock
from integrations.city import booking, hospital_hours, outpatient, public_exams
from integrations.city.departments import SERVICES
from integrations.city.divisions import DIVISIONS
from integrations.city.registers import listed
from integrations.departments.booking import Venue
from integrations.departments.prevention import CheckupInstitutions
from lifecycle.appointments.times import times
from lifecycle.catalogue.files import shipped_files
from lifecycle.catalogue.structs import Kind
from tests.makers.city_people import a_town_of_registers
from tests.makers.city_questions import refuses, told

LEVELS = {"四": "4", "三": "3"}


def test_every_matter_that_is_booked_has_venues_at_its_own_department() -> None:
    books = {code: text.department for code, (_, text) in shipped_files().matters.items() if Kind.BOOK in text.live}

    assert {pattern.matter: pattern.department for pattern in booking.patterns()} == books


def test_each_department_tells_its_own_venues_and_each_once() -> None:
    for department in sorted({pattern.department for pattern in booking.patterns()}):
        venues = booking.calendars(a_town_of_registers(), department).items
        codes = [(venue.matter, venue.code) for venue in venues]

        assert len(codes) == len(set(codes))
        assert {venue.division_code for venue in venues} <= {division.code for division in DIVISIONS}
        assert told(department.lower(), booking.SERVICE) == booking.calendars(a_town_of_registers(), department)


def test_every_venue_has_slots_within_a_week() -> None:
    week = [clock.today() + timedelta(days=day) for day in range(1, 8)]

    for pattern in booking.patterns():
        for venue in booking.calendars(a_town_of_registers(), pattern.department).items:
            assert any(times(venue, day) for day in week), venue.code


def test_a_department_of_which_nothing_is_booked_has_no_calendars() -> None:
    assert booking.SERVICE not in SERVICES["swj"]


def test_a_question_has_no_parts() -> None:
    refuses("mzj", booking.SERVICE, id_number="370602199708230021")


def test_hospitals_see_patients_when_their_schedule_says_so_and_at_its_price() -> None:
    venues = {one.payee.code: one for one in _venues("appointment_registration") if one.payee}
    told = {
        hours.code: (code, hours.on, hours.specialty, hours.doctor, hours.fee_fen)
        for code, venue in venues.items()
        for hours in venue.hours
    }
    days = [clock.today() + timedelta(days=ahead) for ahead in range(outpatient.OPEN_DAYS + 1)]
    clinics = [
        one for day in days for one in outpatient.clinics(a_town_of_registers(), outpatient.ClinicsAsked(day)).items
    ]

    assert told == {
        one.code: (one.institution_code, one.day, one.department, one.doctor, one.fee_fen) for one in clinics
    }
    for one in clinics:
        own = tuple(hours for hours in venues[one.institution_code].hours if hours.code == one.code)
        made = times(msgspec.structs.replace(venues[one.institution_code], hours=own), one.day)
        assert sum(time.places for time in made) == hospital_hours.portal_places(one) <= one.places
        assert (max(time.ends_at for time in made).hour <= 12) == (one.session == "morning")


def test_checkup_centres_offer_the_packages_that_are_published() -> None:
    published = listed("checkup_institutions", CheckupInstitutions).items
    told = {(hours.code, hours.fee_fen) for venue in _venues("checkup_institution") for hours in venue.hours}

    assert told == {(package.code, package.price_fen) for one in published for package in one.packages}


def test_examinations_cost_what_their_notices_say() -> None:
    posts = {one.fee_fen for one in public_exams.posts().items}
    tests = {
        (f"{one.occupation}{level}级", one.fee_fen)
        for one in public_exams.skill_tests().items
        for level in LEVELS
        if LEVELS[level] == one.level
    }

    assert {venue.fee_fen for venue in _venues("personnel_exam")} <= posts
    assert {
        (hours.specialty, hours.fee_fen) for venue in _venues("vocational_skill_appraisal") for hours in venue.hours
    } <= tests


def test_what_can_be_paid_has_a_fee_and_nothing_else_has() -> None:
    pays = {
        code for code, (_, text) in shipped_files().matters.items() if Kind.BOOK in text.live and Kind.PAY in text.live
    }
    asked = {
        venue.matter
        for department in {pattern.department for pattern in booking.patterns()}
        for venue in booking.calendars(a_town_of_registers(), department).items
        if venue.fee_fen or any(hours.fee_fen for hours in venue.hours)
    }

    assert asked == pays


def _venues(matter: str) -> list[Venue]:
    (department,) = {pattern.department for pattern in booking.patterns() if pattern.matter == matter}
    return [one for one in booking.calendars(a_town_of_registers(), department).items if one.matter == matter]
