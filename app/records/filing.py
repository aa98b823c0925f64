"""Filing what happened into a person's record."""

from datetime import datetime
from uuid import UUID

import msgspec

from app.kernel import clock
from app.kernel.database import fetch_value
from app.kernel.ids import new_id, shard_of
from app.kernel.phrases import Facts, encode_facts
from app.keys.persons import PersonErased, seal_for_person
from app.records.kinds import RecordKind


class Happening(msgspec.Struct, frozen=True, kw_only=True):
    """Something that happened to a person: when, what (a phrase and its facts), and who says so.

    `source` is a department's code or a room's name; with `source_ref` it names the happening, so that filing it again changes
    nothing.
    """

    citizen_id: UUID
    happened_at: datetime
    kind: RecordKind
    phrase: str
    facts: Facts
    source: str
    source_ref: str
    about_id: UUID | None = None


async def file_record(happening: Happening) -> bool:
    """File a happening in the (system) transaction in progress; says False if it was filed before, or the person was erased."""
    row_id = new_id(happening.citizen_id)
    try:
        facts = await seal_for_person(happening.citizen_id, "record", "facts", row_id, encode_facts(happening.facts))
    except PersonErased:
        return False
    filed = await fetch_value(
        "INSERT INTO record (id, shard, filed_at, citizen_id, happened_at, kind, phrase, facts, source, source_ref, about_id) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) "
        "ON CONFLICT ON CONSTRAINT record_is_filed_once DO NOTHING RETURNING true",
        *(row_id, shard_of(row_id), clock.now(), happening.citizen_id, happening.happened_at, happening.kind.value),
        *(happening.phrase, facts, happening.source, happening.source_ref, happening.about_id),
    )
    return bool(filed)
