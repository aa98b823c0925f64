"""Searching a sealed timeline: the newest lines are looked through, then months that hold something are asked for the words' tokens.

So a page costs the same whether a person has a thousand entries or a million: a frequent word fills it from the newest lines, a rare
one is looked up in each month by its token. Tokens may meet by chance and bigrams in another order; what was opened decides.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from typing import Final
from uuid import UUID

import msgspec

from app.kernel import clock
from app.kernel.database import Row, fetch_all, transaction
from app.kernel.ids import shard_of
from app.records.entries import COLUMNS, JOINS, Keys, phrase_of
from app.records.filing import texts_of
from app.records.lines import KEEPER, month_of
from app.records.ordered import ORDERED, ordered
from app.records.tokens import Sought, is_in, search_key, token
from app.records.wanted import Place, Span, Wanted

Found = tuple[list[Row], Place | None]
_NEWEST: Final = 300
"""So many lines are looked through one by one before the index is asked."""
_FIRST_MONTHS: Final = 3
_GROWTH: Final = 4
_MOST_READ: Final = 400
"""So many candidates are opened for one page; then it ends there, and the next goes on."""

_MONTHS: Final = """
SELECT citizen_id, month, sum(CASE WHEN $6 THEN hidden ELSE shown END)::int8 AS count FROM timeline_month
WHERE shard = ANY ($1::int4[]) AND citizen_id = ANY ($2::uuid[]) AND month BETWEEN $3 AND $4 AND ($5::text IS NULL OR kind = $5)
AND CASE WHEN $6 THEN hidden ELSE shown END > 0 GROUP BY 1, 2 ORDER BY month DESC
"""
_CANDIDATES: Final = """
WITH hit AS MATERIALIZED (
    SELECT id, shard, citizen_id, happened_at, kind, source, hidden FROM timeline_line
    WHERE shard = ANY ($1::int4[]) AND {tokens}
) SELECT id FROM hit WHERE citizen_id = ANY ($2::uuid[]) AND hidden = $3 AND ($4::text IS NULL OR kind = $4)
AND ($5::text IS NULL OR source = $5) AND happened_at >= $6 AND (happened_at, id) < ($7, $8::uuid)
ORDER BY happened_at DESC, id DESC LIMIT $9
"""
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


class Month(msgspec.Struct, frozen=True):
    """A month of a person that holds something of what is wanted, and how much."""

    person: UUID
    first: date
    count: int


class _Search:
    """One page's search: what was found so far, how much was opened, and where it stands."""

    def __init__(self, asked: Asked, keys: Keys) -> None:
        self._asked, self._keys = asked, keys
        self._search_keys = {person: search_key(key) for person, key in keys.items()}
        self.found: list[Row] = []
        self.at = asked.within.before
        self.read = 0

    @property
    def is_full(self) -> bool:
        """Whether there is one more than a page holds."""
        return len(self.found) > self._asked.limit

    @property
    def has_read_enough(self) -> bool:
        """Whether so much was opened that the page has to end."""
        return self.read >= _MOST_READ

    async def look_through_newest(self, months: Sequence[Month]) -> None:
        """Look through the next lines in their order, as far as these months and `_NEWEST` reach; no index is needed for it."""
        since = max(self._asked.within.since, _beginning(months[-1].first))
        tokens, people = self._tokens(months), list(self._keys)
        by, arguments = ordered(people, self._asked.wanted, Span(since, self.at), _NEWEST)
        conditions = _conditions(len(arguments) + 1, len(tokens))
        rows = await fetch_all(
            f"SELECT id, happened_at, {conditions} AS hit FROM ({ORDERED[by]}) n ORDER BY happened_at DESC, id DESC",
            *(*arguments, *tokens),
        )
        hits = [row["id"] for row in rows if row["hit"]]
        for start in range(0, len(hits), self._asked.limit + 1):
            await self._take(hits[start : start + self._asked.limit + 1])
            if self.is_full:
                return
        last = rows[-1] if len(rows) == _NEWEST else None
        self.at = Place(since, UUID(int=0)) if last is None else Place(last["happened_at"], last["id"])

    async def look_up(self, months: Sequence[Month]) -> None:
        """Ask the index for lines of these months with all tokens, until there are no more or the page has to end."""
        tokens = self._tokens(months)
        while not (self.is_full or self.has_read_enough):
            ids = await self._candidates(tokens)
            await self._take(ids)
            if len(ids) <= self._asked.limit:
                return

    def _tokens(self, months: Sequence[Month]) -> list[list[int]]:
        return [
            [token(self._search_keys[month.person], month.first, gram) for month in months]
            for gram in self._asked.words.grams
        ]

    async def _candidates(self, tokens: list[list[int]]) -> list[UUID]:
        """Ids of lines with all tokens.

        Overlap of arrays isn't leakproof, so row security would keep it from its index: the product itself asks, for these people
        only, and the rows are then read by the citizen.
        """
        wanted, people = self._asked.wanted, list(self._keys)
        arguments = [
            *(_shards(people), people, wanted.hidden, wanted.kind.value if wanted.kind else None, wanted.source),
            *(self._asked.within.since, self.at.happened_at, self.at.id, self._asked.limit + 1),
        ]
        statement = _CANDIDATES.format(tokens=_conditions(len(arguments) + 1, len(tokens)))
        async with transaction(KEEPER):
            return [row["id"] for row in await fetch_all(statement, *arguments, *tokens)]

    async def _take(self, ids: Sequence[UUID]) -> None:
        """Open lines in their order, and keep those that hold the words, until the page is full."""
        rows = await fetch_all(_READ, [shard_of(one) for one in ids], ids) if ids else []
        for row in rows:
            self.read, self.at = self.read + 1, Place(row["happened_at"], row["id"])
            if await self._holds(row):
                self.found.append(row)
            if self.is_full:
                return

    async def _holds(self, row: Row) -> bool:
        key, words = self._keys[row["citizen_id"]], self._asked.words
        texts = texts_of(phrase_of(row, key))
        if is_in(words, texts) or not row["extras"]:
            return is_in(words, texts)
        corrected = await fetch_all(_CORRECTED, [row["shard"]], [row["id"]])
        return is_in(words, (*texts, *(text for one in corrected for text in texts_of(phrase_of(one, key)))))


