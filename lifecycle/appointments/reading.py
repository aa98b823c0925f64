"""What can be booked, and one's own appointments."""

from datetime import date, datetime, time, timedelta
from typing import Final, Literal
from uuid import UUID

import msgspec

from app.audit.ward_looks import note_ward_look
from app.card.categories import HOSPITALS
from app.card.charges import Payee
from app.kernel import clock
from app.kernel.actors import Citizen, own_person
from app.kernel.clock import SHANGHAI
from app.kernel.database import Row, fetch_all, fetch_one, fetch_value, transaction
from app.kernel.ids import shard_of
from app.kernel.paging import Page, after_id, decode_cursor, page
from app.kernel.structs import Instant, Line, ShortLine, Slug
from app.kernel.words import Words
from integrations.departments import booking
from integrations.departments.directory import HEALTH
from lifecycle.appointments import fees, purposes
from lifecycle.appointments.calendars import OFFICE
from lifecycle.appointments.errors import AppointmentUnknown
from lifecycle.appointments.limits import limit_today
from lifecycle.appointments.structs import AppointmentView, SlotView, VenueView
from lifecycle.catalogue import published

_SLOTS: Final = """
SELECT s.*, v.content FROM slot s JOIN venue v ON v.matter_code = s.matter_code AND v.code = s.venue_code
WHERE s.matter_code = $1 AND s.starts_at > $2 AND s.starts_at >= $3 AND s.starts_at < $4 AND s.places > 0
AND ($5::text IS NULL OR starts_with(s.division, $5)) AND ($6::text IS NULL OR s.venue_code = $6)
AND (NOT $7 OR s.taken < s.places) AND (s.starts_at, s.id) > ($8, $9::uuid) AND s.withdrawn_at IS NULL
AND ($11::text IS NULL OR s.specialty = $11) AND ($12::text IS NULL OR s.doctor = $12) AND ($13::text IS NULL OR s.offer = $13)
ORDER BY s.starts_at, s.id LIMIT $10
"""
_WITH_SLOT: Final = """
SELECT v.content, v.department, s.specialty, s.doctor, s.title FROM slot s
JOIN venue v ON v.matter_code = s.matter_code AND v.code = s.venue_code WHERE s.id = $1
"""


Full = Literal["hide", "show"]


class Wanted(msgspec.Struct, frozen=True):
    """What somebody looks for: a matter, perhaps where, on a day, of a specialty or a doctor, with a place left or full ones too."""

    matter: Slug
    division: ShortLine | None = None
    venue: ShortLine | None = None
    day: date | None = None
    full: Full = "hide"
    specialty: Line | None = None
    doctor: Line | None = None
    offer: ShortLine | None = None


class Whereabouts(msgspec.Struct, frozen=True):
    """Of a venue's content what is shown, and who is paid; its hours aren't read."""

    code: str
    name: str
    division_code: str
    address: str
    phone: str
    bring: str | None = None
    payee: booking.Payee | None = None


class Place(msgspec.Struct, frozen=True, array_like=True):
    """Where a page of slots ends."""

    starts_at: Instant
    id: UUID


_FIRST: Final = Place(clock.from_epoch(0), UUID(int=0))


async def slots(citizen: Citizen, wanted: Wanted, cursor: str | None, limit: int) -> Page[SlotView]:
    """The times that can be booked, the first one first; of one day where it is named. Refuses `MatterUnknown`."""
    matter = published.matter(wanted.matter).code
    after = decode_cursor(cursor, Place) if cursor else _FIRST
    begins, ends = _day(wanted.day)
    async with transaction(citizen):
        rows = await fetch_all(
            _SLOTS,
            *(matter, clock.now(), begins, ends, wanted.division, wanted.venue, wanted.full == "hide"),
            *(after.starts_at, after.id, limit + 1, wanted.specialty, wanted.doctor, wanted.offer),
        )
    last = rows[limit - 1] if len(rows) > limit else None
    return page([_slot(row) for row in rows], limit, Place(last["starts_at"], last["id"]) if last else None)


async def mine(citizen: Citizen, person_id: UUID | None, cursor: str | None, limit: int) -> Page[AppointmentView]:
    """The appointments of the citizen or a ward, the newest made first."""
    person = own_person(citizen, person_id)
    async with transaction(citizen):
        await note_ward_look(citizen, person)
        rows = await fetch_all(
            "SELECT * FROM appointment WHERE shard = $1 AND citizen_id = $2 AND ($3::uuid IS NULL OR id < $3) "
            "ORDER BY id DESC LIMIT $4",
            *(shard_of(person), person, after_id(cursor), limit + 1),
        )
    items = [await view(row, citizen) for row in rows]
    return page(items, limit, items[limit - 1].id if len(rows) > limit else None)


