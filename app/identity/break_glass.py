"""Break-glass (紧急查询): a look without a case, for a reason that a second officer sees.

Where a life is in danger the look is open at once, and must be seen by a second officer in time; otherwise it opens once
that officer has approved it. The person is told: at once, or for an investigation after its period.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from app.audit import findings
from app.audit.acts import Act, seal_act
from app.audit.basis import Basis
from app.audit.findings import Finding
from app.identity.events import BreakGlassOpened
from app.identity.look_structs import BreakGlassAsked, BreakGlassView
from app.identity.looks import find_person, refuse_without_right
from app.identity.officer_errors import BreakGlassDecided, BreakGlassLapsed, BreakGlassUnknown
from app.identity.officer_limits import limit_today
from app.identity.officers import DIRECTORY
from app.kernel import clock, short_lived
from app.kernel.actors import (
    ADMINISTER_SECURITY,
    APPROVE_BREAK_GLASS,
    Officer,
    divisions_of,
    require_office,
)
from app.kernel.database import Row, execute, fetch_all, fetch_one, transaction
from app.kernel.events import tell
from app.kernel.ids import new_plain_id
from app.kernel.paging import Page, after_id, page
from app.kernel.two_officers import require_other_person
from app.keys.fields import open_field, seal_field

TABLE: Final = "break_glass"
AT_ONCE: Final = "danger_to_life"
TOLD_LATER: Final = "investigation"
_READ_FOR: Final = timedelta(days=400)
"""So long a request can be read again without a further act."""


async def ask(officer: Officer, asked: BreakGlassAsked) -> BreakGlassView:
    """Ask to look at somebody without a case; the answer is the same whether or not the number is anybody's.

    Refuses `NoRight` an officer who may look at nobody.
    """
    refuse_without_right(officer)
    now, request_id = clock.now(), new_plain_id()
    see_by = now + timedelta(hours=limit_today("break_glass_seen_hours"))
    async with transaction(DIRECTORY):
        person = await find_person(asked.id_number)
        person_id = person.id if person else None
        await execute(
            "INSERT INTO break_glass (id, officer_id, department, citizen_id, reason, text, data_classes, state, asked_at, see_by) "
            "VALUES ($1, $2, $3, $4, $5, $6, $7, 'pending', $8, $9)",
            *(request_id, officer.id, officer.department, person_id, asked.reason),
            *(seal_field(TABLE, "text", request_id, asked.text.encode()), sorted(set(asked.data_classes)), now, see_by),
        )
        if person_id is not None:
            await _seal(Act.BREAK_GLASS_ASKED, officer, person_id, request_id)
        if asked.reason == AT_ONCE:
            await _open(request_id, asked.reason, "open", now)
        return _view(await _find(request_id), officer)


async def approve(officer: Officer, request_id: UUID) -> BreakGlassView:
    """Approve a request as its second officer; it is open from now on, if it wasn't already. Approving again changes nothing.

    Refuses `NoRight`, `SameOfficer`, `BreakGlassUnknown` (another department's), `BreakGlassDecided` one that was
    refused, and `BreakGlassLapsed` one that wasn't seen in time.
    """
    async with transaction(DIRECTORY):
        row = await _lock_for(officer, request_id)
        if row["state"] == "refused":
            raise BreakGlassDecided(state=row["state"])
        if row["state"] == "pending":
            now = clock.now()
            if row["see_by"] <= now:
                raise BreakGlassLapsed
            await _open(request_id, row["reason"], "pending", now)
        if row["state"] != "approved":
            await _decide(row, officer, "approved")
        return _view(await _find(request_id), officer)


async def refuse(officer: Officer, request_id: UUID) -> BreakGlassView:
    """Refuse a request as its second officer; one that was open is closed at once, and who audits is told.

    Refuses as `approve` does; one that was approved stays approved (`BreakGlassDecided`).
    """
    async with transaction(DIRECTORY):
        row = await _lock_for(officer, request_id)
        if row["state"] == "approved":
            raise BreakGlassDecided(state=row["state"])
        if row["state"] != "refused":
            if row["state"] == "open":
                await findings.report(Finding("break_glass_refused", clock.now(), row["officer_id"], request_id))
            await _decide(row, officer, "refused")
        return _view(await _find(request_id), officer)


async def requests(officer: Officer, cursor: str | None, limit: int) -> Page[BreakGlassView]:
    """The officer's own requests, and for who approves them those of the department, newest first.

    What somebody else wrote of a person is shown while it waits for a second officer, to whom that is an act, once for each request.
    """
    after, today = after_id(cursor), clock.today()
    approves = bool(divisions_of(officer, APPROVE_BREAK_GLASS, today))
    async with transaction(DIRECTORY):
        rows = await fetch_all(
            "SELECT * FROM break_glass WHERE (officer_id = $1 OR ($2 AND (department = $3 OR $4) AND citizen_id IS DISTINCT FROM $7)) "
            "AND ($5::uuid IS NULL OR id < $5) ORDER BY id DESC LIMIT $6",
            *(officer.id, approves, officer.department, _sees_all(officer), after, limit + 1, officer.person_id),
        )
        await _note_reading(officer, rows[:limit])
    last = rows[limit - 1]["id"] if len(rows) > limit else None
    return page([_view(row, officer) for row in rows], limit, last)


async def _note_reading(officer: Officer, rows: Sequence[Row]) -> None:
    """Seal that an officer reads what others wrote of people."""
    for row in rows:
        if row["officer_id"] == officer.id or not _waits(row) or row["citizen_id"] is None or row["text"] is None:
            continue
        if await short_lived.claim("break_glass_read", f"{officer.id} {row['id']}", _READ_FOR):
            await _seal(Act.BREAK_GLASS_READ, officer, row["citizen_id"], row["id"])


async def escalate() -> None:
    """Tell who audits of each look that was open at once and that nobody saw in time; a job of the timetable."""
    async with transaction(DIRECTORY):
        rows = await fetch_all(
            "UPDATE break_glass SET escalated_at = $1 WHERE state = 'open' AND see_by <= $1 AND escalated_at IS NULL "
            "RETURNING id, officer_id, see_by",
            clock.now(),
        )
        for row in rows:
            await findings.report(Finding("break_glass_unseen", row["see_by"], row["officer_id"], row["id"]))


async def tell_due() -> None:
    """Tell each person of a look whose time to be told has come; a job of the timetable."""
    async with transaction(DIRECTORY):
        await _tell_due(None)


def reason_text(row: Row) -> str | None:
    """What the officer wrote, if it wasn't erased."""
    return open_field(TABLE, "text", row["id"], row["text"]).decode() if row["text"] is not None else None


async def _open(request_id: UUID, reason: str, state: str, now: datetime) -> None:
    """Open a look from now on; the person is told now, or of an investigation after its period."""
    minutes = limit_today("break_glass_danger_minutes" if reason == AT_ONCE else "break_glass_minutes")
    told_after = timedelta(days=limit_today("break_glass_told_days") if reason == TOLD_LATER else 0)
    await execute(
        "UPDATE break_glass SET state = $2, opened_at = $3, open_until = $4, tell_at = $5 WHERE id = $1",
        *(request_id, state, now, now + timedelta(minutes=minutes), now + told_after),
    )
    await _tell_due(request_id)


async def _tell_due(request_id: UUID | None) -> None:
    rows = await fetch_all(
        "UPDATE break_glass SET told_at = $1 WHERE told_at IS NULL AND tell_at <= $1 AND ($2::uuid IS NULL OR id = $2) "
        "RETURNING id, citizen_id",
        *(clock.now(), request_id),
    )
    for row in rows:
        if row["citizen_id"] is not None:
            await tell(BreakGlassOpened(citizen_id=row["citizen_id"], subject_id=row["id"]))


async def _decide(row: Row, officer: Officer, state: str) -> None:
    closes = state == "refused"
    await execute(
        "UPDATE break_glass SET state = $2, decided_by = $3, decided_at = $4, "
        "open_until = CASE WHEN $5 AND open_until > $4 THEN $4 ELSE open_until END WHERE id = $1",
        *(row["id"], state, officer.id, clock.now(), closes),
    )
    if row["citizen_id"] is not None:
        act = Act.BREAK_GLASS_REFUSED if closes else Act.BREAK_GLASS_APPROVED
        await _seal(act, officer, row["citizen_id"], row["id"])


async def _lock_for(officer: Officer, request_id: UUID) -> Row:
    """A request of the approver's department (of any, for who administers security), which isn't their own.

    One about themselves doesn't exist for them: another refusal would tell that they are being looked into.
    """
    require_office(officer, APPROVE_BREAK_GLASS, clock.today())
    row = await fetch_one("SELECT * FROM break_glass WHERE id = $1 FOR UPDATE", request_id)
    if row is None or (row["department"] != officer.department and not _sees_all(officer)):
        raise BreakGlassUnknown
    if officer.person_id is not None and row["citizen_id"] == officer.person_id:
        raise BreakGlassUnknown
    require_other_person(row["officer_id"], officer)
    return row


def _waits(row: Row) -> bool:
    """Whether a request still waits for its second officer."""
    return row["state"] in {"pending", "open"}


def _sees_all(officer: Officer) -> bool:
    return bool(divisions_of(officer, ADMINISTER_SECURITY, clock.today()))


async def _seal(act: Act, officer: Officer, person_id: UUID, request_id: UUID) -> None:
    await seal_act(act, officer, about=person_id, subject=request_id, basis=Basis("break_glass", str(request_id)))


async def _find(request_id: UUID) -> Row:
    row = await fetch_one("SELECT * FROM break_glass WHERE id = $1", request_id)
    if row is None:
        raise BreakGlassUnknown
    return row


def _view(row: Row, officer: Officer) -> BreakGlassView:
    return BreakGlassView(
        id=row["id"],
        state=row["state"],
        reason=row["reason"],
        text=reason_text(row) if row["officer_id"] == officer.id or _waits(row) else None,
        data_classes=row["data_classes"],
        department=row["department"],
        officer_id=row["officer_id"],
        mine=row["officer_id"] == officer.id,
        asked_at=row["asked_at"],
        open_until=row["open_until"],
        see_by=row["see_by"],
        overdue=_waits(row) and row["see_by"] <= clock.now(),
        decided_by=row["decided_by"],
        decided_at=row["decided_at"],
    )
