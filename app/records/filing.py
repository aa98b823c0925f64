"""Filing what happened into a person's record."""

from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec

from app.kernel import clock
from app.kernel.database import fetch_value
from app.kernel.ids import new_id, shard_of
from app.kernel.phrases import Facts, Phrase, encode_facts, said
from app.keys.fields import place_of
from app.keys.persons import key_unless_erased
from app.records import lines
from app.records.kinds import RecordKind
from app.records.lines import Line

_INSERT: Final = """
INSERT INTO record (id, shard, filed_at, citizen_id, happened_at, kind, phrase, facts, source, source_ref, about_id, corrects_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
ON CONFLICT ON CONSTRAINT record_is_filed_once DO NOTHING RETURNING true
"""


class Happening(msgspec.Struct, frozen=True, kw_only=True):
    """Something that happened to a person: when, what (a phrase and its facts), and who says so.

    `source` is a department's code or a room's name; with `source_ref` it names the happening, so that filing it again changes
    nothing. `corrects_id` is the record that it corrects: the timeline shows it there, and adds no line.
    """

    citizen_id: UUID
    happened_at: datetime
    kind: RecordKind
    phrase: str
    facts: Facts
    source: str
    source_ref: str
    about_id: UUID | None = None
    corrects_id: UUID | None = None


async def file_record(happening: Happening) -> bool:
    """File a happening in the (system) transaction in progress; says False if it was filed before, or the person was erased."""
    row_id = new_id(happening.citizen_id)
    key = await key_unless_erased(happening.citizen_id)
    if key is None:
        return False
    facts = key.seal(place_of("record", "facts", row_id), encode_facts(happening.facts))
    filed = await fetch_value(
        _INSERT,
        *(row_id, shard_of(row_id), clock.now(), happening.citizen_id, happening.happened_at, happening.kind.value),
        *(happening.phrase, facts, happening.source, happening.source_ref, happening.about_id, happening.corrects_id),
    )
    if not filed:
        return False
    texts = texts_of(said(happening.phrase, happening.facts))
    if happening.corrects_id is not None:
        await lines.note_correction(happening.corrects_id, texts, key)
        return True
    line = Line(
        id=row_id,
        citizen_id=happening.citizen_id,
        happened_at=happening.happened_at,
        kind=happening.kind.value,
        source=happening.source,
        texts=texts,
    )
    await lines.add(line, key)
    return True


def texts_of(phrase: Phrase) -> tuple[str, ...]:
    """What an entry can be found by, in both languages."""
    return (phrase.title.zh, phrase.title.en, phrase.text.zh, phrase.text.en)
