"""What the police know of a person and of a household."""

from datetime import date
from typing import Final, Literal

import msgspec

from integrations.city.divisions import BY_CODE
from integrations.city.names import SexWord

ADULT: Final = 18
HEAD: Final = "02"
HUSBAND: Final = "11"
WIFE: Final = "12"
FATHER: Final = "51"
MOTHER: Final = "52"
WIFES_FATHER: Final = "55"
WIFES_MOTHER: Final = "56"
YOUNGER_BROTHER: Final = "73"
YOUNGER_SISTER: Final = "77"
NO_KIN: Final = "99"
RELATIONS: Final = {
    HEAD: "户主", HUSBAND: "夫", WIFE: "妻", FATHER: "父", MOTHER: "母", WIFES_FATHER: "岳父", WIFES_MOTHER: "岳母",
    "20": "子", "21": "独生子", "22": "长子", "23": "次子", "24": "三子",
    "30": "女", "31": "独生女", "32": "长女", "33": "次女", "34": "三女", "38": "儿媳",
    "41": "孙子", "42": "孙女", YOUNGER_BROTHER: "弟", YOUNGER_SISTER: "妹", NO_KIN: "非亲属",
}  # fmt: skip
"""Relation to the head of the household (GB/T 4761), as far as the city uses it."""


HouseholdKind = Literal["family", "collective"]


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
    former_spouse: str | None = None
    guardian: str | None = None
    """Of an orphan (孤儿): who was appointed. Everybody else's guardians are their parents (Civil Code, art. 27)."""
    died_on: date | None = None

    @property
    def division(self) -> str:
        """The name of the division where the person is registered."""
        return BY_CODE[self.division_code].name


class Household(msgspec.Struct, frozen=True):
    """A household register (户口簿): `family` (家庭户) or `collective` (集体户) of a school or an employer, its `unit`."""

    household_no: str
    kind: HouseholdKind
    address: str
    division_code: str
    unit: str | None = None

    @property
    def serial(self) -> int:
        """Which household of the city it is, from 1."""
        return int(self.household_no[9:])

    @property
    def town_code(self) -> str:
        """The last three digits of its street or town."""
        return self.household_no[6:9]


def age_on(birth_date: date, day: date) -> int:
    """Full years on a day."""
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))
