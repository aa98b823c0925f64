"""How long proving the ledger takes, beside one plain count of its rows on the same PostgreSQL.

Run `python -m bench.ledger_proof [--quick]`. 10,000,000 payments of 200,000 cards over 30 days are laid in bulk; then the days are closed,
and the ledger is proved: without the digests of every transfer, and with them. The target is 60 seconds.
"""

import asyncio
import json
import sys
import time
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Final, TypeVar

import asyncpg

from app.card.checking import check_ledger
from app.card.ledger_days import close_days
from app.card.receipts import SYSTEM
from app.kernel import clock
from app.kernel.database import close_pool, dsn_config, fetch_value, open_pool, transaction
from app.kernel.migrating import migrate
from app.kernel.settings import load
from app.pki.setup import prepare
from bench.bank import lay_cards
from bench.ledger import a_server

V = TypeVar("V")
TARGET_SECONDS: Final = 60.0
DAYS: Final = 30
_SECOND_INDEXES: Final = (
    "transfer_request_once",
    "transfer_sequence_once",
    "transfer_code_once",
    "transfer_citizen",
    "transfer_returns",
)
# A UUIDv7 of its day: milliseconds, which payment of the card it is, which card, and the shard.
_LAY: Final = """
INSERT INTO transfer (id, shard, citizen_id, at, kind, debit, credit, amount_fen, principal, request_key, fingerprint, sequence,
  merchant_code, code_id, receipt)
SELECT (lpad(to_hex((extract(epoch FROM d.at) * 1000)::int8), 12, '0') || '7' || lpad(to_hex(d.n), 3, '0') || '8' ||
    lpad(to_hex(c.number), 12, '0') || lpad(to_hex(c.shard), 3, '0'))::uuid,
  c.shard, c.citizen_id, d.at, 'payment', c.account_id, c.clearing, 1, 'terminal:' || (c.number % 500), c.number || ' ' || d.n,
  decode('00', 'hex'), c.number * 1000 + d.n, 'M' || (c.number % 10),
  (lpad(to_hex(d.n), 12, '0') || '7' || lpad(to_hex(d.n), 3, '0') || '8' || lpad(to_hex(c.number), 12, '0') || lpad(to_hex(c.shard), 3, '0'))::uuid,
  $1
FROM (SELECT c.shard, c.citizen_id, c.account_id, k.id AS clearing, row_number() OVER (ORDER BY c.id) AS number FROM card c
      JOIN account k ON k.shard = c.shard AND k.kind = 'terminal_clearing') c
CROSS JOIN (SELECT n, $2::timestamptz + n * $3::interval AS at FROM generate_series(1, $4::int4) n) d
"""
_CLEARED: Final = """
UPDATE account a SET balance_fen = m.fen FROM (
  SELECT shard, credit, sum(amount_fen)::int8 AS fen FROM transfer WHERE kind = 'payment' GROUP BY 1, 2) m
WHERE a.shard = m.shard AND a.id = m.credit
"""
_BALANCES: Final = (
    "UPDATE account SET balance_fen = balance_fen - {each} WHERE kind = 'card'",
    _CLEARED,
    "VACUUM ANALYZE transfer, account",
)


class Size:
    """How many cards, and payments of each."""

    def __init__(self, *, quick: bool) -> None:
        self.cards, self.each = (2_000, 50) if quick else (200_000, 50)


async def lay(size: Size, begins: datetime) -> None:
    """Lay cards with their top-ups, and their payments."""
    await lay_cards(load(), size.cards)
    link = await asyncpg.connect(**dsn_config(load().database_owner_url))
    await link.execute("SET maintenance_work_mem = '1GB'")
    defined = {
        row["name"]: (row["made"], row["key"])
        for row in await link.fetch(
            "SELECT i.relname AS name, pg_get_indexdef(i.oid) AS made, k.conname AS key FROM pg_class i LEFT JOIN pg_constraint k ON k.conindid = i.oid "
            "WHERE i.relname = ANY ($1)",
            list(_SECOND_INDEXES),
        )
    }
    for name, (_, key) in defined.items():
        await link.execute(f"ALTER TABLE transfer DROP CONSTRAINT {name}" if key else f"DROP INDEX {name}")
    receipt = b'{"format":"fuhai.receipt.v1"}'.ljust(450)
    await link.execute(_LAY, receipt, begins, timedelta(days=DAYS) / (size.each + 1), size.each)
    for statement in (*(made for made, _ in defined.values()), *_BALANCES):
        await link.execute(statement.format(each=size.each))
    await link.close()


async def timed(work: Callable[[], Awaitable[V]]) -> tuple[V, float]:
    """What something gives, and how many seconds it took."""
    start = time.perf_counter()
    given = await work()
    return given, time.perf_counter() - start


async def counted() -> int:
    """The yardstick: one plain count."""
    async with transaction(SYSTEM):
        rows: int = await fetch_value("SELECT count(*) FROM transfer WHERE amount_fen > 0")
    return rows


async def measure(size: Size) -> dict[str, object]:
    """Lay, close and prove; refuses to report a ledger that doesn't hold."""
    await migrate(load())
    await asyncio.to_thread(prepare, load())
    await open_pool(load())
    _, laying = await timed(lambda: lay(size, clock.now() - timedelta(days=DAYS + 1)))
    print(f"laid in {laying:.0f} s", flush=True)
    days, closing = await timed(close_days)
    print(f"{days} days closed in {closing:.1f} s", flush=True)
    _, counting = await timed(counted)
    proof, proving = await timed(check_ledger)
    whole, deeply = await timed(lambda: check_ledger(every_transfer=True))
    await close_pool()
    if not (proof.holds and whole.holds):
        raise SystemExit(f"the ledger doesn't hold: {proof} {whole}")
    return {
        "bench": "ledger-proof",
        "transfers": proof.transfers,
        "ours": round(proving, 1),
        "yardstick": round(counting, 1),
        "yardstick_name": "one count of the transfers, in seconds",
        "ratio": round(proving / counting, 1),
        "every_transfer_seconds": round(deeply, 1),
        "day_closed_seconds": round(closing / max(days, 1), 2),
        "p50_ms": round(proving * 1_000),
        "p99_ms": round(proving * 1_000),
        "target_seconds": TARGET_SECONDS,
        "met": proving <= TARGET_SECONDS,
    }


def main() -> None:
    """Measure and print; the exit code says whether the target is met."""
    with a_server():
        found = asyncio.run(measure(Size(quick="--quick" in sys.argv)))
    print(json.dumps(found))
    raise SystemExit(not found["met"])


if __name__ == "__main__":
    main()
