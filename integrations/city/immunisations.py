"""Doses that people of the city have had, by the national schedule of their year of birth."""

from datetime import date, timedelta
from random import Random
from typing import Final

import msgspec

from integrations.city.days import months_after
from integrations.city.people import Person, age_on
from integrations.city.population import REFERENCE

DTAP_FROM_TWO_MONTHS_SINCE: Final = date(2025, 1, 1)
RECORDS_UP_TO_AGE: Final = 20
VACCINES: Final = {
    "HepB": "乙肝疫苗",
    "BCG": "卡介苗",
    "IPV": "脊灰灭活疫苗",
    "bOPV": "脊灰减毒活疫苗",
    "DTaP": "百白破疫苗",
    "DT": "白破疫苗",
    "MMR": "麻腮风疫苗",
    "JE-L": "乙脑减毒活疫苗",
    "JE-I": "乙脑灭活疫苗",
    "MPSV-A": "A群流脑多糖疫苗",
    "MPSV-AC": "A群C群流脑多糖疫苗",
    "HepA-L": "甲肝减毒活疫苗",
    "HepA-I": "甲肝灭活疫苗",
    "HPV2": "双价人乳头瘤病毒疫苗",
}
"""Codes and names of the national programme."""
AT_BIRTH: Final = (("HepB", 1), ("BCG", 1))
_MONTHS: Final[dict[str, tuple[int, ...]]] = {
    "HepB": (0, 1, 6), "BCG": (0,), "IPV": (2, 3), "bOPV": (4, 48), "MMR": (8, 18), "JE-L": (8, 24),
    "MPSV-A": (6, 9), "MPSV-AC": (36, 72), "HepA-L": (18,),
}  # fmt: skip
_DTAP_NOW: Final = {"DTaP": (2, 4, 6, 18, 72)}
_DTAP_BEFORE: Final = {"DTaP": (3, 4, 5, 18), "DT": (72,)}


class Dose(msgspec.Struct, frozen=True, order=True):
    """One dose given on a day."""

    day: date
    vaccine: str
    dose_no: int


def history(person: Person) -> list[Dose]:
    """Give the doses that a person of the drawn city had up to the reference day; older people have no record.

    Doses at birth are given on the day, all others one fixed number of days late (0 to 9), so that every interval of the
    schedule is kept. One child in six misses what fell due in the last 90 days.
    """
    if age_on(person.birth_date, REFERENCE) > RECORDS_UP_TO_AGE:
        return []
    dice = Random(person.id_number)  # noqa: S311 - an invented record, not a secret
    late, until = timedelta(days=dice.randrange(10)), REFERENCE
    if dice.randrange(6) == 0:
        until -= timedelta(days=90)
    doses = [
        Dose(months_after(person.birth_date, months) + (late if months else timedelta()), vaccine, place + 1)
        for vaccine, ages in planned(person).items()
        for place, months in enumerate(ages)
    ]
    return sorted(dose for dose in doses if dose.day <= until)


def planned(person: Person) -> dict[str, tuple[int, ...]]:
    """Give the schedule of somebody's year of birth: for each vaccine the ages of its doses, in months."""
    return _MONTHS | (_DTAP_NOW if person.birth_date >= DTAP_FROM_TWO_MONTHS_SINCE else _DTAP_BEFORE)
