"""The counter: what comes today, and checking visitors in by the code that they show."""

from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID

import msgspec

from app.audit.acts import Act, seal_act
from app.audit.basis import Basis, BasisKind, Ground
from app.kernel import clock
from app.kernel.actors import Officer, granted, may, require_right
from app.kernel.clock import SHANGHAI
from app.kernel.database import Row, execute, fetch_all, fetch_one, fetch_value, transaction
from app.kernel.ids import shard_of
from app.kernel.paging import Page, decode_cursor, page
from app.kernel.structs import ShortLine
from app.kernel.words import Words
from app.residents.people import names_of
from lifecycle.appointments.booking import shard_in
from lifecycle.appointments.calendars import OFFICE
from lifecycle.appointments.errors import AppointmentOver, AppointmentUnknown, TooEarlyToCheckIn
from lifecycle.appointments.reading import Place, shown, slot_of
from lifecycle.appointments.structs import CheckedIn, CounterSlot
from lifecycle.catalogue import published

RIGHT: Final = "receive"
ACTIONS: Final = {RIGHT: Words(zh="窗口接待预约", en="Receive visitors with an appointment")}
"""What officers can be granted in this room."""
_SLOTS: Final = """
SELECT s.*, v.content,
    (SELECT count(*) FROM appointment a WHERE a.slot_id = s.id AND a.state IN ('booked', 'attended', 'missed')) AS booked,
    (SELECT count(*) FROM appointment a WHERE a.slot_id = s.id AND a.state = 'attended') AS attended
FROM slot s JOIN venue v ON v.matter_code = s.matter_code AND v.code = s.venue_code
WHERE s.department = $1 AND s.starts_at >= $2 AND s.starts_at < $3 AND ($4::text IS NULL OR s.venue_code = $4)
AND (s.starts_at, s.id) > ($5, $6::uuid)
AND EXISTS (SELECT 1 FROM unnest($7::text[], $8::text[]) AS granted (matter, division)
            WHERE granted.matter IN ('*', s.matter_code) AND (granted.division = '*' OR starts_with(s.division, granted.division)))
ORDER BY s.starts_at, s.id LIMIT $9
"""
_FIRST: Final = Place(clock.from_epoch(0), UUID(int=0))
_OF_PERSON: Final = """
SELECT a.*, s.division FROM appointment a JOIN slot s ON s.id = a.slot_id WHERE a.shard = $1 AND a.citizen_id = $2
AND a.department = $3 AND a.state IN ('booked', 'attended') AND a.starts_at >= $4 AND a.starts_at < $5 ORDER BY a.starts_at
"""


class CounterFilter(msgspec.Struct, frozen=True):
    """Which day (today, if none is said), and perhaps which venue."""

    day: date | None = None
    venue: ShortLine | None = None


async def day(officer: Officer, wanted: CounterFilter, cursor: str | None, limit: int) -> Page[CounterSlot]:
    """The slots of a day (today) at the counters where the officer may receive, with how many come; nobody is named."""
    after = decode_cursor(cursor, Place) if cursor else _FIRST
    begins = datetime.combine(wanted.day or clock.today(), time(), SHANGHAI)
    async with transaction(officer):
        rows = await fetch_all(
            _SLOTS,
            *(officer.department, begins, begins + timedelta(days=1), wanted.venue),
            *(after.starts_at, after.id, *granted(officer, RIGHT, clock.today()), limit + 1),
        )
    last = rows[limit - 1] if len(rows) > limit else None
    return page([_slot(row) for row in rows], limit, Place(last["starts_at"], last["id"]) if last else None)


