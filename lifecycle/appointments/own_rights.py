"""What this room exports of a person, and what it erases."""

from typing import Final
from uuid import UUID

from app.kernel.database import execute, fetch_all, transaction
from app.kernel.ids import shard_of
from lifecycle.appointments import purposes
from lifecycle.appointments.booking import release_place
from lifecycle.appointments.calendars import OFFICE

TABLES: Final = ("appointment",)
_TOLD: Final = ("id", "matter_code", "department", "starts_at", "ends_at", "code", "state", "made_at", "changed_at")


class AppointmentExporter:
    """Exports a person's appointments."""

    tables = TABLES

    async def export(self, citizen_id: UUID) -> dict[str, list[dict[str, object]]]:
        """Every appointment, also those that wait for a place."""
        async with transaction(OFFICE):
            rows = await fetch_all(
                "SELECT * FROM appointment WHERE shard = $1 AND citizen_id = $2 ORDER BY id",
                shard_of(citizen_id),
                citizen_id,
            )
            return {
                "appointment": [
                    {name: row[name] for name in _TOLD} | {"purposes": list(await purposes.opened(row))} for row in rows
                ]
            }


class AppointmentEraser:
    """Erases a person's appointments, and gives their places to others."""

    tables = TABLES

    async def erase(self, citizen_id: UUID) -> int:
        """Delete every appointment, and say how many those were; harmless when repeated."""
        async with transaction(OFFICE):
            rows = await fetch_all(
                "SELECT * FROM appointment WHERE shard = $1 AND citizen_id = $2 FOR UPDATE",
                shard_of(citizen_id),
                citizen_id,
            )
            for row in rows:
                await release_place(row)
            return await execute(
                "DELETE FROM appointment WHERE shard = $1 AND citizen_id = $2", shard_of(citizen_id), citizen_id
            )
