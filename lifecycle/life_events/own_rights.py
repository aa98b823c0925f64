"""What this room exports of a person, and what it erases."""

from typing import Final
from uuid import UUID

from app.kernel.database import Row, execute, transaction
from app.kernel.ids import shard_of
from lifecycle.life_events import eventbook
from lifecycle.life_events.eventbook import OFFICE, EventRow

TABLES: Final = ("life_event", "life_event_step")


class LifeEventExporter:
    """Exports a person's life events, however they stand, and the steps of each."""

    tables = TABLES

    async def export(self, citizen_id: UUID) -> dict[str, list[dict[str, object]]]:
        """Everything of the person in these tables, with sealed values opened."""
        async with transaction(OFFICE):
            events = await eventbook.of_person(citizen_id, "suggested", "standing", "taken_back", "ended")
            steps = [row for event in events for row in await eventbook.steps_of(event)]
            return {
                "life_event": [await _told(event) for event in events],
                "life_event_step": [await _step(row) for row in steps],
            }


class LifeEventEraser:
    """Erases a person's life events; what the record says of them goes with the record."""

    tables = TABLES

    async def erase(self, citizen_id: UUID) -> int:
        """Delete every event with its steps, and say how many events those were; harmless when repeated."""
        async with transaction(OFFICE):
            key = shard_of(citizen_id), citizen_id
            await execute("DELETE FROM life_event_step WHERE shard = $1 AND citizen_id = $2", *key)
            return await execute("DELETE FROM life_event WHERE shard = $1 AND citizen_id = $2", *key)


async def _told(event: EventRow) -> dict[str, object]:
    return {
        "id": event.id,
        "event": event.event,
        "occurred_on": event.occurred_on,
        "source": event.source,
        "told_by": event.told_by,
        "state": event.state,
        "details": await eventbook.opened(event),
        "made_at": event.made_at,
        "changed_at": event.changed_at,
        "expires_on": event.expires_on,
    }


async def _step(row: Row) -> dict[str, object]:
    return {
        "event_id": row["event_id"],
        "at": row["at"],
        "step": row["step"],
        "reason": await eventbook.reason_in(row),
    }
