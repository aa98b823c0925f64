"""Departments' calendars become venues and slots: asked for each night, released day by day.

What a department offers no longer disappears where nobody booked it; what was booked stays, and so do its places: an
appointment isn't taken away by a changed calendar.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import msgspec
import structlog

from app.kernel import clock
from app.kernel.actors import System
from app.kernel.database import execute, fetch_all, fetch_value, transaction
from app.kernel.errors import Refusal
from app.kernel.ids import new_plain_id
from integrations.departments.booking import Venue, calendars_of
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
INSERT INTO venue (code, matter_code, department, division, content, as_of, offered) VALUES ($1, $2, $3, $4, $5, $6, true)
ON CONFLICT (matter_code, code) DO UPDATE SET department = excluded.department, division = excluded.division,
content = excluded.content, as_of = excluded.as_of, offered = true WHERE venue.as_of <= excluded.as_of
"""
_SLOT: Final = """
INSERT INTO slot (id, starts_at, ends_at, places, matter_code, venue_code, department, division)
SELECT t.id, t.starts_at, t.ends_at, t.places, $5, $6, $7, $8
FROM unnest($1::uuid[], $2::timestamptz[], $3::timestamptz[], $4::int4[]) AS t (id, starts_at, ends_at, places) ON CONFLICT (matter_code, venue_code, starts_at) DO UPDATE
SET ends_at = CASE WHEN slot.taken + slot.waiting = 0 THEN excluded.ends_at ELSE slot.ends_at END,
    places = greatest(excluded.places, slot.taken)
WHERE (slot.ends_at, slot.places) IS DISTINCT FROM (excluded.ends_at, excluded.places)
"""
_DROP: Final = """
DELETE FROM slot WHERE matter_code = $1 AND venue_code = $2 AND starts_at > $3 AND taken = 0 AND waiting = 0
AND NOT starts_at = ANY ($4::timestamptz[]) AND NOT EXISTS (SELECT 1 FROM appointment a WHERE a.slot_id = slot.id)
"""
_CLOSE: Final = """
UPDATE slot SET places = taken WHERE matter_code = $1 AND venue_code = $2 AND starts_at > $3 AND places > taken
AND NOT starts_at = ANY ($4::timestamptz[])
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
            await execute(_VENUE, one.code, one.matter, department, one.division_code, msgspec.json.encode(one), as_of)


async def release() -> None:
    """Make the slots that can be booked by now, and take away those that are offered no longer; run often, and harmless."""
    now = clock.now()
    async with transaction(OFFICE):
        rows = await fetch_all("SELECT * FROM venue")
    for row in rows:
        venue = msgspec.json.decode(row["content"], type=Venue)
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
    starts = [one.starts_at for one in coming]
    async with transaction(OFFICE):
        await execute(
            _SLOT,
            *(
                [new_plain_id() for _ in coming],
                starts,
                [one.ends_at for one in coming],
                [one.places for one in coming],
            ),
            *(venue.matter, venue.code, department, venue.division_code),
        )
        await execute(_DROP, venue.matter, venue.code, now, starts)
        await execute(_CLOSE, venue.matter, venue.code, now, starts)


def _bookable() -> list[Matter]:
    return [matter for matter in published.catalogue().matters if Kind.BOOK in matter.live]
