"""The education party (JYJ) on marks: a pupil's own, beside how many in a hundred of the grade reached each band.

A pupil is drawn as able in a subject; an exam moves that a little. The grade's shares are drawn for the school and the grade, since
a small city has too few pupils to be counted.
"""

from datetime import date
from random import Random
from typing import Final, Literal

import msgspec

from integrations.city.people import Person
from integrations.city.population import Population
from integrations.city.registers import AboutPerson, Service, listed, of_person_asked
from integrations.city.schools import SCHOOL_YEAR, Enrolment, Stage, schooling
from integrations.city.world import City
from integrations.departments.school_reports import (
    Band,
    Change,
    ExamReport,
    MarksReport,
    Shares,
    Standing,
    SubjectReport,
)
from integrations.departments.schooling import School, Subject

BANDS: Final[tuple[tuple[Band, int], ...]] = (("A", 85), ("B", 70), ("C", 60), ("D", 0))
"""From how many in a hundred of the points on."""
_ORDER: Final = "ABCD"
_MEDIAN: Final = 50
_LEAST, _MOST = 30, 100
_WITH_REPORTS: Final[frozenset[Stage]] = frozenset({"primary", "junior", "senior", "vocational"})


class WithConsent(AboutPerson, frozen=True, forbid_unknown_fields=True):
    """What did this pupil reach? The guardian agrees that it is shown (个人信息保护法 art. 31)."""

    consent: Literal["given"]


class Paper(msgspec.Struct, frozen=True):
    """What is examined, from which grade of the stage on; points are told where there are full ones."""

    subject: Subject
    from_grade: int
    full_points: int | None = None


class Exam(msgspec.Struct, frozen=True):
    """An exam of all schools of some stages."""

    name: str
    held_on: date
    school_year: int
    stages: frozenset[Stage]


class Papers(msgspec.Struct, frozen=True):
    """A stage's papers."""

    stage: Stage
    papers: tuple[Paper, ...]


class SchoolExams(msgspec.Struct, frozen=True):
    """Exams, the newest first, and the papers of each stage."""

    exams: tuple[Exam, ...]
    subjects: tuple[Papers, ...]


Pupil = tuple[Population, Person, Enrolment]


def marks_report(city: City, person: Person, _: WithConsent) -> MarksReport | None:
    """Tell a pupil's exams at the present school; who has just come there has none, who isn't a pupil isn't known."""
    enrolled = schooling(city.population, person).enrolment
    if enrolled is None or enrolled.stage not in _WITH_REPORTS:
        return None
    pupil, taken = (city.population, person, enrolled), _taken(enrolled)
    earlier: list[Exam | None] = [*taken[1:], None]
    return MarksReport(
        school=School(enrolled.school_code, enrolled.school),
        year_of_stage=enrolled.year_of_stage,
        exams=tuple(_report(pupil, exam, before) for exam, before in zip(taken, earlier, strict=False)),
    )


def _taken(enrolled: Enrolment) -> list[Exam]:
    exams = listed("school_exams", SchoolExams).exams
    return [exam for exam in exams if enrolled.stage in exam.stages and _papers(enrolled, exam)]


def _grade(enrolled: Enrolment, exam: Exam) -> int:
    return enrolled.year_of_stage - (SCHOOL_YEAR - exam.school_year)


def _papers(enrolled: Enrolment, exam: Exam) -> tuple[Paper, ...]:
    """Give what the pupil's grade was examined in; nothing before they came to the school."""
    of_stages = listed("school_exams", SchoolExams).subjects
    papers = next(one.papers for one in of_stages if one.stage == enrolled.stage)
    return tuple(paper for paper in papers if paper.from_grade <= _grade(enrolled, exam))


def _report(pupil: Pupil, exam: Exam, before: Exam | None) -> ExamReport:
    enrolled = pupil[2]
    known = {paper.subject for paper in _papers(enrolled, before)} if before else set()
    return ExamReport(
        name=exam.name,
        held_on=exam.held_on,
        year_of_stage=_grade(enrolled, exam),
        subjects=tuple(
            _subject(pupil, (exam, before if paper.subject in known else None), paper)
            for paper in _papers(enrolled, exam)
        ),
    )


def _subject(pupil: Pupil, exams: tuple[Exam, Exam | None], paper: Paper) -> SubjectReport:
    exam, before = exams
    points, band = _result(pupil, exam, paper)
    shares = _shares(pupil, exam, paper.subject)
    return SubjectReport(
        subject=paper.subject,
        band=band,
        points=points,
        full_points=paper.full_points,
        all_pupils=shares,
        standing=standing(band, shares),
        change=_change(_result(pupil, before, paper)[1] if before else None, band),
    )


def _result(pupil: Pupil, exam: Exam, paper: Paper) -> tuple[int | None, Band]:
    """Give the points, where the stage tells them, and the band."""
    percent = _percent(pupil, exam, paper.subject)
    if paper.full_points is None:
        return None, band_of(percent)
    points = paper.full_points * percent // 100
    return points, band_of(points * 100 // paper.full_points)


def band_of(percent: int) -> Band:
    """Give the band of so many in a hundred of the points."""
    return next(band for band, least in BANDS if percent >= least)


def standing(band: Band, shares: Shares) -> Standing:
    """Compare a band with that of the pupil in the middle."""
    reached, middle = 0, "D"
    for one, share in zip(_ORDER, msgspec.structs.astuple(shares), strict=True):
        reached += share
        if reached >= _MEDIAN:
            middle = one
            break
    return "even" if band == middle else "strong" if band < middle else "weak"


def _change(before: Band | None, now: Band) -> Change:
    if before is None:
        return "first"
    return "same" if before == now else "up" if now < before else "down"


def _percent(pupil: Pupil, exam: Exam, subject: Subject) -> int:
    population, person, _ = pupil
    able = population.dice("able", person.id_number).randrange(58, 94)
    liking = population.dice("liking", f"{person.id_number}:{subject}").randrange(-12, 13)
    luck = population.dice("luck", f"{person.id_number}:{subject}:{exam.held_on}").randrange(-5, 6)
    return min(max(able + liking + luck, _LEAST), _MOST)


def _shares(pupil: Pupil, exam: Exam, subject: Subject) -> Shares:
    population, _, enrolled = pupil
    key = f"{enrolled.school_code}:{_grade(enrolled, exam)}:{exam.held_on}:{subject}"
    return _drawn_shares(population.dice("shares", key))


def _drawn_shares(dice: Random) -> Shares:
    excellent, good, passed = dice.randrange(15, 32), dice.randrange(28, 40), dice.randrange(15, 22)
    return Shares(excellent, good, passed, 100 - excellent - good - passed)


SERVICES: Final[dict[str, Service]] = {"marks_report": of_person_asked(WithConsent, marks_report)}
