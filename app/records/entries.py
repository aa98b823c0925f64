"""Putting entries of the timeline together: the line, what was filed or remembered, and what lies beside it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

import msgspec

from app.audit.offices import office_name
from app.kernel.actors import Citizen
from app.kernel.database import Row, fetch_all
from app.kernel.ids import shard_of
from app.kernel.phrases import Phrase, decode_facts, said
from app.kernel.words import Words
from app.keys.fields import place_of
from app.keys.persons import DataKey
from app.privacy.row_corrections import RowCorrection, newest_about
from app.records.files import KnownFile, known_files
from app.records.structs import AskedCorrection, AttachedFile, CorrectingEntry, MemoryContent, TimelineEntry

OWN: Final = "self"
"""The source of a memory."""
COLUMNS: Final = """
l.id, l.shard, l.citizen_id, l.happened_at, l.kind, l.source, l.hidden, l.extras, r.phrase, r.facts, r.about_id, r.filed_at,
m.made_at, m.content
"""
JOINS: Final = """
LEFT JOIN record r ON r.shard = l.shard AND r.id = l.id LEFT JOIN memory m ON m.shard = l.shard AND m.id = l.id
"""
_CORRECTING: Final = """
SELECT id, citizen_id, corrects_id, filed_at, source, phrase, facts FROM record
WHERE shard = ANY ($1::int4[]) AND corrects_id = ANY ($2::uuid[]) ORDER BY id
"""
_ATTACHED: Final = """
SELECT entry_id, node_id FROM record_attachment WHERE shard = ANY ($1::int4[]) AND entry_id = ANY ($2::uuid[]) ORDER BY id
"""
Keys = Mapping[UUID, DataKey]


class _Beside(msgspec.Struct, frozen=True):
    """What lies beside the entries of a page, by entry."""

    corrections: Mapping[UUID, RowCorrection]
    correcting: Mapping[UUID, Sequence[Row]]
    attached: Mapping[UUID, Sequence[UUID]]
    files: Mapping[UUID, KnownFile]


_NOTHING: Final = _Beside({}, {}, {}, {})


async def shown(citizen: Citizen, rows: Sequence[Row], keys: Keys) -> list[TimelineEntry]:
    """Rows of `COLUMNS` as their reader sees them; whoever acts by a power isn't shown what lies in the disk."""
    beside = await _beside(citizen, [row["id"] for row in rows if row["extras"]])
    return [_entry(row, keys[row["citizen_id"]], beside) for row in rows]


def bare(row: Row, key: DataKey) -> TimelineEntry:
    """A row of `COLUMNS` without what lies beside it (files and corrections), for where nothing more may be read."""
    return _entry(row, key, _NOTHING)


def phrase_of(row: Row, key: DataKey) -> Phrase:
    """What a row says."""
    if row["content"] is not None:
        memory = msgspec.json.decode(
            key.open(place_of("memory", "content", row["id"]), row["content"]), type=MemoryContent
        )
        return Phrase(Words(zh=memory.title, en=memory.title), Words(zh=memory.text, en=memory.text))
    return recorded(row, key)


def recorded(row: Row, key: DataKey) -> Phrase:
    """What a record's row says."""
    return said(row["phrase"], decode_facts(key.open(place_of("record", "facts", row["id"]), row["facts"])))


def _entry(row: Row, key: DataKey, beside: _Beside) -> TimelineEntry:
    phrase, row_id = phrase_of(row, key), row["id"]
    asked = beside.corrections.get(row_id)
    return TimelineEntry(
        id=row_id,
        person_id=row["citizen_id"],
        happened_at=row["happened_at"],
        kind=row["kind"],
        title=phrase.title,
        text=phrase.text,
        source=row["source"],
        about_id=row["about_id"],
        filed_at=row["filed_at"] or row["made_at"],
        hidden=row["hidden"],
        mine=row["content"] is not None,
        disputed=asked is not None and asked.state == "open",
        correction=None if asked is None else _asked(asked, key),
        corrected_by=[_correcting(one, key) for one in beside.correcting.get(row_id, ())],
        attachments=[_file(node_id, beside.files.get(node_id)) for node_id in beside.attached.get(row_id, ())],
    )


async def _beside(citizen: Citizen, ids: Sequence[UUID]) -> _Beside:
    if not ids:
        return _NOTHING
    shards = sorted({shard_of(one) for one in ids})
    correcting: dict[UUID, list[Row]] = defaultdict(list)
    for row in await fetch_all(_CORRECTING, shards, ids):
        correcting[row["corrects_id"]].append(row)
    attached: dict[UUID, list[UUID]] = defaultdict(list)
    if citizen.acting is None or citizen.acting.basis != "power":
        for row in await fetch_all(_ATTACHED, shards, ids):
            attached[row["entry_id"]].append(row["node_id"])
    files = await known_files(citizen, {node_id for nodes in attached.values() for node_id in nodes})
    return _Beside(await newest_about("record", ids), correcting, attached, files)


def _correcting(row: Row, key: DataKey) -> CorrectingEntry:
    phrase = recorded(row, key)
    return CorrectingEntry(row["id"], row["filed_at"], row["source"], phrase.title, phrase.text)


def _asked(asked: RowCorrection, key: DataKey) -> AskedCorrection:
    return AskedCorrection(
        id=asked.id,
        state=asked.state,
        department=asked.department,
        office=office_name(asked.department),
        asked_at=asked.asked_at,
        due_on=asked.due_on,
        decided_at=asked.decided_at,
        text=asked.text(key),
        answer=asked.answer(key),
    )


def _file(node_id: UUID, known: KnownFile | None) -> AttachedFile:
    if known is None:
        return AttachedFile(node_id, gone=True, name=None, content_type=None, size_bytes=None)
    return AttachedFile(node_id, False, known.name, known.content_type, known.size_bytes)
