"""The day in a process of its own: `python -m tests.day SCALE FOLDER`, over a database of its own; what came of it is in `found.json`.

The server is a process of its own, too, and its clock shows four in the morning, so that the day doesn't end while it is played.
"""

import asyncio
import json
import os
import sys
import time
from collections import Counter as Tally
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import msgspec

from app.card import channel_bills
from app.card.checking import check_ledger
from app.card.receipts import SYSTEM
from app.embedded import ports
from app.kernel import clock
from app.kernel.collecting import collect_seldom
from app.kernel.database import close_pool, fetch_all, fetch_value, open_pool, transaction
from app.kernel.idempotency import use_cipher
from app.kernel.ids import SHARDS
from app.kernel.settings import load, parse, use
from app.keys.stored_answers import SealedAnswers
from app.pki.setup import prepare
from app.settlement import channel_comparing, running
from app.settlement.checking import check_settlement
from app.settlement.days import day_of
from bench.bank import FUNDS_FEN
from bench.terminal import the_product
from tests.day import channel
from tests.day.books import Books, Expected, require
from tests.day.buses import Bus, Depot
from tests.day.lines import Lines
from tests.day.scale import BUSES, SCALES, TILLS, Scale
from tests.day.scene import Scene, lay
from tests.day.tills import Counter, Till
from tests.makers.files import a_store

FOUR: Final = time_of_day(4)


class Watch:
    """How long each part took, in seconds."""

    def __init__(self) -> None:
        self.took: dict[str, float] = {}

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        """Time a part."""
        begun = time.perf_counter()
        yield
        self.took[name] = round(time.perf_counter() - begun, 1)
        print(f"{name}: {self.took[name]} s", flush=True)


async def play(scene: Scene, scale: Scale, books: Books, port: int) -> None:
    """Play every till and bus; those that go wrong come last, since some of it needs what others did."""
    lines, day = Lines(), day_of(clock.now())
    await lines.open(port, scale.connections)
    counter, depot = Counter(scene, lines, books, day), Depot(scene, lines, books, day)
    tills = [Till(by, TILLS[n % len(TILLS)], scale.dice(n)) for n, by in enumerate(scene.tills)]
    buses = [Bus(by, BUSES[n % len(BUSES)], scale.dice(-1 - n)) for n, by in enumerate(scene.buses)]
    bad = [bus for bus in buses if bus.part.startswith("bad")]
    good = [bus for bus in buses if bus not in bad]
    await asyncio.gather(*(counter.play(till, scale) for till in tills), *(depot.play(bus, scale) for bus in good))
    await asyncio.gather(*(depot.play(bus, scale) for bus in bad))
    for address, took in lines.took.items():
        print(f"{address}: {len(took)} answers, {sum(took) / len(took):.1f} ms each", flush=True)


async def reconcile(books: Books, day: date) -> None:
    """Let the next day come: settle, fetch the channel's bill, and compare; all of it twice, since a repeat may change nothing."""
    bill = await channel.bill(books, day)
    shifted = datetime.combine(day + timedelta(days=1), time_of_day(13), clock.SHANGHAI) - clock.unshifted()
    use(msgspec.structs.replace(load(), clock_offset_seconds=int(shifted.total_seconds())))
    for _ in range(2):
        await running.settle(a_store(), day)
        await channel_bills.fetch_bill(bill, day)
        await channel_comparing.compare(day)


async def found(books: Books) -> dict[str, Any]:
    """What differs from what should be, and how much there was."""
    async with transaction(SYSTEM):
        rows = await fetch_all("SELECT * FROM discrepancy")
        held = await fetch_all("SELECT transfer_id FROM settlement_hold WHERE released_at IS NULL")
        transfers = await fetch_value(
            "SELECT count(*) FROM transfer WHERE shard = ANY ($1::int4[]) AND kind <> 'top_up'", list(SHARDS)
        )
    found = Tally(_named(row) for row in rows)
    expected = Tally(books.expected)
    ledger, settlement = await check_ledger(), await check_settlement()
    return {
        "missing": [msgspec.to_builtins(one) for one in (expected - found).elements()],
        "unexpected": [msgspec.to_builtins(one) for one in (found - expected).elements()],
        "cards": await _cards_off(books),
        "merchants": await _merchants_off(books, {row["transfer_id"] for row in held}),
        "not_held": [str(one) for one in books.held - {row["transfer_id"] for row in held}],
        "holds": [ledger.holds, settlement.holds],
        "asked": books.asked,
        "transfers": transfers,
        "faults": dict(sorted(books.faults.items())),
        "discrepancies": len(rows),
    }


