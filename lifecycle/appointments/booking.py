"""Booking a place in a slot, waiting for one, giving it back. The slot's row decides: of many at once each place goes to one.

A place is taken and given back in one transaction with the appointment; the order of locks is the appointment, then the slot. Who
waits gets a place that was given back by an event, so no transaction changes two people's appointments.
"""

import base64
import secrets
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import asyncpg

from app.audit.acts import Act, seal_act
from app.audit.ward_looks import note_ward_look
from app.kernel import clock
from app.kernel.actors import Citizen, own_person, require_level
from app.kernel.database import Row, execute, fetch_all, fetch_one, fetch_value, transaction
from app.kernel.errors import Refusal
from app.kernel.events import tell
from app.kernel.ids import new_id, shard_of
from app.residents.people import locked
from lifecycle.appointments.calendars import OFFICE
from lifecycle.appointments.errors import (
    AppointmentOver,
    AppointmentUnknown,
    BookedAlready,
    BookingBlocked,
    SlotClosed,
    SlotFull,
    SlotHasPlaces,
    SlotUnknown,
)
from lifecycle.appointments.events import AppointmentBooked, AppointmentCancelled, PlaceGivenBack
from lifecycle.appointments.limits import limit_today
from lifecycle.appointments.purposes import sealed
from lifecycle.appointments.reading import view
from lifecycle.appointments.structs import AppointmentView, NewAppointment
from lifecycle.catalogue import published

_CODE_BYTES: Final = 4
_INSERT: Final = """
INSERT INTO appointment (id, shard, citizen_id, booked_by, slot_id, matter_code, department, starts_at, ends_at, code, state, made_at,
changed_at, purposes) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12, $13) RETURNING *
"""
_TAKE: Final = "UPDATE slot SET taken = taken + 1 WHERE id = $1 AND taken < places"
_MISSED: Final = """
SELECT starts_at FROM appointment WHERE shard = $1 AND citizen_id = $2 AND matter_code = $3 AND state = 'missed' AND starts_at > $4
ORDER BY starts_at DESC
"""


async def book(citizen: Citizen, asked: NewAppointment, judged: Refusal | None = None) -> AppointmentView:
    """Book a place for oneself or a ward, or wait for one; `judged` is what `purposes.judge` said of it.

    Refuses what was judged, `PersonNotYours`, `SlotUnknown`, `SlotClosed`, `SlotFull` (and, of who would wait, `SlotHasPlaces`), `BookedAlready`,
    `BookingBlocked`, and too low a level.
    """
    person = own_person(citizen, asked.person_id)
    async with transaction(citizen):
        slot = await _bookable_slot(asked.slot_id)
        require_level(citizen, published.matter(slot["matter_code"]).level)
        async with transaction(OFFICE):
            # Two requests for one person follow each other, so that the second is told that it is the second.
            await locked(person)
            await _refuse_blocked(person, slot["matter_code"])
        if judged is not None:
            raise judged
        row = await _written(citizen, person, slot, asked)
        async with transaction(OFFICE):
            await (_queue(row) if asked.wait else _take(slot["id"]))
        if not asked.wait:
            await tell(AppointmentBooked(citizen_id=person, subject_id=row["id"]))
        await seal_act(Act.APPOINTMENT_BOOKED, citizen, about=person, subject=row["id"])
    return await view(row)


async def cancel(citizen: Citizen, appointment_id: UUID) -> AppointmentView:
    """Give a place back, or leave the line, until it begins; a repeat changes nothing.

    Refuses `AppointmentUnknown`, and `AppointmentOver` what was kept, missed, or has begun.
    """
    async with transaction(citizen):
        row = await find_for(citizen, appointment_id, lock=True)
        if row["state"] == "cancelled":
            return await view(row)
        if row["state"] not in {"booked", "waiting"} or row["starts_at"] <= clock.now():
            raise AppointmentOver(state=row["state"])
        after = await fetch_one(
            "UPDATE appointment SET state = 'cancelled', changed_at = $3 WHERE shard = $1 AND id = $2 RETURNING *",
            *(row["shard"], row["id"], clock.now()),
        )
        async with transaction(OFFICE):
            await release_place(row)
        await tell(AppointmentCancelled(citizen_id=row["citizen_id"], subject_id=row["id"]))
        await seal_act(Act.APPOINTMENT_CANCELLED, citizen, about=row["citizen_id"], subject=row["id"])
    return await view(after or row)


async def find_for(citizen: Citizen, appointment_id: UUID, *, lock: bool = False) -> Row:
    """An appointment of the citizen or a ward, in the transaction in progress; refuses `AppointmentUnknown`."""
    row = await fetch_one(
        f"SELECT * FROM appointment WHERE shard = $1 AND id = $2{' FOR UPDATE' if lock else ''}",
        *(shard_of(appointment_id), appointment_id),
    )
    if row is None or row["citizen_id"] not in citizen.people:
        raise AppointmentUnknown
    await note_ward_look(citizen, row["citizen_id"])
    return row


