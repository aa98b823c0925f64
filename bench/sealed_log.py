"""Acts numbered per second by the sequencer and milliseconds of a proof, beside plain INSERT … SELECT of the same rows.

Run `python -m bench.sealed_log [--quick]`. An embedded PostgreSQL of its own, fsync on; ours and the yardstick take turns. The
targets are 15,000 acts per second and a proof in 1 ms (p50).
"""

import asyncio
import hashlib
import json
import secrets
import statistics
import sys
import time
from typing import Final
from uuid import UUID

import asyncpg

from app.audit import sequencing
from app.audit.proofs import inclusion_path
from app.embedded import postgres
from app.kernel import clock
from app.kernel.actors import System
from app.kernel.database import close_pool, execute, fetch_value, open_pool, transaction
from app.kernel.ids import new_id, new_person_id, shard_of
from app.kernel.migrating import migrate
from app.kernel.settings import load
from bench.ledger import a_server

PERSONS: Final = 20_000
TARGET_PER_SECOND: Final = 15_000
TARGET_PROOF_MS: Final = 1.0
SYSTEM: Final = System("bench")
_COPY: Final = """
INSERT INTO copied SELECT a.*, u.citizen_id AS waited_for FROM unnumbered_act u JOIN act a ON a.shard = u.shard AND a.id = u.id
"""


async def seal(count: int, persons: list[UUID]) -> None:
    """Acts about many persons, as their transactions leave them."""
    about = [persons[secrets.randbelow(len(persons))] for _ in range(count)]
    ids = [new_id(person) for person in about]
    shards = [shard_of(one) for one in ids]
    async with transaction(SYSTEM):
        await execute(
            "INSERT INTO act (id, shard, at, act, actor, actor_kind, citizen_id) "
            "SELECT id, shard, $4, 'card_paid', 'terminal:t', 'terminal', citizen "
            "FROM unnest($1::uuid[], $2::int4[], $3::uuid[]) AS x (id, shard, citizen)",
            *(ids, shards, about, clock.now()),
        )
        await execute(
            "INSERT INTO unnumbered_act (id, shard, citizen_id) SELECT * FROM unnest($1::uuid[], $2::int4[], $3::uuid[])",
            *(ids, shards, about),
        )


async def ours() -> float:
    """Acts per second, until none waits."""
    start, done = time.perf_counter(), 0
    while numbered := await sequencing.number_acts():
        done += numbered
    return done / (time.perf_counter() - start)


async def copying(server: postgres.Postgres, count: int) -> float:
    """Rows per second of plain INSERT … SELECT of the same acts into a table with the same three indexes."""
    link = await asyncpg.connect(server.url(postgres.SUPERUSER, load().database_url.rpartition("/")[2]))
    try:
        await link.execute(
            "CREATE TABLE IF NOT EXISTS copied AS SELECT a.*, a.citizen_id AS waited_for FROM act a LIMIT 0"
        )
        for columns in ("shard, id", "shard, citizen_id, id", "id"):
            await link.execute(f"CREATE INDEX ON copied ({columns})")
        start = time.perf_counter()
        await link.execute(_COPY)
        took = time.perf_counter() - start
        await link.execute("DROP TABLE copied")
    finally:
        await link.close()
    return count / took


def hashing(count: int) -> float:
    """Four SHA-256 per act and nothing else, per second: salt and statement, leaf, node, and half of the salt's making."""
    start = time.perf_counter()
    for number in range(count):
        digest = number.to_bytes(32)
        for _ in range(4):
            digest = hashlib.sha256(digest + digest).digest()
    return count / (time.perf_counter() - start)


async def proofs(count: int) -> list[float]:
    """Milliseconds of each inclusion proof at the present size, its tiles read from the database."""
    took = []
    async with transaction(SYSTEM):
        size = await fetch_value("SELECT size FROM log_state")
    for _ in range(count):
        number = secrets.randbelow(size)
        start = time.perf_counter()
        async with transaction(SYSTEM):
            await inclusion_path(number, size)
        took.append((time.perf_counter() - start) * 1_000)
    return sorted(took)


async def measure(server: postgres.Postgres, *, quick: bool) -> dict[str, object]:
    """Migrate, fill, and measure in turns."""
    count, rounds = (4_000, 2) if quick else (60_000, 4)
    await migrate(load())
    await open_pool(load())
    persons = [new_person_id() for _ in range(PERSONS)]
    numbered, copied = [], []
    for number in range(rounds):
        await seal(count, persons)
        copied.append(await copying(server, count))
        numbered.append(await ours())
        print(
            f"round {number + 1}: ours {numbered[-1]:,.0f}/s, INSERT … SELECT {copied[-1]:,.0f}/s, "
            f"hashing alone {hashing(20_000):,.0f}/s"
        )
    took = await proofs(200 if quick else 2_000)
    await close_pool()
    return report(statistics.median(numbered[1:]), statistics.median(copied), took)


def report(per_second: float, plain: float, proof_ms: list[float]) -> dict[str, object]:
    """What is printed last."""
    p50, p99 = proof_ms[len(proof_ms) // 2], proof_ms[len(proof_ms) * 99 // 100]
    return {
        "bench": "sealed-log",
        "ours": round(per_second),
        "yardstick": round(plain),
        "yardstick_name": "INSERT … SELECT of the same acts into a table with as many indexes",
        "ratio": round(per_second / plain, 2),
        "target_per_second": TARGET_PER_SECOND,
        "p50_ms": round(p50, 2),
        "p99_ms": round(p99, 2),
        "target_p50_ms": TARGET_PROOF_MS,
        "measured": "acts numbered per second; p50 and p99 are of one inclusion proof",
    }


def main() -> None:
    """Measure, and print one JSON object last."""
    with a_server() as server:
        print(json.dumps(asyncio.run(measure(server, quick="--quick" in sys.argv))))


if __name__ == "__main__":
    main()
