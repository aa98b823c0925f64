"""Calling off what a venue withdrew: everybody who booked it is told, and gets back what they paid, whenever that is."""

from typing import Final

from app.audit.acts import Act, seal_act
from app.kernel import clock
from app.kernel.database import Row, execute, fetch_all, fetch_one, transaction
from app.kernel.events import tell
from lifecycle.appointments import calendars, fees, paying
from lifecycle.appointments.calendars import OFFICE
from lifecycle.appointments.events import AppointmentCalledOff
from lifecycle.appointments.lines import release_place

_AT_ONCE: Final = 500
_WITHDRAWN: Final = """
SELECT a.shard, a.id FROM slot s JOIN appointment a ON a.slot_id = s.id
WHERE s.withdrawn_at IS NOT NULL AND s.taken + s.waiting > 0 AND a.state = ANY ($1::text[]) ORDER BY a.id LIMIT $2
"""


async def release() -> None:
    """Release what can be booked by now, and call off what was withdrawn; a job, and harmless when repeated."""
    await calendars.release()
    await call_off()


async def call_off() -> None:
    """Call off every appointment to come whose slot was withdrawn, each in a transaction of its own."""
    while True:
        async with transaction(OFFICE):
            rows = await fetch_all(_WITHDRAWN, sorted(fees.OPEN), _AT_ONCE)
        for row in rows:
            await _call_off(row)
        if len(rows) < _AT_ONCE:
            return


async def _call_off(found: Row) -> None:
    async with transaction(OFFICE):
        row = await fetch_one(
            "SELECT * FROM appointment WHERE shard = $1 AND id = $2 FOR UPDATE", found["shard"], found["id"]
        )
        if row is None or row["state"] not in fees.OPEN:
            return
        await paying.give_back(row, row["fee_fen"])
        await execute(
            "UPDATE appointment SET state = 'called_off', changed_at = $3 WHERE shard = $1 AND id = $2",
            *(row["shard"], row["id"], clock.now()),
        )
        await release_place(row)
        await tell(AppointmentCalledOff(citizen_id=row["citizen_id"], subject_id=row["id"]))
        await seal_act(Act.APPOINTMENT_CALLED_OFF, OFFICE, about=row["citizen_id"], subject=row["id"])
