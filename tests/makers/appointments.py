"""Venues, slots and appointments, made without a department."""

import uuid
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from app.kernel import clock
from app.kernel.actors import Citizen
from app.kernel.clock import SHANGHAI
from app.kernel.database import Row, execute, fetch_all, fetch_one, transaction
from app.kernel.ids import new_plain_id
from integrations.departments.booking import Hours, Venue
from lifecycle.appointments import booking, calendars, paying
from lifecycle.appointments.calendars import OFFICE, decoded, encoded
from lifecycle.appointments.purposes import judge
from lifecycle.appointments.structs import AppointmentView, NewAppointment

MATTER = "marriage_registration"
DEPARTMENT = "MZJ"
DIVISION = "370602"


def a_venue(**changes: object) -> Venue:
    """A registry open on every day from nine to twelve, four places each half hour, for two weeks ahead from eight o'clock."""
    venue = Venue(
        code=f"HYDJ-{uuid.uuid4().hex[:10]}",
        matter=MATTER,
        name="芝罘区婚姻登记处",
        division_code=DIVISION,
        address="芝罘区福海路1号",
        phone="0535-6000000",
        hours=(Hours((1, 2, 3, 4, 5, 6, 7), "09:00", "12:00", 30, 4),),
        days_ahead=14,
        releases_at="08:00",
        bring="双方身份证",
    )
    return msgspec.structs.replace(venue, **changes)


async def a_slot(
    places: int = 1,
    starts_in: timedelta = timedelta(days=1),
    venue: Venue | None = None,
    department: str = DEPARTMENT,
) -> UUID:
    """A slot of half an hour at a venue of its own."""
    venue = venue or a_venue()
    slot_id, starts_at = new_plain_id(), clock.now() + starts_in
    async with transaction(OFFICE):
        await execute(
            "INSERT INTO venue (code, matter_code, department, division, content, hours, as_of, offered) "
            "VALUES ($1, $2, $3, $4, $5, $6, $7, true) ON CONFLICT DO NOTHING",
            *(venue.code, venue.matter, department, venue.division_code, *encoded(venue), clock.now()),
        )
        await execute(
            "INSERT INTO slot (id, matter_code, venue_code, department, division, starts_at, ends_at, places, fee_fen, refund_hours, "
            "one_per, offer, specialty) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
            *(slot_id, venue.matter, venue.code, department, venue.division_code),
            *(starts_at, starts_at + timedelta(minutes=30), places, venue.fee_fen, venue.refund_until_hours),
            *(venue.one_per, venue.hours[0].code or "", venue.hours[0].specialty),
        )
    return slot_id


async def release_of(*venues: Venue) -> None:
    """What the job does for all venues, for these alone: other tests have left hundreds."""
    async with transaction(OFFICE):
        rows = await fetch_all("SELECT * FROM venue WHERE code = ANY ($1::text[])", [venue.code for venue in venues])
    for row in rows:
        await calendars._release(row["department"], decoded(row), clock.now(), offered=row["offered"])


FEE = 600


async def a_slot_with_a_fee(places: int = 1, starts_in: timedelta = timedelta(days=2), **changes: object) -> UUID:
    """A slot that costs six yuan, given back until twelve hours before."""
    told = {"fee_fen": FEE, "refund_until_hours": 12} | changes
    return await a_slot(places, starts_in, a_venue(**told))


async def booked(
    citizen: Citizen,
    slot_id: UUID,
    *,
    wait: bool = False,
    person_id: UUID | None = None,
    purposes: tuple[str, ...] = (),
    amount_fen: int | None = None,
) -> AppointmentView:
    """A citizen's appointment, paid for where it costs something, or their place in the line."""
    asked = NewAppointment(slot_id, person_id, wait, purposes, amount_fen)
    await paying.prepare(citizen, asked)
    return await booking.book(citizen, asked, await judge(citizen, asked))


async def the_slot(slot_id: UUID) -> Row:
    """A slot as it is stored."""
    async with transaction(OFFICE):
        row = await fetch_one("SELECT * FROM slot WHERE id = $1", slot_id)
    assert row is not None
    return row


async def the_row(appointment_id: UUID) -> Row:
    """An appointment as it is stored."""
    async with transaction(OFFICE):
        row = await fetch_one("SELECT * FROM appointment WHERE id = $1", appointment_id)
    assert row is not None
    return row


async def the_state(appointment_id: UUID) -> str:
    """An appointment's state."""
    async with transaction(OFFICE):
        row = await fetch_one("SELECT state FROM appointment WHERE id = $1", appointment_id)
    assert row is not None
    return str(row["state"])


def today_at(hour: int, minute: int = 0) -> datetime:
    """A time of today in Yantai."""
    return datetime.combine(clock.today(), datetime.min.time(), SHANGHAI) + timedelta(hours=hour, minutes=minute)


async def an_appointment_of_today(citizen: Citizen, **changes: object) -> AppointmentView:
    """An appointment that was booked for today, at noon."""
    slot = await a_slot(venue=a_venue(**changes))
    one = await booked(citizen, slot)
    await move_to_today(one.id, slot)
    return one


async def move_to_today(appointment_id: UUID, slot: UUID) -> None:
    """Let an appointment and its slot be at noon of today, whenever that is."""
    async with transaction(OFFICE):
        noon = today_at(12)
        await execute(
            "UPDATE slot SET starts_at = $2, ends_at = $3 WHERE id = $1", slot, noon, noon + timedelta(minutes=30)
        )
        await execute(
            "UPDATE appointment SET starts_at = $2, ends_at = $3 WHERE id = $1",
            *(appointment_id, noon, noon + timedelta(minutes=30)),
        )
