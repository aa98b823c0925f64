"""Payments per second in process while the number of cards grows from ten thousand to ten million, beside pgbench's TPC-B-like.

Run `python -m bench.ledger_curve [--quick]`. All cards are rows like others; those that pay lie evenly among them, so the pages that a
payment touches are as far apart as in a city of that size. Each size is measured in turns with the yardstick, and is the ratio between
them; the curve is flat if no size's ratio is more than 15 % from the first one's. Beside each stands how much room the cards' rows and
indexes take: what doesn't fit in PostgreSQL's buffers (1 GB here) is read from the system's. Laying ten million takes five minutes.
"""

import asyncio
import json
import statistics
import sys
import time
from typing import Final
from uuid import UUID

import asyncpg

from app.card.accounts import Clearing, clearing_account
from app.card.checking import check_ledger
from app.embedded import postgres
from app.kernel.collecting import collect_seldom
from app.kernel.database import close_pool, open_pool
from app.kernel.idempotency import use_cipher
from app.kernel.ids import SHARDS
from app.kernel.migrating import migrate
from app.kernel.settings import load
from app.keys.stored_answers import SealedAnswers
from app.pki.setup import prepare
from bench.bank import FUNDS_FEN
from bench.ledger import Bank, Size, a_server, yardstick

FLAT_WITHIN: Final = 0.15
MOST_PAYERS: Final = 300_000
AT_ONCE: Final = 1_000_000
# Ids that begin with time, as ours do: the number of the card, what it is the id of, and its shard.
_ID: Final = """
CREATE FUNCTION laid_id(number int8, what int4, shard int4) RETURNS uuid LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT (lpad(to_hex(1600000000000 + number), 12, '0') || '7' || lpad(to_hex(what), 3, '0') || '8' || repeat('0', 12) ||
    lpad(to_hex(shard), 3, '0'))::uuid
$$
"""
_SHARD: Final = "($3::int4[])[1 + n % cardinality($3::int4[])]"
_NUMBERS: Final = "generate_series($1::int8, $2::int8) n"
_RESIDENTS: Final = f"""
INSERT INTO resident (id, shard, known_since) SELECT laid_id(n, 1, {_SHARD}), {_SHARD}, now() FROM {_NUMBERS}
"""
_ACCOUNTS: Final = f"""
INSERT INTO account (id, shard, citizen_id, kind, balance_fen, paying_card, card_class, shown_from)
SELECT laid_id(n, 2, {_SHARD}), {_SHARD}, laid_id(n, 1, {_SHARD}), 'card', 0, laid_id(n, 3, {_SHARD}), 'ordinary', 0 FROM {_NUMBERS}
"""
_CARDS: Final = f"""
INSERT INTO card (id, shard, citizen_id, account_id, number, state, opened_at, activated_at)
SELECT laid_id(n, 3, {_SHARD}), {_SHARD}, laid_id(n, 1, {_SHARD}), laid_id(n, 2, {_SHARD}),
  '3706' || lpad(({_SHARD})::text, 4, '0') || lpad(n::text, 11, '0'), 'active', now(), now() FROM {_NUMBERS}
"""
_PAYERS: Final = f"""
SELECT n, {_SHARD} AS shard FROM generate_series($1::int8, $2::int8, $4::int8) n
WHERE EXISTS (SELECT 1 FROM account a WHERE a.shard = {_SHARD} AND a.id = laid_id(n, 2, {_SHARD}) AND a.balance_fen = 0)
"""
_OF_PAYERS: Final = "unnest($1::int8[], $3::int4[], $4::uuid[]) AS p (n, shard, clearing)"
_TOP_UPS: Final = f"""
INSERT INTO top_up (id, shard, citizen_id, account_id, at, amount_fen, channel, appid, mchid, state, expires_at, request_key,
  fingerprint, transaction_id, paid_at, transfer_id)
SELECT laid_id(n, 4, shard), shard, laid_id(n, 1, shard), laid_id(n, 2, shard), now(), $2, 'wechat_pay', 'bench', 'bench', 'paid', now(),
  n::text, '', n::text, now(), laid_id(n, 5, shard) FROM {_OF_PAYERS}
"""
_TRANSFERS: Final = f"""
INSERT INTO transfer (id, shard, citizen_id, at, kind, debit, credit, amount_fen, principal, request_key, fingerprint, receipt)
SELECT laid_id(n, 5, shard), shard, laid_id(n, 1, shard), now(), 'top_up', clearing, laid_id(n, 2, shard), $2, 'system:wechat-pay',
  n::text, '', '{{}}' FROM {_OF_PAYERS}
"""
_BALANCES: Final = f"UPDATE account a SET balance_fen = $2 FROM {_OF_PAYERS} WHERE a.shard = p.shard AND a.id = laid_id(p.n, 2, p.shard)"
_CLEARED: Final = f"""
UPDATE account a SET balance_fen = a.balance_fen - p.fen
FROM (SELECT shard, clearing, count(*) * $2::int8 AS fen FROM {_OF_PAYERS} GROUP BY 1, 2) p
WHERE a.shard = p.shard AND a.id = p.clearing
"""


