"""Who survives a relative: whom the register links to the dead as spouse, parent or child, and who of them are the closest.

Ties count as they were on the day before the death, so a divorce counts and a later marriage doesn't.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta
from typing import Final, Literal
from uuid import UUID

import msgspec

from app.kernel.database import fetch_all
from app.kernel.ids import shard_of
from app.residents.families import comes_of_age, kin_of
from app.residents.structs import Kin, Relation

Tie = Literal["spouse", "parent", "child"]
"""What the dead were to who survives them."""
Survives = Literal["closest", "minor_child", "relative"]
"""The closest see to what is to be done; a minor child has rights of its own where none of its guardians is among them."""
_TIES: Final[dict[Relation, Tie]] = {"spouse_of": "spouse", "child_of": "parent", "parent_of": "child"}
_DAY: Final = timedelta(days=1)


class Lost(msgspec.Struct, frozen=True, kw_only=True):
    """A relative who died: what they were to a survivor, and as what that one survives them."""

    id: UUID
    tie: Tie
    birth_date: date | None
    died_on: date
    survives: Survives


class _Life(msgspec.Struct, frozen=True):
    """From when to when somebody lived, as far as is known."""

    birth_date: date | None
    died_on: date | None


async def lost_by(person_id: UUID) -> list[Lost]:
    """The relatives whom somebody survives, by the day on which they died; in a system transaction."""
    ties = await kin_of(person_id, date.min)
    lives = await _lives({one.id for one in ties if one.relation in _TIES})
    guardians = {one.id for one in ties if one.relation == "ward_of"}
    found = []
    for one in ties:
        tie, life = _TIES.get(one.relation), lives.get(one.id)
        if tie is not None and life is not None and life.died_on is not None and _held(one, life.died_on):
            survives = await _survives(person_id, one.id, life.died_on, guardians)
            found.append(Lost(id=one.id, tie=tie, birth_date=life.birth_date, died_on=life.died_on, survives=survives))
    return sorted(found, key=lambda one: (one.died_on, one.id))


async def touched_by_death(dead_id: UUID, died_on: date) -> set[UUID]:
    """For whom it changes what they survive, or as what, that somebody died: their kin, and the kin of dead whom they survived."""
    near = {one.id for one in await kin_of(dead_id, died_on - _DAY) if one.relation in _TIES}
    lives = await _lives(near)
    for one, life in lives.items():
        if life.died_on is not None:
            near |= {other.id for other in await kin_of(one, life.died_on - _DAY) if other.relation in _TIES}
    return near - {dead_id}


def closest(kin: Sequence[Kin], living: Collection[UUID], minors: Collection[UUID]) -> frozenset[UUID]:
    """The closest of the living: the spouse, else the children of age, else the parents, else the children. Pure."""
    children = _who(kin, "parent_of", living)
    grown_up = [one for one in children if one not in minors]
    for several in (_who(kin, "spouse_of", living), grown_up, _who(kin, "child_of", living), children):
        if several:
            return frozenset(several)
    return frozenset()


async def _survives(person_id: UUID, dead_id: UUID, died_on: date, guardians: Collection[UUID]) -> Survives:
    kin = [one for one in await kin_of(dead_id, died_on - _DAY) if one.relation in _TIES]
    lives = await _lives({one.id for one in kin})
    minors = {one for one, life in lives.items() if life.birth_date and died_on < comes_of_age(life.birth_date)}
    foremost = closest(kin, {one for one, life in lives.items() if life.died_on is None}, minors)
    if person_id in foremost:
        return "closest"
    own_child = any(one.id == person_id and one.relation == "parent_of" for one in kin)
    return "minor_child" if own_child and person_id in minors and foremost.isdisjoint(guardians) else "relative"


def _who(kin: Iterable[Kin], relation: Relation, living: Collection[UUID]) -> list[UUID]:
    return [one.id for one in kin if one.relation == relation and one.id in living]


def _held(tie: Kin, died_on: date) -> bool:
    """Whether a tie held until a death."""
    return tie.until is None or tie.until >= died_on


async def _lives(people: Collection[UUID]) -> dict[UUID, _Life]:
    if not people:
        return {}
    wanted = sorted(people)
    rows = await fetch_all(
        "SELECT r.id, r.birth_date, r.died_on FROM unnest($1::int4[], $2::uuid[]) AS wanted (shard, id) "
        "JOIN resident r ON r.shard = wanted.shard AND r.id = wanted.id",
        *([shard_of(person) for person in wanted], wanted),
    )
    return {row["id"]: _Life(row["birth_date"], row["died_on"]) for row in rows}
