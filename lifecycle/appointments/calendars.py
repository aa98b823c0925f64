"""Departments' calendars become venues and slots: asked for each night, released day by day.

What a department offers no longer disappears where nobody booked it; what was booked stays, and so do its places: an
appointment isn't taken away by changed hours. It is by a day on which the venue closes, and by a clinic that is told by a code
and is cancelled or told no more: such a slot is withdrawn, and `calling_off` gives back what was paid.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import msgspec
import structlog

from app.kernel import clock
from app.kernel.actors import System
from app.kernel.database import Row, execute, fetch_all, fetch_value, transaction
from app.kernel.errors import Refusal
from app.kernel.ids import new_plain_id
from integrations.departments.booking import Hours, Venue, calendars_of
from integrations.departments.registers import Registers
from integrations.exchange.structs import Asking, Basis, EndUser
from lifecycle.appointments import times
from lifecycle.catalogue import published
from lifecycle.catalogue.structs import Kind, Matter

OFFICE: Final = System("appointments")
PORTAL: Final = UUID("00000000-0000-7000-8000-000000000000")
"""Under whose key the portal's own questions are archived: nobody's."""
_ASKING: Final = Asking(PORTAL, "booking", Basis("directory", "calendars"), EndUser("system", "appointments"))
_KEPT: Final = timedelta(days=400)
_VENUE: Final = """
INSERT INTO venue (code, matter_code, department, division, content, as_of, hours, offered) VALUES ($1, $2, $3, $4, $5, $6, $7, true)
ON CONFLICT (matter_code, code) DO UPDATE SET department = excluded.department, division = excluded.division,
content = excluded.content, hours = excluded.hours, as_of = excluded.as_of, offered = true WHERE venue.as_of <= excluded.as_of
"""
_SLOT: Final = """
INSERT INTO slot (id, starts_at, ends_at, places, offer, specialty, doctor, title, fee_fen,
                  matter_code, venue_code, department, division, refund_hours, one_per)
SELECT t.*, $10, $11, $12, $13, $14, $15
FROM unnest($1::uuid[], $2::timestamptz[], $3::timestamptz[], $4::int4[], $5::text[], $6::text[], $7::text[], $8::text[], $9::int8[]) AS t
ON CONFLICT (matter_code, venue_code, offer, starts_at) DO UPDATE
SET ends_at = CASE WHEN slot.taken + slot.waiting = 0 THEN excluded.ends_at ELSE slot.ends_at END,
    specialty = CASE WHEN slot.taken + slot.waiting = 0 THEN excluded.specialty ELSE slot.specialty END,
    doctor = excluded.doctor, title = excluded.title, places = greatest(excluded.places, slot.taken), fee_fen = excluded.fee_fen, refund_hours = excluded.refund_hours,
    one_per = excluded.one_per, withdrawn_at = NULL
WHERE (slot.ends_at, slot.places, slot.specialty, slot.doctor, slot.title, slot.fee_fen, slot.refund_hours, slot.one_per, slot.withdrawn_at)
IS DISTINCT FROM (excluded.ends_at, excluded.places, excluded.specialty, excluded.doctor, excluded.title, excluded.fee_fen,
                  excluded.refund_hours, excluded.one_per, NULL::timestamptz)
