"""Payments per second in process, full rows (transfer, act, outbox), beside pgbench's TPC-B-like on the same PostgreSQL.

Run `python -m bench.ledger [--quick]`. An embedded PostgreSQL of its own, fsync on; ours and the yardstick take turns. Ours is what
the ledger does with a terminal's request that was read: judged, grouped, posted and told of, with its receipt written. `ratio_unread` is
the same from the payer's code on as it was shown, which is opened, and with the request's fingerprint taken. The targets are a ratio of 5,
and a 99th percentile of 30 ms at the reference; the books are proved at the end.
"""

import asyncio
import json
import os
import re
import secrets
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Final
from uuid import UUID

import asyncpg
import msgspec

from app.card import codes, payments
from app.card.checking import check_ledger
from app.card.codes import Code
from app.card.terminal_structs import TerminalPayment
from app.embedded import postgres
from app.kernel import clock
from app.kernel.actors import Terminal
from app.kernel.collecting import collect_seldom
from app.kernel.database import close_pool, open_pool
from app.kernel.idempotency import Once, use_cipher
from app.kernel.ids import new_plain_id
from app.kernel.migrating import migrate
from app.kernel.settings import load
from app.keys.stored_answers import SealedAnswers
from app.pki.setup import prepare
from bench.bank import lay_cards

CALLERS: Final = 256
MERCHANTS: Final = 10
TARGET_RATIO: Final = 5.0
TARGET_MS: Final = 30.0
REFERENCE: Final = 3_800.0
"""Transactions per second of pgbench on the machine for which the targets in milliseconds were set (docs/decisions/0062)."""
TUNING: Final = {"shared_buffers": "1GB", "min_wal_size": "2GB", "max_wal_size": "4GB", "jit": "off"}
"""As a city's server would be, for us and for the yardstick; fsync and synchronous_commit are on."""
WAL_FILES: Final = 128


class Size:
    """How much is measured: cards, payments and yardstick seconds per round, rounds."""

    def __init__(self, *, quick: bool) -> None:
        self.cards, self.payments, self.seconds, self.rounds = (
            (10_000, 5_000, 3, 2) if quick else (100_000, 50_000, 10, 3)
        )


