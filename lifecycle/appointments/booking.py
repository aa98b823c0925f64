"""Booking a place in a slot, waiting for one, giving it back. The slot's row decides: of many at once each place goes to one.

A place is taken and given back in one transaction with the appointment and its fee; the order of locks is the appointment, then the
card, then the slot. Who waits gets a place that was given back by an event (`lines`).
"""

import base64
import secrets
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import asyncpg

from app.audit.acts import Act, seal_act
from app.kernel import clock
from app.kernel.actors import Citizen, own_person, require_level
from app.kernel.database import Row, execute, fetch_all, fetch_one, fetch_value, transaction
from app.kernel.errors import Refusal
from app.kernel.events import tell
from app.kernel.ids import new_id, shard_of
from app.residents.people import locked
from lifecycle.appointments import fees, paying
from lifecycle.appointments.calendars import OFFICE
from lifecycle.appointments.errors import (
    AppointmentOver,
    AppointmentUnknown,
    BookedAlready,
    BookingBlocked,
    RefundChanged,
    SlotClosed,
    SlotFull,
    SlotUnknown,
    TooManyBookings,
)
from lifecycle.appointments.events import AppointmentBooked, AppointmentCancelled
from lifecycle.appointments.limits import limit_today
from lifecycle.appointments.lines import queue, release_place
from lifecycle.appointments.purposes import sealed
from lifecycle.appointments.reading import find_for, view
from lifecycle.appointments.structs import AppointmentView, NewAppointment
from lifecycle.catalogue import published

_CODE_BYTES: Final = 4
_INSERT: Final = """
INSERT INTO appointment (id, shard, citizen_id, booked_by, slot_id, matter_code, department, starts_at, ends_at, code, state, made_at,
changed_at, purposes, one_of, fee_fen, refund_until, pay_until)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12, $13, $14, $15, $16, $17) RETURNING *
"""
_TAKE: Final = "UPDATE slot SET taken = taken + 1 WHERE id = $1 AND taken < places"
_COMING: Final = """
SELECT count(*) FROM appointment WHERE shard = $1 AND citizen_id = $2 AND matter_code = $3 AND starts_at > $4 AND state = ANY ($5::text[])
"""
_MISSED: Final = """
SELECT starts_at FROM appointment WHERE shard = $1 AND citizen_id = $2 AND matter_code = $3 AND state = 'missed' AND starts_at > $4
ORDER BY starts_at DESC
"""


async def book(citizen: Citizen, asked: NewAppointment, judged: Refusal | None = None) -> AppointmentView:
    """Book a place for oneself or a ward and pay its fee, or wait for one; `judged` is what `purposes.judge` said of it.

    Refuses what was judged, `PersonNotYours`, `SlotUnknown`, `SlotClosed`, `SlotFull` (and, of who would wait, `SlotHasPlaces`), `BookedAlready`,
    `TooManyBookings`, `BookingBlocked`, `FeeChanged`, too low a level, and what a card refuses.
    """
    person = own_person(citizen, asked.person_id)
    async with transaction(citizen):
        slot = await _bookable_slot(asked.slot_id)
        require_level(citizen, published.matter(slot["matter_code"]).level)
        async with transaction(OFFICE):
            # Two requests for one person follow each other, so that the second is told that it is the second.
            await locked(person)
            await _refuse_blocked(person, slot["matter_code"])
            await _refuse_many(person, slot)
        if judged is not None:
            raise judged
        row = await _waiting(citizen, person, slot, asked) if asked.wait else await _taken(citizen, person, slot, asked)
        await seal_act(Act.APPOINTMENT_BOOKED, citizen, about=person, subject=row["id"])
    return await view(row, citizen)


