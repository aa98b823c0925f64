"""Reading the log about oneself and one's wards."""

from uuid import UUID

from app.audit.acts import TITLES, Act
from app.audit.naming import Names, names_of
from app.audit.structs import AccessLogEntry
from app.kernel.actors import Citizen
from app.kernel.database import Row, fetch_all, transaction
from app.kernel.ids import shard_of
from app.kernel.paging import Page, after_id, page


async def access_log(citizen: Citizen, cursor: str | None, limit: int) -> Page[AccessLogEntry]:
    """Who looked at the citizen's data, or at that of a ward of theirs, or acted on it, newest first."""
    async with transaction(citizen):
        rows = await fetch_all(
            "SELECT * FROM act WHERE shard = ANY ($1::int4[]) AND citizen_id = ANY ($2::uuid[]) AND ($3::uuid IS NULL OR id < $3) "
            "ORDER BY id DESC LIMIT $4",
            *(
                sorted({shard_of(person) for person in citizen.people}),
                list(citizen.people),
                after_id(cursor),
                limit + 1,
            ),
        )
    names = await names_of({agent for row in rows if (agent := _agent(row)) is not None})
    return page(
        [_entry(row, citizen, names) for row in rows], limit, rows[limit - 1]["id"] if len(rows) > limit else None
    )


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
        by_me=row["actor"] == citizen.principal,
        basis_kind=row["basis_kind"],
        basis_id=row["basis_id"],
        agent_id=agent,
        agent_name=names.get(agent) if agent else None,
    )
