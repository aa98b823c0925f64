"""Who lives in the town, and what is known of them as facts."""

from datetime import date
from random import Random
from typing import Any, Final, Literal
from uuid import UUID

from app.kernel.ids import SHARDS
from lifecycle.agenda.book import Book
from lifecycle.rules.ages import full_age
from lifecycle.rules.fact_kinds import (
    ALLOWANCES,
    BIRTH_DATE,
    CHILDREN,
    DIED_ON,
    DIVISION,
    DOSES,
    GUARDIANS,
    INSURED,
    JOB,
    MARITAL_STATUS,
    PENSION_SINCE,
    REGISTERED,
    SCHOOLING,
    SEX,
    UNEMPLOYED_SINCE,
    WORKER_KIND,
    Allowance,
    Child,
    Guardian,
    Insured,
    Job,
    Schooling,
)
from lifecycle.rules.facts import Facts, Said
from lifecycle.rules.family_kinds import BEREAVEMENTS, Bereavement
from lifecycle.rules.immunisation import Given
from lifecycle.rules.retirement_age import RetirementKind

Sex = Literal["male", "female"]
DIVISIONS: Final = ("370602", "370611", "370612", "370613", "370681")
_VERSION_7: Final = 0x7000_8000_0000_0000_0000


class Inhabitant:
    """Somebody who lives, or lived, in the town. It changes as they live; `told` counts what is new for their agenda."""

    def __init__(self, number: int, random: Random, sex: Sex, born: date) -> None:
        self.number = number
        self.id = person_id(random)
        self.sex: Sex = sex
        self.born = born
        self.died: date | None = None
        self.division = random.choice(DIVISIONS)
        self.registered = True
        self.mother: Inhabitant | None = None
        self.father: Inhabitant | None = None
        self.spouse: Inhabitant | None = None
        self.children: list[Inhabitant] = []
        self.guardians: list[Inhabitant] = []
        self.wards: list[Inhabitant] = []
        self.lost: list[Bereavement] = []
        self.doses: list[Given] = []
        self.schooling: Schooling | None = None
        self.schooled = False
        self.job_since: date | None = None
        self.jobless_since: date | None = None
        self.insured_months = 0
        self.benefit_months_left = 0
        self.pension_since: date | None = None
        self.pension_fen = 0
        self.allowance_fen = 0
        self.worker_kind: RetirementKind = "man" if sex == "male" else random.choice(("woman_cadre", "woman_worker"))
        self.wage_fen = random.randrange(350_000, 1_500_000, 1_000)
        self.book: Book | None = None
        self.changed = True
        self.looked_at: Facts | None = None
        self._facts: Facts | None = None

    def tell(self) -> None:
        """Something about them is new."""
        self.changed = True
        self._facts = None

    def is_guarded_by(self, *guardians: "Inhabitant") -> None:
        """Have somebody's guardians be these, and nobody else."""
        self.guardians = list(guardians)
        for guardian in guardians:
            guardian.wards.append(self)

    def age(self, on: date) -> int:
        """Full years on a day."""
        return full_age(self.born, on)

    def facts(self, on: date) -> Facts:
        """What is known of them; the same until something is new."""
        if self._facts is None:
            self._facts = Facts(Said(kind, value, "town", on, "registered") for kind, value in self._said(on).items())
        return self._facts

    def _said(self, on: date) -> dict[str, Any]:
        said: dict[str, Any] = {
            BIRTH_DATE.name: self.born,
            SEX.name: self.sex,
            DIVISION.name: self.division,
            REGISTERED.name: self.registered,
            DOSES.name: tuple(self.doses),
            WORKER_KIND.name: self.worker_kind,
            MARITAL_STATUS.name: "married" if self.spouse else "single",
            CHILDREN.name: tuple(sorted(Child(child.born, child.id) for child in self.children if child.died is None)),
            GUARDIANS.name: tuple(Guardian(one.id, None) for one in self.guardians),
        }
        said |= {DIED_ON.name: self.died} if self.died else {}
        said |= {BEREAVEMENTS.name: tuple(self.lost)} if self.lost else {}
        said |= {SCHOOLING.name: self.schooling} if self.schooling else {}
        said |= {JOB.name: Job(self.job_since)} if self.job_since else {}
        said |= {UNEMPLOYED_SINCE.name: self.jobless_since} if self.jobless_since else {}
        said |= {PENSION_SINCE.name: self.pension_since} if self.pension_since else {}
        said |= {INSURED.name: Insured(self.insured_months, on)} if self.insured_months else {}
        said |= {ALLOWANCES.name: (Allowance("senior", self.allowance_fen),)} if self.allowance_fen else {}
        return said


def person_id(random: Random) -> UUID:
    """An id of the portal's form (version 7, its last 12 bits the shard), by chance but the same for the same seed."""
    bits = random.getrandbits(128) & ~(0xF << 76) & ~(0x3 << 62) & ~0xFFF
    return UUID(int=bits | _VERSION_7 | random.choice(SHARDS))


def founders(number: int, random: Random, begins: date) -> list[Inhabitant]:
    """A town's first people: of all ages up to eighty, grown up and single, or children with two parents."""
    grown_up = [_founder(at, random, begins, 20, 80) for at in range(max(2, number * 3 // 4))]
    parents = [one for one in grown_up if one.age(begins) < _PARENT_BELOW]
    children = [_founder(len(grown_up) + at, random, begins, 0, 17) for at in range(number - len(grown_up))]
    for child in children:
        family = random.sample(parents, 2) if len(parents) > 1 else grown_up[:2]
        child.mother, child.father = family
        child.is_guarded_by(*family)
        for parent in family:
            parent.children.append(child)
    return [*grown_up, *children]


_PARENT_BELOW: Final = 60


def _founder(number: int, random: Random, begins: date, youngest: int, oldest: int) -> Inhabitant:
    born = date(begins.year - random.randint(youngest, oldest), random.randint(1, 12), random.randint(1, 28))
    if born > begins:
        born = born.replace(year=born.year - 1)
    one = Inhabitant(number, random, random.choice(("male", "female")), born)
    age = one.age(begins)
    one.schooled = age > _AT_SCHOOL
    if _WORKS_FROM <= age < _WORKS_BELOW:
        one.job_since, one.insured_months = begins, max(0, (age - _WORKS_FROM) * 12 - random.randint(0, 60))
    return one


_AT_SCHOOL: Final = 6
_WORKS_FROM: Final = 20
_WORKS_BELOW: Final = 58
