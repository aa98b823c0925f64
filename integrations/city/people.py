"""What the police know of a person and of a household."""

from datetime import date
from typing import Final

import msgspec

from integrations.city.divisions import BY_CODE
from integrations.city.names import SexWord

ADULT: Final = 18
HEAD: Final = "02"
HUSBAND: Final = "11"
WIFE: Final = "12"
FATHER: Final = "51"
MOTHER: Final = "52"
RELATIONS: Final = {
    HEAD: "户主", HUSBAND: "夫", WIFE: "妻", FATHER: "父", MOTHER: "母",
    "20": "子", "21": "独生子", "22": "长子", "23": "次子",
    "30": "女", "31": "独生女", "32": "长女", "33": "次女",
}  # fmt: skip
"""Relation to the head of the household (GB/T 4761), as far as the city uses it."""


class Person(msgspec.Struct, frozen=True):
    """Somebody with an identity number. Kin are named by their numbers."""

    id_number: str
    name: str
    sex: SexWord
    birth_date: date
    division_code: str
    household_no: str
    relation_code: str
    phone: str | None = None
    ethnicity_code: str = "01"
    father: str | None = None
    mother: str | None = None
    spouse: str | None = None
    alive: bool = True
    demo: bool = False

    @property
    def division(self) -> str:
        """The name of the division where the person is registered."""
        return BY_CODE[self.division_code].name


class Household(msgspec.Struct, frozen=True):
    """A household register (户口簿): `family` (家庭户) or `collective` (集体户)."""

    household_no: str
    kind: str
    address: str
    division_code: str


def age_on(birth_date: date, day: date) -> int:
    """Full years on a day."""
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))
