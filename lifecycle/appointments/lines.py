"""The line for a full slot, and places that are given back. Whoever has waited longest gets the next place, to be paid for if it costs something.

Who waits gets a place by an event, so nobody who books or cancels touches another's appointment. Locks: the appointment, then the slot.
"""

from typing import Final
from uuid import UUID

from app.kernel import clock
from app.kernel.database import Row, execute, fetch_one, fetch_value
from app.kernel.events import tell
from app.kernel.ids import shard_of
from lifecycle.appointments import fees
from lifecycle.appointments.errors import SlotHasPlaces
from lifecycle.appointments.events import AppointmentBooked, AppointmentHeld, PlaceGivenBack
from lifecycle.appointments.limits import limit_today

_FREE: Final = "taken < places AND starts_at > $2 AND withdrawn_at IS NULL"
_FIRST: Final = f"""
SELECT w.appointment_id FROM slot_waiting w JOIN slot s ON s.id = w.slot_id WHERE w.slot_id = $1 AND {_FREE}
ORDER BY w.at, w.appointment_id LIMIT 1
"""
_TAKE: Final = f"UPDATE slot SET taken = taken + 1, waiting = waiting - 1 WHERE id = $1 AND {_FREE}"
_STAND: Final = "INSERT INTO slot_waiting (slot_id, appointment_id, at) VALUES ($1, $2, $3)"
_LEAVE: Final = "DELETE FROM slot_waiting WHERE slot_id = $1 AND appointment_id = $2"
_MOVED_UP: Final = "UPDATE appointment SET state = $3, pay_until = $4, changed_at = $5 WHERE shard = $1 AND id = $2"


async def queue(row: Row) -> None:
    """Put an appointment in the line of its slot, in the system transaction in progress; refuses `SlotHasPlaces`."""
    slot = await fetch_one("SELECT * FROM slot WHERE id = $1 FOR UPDATE", row["slot_id"])
    if slot is not None and slot["taken"] < slot["places"]:
        raise SlotHasPlaces
    await execute(_STAND, row["slot_id"], row["id"], row["made_at"])
    await execute("UPDATE slot SET waiting = waiting + 1 WHERE id = $1", row["slot_id"])


async def release_place(row: Row) -> None:
    """Free what an appointment to come holds, in the system transaction in progress; who waits is told of by an event."""
    if row["starts_at"] <= clock.now() or row["state"] not in fees.OPEN:
        return
    if row["state"] in fees.HOLDING:
        await execute("UPDATE slot SET taken = taken - 1 WHERE id = $1", row["slot_id"])
        if await fetch_value("SELECT waiting FROM slot WHERE id = $1", row["slot_id"]):
            await tell(PlaceGivenBack(subject_id=row["slot_id"]))
        return
    left = await execute(_LEAVE, row["slot_id"], row["id"])
    await execute("UPDATE slot SET waiting = waiting - $2 WHERE id = $1", row["slot_id"], left)


async def on_place_given_back(event: PlaceGivenBack) -> None:
    """Give a slot's free place to who has waited longest; a subscriber, and harmless when repeated.

    One at a time, since whoever holds the slot's row mustn't wait for another appointment: the next place is another event's.
    """
    slot_id = event.subject_id
    first = await fetch_value(_FIRST, slot_id, clock.now())
    if first is None:
        return
    await _promote(slot_id, first)
    if await fetch_value(_FIRST, slot_id, clock.now()) is not None:
        await tell(PlaceGivenBack(subject_id=slot_id))


async def _promote(slot_id: UUID, first: UUID) -> None:
    row = await fetch_one("SELECT * FROM appointment WHERE shard = $1 AND id = $2 FOR UPDATE", shard_of(first), first)
    if not await execute(_LEAVE, slot_id, first):
        return
    if row is None or row["state"] != "waiting":
        await execute("UPDATE slot SET waiting = waiting - 1 WHERE id = $1", slot_id)
        return
    if not await execute(_TAKE, slot_id, clock.now()):
        await execute(_STAND, slot_id, first, row["made_at"])
        return
    await _move_up(row)


async def _move_up(row: Row) -> None:
    """Give the place, or hold it for a time where it has to be paid for."""
    now, key = clock.now(), (row["shard"], row["id"])
    if row["fee_fen"] == 0:
        await execute(_MOVED_UP, *key, "booked", None, now)
        await tell(AppointmentBooked(citizen_id=row["citizen_id"], subject_id=row["id"]))
        return
    until = fees.held_until(now, limit_today("hold_minutes"), row["starts_at"])
    await execute(_MOVED_UP, *key, "awaiting_payment", until, now)
    await tell(AppointmentHeld(citizen_id=row["citizen_id"], subject_id=row["id"]))