def _named(row: Any) -> Expected:
    return Expected(row["kind"], row["identity"].removeprefix(f"{row['kind']} "), row["amount_fen"])


async def _cards_off(books: Books) -> list[str]:
    """Cards on which there is another amount than there should be."""
    async with transaction(SYSTEM):
        rows = await fetch_all(
            "SELECT c.id, a.balance_fen FROM card c JOIN account a ON a.shard = c.shard AND a.id = c.account_id "
            "WHERE c.shard = ANY ($1::int4[])",
            list(SHARDS),
        )
    should = {row["id"]: (FUNDS_FEN if row["balance_fen"] else 0) + books.moved[row["id"]] for row in rows}
    return [f"{row['id']}: {row['balance_fen']}" for row in rows if row["balance_fen"] != should[row["id"]]]


async def _merchants_off(books: Books, held: set[UUID]) -> list[str]:
    """Merchants of whom more or less was settled than was sold and isn't held."""
    async with transaction(SYSTEM):
        rows = await fetch_all("SELECT * FROM merchant_settlement")
        kept = await fetch_all(
            "SELECT merchant_code, sum(amount_fen)::int8 AS fen FROM transfer WHERE shard = ANY ($1::int4[]) "
            "AND id = ANY ($2::uuid[]) GROUP BY 1",
            *(list(SHARDS), list(held)),
        )
    kept_fen = {row["merchant_code"]: row["fen"] for row in kept}
    off = []
    for row in rows:
        should = books.merchants.pop(row["merchant_code"])
        taken = row["payments_fen"] + kept_fen.get(row["merchant_code"], 0)
        said = {"payments": taken, **{name: row[f"{name}_fen"] for name in ("refunds", "reversals", "borne")}}
        if said != {name: should[name] for name in said}:
            off.append(f"{row['merchant_code']}: {said} instead of {dict(should)}")
        given = row["refunds_fen"] + row["reversals_fen"] + row["fee_fen"]
        if row["payout_fen"] != row["payments_fen"] + row["borne_fen"] - given:
            off.append(f"{row['merchant_code']} is paid {row['payout_fen']}")
    return off + [f"{code} isn't settled" for code in books.merchants]


async def whole_day(scale: Scale, watch: Watch, port: int) -> dict[str, Any]:
    """Lay, play, reconcile, compare."""
    await open_pool(load())
    books = Books()
    with watch.part("laid"):
        scene = await lay(load(), scale)
    collect_seldom()
    with the_product(port), watch.part("played"):
        await play(scene, scale, books, port)
    with watch.part("reconciled"):
        await reconcile(books, day_of(clock.now()))
    with watch.part("compared"):
        result = await found(books)
    await scene.owner.close()
    await close_pool()
    rate = round(books.asked / watch.took["played"])
    return {**result, "seconds": watch.took, "a_second": rate}


def main(name: str, folder: Path) -> None:
    """Play a day of a scale."""
    port, now = ports.free_block(), clock.unshifted()
    offset = datetime.combine(now.date(), FOUR, clock.SHANGHAI) - now
    os.environ |= {
        "FUHAI_VAR": str(folder / "var"),
        "FUHAI_HTTP_PORT": str(port),
        "FUHAI_CLOCK_OFFSET_SECONDS": str(int(offset.total_seconds())),
    }
    use(parse(dict(os.environ)))
    use_cipher(SealedAnswers())
    prepare(load())
    scale = SCALES[name]
    require(scale.terminals - scale.buses >= len(TILLS), "too few tills for every part")
    result = asyncio.run(whole_day(scale, Watch(), port))
    (folder / "found.json").write_text(json.dumps(result, ensure_ascii=False))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