async def on_place_given_back(event: PlaceGivenBack) -> None:
    """Give a slot's free places to who has waited longest; a subscriber, and harmless when repeated."""
    while await _promote(event.subject_id):
        pass


async def _promote(slot_id: UUID) -> bool:
    slot = await fetch_one("SELECT * FROM slot WHERE id = $1 FOR UPDATE", slot_id)
    if slot is None or slot["taken"] >= slot["places"] or slot["starts_at"] <= clock.now():
        return False
    first = await fetch_one(
        "DELETE FROM slot_waiting WHERE (slot_id, appointment_id) = (SELECT slot_id, appointment_id FROM slot_waiting "
        "WHERE slot_id = $1 ORDER BY at, appointment_id LIMIT 1) RETURNING *",
        slot_id,
    )
    if first is None:
        return False
    citizen_id = await fetch_value(
        "UPDATE appointment SET state = 'booked', changed_at = $3 WHERE shard = $1 AND id = $2 AND state = 'waiting' "
        "RETURNING citizen_id",
        *(shard_of(first["appointment_id"]), first["appointment_id"], clock.now()),
    )
    taken = int(citizen_id is not None)
    await execute("UPDATE slot SET taken = taken + $2, waiting = waiting - 1 WHERE id = $1", slot_id, taken)
    if citizen_id is not None:
        await tell(AppointmentBooked(citizen_id=citizen_id, subject_id=first["appointment_id"]))
    return True


async def _bookable_slot(slot_id: UUID) -> Row:
    slot = await fetch_one("SELECT * FROM slot WHERE id = $1", slot_id)
    if slot is None:
        raise SlotUnknown
    if slot["starts_at"] <= clock.now() or slot["places"] == 0:
        raise SlotClosed
    return slot


async def _written(citizen: Citizen, person: UUID, slot: Row, asked: NewAppointment) -> Row:
    row_id, state = new_id(person), "waiting" if asked.wait else "booked"
    purposes = await sealed(person, row_id, asked.purposes)
    try:
        async with transaction(citizen):
            row = await fetch_one(
                _INSERT,
                *(row_id, shard_of(row_id), person, citizen.hand, slot["id"], slot["matter_code"], slot["department"]),
                *(slot["starts_at"], slot["ends_at"], new_code(person), state, clock.now(), purposes),
            )
    except asyncpg.UniqueViolationError as error:
        raise BookedAlready from error
    if row is None:
        raise AppointmentUnknown
    return row


async def _take(slot_id: UUID) -> None:
    if not await execute(_TAKE, slot_id):
        raise SlotFull


async def _queue(row: Row) -> None:
    slot = await fetch_one("SELECT * FROM slot WHERE id = $1 FOR UPDATE", row["slot_id"])
    if slot is not None and slot["taken"] < slot["places"]:
        raise SlotHasPlaces
    await execute(
        "INSERT INTO slot_waiting (slot_id, appointment_id, at) VALUES ($1, $2, $3)",
        *(row["slot_id"], row["id"], row["made_at"]),
    )
    await execute("UPDATE slot SET waiting = waiting + 1 WHERE id = $1", row["slot_id"])


async def release_place(row: Row) -> None:
    """Free what an appointment to come holds, in the system transaction in progress; who waits is told of by an event."""
    if row["starts_at"] <= clock.now() or row["state"] not in {"booked", "waiting"}:
        return
    if row["state"] == "booked":
        await execute("UPDATE slot SET taken = taken - 1 WHERE id = $1", row["slot_id"])
        if await fetch_value("SELECT waiting FROM slot WHERE id = $1", row["slot_id"]):
            await tell(PlaceGivenBack(subject_id=row["slot_id"]))
        return
    left = await execute(
        "DELETE FROM slot_waiting WHERE slot_id = $1 AND appointment_id = $2", row["slot_id"], row["id"]
    )
    await execute("UPDATE slot SET waiting = waiting - $2 WHERE id = $1", row["slot_id"], left)


async def _refuse_blocked(person: UUID, matter_code: str) -> None:
    """Refuse (`BookingBlocked`) who missed too many appointments for this matter of late."""
    since = clock.now() - timedelta(days=limit_today("missed_within_days"))
    missed = await fetch_all(_MISSED, shard_of(person), person, matter_code, since)
    if len(missed) < limit_today("missed_most"):
        return
    until = _last_day(missed[0]["starts_at"])
    if clock.now() < until:
        raise BookingBlocked(until=clock.local(until).date(), missed=len(missed))


def _last_day(last_missed: datetime) -> datetime:
    return last_missed + timedelta(days=limit_today("blocked_days"))


def new_code(person: UUID) -> str:
    """A code to show at the counter, eight characters: the shard in which the appointment is found, and chance."""
    raw = shard_of(person) << 28 | secrets.randbits(28)
    return base64.b32encode(raw.to_bytes(_CODE_BYTES + 1)).decode()


def shard_in(code: str) -> int | None:
    """The shard that a code names; nothing if it isn't one of ours."""
    try:
        raw = base64.b32decode(code)
    except ValueError:
        return None
    return int.from_bytes(raw) >> 28 if len(raw) == _CODE_BYTES + 1 else None
