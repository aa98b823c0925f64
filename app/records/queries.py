"""Reading the timeline."""

from datetime import datetime
from uuid import UUID

import msgspec

from app.audit.ward_looks import note_ward_look
from app.kernel.actors import Citizen, own_person
from app.kernel.database import Row, fetch_all, transaction
from app.kernel.ids import shard_of
from app.kernel.paging import Page, decode_cursor, page
from app.kernel.phrases import decode_facts, said
from app.kernel.structs import Instant
from app.keys.fields import place_of
from app.keys.persons import DataKey, person_key
from app.records.kinds import RecordKind
from app.records.structs import TimelineEntry

_PAGE = """
SELECT * FROM record WHERE shard = $1 AND citizen_id = $2 AND ($3::text IS NULL OR kind = $3)
AND ($4::timestamptz IS NULL OR (happened_at, id) < ($4, $5::uuid)) ORDER BY happened_at DESC, id DESC LIMIT $6
"""


class Place(msgspec.Struct, frozen=True, array_like=True):
    """Where a page of the timeline ends."""

    happened_at: Instant
    id: UUID


async def timeline(
    citizen: Citizen, person_id: UUID | None, kind: RecordKind | None, cursor: str | None, limit: int
) -> Page[TimelineEntry]:
    """What happened to the citizen (or to a ward of theirs), newest first."""
    person = own_person(citizen, person_id)
    after = decode_cursor(cursor, Place) if cursor else None
    async with transaction(citizen):
        await note_ward_look(citizen, person)
        rows = await fetch_all(
            _PAGE, shard_of(person), person, kind.value if kind else None, *_bounds(after), limit + 1
        )
        key = await person_key(person)
    last = rows[limit - 1] if len(rows) > limit else None
    entries = [entry(row, key) for row in rows]
    return page(entries, limit, Place(last["happened_at"], last["id"]) if last else None)


def _bounds(after: Place | None) -> tuple[datetime | None, UUID | None]:
    return (after.happened_at, after.id) if after else (None, None)


def entry(row: Row, key: DataKey) -> TimelineEntry:
    """A record's row, opened with its person's key, as the timeline shows it."""
    phrase = said(row["phrase"], decode_facts(key.open(place_of("record", "facts", row["id"]), row["facts"])))
    return TimelineEntry(
        id=row["id"],
        person_id=row["citizen_id"],
        happened_at=row["happened_at"],
        kind=row["kind"],
        title=phrase.title,
        text=phrase.text,
        source=row["source"],
        about_id=row["about_id"],
        filed_at=row["filed_at"],
    )