_SIZE_MB: Final = """
SELECT (pg_total_relation_size('resident') + pg_total_relation_size('account') + pg_total_relation_size('card')) / 1000000
"""


class Curve:
    """How many cards there are at each turn, and how much is measured then."""

    def __init__(self, *, quick: bool) -> None:
        self.sizes = (2_000, 4_000) if quick else (10_000, 100_000, 1_000_000, 10_000_000)
        self.turn = Size(quick=quick)


async def lay_up_to(link: asyncpg.Connection, already: int, cards: int) -> list[UUID]:
    """Lay cards up to a number, and money for those of them that pay; gives the payers' cards."""
    shards = list(SHARDS)
    for begun in range(already + 1, cards + 1, AT_ONCE):
        for statement in (_RESIDENTS, _ACCOUNTS, _CARDS):
            await link.execute(statement, begun, min(begun + AT_ONCE - 1, cards), shards)
    step = max(1, cards // MOST_PAYERS)
    poor = await link.fetch(_PAYERS, step, cards, shards, step)
    numbers, places = [row["n"] for row in poor], [row["shard"] for row in poor]
    clearings = [clearing_account(shard, Clearing.TOP_UP) for shard in places]
    for statement in (_TOP_UPS, _TRANSFERS, _BALANCES, _CLEARED):
        await link.execute(statement, numbers, FUNDS_FEN, places, clearings)
    await link.execute("VACUUM ANALYZE resident, account, card, transfer, top_up")
    await link.execute("CHECKPOINT")
    rows = await link.fetch(
        f"SELECT laid_id(n, 3, {_SHARD}) AS id FROM generate_series($1::int8, $2::int8, $4::int8) n",
        *(step, cards, shards, step),
    )
    return [row["id"] for row in rows]


async def turns(server: postgres.Postgres, cards: list[UUID], curve: Curve) -> tuple[float, float]:
    """Payments and yardstick per second, as medians of some turns."""
    bank, ours, theirs = Bank(cards), [], []
    await bank.round(bank.asked(curve.turn.payments // 5))
    for _ in range(curve.turn.rounds):
        ours.append(await bank.round(bank.asked(curve.turn.payments)))
        theirs.append(await asyncio.to_thread(yardstick, server, curve.turn))
    return statistics.median(ours), statistics.median(theirs)


async def measure(server: postgres.Postgres, curve: Curve) -> dict[str, object]:
    """Lay and measure size after size; refuses to report books that don't hold."""
    await migrate(load())
    await asyncio.to_thread(prepare, load())
    await asyncio.to_thread(yardstick, server, curve.turn, prepare=True)
    use_cipher(SealedAnswers())
    await open_pool(load())
    link = await asyncpg.connect(server.url(postgres.SUPERUSER))
    await link.execute(_ID)
    await link.execute("SET session_replication_role = replica")
    collect_seldom()
    found: dict[int, tuple[float, float]] = {}
    for already, cards in zip((0, *curve.sizes), curve.sizes, strict=False):
        begun = time.perf_counter()
        payers = await lay_up_to(link, already, cards)
        took, size_mb = time.perf_counter() - begun, await link.fetchval(_SIZE_MB)
        print(f"{cards:,} cards ({size_mb:,} MB), of which {len(payers):,} pay, laid in {took:.0f} s", flush=True)
        found[cards] = await turns(server, payers, curve)
        print(f"{cards:,} cards: ours {found[cards][0]:,.0f}/s, pgbench {found[cards][1]:,.0f}/s", flush=True)
    await link.close()
    proof = await check_ledger()
    await close_pool()
    if not proof.holds:
        raise SystemExit(f"the ledger doesn't hold: {proof}")
    return report(found)


def report(found: dict[int, tuple[float, float]]) -> dict[str, object]:
    """What is printed last: the largest size's rates, each size's ratio, and how far they lie apart."""
    ratios = {cards: ours / theirs for cards, (ours, theirs) in found.items()}
    first, (ours, theirs) = next(iter(ratios.values())), list(found.values())[-1]
    apart = max(abs(ratio / first - 1) for ratio in ratios.values())
    return {
        "bench": "ledger-curve",
        "ours": round(ours),
        "yardstick": round(theirs),
        "yardstick_name": "pgbench TPC-B-like",
        "ratio": round(ours / theirs, 2),
        "ratios": {str(cards): round(ratio, 2) for cards, ratio in ratios.items()},
        "apart": round(apart, 2),
        "p50_ms": None,
        "p99_ms": None,
        "met": apart <= FLAT_WITHIN,
    }


def main() -> None:
    """Measure and print; the exit code says whether the curve is flat."""
    with a_server() as server:
        found = asyncio.run(measure(server, Curve(quick="--quick" in sys.argv)))
    print(json.dumps(found))
    raise SystemExit(not found["met"])


if __name__ == "__main__":
    main()
