"""The social security party (RSJ) on professional qualifications: conditions beside the diploma (`diplomas`) and insured work (`employment`).

A certificate is held only by somebody who met the exam's condition when it was issued.
"""

from datetime import date
from typing import Final

import msgspec

from integrations.city.chance import percent
from integrations.city.diplomas import highest_level
from integrations.city.employment import Work, work
from integrations.city.people import Person
from integrations.city.population import REFERENCE, Population
from integrations.city.registers import Service, listed, of_person
from integrations.city.student_numbers import student_serial
from integrations.city.world import City
from integrations.departments.qualifications import Certificate, Condition, Kind, QualificationExam, Qualifications

_HEIGHT: Final = ("80", "70", "60", "30", "20", "10")
"""Levels from the lowest; vocational schools' is that of senior ones."""
_SAME_AS: Final = {"40": "60"}
_HOLD_PERCENT: Final = 18
_WITHIN_YEARS: Final = 8
_ISSUED_IN: Final = (3, 20)
_NOT_YET: Final = frozenset({"small_child", "pupil"})


class ListedExam(msgspec.Struct, frozen=True):
    """An exam of the coming year and who is admitted to it: any of the conditions is enough."""

    code: str
    name: str
    kind: Kind
    exam_on: date
    register_from: date
    register_until: date
    conditions: tuple[Condition, ...]


class ListedExams(msgspec.Struct, frozen=True):
    """Every exam of the coming year."""

    exams: tuple[ListedExam, ...]


def qualifications(city: City, person: Person) -> Qualifications | None:
    """Tell somebody's exams and certificates; of children and pupils nothing is known."""
    known = work(city.population, person)
    if known is None or known.occupation in _NOT_YET:
        return None
    level = highest_level(city.population, person)
    months = months_worked(known)
    exams = listed("qualification_exams", ListedExams).exams
    return Qualifications(
        level=level,  # type: ignore[arg-type]
        months_worked=months,
        exams=tuple(_shown(exam, level, months) for exam in exams),
        certificates=_certificates(city.population, person, (level, months)),
    )


def months_worked(known: Work) -> int:
    """Give the months for which an employee's pension was paid; a resident's pension (170) is paid without work."""
    paid = (*known.contributions, *((known.pension,) if known.pension is not None else ()))
    return max((one.months for one in paid if one.insurance_code != "170"), default=0)


def years_needed(conditions: tuple[Condition, ...], level: str | None) -> int | None:
    """Give the fewest years of work that who has a diploma needs; none where the diploma isn't enough."""
    if level is None:
        return None
    return min((one.years for one in conditions if _height(one.level) <= _height(level)), default=None)


def _height(level: str) -> int:
    return _HEIGHT.index(_SAME_AS.get(level, level))


def _shown(exam: ListedExam, level: str | None, months: int) -> QualificationExam:
    years = years_needed(exam.conditions, level)
    return QualificationExam(
        code=exam.code,
        name=exam.name,
        kind=exam.kind,
        exam_on=exam.exam_on,
        register_from=exam.register_from,
        register_until=exam.register_until,
        conditions=exam.conditions,
        may_take=years is not None and months >= 12 * years,
    )


def _certificates(population: Population, person: Person, known: tuple[str | None, int]) -> tuple[Certificate, ...]:
    """Draw at most one certificate, issued after the years that it needed."""
    level, months = known
    dice = population.dice("qualification", person.id_number)
    holds, exams = percent(dice, _HOLD_PERCENT), listed("qualification_exams", ListedExams).exams
    needed = ((exam, years_needed(exam.conditions, level)) for exam in exams)
    fitting = [(exam, months // 12 - years) for exam, years in needed if years is not None and months // 12 > years]
    if not holds or not fitting:
        return ()
    exam, spare = dice.choice(fitting)
    issued = date(REFERENCE.year - dice.randrange(min(spare, _WITHIN_YEARS)), *_ISSUED_IN)
    number = f"{issued.year}{person.division_code}{student_serial(population, person)}"
    return (Certificate(exam.name, number, issued),)


SERVICES: Final[dict[str, Service]] = {"qualifications": of_person(qualifications)}
