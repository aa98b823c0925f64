"""The education party (JYJ) on the school roll: where somebody learns (`schools`), and the places that cases have given since.

A school takes as many as its plan has places for; a school on the list of the full ones takes nobody.
"""

from typing import Final

import msgspec

from app.kernel import clock
from app.kernel.structs import Code, IdNumber
from integrations.city.divisions import BY_CODE
from integrations.city.orders import Ordered, done, done_for_all, of_order
from integrations.city.outcomes import QuestionRefused
from integrations.city.people import Person
from integrations.city.registers import Service, of_person
from integrations.city.school_directory import places
from integrations.city.school_year import plan, private_schools
from integrations.city.schools import LAST_PRIMARY, classes, entry_year, school_at, schooling
from integrations.city.world import City
from integrations.departments.school_roll import Admitted, Compulsory, Enrolled, SchoolRoll
from integrations.departments.schooling import School

ADMIT: Final = "admit_pupil"
_STAGES: Final[tuple[Compulsory, ...]] = ("primary", "junior")
_TWO: Final = 2


class ToAdmit(Ordered, frozen=True):
    """A child to admit to a school; `together_with` is a twin for whom there must be a place too."""

    school_code: Code
    stage: Compulsory
    together_with: IdNumber | None = None


class Places(msgspec.Struct, frozen=True):
    """A school of compulsory education, and how many it takes in the first grade of its stage."""

    school: School
    stage: Compulsory
    places: int


def school_roll(city: City, person: Person) -> SchoolRoll | None:
    """Tell where somebody learns and will; who neither learns nor was admitted isn't in the roll."""
    enrolled, admitted = enrolled_of(city, person), admitted_of(city, person.id_number)
    return None if enrolled is None and admitted is None else SchoolRoll(enrolled, admitted)


def enrolled_of(city: City, person: Person) -> Enrolled | None:
    """Where somebody learns."""
    known = schooling(city.population, person).enrolment
    if known is None:
        return None
    school = School(known.school_code, known.school)
    return Enrolled(school, known.stage, known.year_of_stage, known.since, known.student_no)


def admitted_of(city: City, id_number: str) -> Admitted | None:
    """The newest place that a case gave somebody."""
    made = done(city, ADMIT, id_number)
    return msgspec.convert(made[-1].told, Admitted) if made else None


def school_with(code: str) -> Places | None:
    """Find a school of compulsory education by its code."""
    sizes = plan().class_sizes
    for division, town, _ in places():
        for stage in _STAGES:
            name, found = school_at(division, town, stage)
            if found == code:
                size = sizes.primary if stage == "primary" else sizes.junior
                return Places(School(found, name), stage, classes(BY_CODE[division], stage) * size)
    private = (one for one in private_schools().schools if one.code == code)
    return next((Places(School(one.code, one.name), one.stage, one.places) for one in private), None)


def places_left(city: City, found: Places, year: int) -> int:
    """Count a school's places that no case has given for a year of entry."""
    if found.school.code in plan().full:
        return 0
    given = (msgspec.convert(one.told, Admitted) for one in done_for_all(city, ADMIT))
    taken = sum(one.school.code == found.school.code and one.entry_year == year for one in given)
    return found.places - taken


def admit_pupil(city: City, person: Person, ordered: ToAdmit) -> Admitted:
    """Admit a child. Refuses who is too young, learns there already or was admitted, a school that isn't of the stage, and a full one."""
    _refuse_wrong_stage(city, person, ordered)
    school, year = school_with(ordered.school_code), _year_of(person, ordered.stage)
    if school is None:
        raise QuestionRefused("school_unknown")
    if school.stage != ordered.stage:
        raise QuestionRefused("school_of_another_stage")
    if places_left(city, school, year) < _places_needed(city, school, ordered):
        raise QuestionRefused("quota_full")
    return Admitted(
        notice_no=f"RX{year}{school.school.code[1:]}{person.id_number[8:17]}",
        school=school.school,
        stage=ordered.stage,
        entry_year=year,
        starts_on=plan().starts_on if year == plan().year else clock.today(),
        student_no=f"G{person.id_number}",
    )


def _refuse_wrong_stage(city: City, person: Person, ordered: ToAdmit) -> None:
    enrolled, admitted = enrolled_of(city, person), admitted_of(city, person.id_number)
    if admitted is not None and admitted.stage == ordered.stage:
        raise QuestionRefused("already_admitted")
    if _due(person, ordered.stage) > plan().year:
        raise QuestionRefused("too_young")
    if enrolled is None or enrolled.stage == "kindergarten":
        return
    if enrolled.stage != "primary" or ordered.stage == "primary":
        raise QuestionRefused("already_enrolled")
    if enrolled.year_of_stage != LAST_PRIMARY:
        raise QuestionRefused("not_at_the_end_of_primary")


def _places_needed(city: City, school: Places, ordered: ToAdmit) -> int:
    """One place, or two where a twin is to come along who has none yet."""
    if ordered.together_with is None:
        return 1
    twin = admitted_of(city, ordered.together_with)
    if twin is None or twin.stage != ordered.stage:
        return _TWO
    if twin.school.code != school.school.code:
        raise QuestionRefused("twin_at_another_school")
    return 1


def _due(person: Person, stage: Compulsory) -> int:
    return entry_year(person.birth_date) + (LAST_PRIMARY if stage == "junior" else 0)


def _year_of(person: Person, stage: Compulsory) -> int:
    """The year of entry: the coming one, or the present one for who comes late."""
    return min(max(_due(person, stage), plan().year - 1), plan().year)


SERVICES: Final[dict[str, Service]] = {
    "school_roll": of_person(school_roll),
    ADMIT: of_order(ADMIT, ToAdmit, admit_pupil),
}
