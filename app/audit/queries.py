"""Reading the log about oneself and one's wards."""

from collections.abc import Collection
from datetime import datetime
from typing import Final
from uuid import UUID

from app.audit import withholding
from app.audit.act_titles import TITLES
from app.audit.acts import LOOKERS, LOOKS, Act
from app.audit.naming import Names, names_of
from app.audit.offices import office_name
from app.audit.structs import AccessLogEntry, AccessLogFilter
from app.audit.ward_looks import note_ward_look
from app.audit.withholding import WITHHELD, withheld_title
from app.audit.wording import AUTOMATIC, basis_words
from app.kernel.actors import Citizen, own_person
from app.kernel.database import Row, fetch_all, transaction
from app.kernel.ids import shard_of
from app.kernel.paging import Page, after_id, page

EVERYTHING: Final = AccessLogFilter()
_READ: Final = """
SELECT a.*, e.number FROM act a LEFT JOIN log_entry e ON e.shard = a.shard AND e.id = a.id
WHERE a.shard = ANY ($1::int4[]) AND a.citizen_id = ANY ($2::uuid[]) AND ($3::uuid IS NULL OR a.id < $3)
AND ($4::text IS NULL OR a.act = $4) AND ($5::timestamptz IS NULL OR a.at >= $5)
AND (NOT $6 OR (a.act = ANY ($7::text[]) AND a.actor_kind = ANY ($8::text[])))
AND ($4::text IS NULL AND NOT $6 OR NOT EXISTS (
    SELECT 1 FROM unnest($10::text[], $11::text[]) AS u (kind, id) WHERE u.kind = a.basis_kind AND u.id = a.basis_id))
ORDER BY a.id DESC LIMIT $9
"""
"""An act that is withheld isn't found by what it was, or its filter would say."""


async def access_log(
    citizen: Citizen, cursor: str | None, limit: int, wanted: AccessLogFilter = EVERYTHING
) -> Page[AccessLogEntry]:
    """Who looked at the citizen's data, or at that of a ward of theirs, or acted on it, newest first; refuses `PersonNotYours`."""
    people = (own_person(citizen, wanted.person_id),) if wanted.person_id else citizen.people
    hidden = await withholding.untold(people)
    async with transaction(citizen):
        if wanted.person_id:
            await note_ward_look(citizen, wanted.person_id)
        rows = await fetch_all(
            _READ,
            *(sorted({shard_of(person) for person in people}), list(people), after_id(cursor)),
            *(wanted.act, wanted.since, wanted.sensitive, sorted(LOOKS), sorted(LOOKERS), limit + 1),
            *(hidden.kinds, hidden.ids),
        )
    return page(
        await _entries(citizen, people, rows, wanted), limit, rows[limit - 1]["id"] if len(rows) > limit else None
    )


async def _entries(
    citizen: Citizen, people: Collection[UUID], rows: list[Row], wanted: AccessLogFilter
) -> list[AccessLogEntry]:
    """The entries as they may be shown; what is withheld is asked once the rows are there, so that the newest counts too."""
    names = await names_of({agent for row in rows if (agent := _agent(row)) is not None})
    hidden = await withholding.untold(people)
    if wanted.act is not None or wanted.sensitive:
        rows = [row for row in rows if hidden.until(row) is None]
    return [
        _entry(row, citizen, names) if (until := hidden.until(row)) is None else _withheld(row, until) for row in rows
    ]


def _agent(row: Row) -> UUID | None:
    """The citizen who acted, where it was another than whom the act is about."""
    kind, _, actor_id = row["actor"].partition(":")
    return UUID(actor_id) if kind == "citizen" and actor_id != str(row["citizen_id"]) else None


def _entry(row: Row, citizen: Citizen, names: Names) -> AccessLogEntry:
    agent = _agent(row)
    return AccessLogEntry(
        id=row["id"],
        person_id=row["citizen_id"],
        at=row["at"],
        act=row["act"],
        title=TITLES[Act(row["act"])],
        actor_kind=row["actor_kind"],
        actor_department=row["actor_department"],
        actor_office=office_name(row["actor_department"]) if row["actor_department"] else None,
        automatic=row["actor_kind"] in AUTOMATIC,
        by_me=row["actor"] == citizen.principal,
        on_behalf_of=row["on_behalf_of"],
        basis_kind=row["basis_kind"],
        basis_id=row["basis_id"],
        agent_id=agent,
        agent_name=names.get(agent) if agent else None,
        basis=basis_words(row["basis_kind"], row["basis_id"]),
        sensitive=is_look(row),
        log_number=row["number"],
        withheld_until=None,
    )


def _withheld(row: Row, until: datetime) -> AccessLogEntry:
    """An entry of which only that it is there may be known."""
    return AccessLogEntry(
        id=row["id"],
        person_id=row["citizen_id"],
        at=row["at"],
        act=WITHHELD,
        title=withheld_title(until),
        actor_kind=WITHHELD,
        actor_department=None,
        actor_office=None,
        automatic=False,
        by_me=False,
        on_behalf_of=None,
        basis_kind=None,
        basis_id=None,
        agent_id=None,
        agent_name=None,
        basis=None,
        sensitive=False,
        log_number=row["number"],
        withheld_until=until,
    )


def is_look(act: Row) -> bool:
    """Say whether an act is somebody of an office looking at personal data."""
    return act["act"] in LOOKS and act["actor_kind"] in LOOKERS
