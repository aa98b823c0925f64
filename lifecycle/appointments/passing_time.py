"""What the passing of time does to appointments: reminders, those missed, and lines that came to nothing. Jobs; harmless when repeated."""

from datetime import timedelta
from typing import Final

from app.kernel import clock
from app.kernel.database import execute, fetch_all, fetch_one, transaction
from app.kernel.events import tell
from lifecycle.appointments import fees, paying
from lifecycle.appointments.calendars import OFFICE
from lifecycle.appointments.events import AppointmentMissed, AppointmentReminder, AppointmentUnpaid, PlaceGivenBack
from lifecycle.appointments.limits import limit_today

_AT_ONCE: Final = 500
_REMIND: Final = """
UPDATE appointment SET reminded_at = $1 WHERE (shard, id) IN (SELECT shard, id FROM appointment WHERE state = 'booked'
    AND starts_at > $1 AND starts_at <= $2 AND reminded_at IS NULL AND made_at < $3 ORDER BY starts_at LIMIT $4 FOR UPDATE SKIP LOCKED)
RETURNING id, citizen_id
"""
_MISSED: Final = """
UPDATE appointment SET state = 'missed', changed_at = $1 WHERE (shard, id) IN (SELECT a.shard, a.id FROM appointment a
    JOIN slot s ON s.id = a.slot_id WHERE a.state = 'booked' AND a.starts_at < $2 AND EXISTS (SELECT 1 FROM slot t
    JOIN appointment b ON b.slot_id = t.id AND b.state = 'attended' WHERE t.venue_code = s.venue_code
    AND t.matter_code = s.matter_code AND t.starts_at >= s.starts_at - interval '12 hours'
    AND t.starts_at <= s.starts_at + interval '12 hours') ORDER BY a.starts_at LIMIT $3 FOR UPDATE OF a SKIP LOCKED)
RETURNING *
"""
_LAPSED: Final = """
UPDATE appointment SET state = 'lapsed', changed_at = $1 WHERE (shard, id) IN (SELECT shard, id FROM appointment
    WHERE state = 'waiting' AND starts_at <= $1 LIMIT $2 FOR UPDATE SKIP LOCKED) RETURNING id, slot_id
"""


_UNPAID: Final = """
UPDATE appointment SET state = 'lapsed', changed_at = $1 WHERE (shard, id) IN (SELECT shard, id FROM appointment
    WHERE state = 'awaiting_payment' AND pay_until <= $1 ORDER BY pay_until LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING *
"""


async def remind() -> None:
    """Remind of what is soon, once; whoever booked within that time was told just now."""
    soon = timedelta(hours=limit_today("remind_hours"))
    while True:
        now = clock.now()
        async with transaction(OFFICE):
            rows = await fetch_all(_REMIND, now, now + soon, now - timedelta(hours=1), _AT_ONCE)
            for row in rows:
                await tell(AppointmentReminder(citizen_id=row["citizen_id"], subject_id=row["id"]))
        if len(rows) < _AT_ONCE:
            return


async def look_back() -> None:
    """Note who didn't come the day before, at venues that checked others in on that day: where nobody is, nobody is missed."""
    while True:
        now = clock.now()
        async with transaction(OFFICE):
            rows = await fetch_all(_MISSED, now, now - timedelta(hours=24), _AT_ONCE)
            for row in rows:
                await paying.give_back(row, fees.share(row["fee_fen"], limit_today("missed_refund_percent")))
                await tell(AppointmentMissed(citizen_id=row["citizen_id"], subject_id=row["id"]))
        if len(rows) < _AT_ONCE:
            return


async def close_lines() -> None:
    """Let lapse who still waits when the slot begins."""
    while True:
        async with transaction(OFFICE):
            rows = await fetch_all(_LAPSED, clock.now(), _AT_ONCE)
            for row in rows:
                await execute(
                    "DELETE FROM slot_waiting WHERE slot_id = $1 AND appointment_id = $2", row["slot_id"], row["id"]
                )
                await execute("UPDATE slot SET waiting = waiting - 1 WHERE id = $1", row["slot_id"])
        if len(rows) < _AT_ONCE:
            return


async def end_holds() -> None:
    """Let lapse what was held and not paid for in time, one at a time; its place goes to the next in the line."""
    while True:
        async with transaction(OFFICE):
            row = await fetch_one(_UNPAID, clock.now())
            if row is None:
                return
            await execute("UPDATE slot SET taken = taken - 1 WHERE id = $1", row["slot_id"])
            await tell(AppointmentUnpaid(citizen_id=row["citizen_id"], subject_id=row["id"]))
            await tell(PlaceGivenBack(subject_id=row["slot_id"]))
