"""Who learns where: kindergarten to university, by the birthday's side of 31 August (义务教育法, art. 11).

Everybody born since 2004 goes on to a senior or vocational school; how far a person gets is drawn by the years in which they
grew up. Schools are invented.
"""

from datetime import date
from typing import Final, Literal

import msgspec

from integrations.city import universities
from integrations.city.chance import percent, weighted
from integrations.city.divisions import BY_CODE, Division
from integrations.city.people import Person
from integrations.city.population import Population
from integrations.city.towns import TOWNS

Stage = Literal["kindergarten", "primary", "junior", "senior", "vocational", "college", "university", "graduate"]
SCHOOL_YEAR: Final = 2026
"""The school year in which the reference day lies, by its autumn."""
CUT_OFF: Final = (8, 31)
FIRST_ENTRY_AGE: Final = 6
CLASSES_OF_A_UNIVERSITY: Final = 40
FIRST_PRIMARY, LAST_PRIMARY, LAST_JUNIOR, LAST_SENIOR = 1, 6, 9, 12
LAST_GRADES: Final = {"80": 6, "70": 9, "60": 12, "40": 12, "30": 15, "20": 16, "10": 19}
"""By level (GB/T 4658): 小学, 初中, 普通高中, 中等职业, 大学专科, 大学本科, 研究生; the grade is counted on from primary school."""
_ALL_GO_ON_SINCE: Final = date(2004, 1, 1)
_LEVELS: Final[tuple[tuple[date, tuple[tuple[str, int], ...]], ...]] = (
    (_ALL_GO_ON_SINCE, (("40", 34), ("60", 8), ("30", 24), ("20", 28), ("10", 6))),
    (date(1980, 1, 1), (("70", 20), ("40", 18), ("60", 14), ("30", 23), ("20", 20), ("10", 5))),
    (date(1960, 1, 1), (("80", 12), ("70", 46), ("40", 12), ("60", 16), ("30", 9), ("20", 5))),
    (date.min, (("80", 46), ("70", 38), ("60", 12), ("30", 3), ("20", 1))),
)
_KINDERGARTEN_PERCENT: Final = 92
_STAGE_NAMES: Final[dict[Stage, str]] = {
    "kindergarten": "幼儿园", "primary": "小学", "junior": "初级中学", "senior": "高级中学", "vocational": "职业中等专业学校",
}  # fmt: skip
_STAGES: Final[tuple[tuple[int, Stage, int], ...]] = (
    (0, "kindergarten", -3),
    (LAST_PRIMARY, "primary", 0),
    (LAST_JUNIOR, "junior", LAST_PRIMARY),
    (LAST_SENIOR, "senior", LAST_JUNIOR),
    (LAST_GRADES["20"], "university", LAST_SENIOR),
    (LAST_GRADES["10"], "graduate", LAST_GRADES["20"]),
)
"""Last grade, stage, and the grades before it."""
_INSTEAD: Final[dict[tuple[str, Stage], Stage]] = {("40", "senior"): "vocational", ("30", "university"): "college"}
_PER_TOWN: Final = frozenset({"kindergarten", "primary", "junior"})


class Enrolment(msgspec.Struct, frozen=True):
    """Where somebody learns; `year_of_stage` is the grade (年级) within the stage, `class_no` the class (班)."""

    stage: Stage
    school: str
    school_code: str
    year_of_stage: int
    class_no: int
    since: date
    student_no: str
    """学籍号: G and the identity number, for life; students of universities and kindergartens have numbers of the same form."""


class Schooling(msgspec.Struct, frozen=True):
    """What somebody learns and has learned; `level_code` is the highest that was completed (GB/T 4658), none before primary school's end."""

    level_code: str | None
    enrolment: Enrolment | None


def entry_year(born: date) -> int:
    """Give the year of school entry: at six by 31 August, otherwise a year later."""
    return born.year + FIRST_ENTRY_AGE + ((born.month, born.day) > CUT_OFF)


