"""The Education Bureau's plan for the coming school year, as its lists say it: when to register, class sizes, fees, private schools."""

from datetime import date
from typing import Literal

import msgspec

from integrations.city.registers import listed
from integrations.departments.school_directory import Rating


class Window(msgspec.Struct, frozen=True):
    """When a stage registers children, and when the result appears."""

    register_from: date
    register_until: date
    result_on: date


class Windows(msgspec.Struct, frozen=True):
    """The stages that register for the coming autumn."""

    kindergarten: Window
    primary: Window
    junior: Window


class ClassSizes(msgspec.Struct, frozen=True):
    """How many children a class of the first grade takes."""

    kindergarten: int
    primary: int
    junior: int


class KindergartenFee(msgspec.Struct, frozen=True):
    """What kindergartens of a kind and class charge a month; `supported` are private ones that are publicly supported."""

    ownership: Literal["public", "supported", "private"]
    rating: Rating
    monthly_fen: int
    meals_fen: int


class SchoolYear(msgspec.Struct, frozen=True):
    """The plan: the year of its autumn, windows, sizes, fees."""

    year: int
    windows: Windows
    class_sizes: ClassSizes
    fees: tuple[KindergartenFee, ...]
    full: tuple[str, ...]
    """The codes of schools whose places are all given already."""

    @property
    def starts_on(self) -> date:
        """The first day of school."""
        return date(self.year, 9, 1)

    def fee(self, ownership: str, rating: Rating) -> KindergartenFee:
        """What a kindergarten charges."""
        return next(fee for fee in self.fees if (fee.ownership, fee.rating) == (ownership, rating))


class PrivateKindergarten(msgspec.Struct, frozen=True):
    """A private kindergarten."""

    code: str
    name: str
    division_code: str
    town_code: str
    supported: bool
    rating: Rating


class PrivateSchool(msgspec.Struct, frozen=True):
    """A private school of compulsory education, which takes children of its whole division."""

    code: str
    name: str
    stage: Literal["primary", "junior"]
    division_code: str
    town_code: str
    places: int


class PrivateSchools(msgspec.Struct, frozen=True):
    """All of them."""

    kindergartens: tuple[PrivateKindergarten, ...]
    schools: tuple[PrivateSchool, ...]


def plan() -> SchoolYear:
    """Give the plan of the coming school year."""
    found: SchoolYear = listed("school_year", SchoolYear)
    return found


def private_schools() -> PrivateSchools:
    """Give the private kindergartens and schools."""
    found: PrivateSchools = listed("private_schools", PrivateSchools)
    return found