async def one(citizen: Citizen, appointment_id: UUID) -> AppointmentView:
    """An appointment of the citizen or a ward; refuses `AppointmentUnknown`."""
    async with transaction(citizen):
        row = await find_for(citizen, appointment_id)
        return await view(row, citizen)


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


async def view(row: Row, citizen: Citizen) -> AppointmentView:
    """An appointment as its owner, or their guardian, sees it."""
    async with transaction(OFFICE):
        ahead = await _ahead(row) if row["state"] == "waiting" else None
        slot = await slot_of(row["slot_id"])
        codes = await purposes.opened(row)
    return AppointmentView(
        id=row["id"],
        person_id=row["citizen_id"],
        matter_code=row["matter_code"],
        matter_name=published.matter(row["matter_code"]).name,
        state=row["state"],
        code=row["code"],
        venue=shown(slot),
        starts_at=row["starts_at"],
        ends_at=row["ends_at"],
        made_at=row["made_at"],
        ahead=ahead,
        purposes=purposes.titled(row["matter_code"], codes),
        specialty=slot["specialty"],
        doctor=slot["doctor"],
        title=slot["title"],
        fee_fen=row["fee_fen"],
        fee_state=fees.fee_state(row),
        pay_until=row["pay_until"] if row["state"] == "awaiting_payment" else None,
        refund_until=row["refund_until"],
        refund_fen_now=fees.refund_now(row, clock.now()),
        returned_fen=row["returned_fen"],
        receipt_id=row["charge_id"] if row["paid_by"] == citizen.hand else None,
        return_receipt_id=row["return_id"] if row["paid_by"] == citizen.hand else None,
    )


async def slot_of(slot_id: UUID) -> Row:
    """What a slot shows: its venue's row, specialty and doctor; in the transaction in progress."""
    row = await fetch_one(_WITH_SLOT, slot_id)
    if row is None:
        raise LookupError(slot_id)
    return row


def shown(row: Row) -> VenueView:
    """A venue's row as it is shown."""
    venue = msgspec.json.decode(row["content"], type=Whereabouts)
    return VenueView(
        code=venue.code,
        name=venue.name,
        department=row["department"],
        division_code=venue.division_code,
        address=venue.address,
        telephone=venue.phone,
        bring=venue.bring,
    )


def payee_of(row: Row) -> Payee:
    """Who is paid at a venue, from its content and matter: who the venue names, else its department."""
    told = msgspec.json.decode(row["content"], type=Whereabouts).payee
    department = published.matter(row["matter_code"]).department
    if told is not None:
        sells = HOSPITALS if department.code == HEALTH else None
        return Payee(told.code, Words(zh=told.name, en=told.name), sells)
    return Payee(department.code, department.name)


async def _ahead(row: Row) -> int:
    found: int = await fetch_value(
        "SELECT count(*) FROM slot_waiting WHERE slot_id = $1 AND (at, appointment_id) < ($2, $3::uuid)",
        *(row["slot_id"], row["made_at"], row["id"]),
    )
    return found


def _slot(row: Row) -> SlotView:
    return SlotView(
        id=row["id"],
        matter_code=row["matter_code"],
        venue=shown(row),
        starts_at=row["starts_at"],
        ends_at=row["ends_at"],
        places=row["places"],
        left=row["places"] - row["taken"],
        waiting=row["waiting"],
        offer=row["offer"] or None,
        specialty=row["specialty"],
        doctor=row["doctor"],
        title=row["title"],
        fee_fen=row["fee_fen"],
        payee=payee_of(row).name if row["fee_fen"] else None,
        refund_until=fees.cut_off(row["starts_at"], row["refund_hours"], limit_today("refund_until_hours"))
        if row["fee_fen"]
        else None,
    )


def _day(day: date | None) -> tuple[datetime, datetime]:
    """The bounds of a day in Yantai, or of all days to come."""
    if day is None:
        return clock.now(), clock.now() + timedelta(days=400)
    begins = datetime.combine(day, time(), SHANGHAI)
    return begins, begins + timedelta(days=1)
