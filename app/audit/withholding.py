"""Acts that a law keeps from the person for a while (an investigation): their log shows that they are there, and nothing else.

What is withheld hangs on the act's basis, since the log itself is never changed. Rooms that hold such bases register who knows.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Final, Protocol
from uuid import UUID

from app.audit.basis import BasisKind
from app.kernel import clock
from app.kernel.actors import System
from app.kernel.database import Row, fetch_all, transaction
from app.kernel.ids import shard_of
from app.kernel.words import Words

WITHHELD: Final = "withheld"
"""What stands for an act, and for who did it, as long as it is withheld."""
_KEEPER: Final = System("withholding")
_HIDDEN: Final = """
SELECT id, subject_id FROM act WHERE shard = $1 AND citizen_id = $2 AND basis_kind = ANY ($3::text[]) AND basis_id = ANY ($4::text[])
"""


class Withholder(Protocol):
    """Says which bases of one kind a person isn't told of yet; runs in a system transaction."""

    @property
    def kind(self) -> BasisKind:
        """The kind of basis that it knows of."""

    async def untold(self, people: Collection[UUID]) -> Mapping[str, datetime]:
        """The bases of looks at these people that they weren't told of, each with when they will be at the latest."""


class Untold:
    """What some people aren't told of yet."""

    def __init__(self, until: Mapping[tuple[str, str], datetime]) -> None:
        self._until = until

    def until(self, act: Row) -> datetime | None:
        """Until when an act is withheld; nothing where its person may know of it."""
        return self._until.get((act["basis_kind"], act["basis_id"]))

    @property
    def kinds(self) -> list[str]:
        """The kinds of the bases; `ids` stand in the same order."""
        return [kind for kind, _ in self._until]

    @property
    def ids(self) -> list[str]:
        """The ids of the bases."""
        return [basis_id for _, basis_id in self._until]


_withholders: Final[dict[str, Withholder]] = {}


def register_withholder(withholder: Withholder) -> None:
    """Have it asked what people aren't told of yet; called from wiring."""
    _withholders[withholder.kind] = withholder


async def untold(people: Collection[UUID]) -> Untold:
    """What these people aren't told of yet, read in a transaction of its own."""
    async with transaction(_KEEPER):
        found = [(one.kind, await one.untold(people)) for one in _withholders.values()]
    return Untold({(kind, basis_id): until for kind, bases in found for basis_id, until in bases.items()})


async def is_untold(act: Row) -> bool:
    """Say whether the person of an act isn't told of it yet."""
    return (await untold([act["citizen_id"]])).until(act) is not None


async def withheld_acts(person_id: UUID) -> frozenset[UUID]:
    """The acts about a person that are withheld now."""
    return frozenset(row["id"] for row in await _hidden(person_id))


async def withheld_subjects(person_id: UUID) -> frozenset[UUID]:
    """What the acts that are withheld were done to or left behind."""
    return frozenset(row["subject_id"] for row in await _hidden(person_id) if row["subject_id"] is not None)


async def _hidden(person_id: UUID) -> list[Row]:
    hidden = await untold([person_id])
    if not hidden.ids:
        return []
    async with transaction(_KEEPER):
        return await fetch_all(_HIDDEN, shard_of(person_id), person_id, hidden.kinds, hidden.ids)


def withheld_title(until: datetime) -> Words:
    """What is said of an act instead of its title."""
    day = clock.local(until).date().isoformat()
    return Words(zh=f"依法暂不公开，最迟 {day} 公开", en=f"Withheld by law, until {day} at the latest")
