"""The education party (JYJ) on the next school: junior entry, and the entrance exams to senior secondary school and university.

Who learns at a school was admitted to it: marks are drawn on the right side of the line. Days and lines are in `entrance_exams.toml`.
"""

from random import Random
from typing import Final

import msgspec

from integrations.city.divisions import BY_CODE
from integrations.city.people import Person
from integrations.city.population import Population
from integrations.city.registers import Service, listed, of_person
from integrations.city.school_year import plan
from integrations.city.schools import (
    LAST_PRIMARY,
    LAST_SENIOR,
    SCHOOL_YEAR,
    Enrolment,
    Stage,
    classes,
    destined_level,
    entry_year,
    school_at,
    school_of,
    schooling,
)
from integrations.city.student_numbers import student_serial
from integrations.city.world import City
from integrations.departments.admission import Day, JuniorEntry, SchoolPlaces, SeniorAdmission, UniversityAdmission
from integrations.departments.schooling import Mark, School, Subject

CHOSEN: Final = 3
_BEST_PERCENT, _LEAST_PERCENT = 96, 25
_SHIFT: Final = 12
"""How far a subject may lie from the others, in points."""
_LAST_GRADE: Final = 3
_ADMITTED_AS: Final[dict[str, Stage]] = {"10": "university", "20": "university", "30": "college"}


class Paper(msgspec.Struct, frozen=True):
    """An exam paper (科目) and its full marks."""

    subject: Subject
    full_points: int


class Lines(msgspec.Struct, frozen=True):
    """The lines of a year's university entrance (一段线, 二段线)."""

    year: int
    first: int
    second: int


class SeniorExam(msgspec.Struct, frozen=True):
    """The entrance exam to senior secondary school; `year` is the next one's."""

    year: int
    line_percent_from: int
    line_percent_to: int
    class_size: int
    papers: tuple[Paper, ...]
    timetable: tuple[Day, ...]


class UniversityExam(msgspec.Struct, frozen=True):
    """The entrance exam to university; results are kept since `first_year`."""

    year: int
    first_year: int
    official_page: str
    main: tuple[Paper, ...]
    chosen: tuple[Paper, ...]
    timetable: tuple[Day, ...]
    lines: tuple[Lines, ...]


class EntranceExams(msgspec.Struct, frozen=True):
    """Both."""

    senior: SeniorExam
    university: UniversityExam


def exams() -> EntranceExams:
    """Give the entrance exams as they are listed."""
    found: EntranceExams = listed("entrance_exams", EntranceExams)
    return found


def junior_entry(city: City, person: Person) -> JuniorEntry | None:
    """Tell a primary pupil's way to junior secondary school; of others there is none."""
    enrolled = schooling(city.population, person).enrolment
    if enrolled is None or enrolled.stage != "primary":
        return None
    entry_on = enrolled.since.replace(year=enrolled.since.year + LAST_PRIMARY)
    window = plan().windows.junior if entry_on.year == plan().year else None
    return JuniorEntry(
        primary=School(enrolled.school_code, enrolled.school),
        year_of_stage=enrolled.year_of_stage,
        class_no=enrolled.class_no,
        record_since=enrolled.since,
        junior=_school(city.population, person, "junior"),
        entry_on=entry_on,
        register_from=window.register_from if window else None,
        register_until=window.register_until if window else None,
        result_on=window.result_on if window else None,
    )


def senior_admission(city: City, person: Person) -> SeniorAdmission | None:
    """Tell the exam of who is in the last grade of junior school or has gone on from it; of others there is none."""
    enrolled = schooling(city.population, person).enrolment
    if enrolled is None:
        return None
    if enrolled.stage == "junior" and enrolled.year_of_stage == _LAST_GRADE:
        return _before_senior(city.population, person)
    return _after_senior(city.population, person, enrolled) if enrolled.stage in {"senior", "vocational"} else None


def university_admission(city: City, person: Person) -> UniversityAdmission | None:
    """Tell the exam of who is in the last grade of senior school or took it since `first_year`; of others there is none."""
    population, exam = city.population, exams().university
    year, level = entry_year(person.birth_date) + LAST_SENIOR, destined_level(city.population, person)
    known = population.household_of(person) is not None and person.alive
    if not known or level in {"40", "70", "80"} or not exam.first_year <= year <= SCHOOL_YEAR + 1:
        return None
    before = UniversityAdmission(
        candidate_number=_number(population, person, year),
        exam_year=year,
        timetable=exam.timetable if year == exam.year else (),
        marks=(),
        total=None,
        first_line=None,
        second_line=None,
        outcome="before_exam",
        admitted_to=None,
        official_page=exam.official_page,
    )
    return before if year > SCHOOL_YEAR else _after_university(population, person, (before, level))


