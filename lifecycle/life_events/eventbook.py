"""The rows of life events: found, locked, written with their step. Everything here runs in the caller's transaction."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

import msgspec

from app.kernel import clock
from app.kernel.actors import Citizen, System
from app.kernel.database import Row, current_transaction, execute, fetch_all, fetch_one
from app.kernel.ids import new_id, shard_of
from app.keys.persons import open_for_person, seal_for_person
from lifecycle.facts.changed import tell_changed
from lifecycle.life_events.definitions import Definition
from lifecycle.life_events.errors import EventOver, LifeEventNotFound
from lifecycle.life_events.meanings import Happened
from lifecycle.life_events.plausible import Details
from lifecycle.life_events.states import FIRST, NEXT, Source, State, Step, begins
from lifecycle.rules.facts import Confidence

TABLE: Final = "life_event"
OFFICE: Final = System("life_events")
_INSERT: Final = """
INSERT INTO life_event (id, shard, citizen_id, event, occurred_on, source, told_by, state, details, about_id, declared_by, made_at,
    changed_at, expires_on)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12, $13)
ON CONFLICT ON CONSTRAINT life_event_once DO NOTHING RETURNING *
"""
_STEP: Final = """
INSERT INTO life_event_step (id, shard, citizen_id, event_id, at, step, actor, reason) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
"""


class EventRow(msgspec.Struct, frozen=True, kw_only=True):
    """One event as its row holds it."""

    id: UUID
    shard: int
    citizen_id: UUID
    event: str
    occurred_on: date
    source: Source
    told_by: str
    state: State
    details: bytes | None
    about_id: UUID | None
    declared_by: UUID | None
    made_at: datetime
    changed_at: datetime
    expires_on: date | None

    @property
    def confidence(self) -> Confidence:
        """How sure it is."""
        return "declared" if self.source == "declared" else "told"


class NewEvent(msgspec.Struct, frozen=True, kw_only=True):
    """An event to be written: in whose life, of which kind, when, and how it came to be known."""

    citizen_id: UUID
    definition: Definition
    occurred_on: date
    source: Source
    told_by: str = ""
    details: Details = {}
    about_id: UUID | None = None
    declared_by: UUID | None = None


def read_row(row: Row) -> EventRow:
    """A row as an event."""
    return msgspec.convert(dict(row), EventRow)


async def insert(new: NewEvent) -> EventRow | None:
    """Write an event and its first step; nothing where it is known from this source already."""
    row_id, days = new_id(new.citizen_id), new.definition.for_days
    row = await fetch_one(
        _INSERT,
        *(row_id, shard_of(row_id), new.citizen_id, new.definition.code, new.occurred_on, new.source, new.told_by),
        *(begins(new.source), await sealed(new.citizen_id, row_id, new.details), new.about_id, new.declared_by),
        *(clock.now(), None if days is None else new.occurred_on + timedelta(days=days)),
    )
    if row is None:
        return None
    found = read_row(row)
    await _note(found, FIRST[new.source])
    if found.state == "standing":
        await tell_changed(found.citizen_id)
    return found


async def move(event: EventRow, step: Step, reason: str | None = None) -> EventRow:
    """Take a step; refuses `EventOver` one that the event's state doesn't allow. Its row is locked by the caller."""
    state = NEXT.get((event.state, step))
    if state is None:
        raise EventOver(state=event.state)
    await execute(
        "UPDATE life_event SET state = $3, changed_at = $4 WHERE shard = $1 AND id = $2",
        *(event.shard, event.id, state, clock.now()),
    )
    await _note(event, step, reason)
    if "standing" in {event.state, state}:
        await tell_changed(event.citizen_id)
    return await find(event.id)


async def say_anew(event: EventRow, details: Details, declared_by: UUID) -> None:
    """Write what is said of an event by who declares it again, or confirms it; in a citizen's transaction."""
    await execute(
        "UPDATE life_event SET details = $3, declared_by = $4 WHERE shard = $1 AND id = $2",
        *(event.shard, event.id, await sealed(event.citizen_id, event.id, details), declared_by),
    )


async def find(event_id: UUID, *, lock: bool = False) -> EventRow:
    """Find an event that the transaction's actor may see; refuses `LifeEventNotFound`."""
    row = await fetch_one(
        f"SELECT * FROM life_event WHERE shard = $1 AND id = $2{' FOR UPDATE' if lock else ''}",
        *(shard_of(event_id), event_id),
    )
    if row is None:
        raise LifeEventNotFound
    return read_row(row)


async def find_for(citizen: Citizen, event_id: UUID, *, lock: bool = False) -> EventRow:
    """Find an event of the citizen's or a ward's; refuses `LifeEventNotFound`."""
    found = await find(event_id, lock=lock)
    if found.citizen_id not in citizen.people:
        raise LifeEventNotFound
    return found


async def forget(event: EventRow) -> None:
    """Delete a suggestion that nobody answered, with its steps; in a system transaction. One that was answered meanwhile stays."""
    if (await find(event.id, lock=True)).state == "suggested":
        await execute("DELETE FROM life_event_step WHERE shard = $1 AND event_id = $2", event.shard, event.id)
        await execute("DELETE FROM life_event WHERE shard = $1 AND id = $2", event.shard, event.id)


async def of_person(person_id: UUID, *states: State) -> list[EventRow]:
    """The events in somebody's life that are in one of these states, in the order in which they became known."""
    rows = await fetch_all(
        "SELECT * FROM life_event WHERE shard = $1 AND citizen_id = $2 AND state = ANY ($3::text[]) ORDER BY id",
        *(shard_of(person_id), person_id, list(states)),
    )
    return [read_row(row) for row in rows]


async def opened(event: EventRow) -> dict[str, str | int]:
    """What was said of an event."""
    if event.details is None:
        return {}
    plain = await open_for_person(event.citizen_id, TABLE, "details", event.id, event.details)
    return msgspec.json.decode(plain, type=dict[str, str | int])


async def sealed(person_id: UUID, event_id: UUID, details: Mapping[str, str | int]) -> bytes | None:
    """Seal what is said of an event; nothing where nothing is."""
    if not details:
        return None
    return await seal_for_person(person_id, TABLE, "details", event_id, msgspec.json.encode(details))


async def happened(event: EventRow) -> Happened:
    """An event as meanings read it."""
    return Happened(
        code=event.event,
        occurred_on=event.occurred_on,
        stated_on=clock.local(event.changed_at).date(),
        confidence=event.confidence,
        details=await opened(event),
    )


async def steps_of(event: EventRow) -> list[Row]:
    """The steps of an event, the first one first."""
    return await fetch_all(
        "SELECT * FROM life_event_step WHERE shard = $1 AND event_id = $2 ORDER BY id", event.shard, event.id
    )


async def reason_in(row: Row) -> str | None:
    """Why a step was taken, opened."""
    if row["reason"] is None:
        return None
    plain = await open_for_person(row["citizen_id"], "life_event_step", "reason", row["id"], row["reason"])
    return msgspec.json.decode(plain, type=str)


async def _note(event: EventRow, step: Step, reason: str | None = None) -> None:
    row_id = new_id(event.citizen_id)
    why = None
    if reason is not None:
        encoded = msgspec.json.encode(reason)
        why = await seal_for_person(event.citizen_id, "life_event_step", "reason", row_id, encoded)
    await execute(
        _STEP,
        *(row_id, event.shard, event.citizen_id, event.id, clock.now(), step, current_transaction().actor.principal),
        why,
    )