async def check_in(officer: Officer, code: str) -> CheckedIn:
    """Note that somebody came with an appointment of today, by its code; a repeat shows them again.

    That they were seen stands in their log. Refuses `AppointmentUnknown` for another department's codes too, `NoRight`,
    `TooEarlyToCheckIn`, and `AppointmentOver` what was cancelled or still waits.
    """
    shard = shard_in(code.strip().upper())
    async with transaction(officer):
        row = None if shard is None else await _find(officer, shard, code.strip().upper())
        if row is None:
            raise AppointmentUnknown
        require_right(officer, RIGHT, row["matter_code"], row["division"], clock.today())
        if clock.local(row["starts_at"]).date() != clock.today():
            raise TooEarlyToCheckIn(starts_at=clock.local(row["starts_at"]).isoformat())
        if row["state"] not in {"booked", "attended", "missed"}:
            raise AppointmentOver(state=row["state"])
        await execute(
            "UPDATE appointment SET state = 'attended', changed_at = $3 WHERE shard = $1 AND id = $2 AND state <> 'attended'",
            *(row["shard"], row["id"], clock.now()),
        )
        slot = await slot_of(row["slot_id"])
        basis = Basis("appointment", str(row["id"]))
        await seal_act(Act.APPOINTMENT_ATTENDED, officer, about=row["citizen_id"], subject=row["id"], basis=basis)
    names = await names_of({row["citizen_id"]})
    return CheckedIn(
        appointment_id=row["id"],
        person_id=row["citizen_id"],
        name=names.get(row["citizen_id"]),
        matter_code=row["matter_code"],
        matter_name=published.matter(row["matter_code"]).name,
        venue=shown(slot),
        starts_at=row["starts_at"],
        specialty=slot["specialty"],
        doctor=slot["doctor"],
        paid_fen=row["fee_fen"] - row["returned_fen"] if row["charge_id"] else 0,
    )


async def received_today(person_id: UUID, matter_code: str) -> bool:
    """Whether somebody was checked in today for a matter, by an appointment of this person's."""
    begins = datetime.combine(clock.today(), time(), SHANGHAI)
    async with transaction(OFFICE):
        found: bool = await fetch_value(
            "SELECT EXISTS (SELECT 1 FROM appointment WHERE shard = $1 AND citizen_id = $2 AND matter_code = $3 "
            "AND state = 'attended' AND starts_at >= $4 AND starts_at < $5)",
            *(shard_of(person_id), person_id, matter_code, begins, begins + timedelta(days=1)),
        )
    return found


class AppointmentBasis:
    """An appointment of today at the officer's department: a basis for looking at who comes."""

    kind: BasisKind = "appointment"

    async def grounds(self, officer: Officer, person_id: UUID) -> list[Ground]:
        """The person's appointments of today that the officer may receive."""
        begins = datetime.combine(clock.today(), time(), SHANGHAI)
        rows = await fetch_all(
            _OF_PERSON, shard_of(person_id), person_id, officer.department, begins, begins + timedelta(days=1)
        )
        return [
            Ground(Basis("appointment", str(row["id"])), row["matter_code"], row["division"], frozenset({"identity"}))
            for row in rows
            if _may(officer, row)
        ]

    async def person_of(self, named: UUID) -> UUID | None:
        """Whose an appointment is."""
        found: UUID | None = await fetch_value(
            "SELECT citizen_id FROM appointment WHERE shard = $1 AND id = $2", shard_of(named), named
        )
        return found


async def _find(officer: Officer, shard: int, code: str) -> Row | None:
    return await fetch_one(
        "SELECT a.*, s.division FROM appointment a JOIN slot s ON s.id = a.slot_id "
        "WHERE a.shard = $1 AND a.code = $2 AND a.department = $3",
        *(shard, code, officer.department),
    )


def _may(officer: Officer, row: Row) -> bool:
    return may(officer, RIGHT, row["matter_code"], row["division"], clock.today())


def _slot(row: Row) -> CounterSlot:
    return CounterSlot(
        slot_id=row["id"],
        matter_code=row["matter_code"],
        venue=shown(row),
        starts_at=row["starts_at"],
        ends_at=row["ends_at"],
        places=row["places"],
        booked=row["booked"],
        attended=row["attended"],
        waiting=row["waiting"],
        specialty=row["specialty"],
        doctor=row["doctor"],
    )
