"""What gives somebody the right to look at a person's data: no open case, no data (无办件不查询).

Rooms that hold such grounds (a case, an appointment, a break-glass request) register what looks for them.
"""

from collections.abc import Iterable
from typing import Final, Literal, Protocol
from uuid import UUID

import msgspec

from app.kernel.actors import DataClass, Officer
from app.kernel.errors import Forbidden
from app.kernel.words import Words

BasisKind = Literal[
    "case",
    "appointment",
    "licence",
    "dispute",
    "campaign",
    "consent",
    "registry",
    "freeze",
    "power",
    "guardianship",
    "counter",
    "break_glass",
    "discrepancy",
]


class NoBasis(Forbidden):
    """Nothing gives the officer a right to look at this person; whether the person is known isn't said. `ways` says what would."""

    code = "no_basis"
    title = Words(
        zh="没有可查询此人的依据：须有本人在办的办件，或申请紧急查询。",
        en="You have no ground to look at this person: an open case in your hands, or a break-glass request.",
    )

    def __init__(self) -> None:
        super().__init__(ways=["open_case", "break_glass"])


class Basis(msgspec.Struct, frozen=True):
    """A case, a campaign, a consent, a registry's own duty, a freeze that was asked for, a power, a guardianship, or a visit.

    Or a licence that the office itself issued. It goes by its id or number; a visit to a counter by that of the device.
    """

    kind: BasisKind
    id: str


class Ground(msgspec.Struct, frozen=True):
    """A basis, where it lies (a right to look must cover its matter and division; null is wherever), and the data that it opens."""

    basis: Basis
    matter: str | None
    division: str | None
    data_classes: frozenset[DataClass]


class BasisChecker(Protocol):
    """Looks for grounds of one kind; everything runs in the caller's transaction."""

    @property
    def kind(self) -> BasisKind:
        """The kind of basis that it looks for."""

    async def grounds(self, officer: Officer, person_id: UUID) -> Iterable[Ground]:
        """What the officer holds at this moment that opens data of this person."""

    async def person_of(self, named: UUID) -> UUID | None:
        """Whom the basis with an id concerns, if there is one."""


_checkers: Final[dict[str, BasisChecker]] = {}


def register_basis(checker: BasisChecker) -> None:
    """Have a kind of basis looked for; called from wiring."""
    _checkers[checker.kind] = checker


async def require_basis(officer: Officer, person_id: UUID, data_classes: Iterable[DataClass]) -> tuple[Ground, ...]:
    """The grounds on which the officer may look at any of these kinds of a person's data; refuses `NoBasis`."""
    wanted = frozenset(data_classes)
    found = [ground for checker in _checkers.values() for ground in await checker.grounds(officer, person_id)]
    opening = tuple(ground for ground in found if not wanted.isdisjoint(ground.data_classes))
    if not opening:
        raise NoBasis
    return opening


async def person_of(kind: BasisKind, named: UUID) -> UUID | None:
    """Whom a basis concerns, if there is one of that kind and id."""
    checker = _checkers.get(kind)
    return await checker.person_of(named) if checker else None
