"""The chain of the ledger's days: how much moved on each, a digest of every transfer, and the day before, under the city's seal.

Whoever changed a transfer of a day that is closed, and its account with it, would have to make every later day anew, and each has a
seal that others may have kept (`fuhai ledger day`). A day is that of Shanghai; it is closed some time after its end, when whatever was
asked for on it is posted. A day on which nothing moved is closed like any other, so none can be left out.
"""

import hashlib
from datetime import date, datetime, time, timedelta
from typing import Final

import msgspec
import structlog

from app.card.limits import limit_on
from app.card.receipts import SYSTEM
from app.kernel import clock
from app.kernel.database import Row, execute, fetch_all, fetch_one, fetch_value, transaction
from app.kernel.ids import SHARDS, lowest_id
from app.pki.seals import Seal, seal_bytes

_log = structlog.get_logger()
_FIRST_ONES: Final = 1_000
"""A transfer gets its id a moment before or after its time, so the first by id may not be the first by time."""
_ONE_DAY: Final = timedelta(days=1)
_FIRST: Final = "0" * 64
# A row as text in one spelling, and its receipt, each row by itself; then all of a shard in the order of their ids.
_SHARDS_OF_DAY: Final = """
SELECT t.shard, count(*) AS transfers, sum(t.amount_fen)::int8 AS moved_fen, encode(sha256(string_agg(sha256(convert_to(concat_ws('|', t.id,
  t.citizen_id, (extract(epoch FROM t.at) * 1000000)::int8, t.kind, t.debit, t.credit, t.amount_fen, t.principal, t.request_key, t.sequence,
  t.merchant_code, t.code_id, t.returns), 'UTF8') || t.fingerprint || t.receipt), ''::bytea ORDER BY t.id)), 'hex') AS digest
FROM transfer t WHERE t.shard = ANY ($1::int4[]) AND t.id >= $2 AND t.id < $3 AND t.at >= $4 AND t.at < $5 GROUP BY t.shard ORDER BY t.shard
"""


class ShardOfDay(msgspec.Struct, frozen=True):
    """What moved in a shard on a day; `digest` is SHA-256 over the SHA-256 of each transfer, in the order of their ids."""

    shard: int
    transfers: int
    moved_fen: int
    digest: str


class LedgerDay(msgspec.Struct, frozen=True):
    """A closed day as it is sealed; `previous` is the SHA-256 of the statement of the day before, zeros for the first."""

    format: str
    day: date
    transfers: int
    moved_fen: int
    shards: tuple[ShardOfDay, ...]
    previous: str


class Sealed(msgspec.Struct, frozen=True):
    """The statement of a day as bytes, and the seal over them."""

    day: date
    statement: bytes
    seal: Seal


def last_over(instant: datetime) -> date:
    """The last day that can be closed at an instant."""
    day = clock.local(instant).date()
    while instant < _begin(day + _ONE_DAY) + timedelta(minutes=limit_on(day, "month_ends_after_minutes")):
        day -= _ONE_DAY
    return day


async def close_days() -> int:
    """Close every day that is over, the oldest first, each in a transaction of its own; say how many. Harmless when repeated or raced."""
    closed, last = 0, last_over(clock.now())
    while (day := await _next_day()) is not None and day <= last:
        closed += await _close(day)
    return closed


async def sealed_day(day: date) -> Sealed | None:
    """A closed day's statement with its seal, if it is closed."""
    async with transaction(SYSTEM):
        row = await fetch_one("SELECT * FROM ledger_day WHERE day = $1", day)
    return None if row is None else _sealed(row)


async def sealed_days() -> list[Sealed]:
    """Every closed day, the oldest first."""
    async with transaction(SYSTEM):
        return [_sealed(row) for row in await fetch_all("SELECT * FROM ledger_day ORDER BY day")]


async def shards_of(day: date) -> tuple[ShardOfDay, ...]:
    """What the ledger says of a day now."""
    async with transaction(SYSTEM):
        return await _shards(day)


async def _next_day() -> date | None:
    """The day after the last that is closed, or the first on which something moved."""
    async with transaction(SYSTEM):
        last: date | None = await fetch_value("SELECT max(day) FROM ledger_day")
        if last is not None:
            return last + _ONE_DAY
        first: datetime | None = await fetch_value(
            "SELECT min(f.at) FROM (SELECT t.at FROM transfer t ORDER BY t.id LIMIT $1) f", _FIRST_ONES
        )
    return None if first is None else clock.local(first).date()


async def _close(day: date) -> int:
    async with transaction(SYSTEM):
        shards = await _shards(day)
        before = await fetch_one("SELECT statement FROM ledger_day WHERE day = $1", day - _ONE_DAY)
        stated = LedgerDay(
            format="fuhai.ledger-day.v1",
            day=day,
            transfers=sum(one.transfers for one in shards),
            moved_fen=sum(one.moved_fen for one in shards),
            shards=shards,
            previous=hashlib.sha256(before["statement"]).hexdigest() if before else _FIRST,
        )
        statement = msgspec.json.encode(stated)
        seal = seal_bytes(statement)
        closed = await execute(
            "INSERT INTO ledger_day (day, statement, algorithm, signature, certificate, chain) VALUES ($1, $2, $3, $4, $5, $6) "
            "ON CONFLICT (day) DO NOTHING",
            *(day, statement, seal.algorithm, seal.signature, seal.certificate, seal.chain),
        )
    _log.info("ledger_day_closed", count=stated.transfers)
    return closed


async def _shards(day: date) -> tuple[ShardOfDay, ...]:
    begins, ends = _begin(day), _begin(day + _ONE_DAY)
    span = (lowest_id(begins - _ONE_DAY), lowest_id(ends + _ONE_DAY))
    rows = await fetch_all(_SHARDS_OF_DAY, list(SHARDS), *span, begins, ends)
    return tuple(ShardOfDay(row["shard"], row["transfers"], row["moved_fen"], row["digest"]) for row in rows)


def _sealed(row: Row) -> Sealed:
    seal = Seal(row["algorithm"], row["signature"], row["certificate"], row["chain"])
    return Sealed(row["day"], row["statement"], seal)


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), clock.SHANGHAI)