"""
_GONE: Final = """
matter_code = $1 AND venue_code = $2 AND starts_at > $3
AND (offer, starts_at) NOT IN (SELECT * FROM unnest($4::text[], $5::timestamptz[]))
"""
_DROP: Final = f"""
DELETE FROM slot WHERE {_GONE} AND taken = 0 AND waiting = 0 AND NOT EXISTS (SELECT 1 FROM appointment a WHERE a.slot_id = slot.id)
"""
_CLOSE: Final = f"UPDATE slot SET places = taken WHERE {_GONE} AND places > taken"
_WITHDRAW: Final = """
UPDATE slot SET withdrawn_at = $3, places = taken WHERE matter_code = $1 AND venue_code = $2 AND starts_at > $3 AND withdrawn_at IS NULL
AND ((starts_at AT TIME ZONE 'Asia/Shanghai')::date = ANY ($4::date[]) OR (offer <> '' AND NOT offer = ANY ($5::text[])))
"""
_log = structlog.get_logger()


async def ask_departments(registers: Registers) -> None:
    """Ask every department of which something can be booked for its calendars; one that is away keeps what it told before."""
    for department in sorted({matter.department.code for matter in _bookable()}):
        try:
            said = await registers.everybodys(_ASKING, calendars_of(department), {})
        except Refusal as refusal:
            _log.warning("calendars_not_told", department=department, code=refusal.code)
            continue
        await keep(department, said.body.items, said.as_of)
    await release()


async def ask_at_first(registers: Registers) -> None:
    """Ask where nothing is known yet, as on the first day; a job of the timetable."""
    async with transaction(OFFICE):
        known = await fetch_value("SELECT true FROM venue LIMIT 1")
    if not known:
        await ask_departments(registers)


async def keep(department: str, venues: Iterable[Venue], as_of: datetime) -> None:
    """Keep what a department offers; a matter that isn't its own, or that nobody books, is left out."""
    own = {matter.code for matter in _bookable() if matter.department.code == department}
    offered = [venue for venue in venues if venue.matter in own]
    async with transaction(OFFICE):
        await execute("UPDATE venue SET offered = false WHERE department = $1 AND as_of < $2", department, as_of)
        for one in offered:
            content, hours = encoded(one)
            await execute(_VENUE, one.code, one.matter, department, one.division_code, content, as_of, hours)


def encoded(venue: Venue) -> tuple[bytes, bytes]:
    """A venue as its row keeps it: what is shown, and apart from it the hours."""
    told = msgspec.to_builtins(venue)
    hours = told.pop("hours")
    return msgspec.json.encode(told), msgspec.json.encode(hours)


def decoded(row: Row) -> Venue:
    """The venue of a row."""
    told = msgspec.json.decode(row["content"]) | {"hours": msgspec.json.decode(row["hours"])}
    return msgspec.convert(told, Venue)


async def release() -> None:
    """Make the slots that can be booked by now, and take away those that are offered no longer; run often, and harmless."""
    now = clock.now()
    async with transaction(OFFICE):
        rows = await fetch_all("SELECT * FROM venue")
    for row in rows:
        venue = decoded(row)
        await _release(row["department"], venue, now, offered=row["offered"])


async def sweep() -> None:
    """Forget slots of more than a year ago that nobody booked; a job of the timetable."""
    async with transaction(OFFICE):
        await execute(
            "DELETE FROM slot WHERE ends_at < $1 AND NOT EXISTS (SELECT 1 FROM appointment a WHERE a.slot_id = slot.id)",
            clock.now() - _KEPT,
        )


async def _release(department: str, venue: Venue, now: datetime, *, offered: bool) -> None:
    days = times.released(venue, now) if offered else ()
    coming = [one for day in days for one in times.times(venue, day) if one.starts_at > now]
    starts, offers = [one.starts_at for one in coming], [one.of.code or "" for one in coming]
    async with transaction(OFFICE):
        if offered:
            await _withdraw(venue, now)
        await execute(
            _SLOT,
            *(
                [new_plain_id() for _ in coming],
                starts,
                [one.ends_at for one in coming],
                [one.places for one in coming],
            ),
            *(offers, [one.of.specialty for one in coming], [one.of.doctor for one in coming]),
            *([one.of.title for one in coming], [_fee(venue, one.of) for one in coming]),
            *(venue.matter, venue.code, department, venue.division_code, venue.refund_until_hours, venue.one_per),
        )
        for statement in (_DROP, _CLOSE):
            await execute(statement, venue.matter, venue.code, now, offers, starts)


async def _withdraw(venue: Venue, now: datetime) -> None:
    """Note what the venue takes back from who booked it: days on which it closes, and what has a code and isn't offered any more."""
    named = [hours.code for hours in venue.hours if hours.code is not None and not hours.cancelled]
    await execute(_WITHDRAW, venue.matter, venue.code, now, list(venue.closed_on), named)


def _fee(venue: Venue, hours: Hours) -> int:
    return venue.fee_fen if hours.fee_fen is None else hours.fee_fen


def _bookable() -> list[Matter]:
    return [matter for matter in published.catalogue().matters if Kind.BOOK in matter.live]
