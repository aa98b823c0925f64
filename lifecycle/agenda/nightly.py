"""The nightly run: whoever's agenda may change today, found by index and looked at by the facts that it was worked out from.

Nobody's facts are gathered for it: what is new was told when it came. Batches are read without a lock and written only where
nobody else wrote meanwhile, so that a look that something new called for is never overwritten by an older one.
"""

from collections.abc import Sequence
from datetime import date
from typing import Final
from uuid import UUID

import msgspec
import structlog

from app.kernel import clock
from app.kernel.database import Row, execute, fetch_all, transaction
from app.kernel.ids import shard_of
from app.keys.persons import DataKey, person_keys
from lifecycle.agenda.book import Book, Reminder, progress
from lifecycle.agenda.bookkeeping import KEEPER, book_of, choices_of, facts_of, tell_looked_at, touch, written
from lifecycle.agenda.choices import with_own
from lifecycle.agenda.edition import edition
from lifecycle.agenda.failures import note
from lifecycle.agenda.items import agenda_rules
from lifecycle.agenda.outlook import look
from lifecycle.agenda.reminding import Due, remind
from lifecycle.rules.facts import Facts
from lifecycle.rules.failing import Failure

_log = structlog.get_logger()
BATCH: Final = 500
_DUE: Final = """
SELECT * FROM agenda_book WHERE look_on <= $1 AND stale_at IS NULL AND book IS NOT NULL AND edition = $2
ORDER BY look_on, shard, id LIMIT $3
"""
_OLD: Final = """
SELECT * FROM agenda_book WHERE edition <> $1 AND stale_at IS NULL AND book IS NOT NULL LIMIT $2
"""
_WRITE: Final = """
UPDATE agenda_book b SET looked_on = t.looked_on, look_on = t.look_on, edition = t.edition, book = t.book
FROM unnest($1::int4[], $2::uuid[], $3::date[], $4::date[], $5::text[], $6::bytea[], $7::date[])
    AS t (shard, id, looked_on, look_on, edition, book, was_looked_on)
WHERE b.shard = t.shard AND b.id = t.id AND b.looked_on = t.was_looked_on AND b.stale_at IS NULL RETURNING b.id
"""


class Looked(msgspec.Struct, frozen=True):
    """What a batch found of one person."""

    row: Row
    key: DataKey
    facts: Facts
    book: Book
    reminders: tuple[Reminder, ...]
    failed: tuple[Failure, ...]


async def look_through() -> int:
    """Look at every agenda that may change today. Says how many those were."""
    today, total = clock.today(), 0
    while done := await _batch(today, _DUE, today, edition(), BATCH):
        total += done
    return total


async def run() -> None:
    """Look through all that may change today; a job of the timetable."""
    await look_through()


async def renew() -> None:
    """Look anew at every agenda that other rules or figures worked out; a job of the timetable.

    Whoever reads theirs before it is its turn has it looked at first.
    """
    today = clock.today()
    while await _batch(today, _OLD, edition(), BATCH):
        pass


async def _batch(today: date, sql: str, *arguments: object) -> int:
    """Look at a batch of agendas; says how many were found."""
    async with transaction(KEEPER):
        rows = await fetch_all(sql, *arguments)
        keys = await person_keys([row["id"] for row in rows]) if rows else {}
        looked = [one for row in rows if row["id"] in keys if (one := _try(row, keys[row["id"]], today))]
        note(failure for one in looked for failure in one.failed)
        kept = await _write(looked)
        await remind(_dues(looked, kept), today)
        await tell_looked_at({one.row["id"]: one.facts for one in looked if one.row["id"] in kept}, today)
        await _drop([row["id"] for row in rows if row["id"] not in keys])
        await touch(set(keys) - {one.row["id"] for one in looked})
    return len(rows)


def _try(row: Row, key: DataKey, today: date) -> Looked | None:
    """Look at a person; one who can't be looked at holds up nobody else, and is left to a job that somebody hears of."""
    try:
        return _look(row, key, today)
    except Exception:  # noqa: BLE001 - whatever it is, the others' agendas move on
        _log.exception("agenda_not_looked_at", id=str(row["id"]))
        return None


def _look(row: Row, key: DataKey, today: date) -> Looked:
    facts, before = facts_of(row, key), book_of(row, key)
    known = before.before() if before is not None and row["edition"] == edition() else None
    seen = look(agenda_rules(), facts, today, before=known)
    outlook = with_own(seen, choices_of(row, key))
    book, reminders = progress(before, outlook, today)
    fresh_until = before.fresh_until if before else None
    book = msgspec.structs.replace(book, fresh_until=fresh_until)
    return Looked(row, key, facts, book, reminders, outlook.failed)


async def _write(looked: Sequence[Looked]) -> set[UUID]:
    """Write what was found, and say whose agenda that was; somebody else's newer look stays."""
    if not looked:
        return set()
    values = [written(one.row["id"], one.key, one.book) for one in looked]
    rows = await fetch_all(
        _WRITE,
        *([one.row["shard"] for one in looked], [one.row["id"] for one in looked]),
        *(list(column) for column in zip(*values, strict=True)),
        [one.row["looked_on"] for one in looked],
    )
    return {row["id"] for row in rows}


def _dues(looked: Sequence[Looked], kept: set[UUID]) -> list[Due]:
    return [
        Due(one.row["id"], one.facts, reminder) for one in looked if one.row["id"] in kept for reminder in one.reminders
    ]


async def _drop(erased: Sequence[UUID]) -> None:
    for person_id in erased:
        await execute("DELETE FROM agenda_book WHERE shard = $1 AND id = $2", shard_of(person_id), person_id)