async def search(asked: Asked, keys: Keys) -> Found:
    """Entries that hold the words, newest first, `limit` at the most, and where the page ends if there may be more."""
    months = await _months(asked, keys)
    if not months:
        return [], None
    searched = _Search(asked, keys)
    await searched.look_through_newest(_head(months))
    rest = [month for month in months if _beginning(month.first) < searched.at.happened_at]
    for batch in _batches(rest):
        if searched.is_full or searched.has_read_enough:
            break
        await searched.look_up(batch)
    if searched.is_full:
        last = searched.found[asked.limit - 1]
        return searched.found, Place(last["happened_at"], last["id"])
    return searched.found, searched.at if searched.has_read_enough else None


def _head(months: Sequence[Month]) -> Sequence[Month]:
    """The newest months, until they hold as many lines as are looked through one by one."""
    held = end = 0
    while end < len(months) and (held < _NEWEST or months[end].first == months[end - 1].first):
        held, end = held + months[end].count, end + 1
    return months[:end]


def _batches(months: Sequence[Month]) -> Iterator[Sequence[Month]]:
    """Months in groups that grow, none divided between people: a page of several people keeps its order."""
    at, size = 0, _FIRST_MONTHS
    while at < len(months):
        end = min(at + size, len(months))
        while end < len(months) and months[end].first == months[end - 1].first:
            end += 1
        yield months[at:end]
        at, size = end, size * _GROWTH


async def _months(asked: Asked, keys: Keys) -> list[Month]:
    first, last = month_of(asked.within.since), month_of(asked.within.before.happened_at)
    kind = asked.wanted.kind.value if asked.wanted.kind else None
    people = list(keys)
    rows = await fetch_all(_MONTHS, _shards(people), people, first, last, kind, asked.wanted.hidden)
    return [Month(row["citizen_id"], row["month"], row["count"]) for row in rows]


def _conditions(first: int, count: int) -> str:
    return " AND ".join(f"tokens && ${first + number}::int8[]" for number in range(count))


def _beginning(month: date) -> datetime:
    return datetime.combine(month, time(), clock.SHANGHAI)


def _shards(people: Sequence[UUID]) -> list[int]:
    return sorted({shard_of(person) for person in people})
