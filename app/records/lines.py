"""Lines of the timeline and the counts of their months, always written together, in the (system) transaction in progress."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Final
from uuid import UUID

import msgspec

from app.kernel import clock
from app.kernel.actors import System
from app.kernel.database import Row, execute, fetch_one
from app.kernel.ids import new_id, shard_of
from app.keys.persons import DataKey
from app.records.tokens import tokens

KEEPER: Final = System("records")
_INSERT: Final = """
INSERT INTO timeline_line (id, shard, citizen_id, happened_at, kind, source, hidden, extras, tokens)
VALUES ($1, $2, $3, $4, $5, $6, false, false, $7)
"""
_ONE_MORE: Final = """
INSERT INTO timeline_month (id, shard, citizen_id, month, kind, shown, hidden) VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT ON CONSTRAINT timeline_month_once
DO UPDATE SET shown = timeline_month.shown + excluded.shown, hidden = timeline_month.hidden + excluded.hidden
"""
_ONE_LESS: Final = """
UPDATE timeline_month SET shown = shown - $5, hidden = hidden - $6 WHERE shard = $1 AND citizen_id = $2 AND month = $3 AND kind = $4
"""
_HIDE: Final = """
UPDATE timeline_line SET hidden = $3 WHERE shard = $1 AND id = $2 AND hidden <> $3 RETURNING citizen_id, happened_at, kind, hidden
"""
_MOVE: Final = "UPDATE timeline_line SET happened_at = $3, tokens = $4 WHERE shard = $1 AND id = $2"
_DELETE: Final = (
    "DELETE FROM timeline_line WHERE shard = $1 AND id = $2 RETURNING citizen_id, happened_at, kind, hidden"
)


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """What a new line says in the clear, and the texts that it is found by."""

    id: UUID
    citizen_id: UUID
    happened_at: datetime
    kind: str
    source: str
    texts: tuple[str, ...]


def month_of(instant: datetime) -> date:
    """The first day of an instant's month in Shanghai."""
    return clock.local(instant).date().replace(day=1)


async def add(line: Line, key: DataKey) -> None:
    """Add a line, shown, and count it."""
    found_by = tokens(key, month_of(line.happened_at), line.texts)
    await execute(
        _INSERT,
        *(line.id, shard_of(line.id), line.citizen_id, line.happened_at, line.kind, line.source, found_by),
    )
    await _count(line.citizen_id, line.happened_at, line.kind, hidden=False)


async def locked(entry_id: UUID, people: Iterable[UUID]) -> Row | None:
    """A line of one of these people, locked until the transaction ends."""
    return await fetch_one(
        "SELECT id, citizen_id, happened_at, kind, source, hidden FROM timeline_line "
        "WHERE shard = $1 AND id = $2 AND citizen_id = ANY ($3::uuid[]) FOR NO KEY UPDATE",
        *(shard_of(entry_id), entry_id, list(people)),
    )


async def set_hidden(entry_id: UUID, *, hidden: bool) -> bool:
    """Hide or show a line; says False if it stood so already."""
    moved = await fetch_one(_HIDE, shard_of(entry_id), entry_id, hidden)
    if moved is None:
        return False
    await _uncount(moved["citizen_id"], moved["happened_at"], moved["kind"], hidden=not hidden)
    await _count(moved["citizen_id"], moved["happened_at"], moved["kind"], hidden=hidden)
    return True


async def move(line: Row, happened_at: datetime, texts: Iterable[str], key: DataKey) -> None:
    """Give a locked line another day and other texts."""
    found_by = tokens(key, month_of(happened_at), texts)
    await execute(_MOVE, shard_of(line["id"]), line["id"], happened_at, found_by)
    if month_of(happened_at) != month_of(line["happened_at"]):
        await _uncount(line["citizen_id"], line["happened_at"], line["kind"], hidden=line["hidden"])
        await _count(line["citizen_id"], happened_at, line["kind"], hidden=line["hidden"])


async def drop(entry_id: UUID) -> None:
    """Delete a line and its attachments."""
    await execute("DELETE FROM record_attachment WHERE shard = $1 AND entry_id = $2", *(shard_of(entry_id), entry_id))
    gone = await fetch_one(_DELETE, shard_of(entry_id), entry_id)
    if gone is not None:
        await _uncount(gone["citizen_id"], gone["happened_at"], gone["kind"], hidden=gone["hidden"])


async def note_extras(entry_id: UUID) -> None:
    """Note that something lies beside a line, so that a page looks for it."""
    await execute(
        "UPDATE timeline_line SET extras = true WHERE shard = $1 AND id = $2 AND NOT extras",
        *(shard_of(entry_id), entry_id),
    )


async def note_correction(entry_id: UUID, texts: Iterable[str], key: DataKey) -> None:
    """Let a line be found by the texts of its correction, too."""
    row = await fetch_one(
        "SELECT happened_at FROM timeline_line WHERE shard = $1 AND id = $2 FOR UPDATE", shard_of(entry_id), entry_id
    )
    if row is not None:
        await execute(
            "UPDATE timeline_line SET extras = true, tokens = tokens || $3::int8[] WHERE shard = $1 AND id = $2",
            *(shard_of(entry_id), entry_id, tokens(key, month_of(row["happened_at"]), texts)),
        )


async def _count(citizen_id: UUID, happened_at: datetime, kind: str, *, hidden: bool) -> None:
    row_id = new_id(citizen_id)
    await execute(
        _ONE_MORE,
        *(row_id, shard_of(row_id), citizen_id, month_of(happened_at), kind, int(not hidden), int(hidden)),
    )


async def _uncount(citizen_id: UUID, happened_at: datetime, kind: str, *, hidden: bool) -> None:
    await execute(
        _ONE_LESS,
        *(shard_of(citizen_id), citizen_id, month_of(happened_at), kind, int(not hidden), int(hidden)),
    )