def senior_line(population: Population, division_code: str, year: int) -> int:
    """Give a division's line of a year, in points."""
    exam = exams().senior
    dice = population.dice("senior_line", f"{division_code}:{year}")
    return _full(exam.papers) * dice.randrange(exam.line_percent_from, exam.line_percent_to) // 100


def marked(papers: tuple[Paper, ...], total: int, dice: Random) -> tuple[Mark, ...]:
    """Draw marks that add up to a total: spread by full marks, then moved between neighbours."""
    full = _full(papers)
    points = [paper.full_points * total // full for paper in papers]
    for place in range(total - sum(points)):
        points[place] += 1
    for place in range(len(papers) - 1):
        room = min(papers[place].full_points - points[place], points[place + 1], _SHIFT)
        moved = dice.randrange(room + 1)
        points[place], points[place + 1] = points[place] + moved, points[place + 1] - moved
    return tuple(Mark(paper.subject, reached, paper.full_points) for paper, reached in zip(papers, points, strict=True))


def _full(papers: tuple[Paper, ...]) -> int:
    return sum(paper.full_points for paper in papers)


def _school(population: Population, person: Person, stage: Stage) -> School:
    name, code = school_of(population, person, stage)
    return School(code, name)


def _number(population: Population, person: Person, year: int) -> str:
    return f"{year % 100:02d}{person.division_code}{student_serial(population, person)}"


def _before_senior(population: Population, person: Person) -> SeniorAdmission:
    exam = exams().senior
    return SeniorAdmission(
        exam_number=_number(population, person, exam.year),
        exam_year=exam.year,
        junior=_school(population, person, "junior"),
        timetable=exam.timetable,
        places=_places(person.division_code),
        choices=(),
        marks=(),
        total=None,
        line=None,
        outcome="before_exam",
        admitted_to=None,
    )


def _after_senior(population: Population, person: Person, enrolled: Enrolment) -> SeniorAdmission:
    exam, year = exams().senior, enrolled.since.year
    line, full = senior_line(population, person.division_code, year), _full(exam.papers)
    dice = population.dice("senior_exam", person.id_number)
    reached = enrolled.stage == "senior"
    total = dice.randrange(line, full * _BEST_PERCENT // 100) if reached else dice.randrange(full // 3, line)
    return SeniorAdmission(
        exam_number=_number(population, person, year),
        exam_year=year,
        junior=_school(population, person, "junior"),
        timetable=(),
        places=(),
        choices=tuple(school_at(person.division_code, "000", stage)[0] for stage in _UPPER),
        marks=marked(exam.papers, total, dice),
        total=total,
        line=line,
        outcome="admitted",
        admitted_to=School(enrolled.school_code, enrolled.school),
    )


_UPPER: Final[tuple[Stage, Stage]] = ("senior", "vocational")


def _places(division_code: str) -> tuple[SchoolPlaces, ...]:
    size = exams().senior.class_size
    schools = ((stage, school_at(division_code, "000", stage)) for stage in _UPPER)
    return tuple(
        SchoolPlaces(code, name, stage, size * classes(BY_CODE[division_code], stage))
        for stage, (name, code) in schools
    )


def _after_university(
    population: Population, person: Person, known: tuple[UniversityAdmission, str]
) -> UniversityAdmission:
    before, level = known
    exam, stage = exams().university, _ADMITTED_AS.get(level)
    lines = next(line for line in exam.lines if line.year == before.exam_year)
    dice = population.dice("university_exam", person.id_number)
    papers = (*exam.main, *sorted(dice.sample(exam.chosen, CHOSEN), key=exam.chosen.index))
    total = dice.randrange(*_range_of_total(_full(papers), lines, stage))
    return msgspec.structs.replace(
        before,
        marks=marked(papers, total, dice),
        total=total,
        first_line=lines.first,
        second_line=lines.second,
        outcome="not_admitted" if stage is None else "admitted",
        admitted_to=None if stage is None else _school(population, person, stage),
    )


def _range_of_total(full: int, lines: Lines, stage: Stage | None) -> tuple[int, int]:
    """Give the totals of who was admitted to a university, to a college, or nowhere."""
    if stage == "university":
        return lines.first, full * _BEST_PERCENT // 100
    return (lines.second, lines.first) if stage == "college" else (full * _LEAST_PERCENT // 200, lines.second)


SERVICES: Final[dict[str, Service]] = {
    "junior_entry": of_person(junior_entry),
    "senior_admission": of_person(senior_admission),
    "university_admission": of_person(university_admission),
}
