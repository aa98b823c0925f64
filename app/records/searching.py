"""Searching a sealed timeline: months that hold something, newest first, are asked for the words' tokens, and what is found is read.

So a page costs the same whether a person has a thousand entries or a million: a frequent word fills it from the first months, a
rare one is looked up in each month by its token. Tokens may meet by chance and bigrams in another order; what was opened decides.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final
from uuid import UUID

import msgspec

from app.kernel.database import Row, fetch_all, transaction
from app.kernel.ids import shard_of
from app.records.entries import COLUMNS, JOINS, Keys, phrase_of
from app.records.filing import texts_of
from app.records.lines import KEEPER, month_of
from app.records.tokens import Sought, is_in, search_key, token
from app.records.wanted import Place, Span, Wanted

Found = tuple[list[Row], Place | None]
_FIRST_MONTHS: Final = 3
_GROWTH: Final = 4
_MOST_READ: Final = 400
"""So many candidates are opened for one page; then it ends there, and the next goes on."""

_MONTHS: Final = """
SELECT DISTINCT citizen_id, month FROM timeline_month
WHERE shard = ANY ($1::int4[]) AND citizen_id = ANY ($2::uuid[]) AND month BETWEEN $3 AND $4 AND ($5::text IS NULL OR kind = $5)
AND CASE WHEN $6 THEN hidden ELSE shown END > 0 ORDER BY month DESC
"""
_CANDIDATES: Final = """
WITH hit AS MATERIALIZED (
    SELECT id, shard, citizen_id, happened_at, kind, source, hidden FROM timeline_line
    WHERE shard = ANY ($1::int4[]) AND {tokens}
) SELECT id FROM hit WHERE citizen_id = ANY ($2::uuid[]) AND hidden = $3 AND ($4::text IS NULL OR kind = $4)
AND ($5::text IS NULL OR source = $5) AND happened_at >= $6 AND (happened_at, id) < ($7, $8::uuid)
ORDER BY happened_at DESC, id DESC LIMIT $9
"""
_TOKENS_FROM: Final = 10
_READ: Final = f"""
SELECT {COLUMNS} FROM unnest($1::int4[], $2::uuid[]) AS hit (shard, id)
JOIN timeline_line l ON l.shard = hit.shard AND l.id = hit.id {JOINS} ORDER BY l.happened_at DESC, l.id DESC
"""
_CORRECTED: Final = """
SELECT id, corrects_id, phrase, facts, NULL::bytea AS content FROM record
WHERE shard = ANY ($1::int4[]) AND corrects_id = ANY ($2::uuid[])
"""


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What is looked for, of which entries, and how many."""

    wanted: Wanted
    words: Sought
    within: Span
    limit: int


async def search(asked: Asked, keys: Keys) -> Found:
    """Entries that hold the words, newest first, `limit` at the most, and where the page ends if there may be more."""
    found: list[Row] = []
    read, at = 0, asked.within.before
    derived = {person: search_key(key) for person, key in keys.items()}
    for months in _batches(await _months(asked, keys)):
        tokens = [[token(derived[person], month, gram) for person, month in months] for gram in asked.words.grams]
        while True:
            rows = await _read(await _candidates(asked, tokens, list(keys), at))
            for row in rows:
                read, at = read + 1, Place(row["happened_at"], row["id"])
                found += [row] if await _holds(asked.words, row, keys) else []
                if len(found) > asked.limit:
                    last = found[asked.limit - 1]
                    return found, Place(last["happened_at"], last["id"])
            if len(rows) <= asked.limit:
                break
            if read >= _MOST_READ:
                return found, at
    return found, None


def _batches(months: Sequence[tuple[UUID, date]]) -> Iterator[Sequence[tuple[UUID, date]]]:
    """Months in groups that grow, none divided between people: a page of several people keeps its order."""
    at, size = 0, _FIRST_MONTHS
    while at < len(months):
        end = min(at + size, len(months))
        while end < len(months) and months[end][1] == months[end - 1][1]:
            end += 1
        yield months[at:end]
        at, size = end, size * _GROWTH


async def _months(asked: Asked, keys: Keys) -> list[tuple[UUID, date]]:
    first, last = month_of(asked.within.since), month_of(asked.within.before.happened_at)
    kind = asked.wanted.kind.value if asked.wanted.kind else None
    rows = await fetch_all(_MONTHS, _shards(keys), list(keys), first, last, kind, asked.wanted.hidden)
    return [(row["citizen_id"], row["month"]) for row in rows]


async def _candidates(asked: Asked, tokens: list[list[int]], people: list[UUID], at: Place) -> list[UUID]:
    """Ids of lines with all tokens.

    Overlap of arrays isn't leakproof, so row security would keep it from its index: the product itself asks, for these people only,
    and the rows are then read by the citizen.
    """
    conditions = " AND ".join(f"tokens && ${_TOKENS_FROM + number}::int8[]" for number in range(len(tokens)))
    kind = asked.wanted.kind.value if asked.wanted.kind else None
    async with transaction(KEEPER):
        rows = await fetch_all(
            _CANDIDATES.format(tokens=conditions),
            *(_shards(people), people, asked.wanted.hidden, kind, asked.wanted.source, asked.within.since),
            *(at.happened_at, at.id, asked.limit + 1, *tokens),
        )
    return [row["id"] for row in rows]


async def _read(ids: Sequence[UUID]) -> list[Row]:
    return await fetch_all(_READ, [shard_of(one) for one in ids], ids) if ids else []


async def _holds(words: Sought, row: Row, keys: Keys) -> bool:
    key = keys[row["citizen_id"]]
    texts = texts_of(phrase_of(row, key))
    if is_in(words, texts) or not row["extras"]:
        return is_in(words, texts)
    corrected = await fetch_all(_CORRECTED, [row["shard"]], [row["id"]])
    return is_in(words, (*texts, *(text for one in corrected for text in texts_of(phrase_of(one, key)))))


def _shards(people: Keys | Sequence[UUID]) -> list[int]:
    return sorted({shard_of(person) for person in people})
