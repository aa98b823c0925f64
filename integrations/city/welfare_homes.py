"""The civil affairs party (MZJ) on homes: for children, and for the elderly with the beds that are free today."""

from typing import Final

import msgspec

from app.kernel import clock
from app.kernel.structs import Code
from integrations.city.chance import chance
from integrations.city.registers import Service, listed, of_everybody, of_everybody_asked
from integrations.city.world import City
from integrations.departments.social_security import Fen
from integrations.departments.welfare_homes import CareHome, CareHomeKind, CareHomes, ChildrensHomes

_LEAST_TAKEN_PERCENT: Final = 72
_COME_AND_GO: Final = 3
"""So many beds may be more or less free than usual."""


class CareHomeListed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A care home as it is on the list, without what changes by the day."""

    code: str
    name: str
    kind: CareHomeKind
    division_code: str
    address: str
    on_file: bool
    stars: int
    beds: int
    independent_fen: int
    full_care_fen: int
    medical: bool
    care_insurance: bool
    phone: str


class CareHomesListed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Every care home."""

    items: tuple[CareHomeListed, ...]


class Sought(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which care homes: in a division, that cost so much a month at the most for who needs no care."""

    division_code: Code | None = None
    most_fen: Fen | None = None


def care_homes(city: City, sought: Sought) -> CareHomes:
    """Tell care homes in the order of their codes, with the beds that are free today."""
    return CareHomes(
        tuple(
            CareHome(free_beds=free_beds(city.population.seed, one), **msgspec.structs.asdict(one))
            for one in listed("care_homes", CareHomesListed).items
            if sought.division_code in {None, one.division_code}
            and (sought.most_fen is None or one.independent_fen <= sought.most_fen)
        )
    )


def free_beds(seed: int, home: CareHomeListed) -> int:
    """Draw the beds that are free today: about as many as usual in that home, never more than there are."""
    taken = chance(seed, "care home", home.code).randrange(_LEAST_TAKEN_PERCENT, 101)
    usual = home.beds - home.beds * taken // 100
    today = chance(seed, "free beds", f"{home.code}:{clock.today()}").randrange(2 * _COME_AND_GO + 1) - _COME_AND_GO
    return min(max(0, usual + today), home.beds)


SERVICES: Final[dict[str, Service]] = {
    "childrens_homes": of_everybody(lambda _: listed("childrens_homes", ChildrensHomes)),
    "care_homes": of_everybody_asked(Sought, care_homes),
}