@contextmanager
def a_server() -> Iterator[postgres.Postgres]:
    """A durable PostgreSQL, and the settings pointed at it."""
    with tempfile.TemporaryDirectory(prefix="fuhai-bench-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o755)
        with postgres.running(folder, durable=True, tuning=TUNING) as server:
            os.environ |= {
                "FUHAI_VAR": str(folder / "var"),
                "FUHAI_DATABASE_URL": server.url(postgres.APPLICATION),
                "FUHAI_DATABASE_OWNER_URL": server.url(postgres.OWNER),
                "FUHAI_DATABASE_POOL": "16",
            }
            yield server


def yardstick(server: postgres.Postgres, size: Size, *, prepare: bool = False) -> float:
    """Transactions per second of pgbench, as many clients as we have connections."""
    told = ["-h", "127.0.0.1", "-p", str(server.port), "-U", postgres.SUPERUSER]
    argv = ["-i", "-q", "-s", "10"] if prepare else ["-M", "prepared", "-c", "16", "-j", "1", "-T", str(size.seconds)]
    done = subprocess.run(
        [str(postgres.binaries() / "pgbench"), *told, *argv, "postgres"],
        env={"PGPASSWORD": server.password(postgres.SUPERUSER), "LC_ALL": "C"},
        capture_output=True,
        text=True,
        check=True,
    )
    found = re.search(r"tps = ([0-9.]+)", done.stdout)
    return float(found[1]) if found else 0.0


@asynccontextmanager
async def a_superuser(server: postgres.Postgres, database: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection that may do everything."""
    told = {"user": postgres.SUPERUSER, "password": server.password(postgres.SUPERUSER), "database": database}
    connection = await asyncpg.connect(host="127.0.0.1", port=server.port, **told)
    try:
        yield connection
    finally:
        await connection.close()


async def lay_wal(server: postgres.Postgres) -> None:
    """Let the WAL have files to go on in, as it has on a server that has run for a day: making one holds up every commit for 50 ms."""
    async with a_superuser(server, "postgres") as connection:
        await connection.execute("CREATE TABLE written (number int)")
        for number in range(WAL_FILES):
            await connection.execute(f"INSERT INTO written VALUES ({number}); SELECT pg_switch_wal()")
        await connection.execute("DROP TABLE written; CHECKPOINT")


async def come_to_rest(server: postgres.Postgres) -> None:
    """Have what was laid vacuumed, analysed and written to the disk: a table that grows from nothing would be while we measure."""
    async with a_superuser(server, postgres.DATABASE) as connection:
        await connection.execute("VACUUM (ANALYZE)")
        await connection.execute("CHECKPOINT")


class Request(msgspec.Struct, frozen=True):
    """A terminal's request to pay, as it is when it was read."""

    till: Terminal
    order: TerminalPayment
    once: Once
    code: Code

    async def take(self) -> bytes:
        """Have it taken."""
        return await payments.take_by(self.code, self.till, self.order, self.once)


class Unread(Request, frozen=True):
    """The same, of which nothing was read yet."""

    async def take(self) -> bytes:
        """Have it read and taken."""
        return await payments.take(self.till, self.order, self.once)


class Bank:
    """Cards with money, tills, and what each payment took."""

    def __init__(self, cards: list[UUID]) -> None:
        self.cards = cards
        self.tills = [Terminal(id=new_plain_id(), code=f"t-{n}", merchant_code=f"M{n}") for n in range(MERCHANTS)]
        self.sequence = 0
        self.took_ms: list[float] = []

    def asked(self, count: int) -> list[Request]:
        """So many requests to pay 1 fen, each by a new code of some card at some till."""
        requests = [Request(*self._parts()) for _ in range(count)]
        for one in requests:
            _ = one.once.fingerprint
        return requests

    def unread(self, count: int) -> list[Request]:
        """The same, unread."""
        return [Unread(*self._parts()) for _ in range(count)]

    def _parts(self) -> tuple[Terminal, TerminalPayment, Once, Code]:
        self.sequence += 1
        code = codes.new_code(secrets.choice(self.cards), clock.now())
        order = TerminalPayment(sequence=self.sequence, amount_fen=1, payer_code=codes.write_code(code))
        once = Once(f"bench-{self.sequence:012}", "POST", "/v1/terminal/payments", order.payer_code.encode())
        return self.tills[self.sequence % MERCHANTS], order, once, code

    async def round(self, requests: list[Request]) -> float:
        """Payments per second of all callers together, each of whom asks again as soon as it is answered."""
        left = iter(requests)

        async def caller() -> None:
            for one in left:
                start = time.perf_counter()
                await one.take()
                self.took_ms.append((time.perf_counter() - start) * 1_000)

        start = time.perf_counter()
        await asyncio.gather(*(caller() for _ in range(CALLERS)))
        return len(requests) / (time.perf_counter() - start)


async def measure(server: postgres.Postgres, size: Size) -> dict[str, object]:
    """Migrate, fill, and measure in turns; refuses to report books that don't hold."""
    await lay_wal(server)
    await migrate(load())
    await asyncio.to_thread(prepare, load())
    await asyncio.to_thread(yardstick, server, size, prepare=True)
    use_cipher(SealedAnswers())
    await open_pool(load())
    bank = Bank(await lay_cards(load(), size.cards))
    await come_to_rest(server)
    await bank.round(bank.asked(size.payments // 10))
    collect_seldom()
    ours, unread, theirs, took_ms = [], [], [], list[float]()
    for number in range(size.rounds):
        unread.append(await bank.round(bank.unread(size.payments)))
        bank.took_ms.clear()
        ours.append(await bank.round(bank.asked(size.payments)))
        took_ms += bank.took_ms
        theirs.append(await asyncio.to_thread(yardstick, server, size))
        print(f"round {number + 1}: ours {ours[-1]:,.0f}/s, unread {unread[-1]:,.0f}/s, pgbench {theirs[-1]:,.0f}/s")
    proof = await check_ledger()
    await close_pool()
    if not proof.holds:
        raise SystemExit(f"the ledger doesn't hold: {proof}")
    return report(*map(statistics.median, (ours, unread, theirs)), sorted(took_ms))


def at_reference(took_ms: float, theirs: float) -> float:
    """What took so long where pgbench does so many, on the machine for which the targets were set."""
    return round(took_ms * theirs / REFERENCE, 1)


def report(ours: float, unread: float, theirs: float, took_ms: list[float]) -> dict[str, object]:
    """What is printed last."""
    p99_ms = took_ms[len(took_ms) * 99 // 100]
    return {
        "bench": "ledger",
        "ours": round(ours),
        "yardstick": round(theirs),
        "yardstick_name": "pgbench TPC-B-like",
        "ratio": round(ours / theirs, 2),
        "target_ratio": TARGET_RATIO,
        "ratio_unread": round(unread / theirs, 2),
        "p50_ms": round(took_ms[len(took_ms) // 2], 1),
        "p99_ms": round(p99_ms, 1),
        "p99_ms_at_reference": at_reference(p99_ms, theirs),
        "target_ms": TARGET_MS,
    }


def main() -> None:
    """Measure and print; the last line is one JSON object."""
    size = Size(quick="--quick" in sys.argv)
    with a_server() as server:
        print(json.dumps(asyncio.run(measure(server, size))))


if __name__ == "__main__":
    main()
