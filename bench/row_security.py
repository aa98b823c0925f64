"""What row level security costs a transaction, beside the same transaction of the tables' owner, who isn't subject to it.

Run `python -m bench.row_security [--quick]`. An embedded PostgreSQL of its own, fsync on. Both sides send the same three round
trips (BEGIN, one statement, COMMIT) over one connection each and take turns; ours says in BEGIN who acts, as the product
does, and its statement passes the policies. The target is at most 150 µs more in the median.
"""

import asyncio
import json
import statistics
import sys
import time
from typing import Any, Final
from uuid import UUID

import asyncpg

from app.kernel import clock
from app.kernel.actors import Citizen
from app.kernel.database import _context, dsn_config, prepare_connection
from app.kernel.ids import new_id, new_person_id, shard_of
from app.kernel.migrating import migrate
from app.kernel.settings import load
from bench.ledger import a_server

TARGET_MICROSECONDS: Final = 150.0
READ: Final = "SELECT purpose, version, given FROM consent WHERE shard = $1 AND id = $2"
PAGE: Final = (
    "SELECT id, purpose, version, given, at FROM consent WHERE shard = $1 AND citizen_id = $2 ORDER BY id DESC LIMIT 20"
)
WRITE: Final = "INSERT INTO consent (id, shard, citizen_id, purpose, version, given, at) VALUES ($1, $2, $3, 'bench', $4, true, $5)"
PEOPLE: Final = 2_000
ROWS_EACH: Final = 20


class Side:
    """One way of running the transactions: a connection, what BEGIN says besides, and what each took."""

    def __init__(self, connection: Any, *, guarded: bool) -> None:
        self.connection = connection
        self.guarded = guarded
        self.took: dict[str, list[float]] = {"read": [], "page": [], "write": []}

    async def run(self, kind: str, citizen: Citizen, sql: str, *arguments: object) -> None:
        """One transaction of one statement."""
        start = time.perf_counter()
        await self.connection.execute(f"BEGIN; {_context(citizen)}" if self.guarded else "BEGIN")
        await self.connection.fetch(sql, *arguments)
        await self.connection.execute("COMMIT")
        self.took[kind].append((time.perf_counter() - start) * 1_000_000)


async def filled(owner: Any) -> list[tuple[Citizen, UUID]]:
    """People with consents, each with the id of one of theirs."""
    people, rows = [], []
    for _ in range(PEOPLE):
        person = new_person_id()
        ids = [new_id(person) for _ in range(ROWS_EACH)]
        rows += [(one, shard_of(one), person, "bench", at, True, clock.now()) for at, one in enumerate(ids)]
        people.append((Citizen(person, 2, person, "bench"), ids[0]))
    await owner.executemany(
        "INSERT INTO consent (id, shard, citizen_id, purpose, version, given, at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        rows,
    )
    await owner.execute("ANALYZE consent")
    return people


async def measure(times: int) -> dict[str, object]:
    """Migrate, fill, and run both sides in turns."""
    await migrate(load())
    sides = []
    for url, guarded in ((load().database_url, True), (load().database_owner_url, False)):
        connection: Any = await asyncpg.connect(**dsn_config(url))
        await prepare_connection(connection)
        sides.append(Side(connection, guarded=guarded))
    ours, theirs = sides
    people = await filled(theirs.connection)
    for number in range(times):
        citizen, row_id = people[number * 7 % PEOPLE]
        for side in sides if number % 2 else reversed(sides):
            written = new_id(citizen.id)
            key = (shard_of(citizen.id), citizen.id)
            await side.run("read", citizen, READ, shard_of(row_id), row_id)
            await side.run("page", citizen, PAGE, *key)
            version = 100 + number * 2 + side.guarded
            await side.run("write", citizen, WRITE, written, *key, version, clock.now())
    for side in sides:
        await side.connection.close()
    return report(ours, theirs)


def report(ours: Side, theirs: Side) -> dict[str, object]:
    """What is printed last: the page of 20 stands for all, the worst of the three is what is judged."""
    more = {}
    for kind, took in ours.took.items():
        mine, plain = statistics.median(took), statistics.median(theirs.took[kind])
        more[kind] = round(mine - plain, 1)
        print(f"{kind}: ours {mine:.0f} µs, without {plain:.0f} µs, {mine - plain:+.0f} µs")
    page, plain = sorted(ours.took["page"]), statistics.median(theirs.took["page"])
    return {
        "bench": "row-security",
        "ours": round(statistics.median(page)),
        "yardstick": round(plain),
        "yardstick_name": "the same transaction of the owner, in microseconds",
        "ratio": round(statistics.median(page) / plain, 2),
        "more_microseconds": more,
        "target_more_microseconds": TARGET_MICROSECONDS,
        "p50_ms": round(statistics.median(page) / 1_000, 3),
        "p99_ms": round(page[len(page) * 99 // 100] / 1_000, 3),
        "met": max(more.values()) <= TARGET_MICROSECONDS,
    }


def main() -> None:
    """Measure and print; the exit code says whether the target is met."""
    times = 500 if "--quick" in sys.argv else 5_000
    with a_server():
        found = asyncio.run(measure(times))
    print(json.dumps(found))
    sys.exit(0 if found["met"] else 1)


if __name__ == "__main__":
    main()
