"""Marriages and divorces that civil affairs registered, as ties between the residents whom the portal knows; and lines of descent."""

from collections.abc import Iterable
from datetime import date
from typing import Final
from uuid import UUID

import msgspec

from app.kernel.database import fetch_all, fetch_value, transaction
from app.kernel.events import tell
from app.kernel.ids import shard_of
from app.residents.events import Married, Parted
from app.residents.families import end, kin_of, note_decision, relate
from app.residents.people import RESIDENTS

MARRIED: Final = "civil_affairs:marriage_registered"
PARTED: Final = "civil_affairs:divorce_registered"
ADOPTED: Final = "civil_affairs:guardianship_changed"
"""What the sources of ties are called; what civil affairs decided isn't undone by an older household register."""
MOST_GENERATIONS: Final = 6
"""So far up a line of descent is followed."""


class Descent(msgspec.Struct, frozen=True):
    """That somebody is another's child, by blood or by adoption, also where law has ended the tie since."""

    child_id: UUID
    parent_id: UUID
    adoptive: bool


async def marry(one: UUID, other: UUID, on: date) -> None:
    """Write that two residents married on a day; whoever else was said to be married to either isn't any more. Harmless when repeated."""
    async with transaction(RESIDENTS):
        for person, partner in ((one, other), (other, one)):
            for kin in await kin_of(person):
                if kin.relation == "spouse_of" and kin.id != partner:
                    await end(person, "spouse_of", kin.id, source=MARRIED, on=on)
        await relate(one, "spouse_of", other, source=MARRIED)
        await note_decision(one, "spouse_of", other, on)
        await tell(Married(citizen_id=one, subject_id=other))
        await tell(Married(citizen_id=other, subject_id=one))


async def part(one: UUID, other: UUID, on: date) -> None:
    """Write that two residents' marriage ended on a day, also where nobody had told of it; harmless when repeated.

    A household register that still has them as a couple doesn't bring the tie back.
    """
    async with transaction(RESIDENTS):
        await relate(one, "spouse_of", other, source=PARTED, until=on)
        await note_decision(one, "spouse_of", other, on)
        await tell(Parted(citizen_id=one, subject_id=other))
        await tell(Parted(citizen_id=other, subject_id=one))


async def decided_on(one: UUID, other: UUID) -> date | None:
    """The day of the newest decision about a marriage of two: that they married, or that they parted."""
    async with transaction(RESIDENTS):
        found: date | None = await fetch_value(
            "SELECT decided_on FROM kinship WHERE shard = $1 AND citizen_id = $2 AND other_id = $3 AND relation = 'spouse_of'",
            *(shard_of(one), one, other),
        )
    return found


async def descents(people: Iterable[UUID]) -> list[Descent]:
    """The lines of descent of some people, parents of parents too, as far as the portal knows them."""
    found: dict[tuple[UUID, UUID], Descent] = {}
    above = set(people)
    async with transaction(RESIDENTS):
        for _ in range(MOST_GENERATIONS):
            rows = await fetch_all(
                "SELECT citizen_id, other_id, source FROM kinship WHERE shard = ANY ($1::int4[]) AND citizen_id = ANY ($2::uuid[]) "
                "AND relation = 'child_of'",
                *(sorted({shard_of(one) for one in above}), list(above)),
            )
            new = [Descent(row["citizen_id"], row["other_id"], row["source"] == ADOPTED) for row in rows]
            new = [one for one in new if (one.child_id, one.parent_id) not in found]
            found |= {(one.child_id, one.parent_id): one for one in new}
            above = {one.parent_id for one in new}
            if not above:
                break
    return list(found.values())
