"""What this room exports of a person, and what it erases."""

from typing import Final
from uuid import UUID

from app.kernel import clock
from app.kernel.database import Row, execute, fetch_all, transaction
from app.kernel.ids import shard_of
from app.kernel.words import Words
from lifecycle.appointments import purposes
from lifecycle.appointments.calendars import OFFICE
from lifecycle.appointments.lines import release_place

TABLES: Final = ("appointment",)
_TOLD: Final = (
    *("id", "matter_code", "department", "starts_at", "ends_at", "code", "state", "made_at", "changed_at"),
    *("fee_fen", "refund_until", "pay_until", "returned_fen"),
)
_PAID: Final = """
SELECT id FROM appointment WHERE state = 'booked' AND returned_fen = 0 AND charge_id IS NOT NULL AND starts_at > $3
AND ((shard = $1 AND citizen_id = $2) OR paid_by = $2) FOR UPDATE
"""


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
                    {name: row[name] for name in _TOLD}
                    | _receipts(row)
                    | {"purposes": list(await purposes.opened(row))}
                    for row in rows
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


class PaidAppointments:
    """Nobody is erased while they have paid for an appointment to come: cancelling it first brings the fee back."""

    code = "appointment_paid"
    title = Words(
        zh="有已缴费、尚未到期的预约，请先取消或等其结束。",
        en="An appointment to come is paid for; please cancel it, or wait until it's over.",
    )

    async def count(self, citizen_id: UUID) -> int:
        """Paid appointments to come of the person, and those of wards for which they paid."""
        return len(await fetch_all(_PAID, shard_of(citizen_id), citizen_id, clock.now()))


def _receipts(row: Row) -> dict[str, object]:
    """Whose card paid may be somebody else's: a guardian's receipts are theirs."""
    own = row["paid_by"] == row["citizen_id"]
    return {name: row[name] if own else None for name in ("charge_id", "return_id")}