def grade_of(born: date) -> int:
    """Give the grade on the reference day, counted on from primary school: 1 its first, 7 junior, 10 senior, 13 university."""
    return SCHOOL_YEAR - entry_year(born) + 1


def left_school(population: Population, person: Person) -> date:
    """Give the day on which somebody leaves school for good, by the level that they reach."""
    last = LAST_GRADES[destined_level(population, person)]
    return date(entry_year(person.birth_date) + last, 7, 1)


def destined_level(population: Population, person: Person) -> str:
    """Give the level (GB/T 4658) that somebody reaches in the end.

    Who lives in a university's household takes a bachelor's degree, as does the demo's student; who lives in an employer's has
    left school.
    """
    home, grade = population.household_of(person), grade_of(person.birth_date)
    unit = home.unit if home is not None else None
    if unit in universities.NAMES or (person.demo and grade <= LAST_GRADES["20"]):
        return "20"
    table = next(levels for since, levels in _LEVELS if person.birth_date >= since)
    level = weighted(population.dice("level", person.id_number), table)
    return "20" if unit is not None and LAST_GRADES[level] >= grade else level


def schooling(population: Population, person: Person) -> Schooling:
    """Tell what somebody learns on the reference day, and which level they have completed."""
    level, grade = destined_level(population, person), grade_of(person.birth_date)
    if grade > LAST_GRADES[level]:
        return Schooling(level, None)
    completed = [
        code for code, last in LAST_GRADES.items() if last < grade and code != ("40" if level != "40" else "60")
    ]
    return Schooling(completed[-1] if completed else None, _enrolment(population, person, level, grade))


def _enrolment(population: Population, person: Person, level: str, grade: int) -> Enrolment | None:
    home = population.household_of(person)
    if grade < FIRST_PRIMARY - 3 or home is None or not person.alive:
        return None
    dice = population.dice("school", person.id_number)
    if grade < FIRST_PRIMARY and not percent(dice, _KINDERGARTEN_PERCENT):
        return None
    stage, year = _stage(level, grade)
    name, code = school_of(population, person, stage)
    return Enrolment(
        stage=stage,
        school=name,
        school_code=code,
        year_of_stage=year,
        class_no=1 + dice.randrange(classes(BY_CODE[person.division_code], stage)),
        since=date(SCHOOL_YEAR - year + 1, 9, 1),
        student_no=f"G{person.id_number}",
    )


def _stage(level: str, grade: int) -> tuple[Stage, int]:
    """Give the stage, and the year within it."""
    stage, before = next((stage, before) for last, stage, before in _STAGES if grade <= last)
    return _INSTEAD.get((level, stage), stage), grade - before


def classes(division: Division, stage: Stage) -> int:
    """Give how many classes a grade has: as many as it takes, by how many people live where the school stands."""
    if stage in _PER_TOWN:
        return 1 + division.weight // (3 * len(division.streets))
    return 1 + division.weight // 6 if stage in _STAGE_NAMES else CLASSES_OF_A_UNIVERSITY


def school_of(population: Population, person: Person, stage: Stage) -> tuple[str, str]:
    """Give the name and code of the school to which somebody with a household goes (or went) at a stage."""
    home = population.households[person.household_no]
    if stage in _STAGE_NAMES:
        return school_at(person.division_code, home.town_code, stage)
    names = [university.name for university in universities.UNIVERSITIES]
    own = home.unit if home.unit in universities.NAMES else None
    name = own or population.dice("university", person.id_number).choice(names)
    return name, f"9370600{names.index(name):03d}"


def school_at(division_code: str, town_code: str, stage: Stage) -> tuple[str, str]:
    """Give the name and code of a place's school: one of each stage in a town, one of each upper stage in a division."""
    town = town_code if stage in _PER_TOWN else "000"
    place = dict(TOWNS[division_code]).get(town, "")
    code = f"{list(_STAGE_NAMES).index(stage) + 1}{division_code}{town}"
    return f"{BY_CODE[division_code].name}福海{place}{_STAGE_NAMES[stage]}", code
