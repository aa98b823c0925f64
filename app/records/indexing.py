"""Making lines findable that were there before words were indexed: some at a time, until none is left."""

from typing import Final
from uuid import UUID

from app.kernel.database import Row, execute, fetch_all, transaction
from app.keys.persons import DataKey, person_keys
from app.keys.sealing import SealBroken
from app.records.entries import recorded
from app.records.filing import texts_of
from app.records.lines import KEEPER, month_of
from app.records.tokens import tokens

_BATCH: Final = 500
_WAITING: Final = """
SELECT r.*, NULL::bytea AS content FROM timeline_line l JOIN record r ON r.shard = l.shard AND r.id = l.id
WHERE l.tokens IS NULL ORDER BY l.shard, l.id LIMIT $1
"""
_CORRECTING: Final = """
SELECT * FROM record WHERE shard = ANY ($1::int4[]) AND corrects_id = ANY ($2::uuid[])
"""
_INDEX: Final = """
UPDATE timeline_line l SET tokens = f.tokens::int8[] FROM unnest($1::int4[], $2::uuid[], $3::text[]) AS f (shard, id, tokens)
WHERE l.shard = f.shard AND l.id = f.id AND l.tokens IS NULL
"""


async def index_waiting() -> int:
    """Index every line that waits, and say how many; who is erased can't be found, and what doesn't open is found by nothing."""
    done = 0
    while True:
        async with transaction(KEEPER):
            rows = await fetch_all(_WAITING, _BATCH)
            await _index(rows)
        done += len(rows)
        if len(rows) < _BATCH:
            return done


async def _index(rows: list[Row]) -> None:
    shards, ids = [row["shard"] for row in rows], [row["id"] for row in rows]
    keys = await person_keys(list({row["citizen_id"] for row in rows}))
    correcting: dict[UUID, list[Row]] = {}
    for one in await fetch_all(_CORRECTING, sorted(set(shards)), ids):
        correcting.setdefault(one["corrects_id"], []).append(one)
    found = [_tokens(row, correcting.get(row["id"], []), keys.get(row["citizen_id"])) for row in rows]
    await execute(_INDEX, shards, ids, ["{" + ",".join(map(str, each)) + "}" for each in found])


def _tokens(row: Row, correcting: list[Row], key: DataKey | None) -> list[int]:
    if key is None:
        return []
    try:
        texts = [text for one in (row, *correcting) for text in texts_of(recorded(one, key))]
    except SealBroken:
        return []
    return tokens(key, month_of(row["happened_at"]), texts)
