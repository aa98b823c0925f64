"""The education party (JYJ) on learning beside school: courses for adults, and proficiency exams."""

from typing import Final

import msgspec

from integrations.city.registers import Service, listed, of_everybody_asked
from integrations.city.world import City
from integrations.departments.adult_learning import Courses, Field, ProficiencyExams, Programme


class WhichCourses(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which courses are there, of one programme or of all?"""

    programme: Programme | None = None


class WhichExams(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which exams are there, of one field or of all?"""

    field: Field | None = None


def courses(_: City, asked: WhichCourses) -> Courses:
    """Tell the courses."""
    found = listed("adult_courses", Courses).items
    return Courses(tuple(one for one in found if asked.programme in {None, one.programme}))


def proficiency_exams(_: City, asked: WhichExams) -> ProficiencyExams:
    """Tell the exams, the next first."""
    found = sorted(listed("proficiency_exams", ProficiencyExams).items, key=lambda one: one.exam_on)
    return ProficiencyExams(tuple(one for one in found if asked.field in {None, one.field}))


SERVICES: Final[dict[str, Service]] = {
    "adult_courses": of_everybody_asked(WhichCourses, courses),
    "proficiency_exams": of_everybody_asked(WhichExams, proficiency_exams),
}