async def cancel(citizen: Citizen, appointment_id: UUID, refund_fen: int | None = None) -> AppointmentView:
    """Give a place back, or leave the line, until it begins; what was paid comes back until the cut-off. A repeat changes nothing.

    `refund_fen` is what the citizen was shown that they would get back. Refuses `AppointmentUnknown`, `AppointmentOver` what was
    kept, missed, or has begun, and `RefundChanged`.
    """
    async with transaction(citizen):
        row = await find_for(citizen, appointment_id, lock=True)
        if row["state"] in {"cancelled", "called_off"}:
            return await view(row, citizen)
        if row["state"] not in fees.OPEN or row["starts_at"] <= clock.now():
            raise AppointmentOver(state=row["state"])
        due = fees.refund_now(row, clock.now())
        if refund_fen is not None and refund_fen != due:
            raise RefundChanged(refund_fen=due)
        async with transaction(OFFICE):
            await paying.give_back(row, due)
        after = await fetch_one(
            "UPDATE appointment SET state = 'cancelled', changed_at = $3 WHERE shard = $1 AND id = $2 RETURNING *",
            *(row["shard"], row["id"], clock.now()),
        )
        async with transaction(OFFICE):
            await release_place(row)
        await tell(AppointmentCancelled(citizen_id=row["citizen_id"], subject_id=row["id"]))
        await seal_act(Act.APPOINTMENT_CANCELLED, citizen, about=row["citizen_id"], subject=row["id"])
    return await view(after or row, citizen)


async def _taken(citizen: Citizen, person: UUID, slot: Row, asked: NewAppointment) -> Row:
    """A place, paid for; the slot's row is locked last and shortest, since many may want it."""
    paying.refuse_unseen(slot["fee_fen"], asked.amount_fen)
    if slot["taken"] >= slot["places"]:
        raise SlotFull
    row = await _written(citizen, person, (slot, "awaiting_payment" if slot["fee_fen"] else "booked"), asked)
    if slot["fee_fen"]:
        row = await paying.settled(citizen, row)
    async with transaction(OFFICE):
        if not await execute(_TAKE, slot["id"]):
            raise SlotFull
    await tell(AppointmentBooked(citizen_id=person, subject_id=row["id"]))
    return row


async def _waiting(citizen: Citizen, person: UUID, slot: Row, asked: NewAppointment) -> Row:
    """A place in the line, for which nothing is paid."""
    row = await _written(citizen, person, (slot, "waiting"), asked)
    async with transaction(OFFICE):
        await queue(row)
    return row


async def _bookable_slot(slot_id: UUID) -> Row:
    slot = await fetch_one("SELECT * FROM slot WHERE id = $1", slot_id)
    if slot is None:
        raise SlotUnknown
    if slot["starts_at"] <= clock.now() or slot["places"] == 0 or slot["withdrawn_at"] is not None:
        raise SlotClosed
    return slot


async def _written(citizen: Citizen, person: UUID, placed: tuple[Row, str], asked: NewAppointment) -> Row:
    slot, state = placed
    row_id, now = new_id(person), clock.now()
    purposes = await sealed(person, row_id, asked.purposes)
    refund_until = fees.cut_off(slot["starts_at"], slot["refund_hours"], limit_today("refund_until_hours"))
    one_of = fees.one_of(slot["one_per"], slot["specialty"], clock.local(slot["starts_at"]).date())
    try:
        async with transaction(citizen):
            row = await fetch_one(
                _INSERT,
                *(row_id, shard_of(row_id), person, citizen.hand, slot["id"], slot["matter_code"], slot["department"]),
                *(slot["starts_at"], slot["ends_at"], new_code(person), state, now, purposes, one_of, slot["fee_fen"]),
                *(refund_until if slot["fee_fen"] else None, now if state == "awaiting_payment" else None),
            )
    except asyncpg.UniqueViolationError as error:
        raise BookedAlready from error
    if row is None:
        raise AppointmentUnknown
    return row


async def _refuse_many(person: UUID, slot: Row) -> None:
    """Refuse (`TooManyBookings`) one more to come than anybody may have, where one person may have several."""
    if slot["one_per"] == "matter":
        return
    most = limit_today("specialty_bookings_most")
    coming = await fetch_value(_COMING, shard_of(person), person, slot["matter_code"], clock.now(), sorted(fees.OPEN))
    if coming >= most:
        raise TooManyBookings(most=most)


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
