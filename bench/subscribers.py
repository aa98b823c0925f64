"""Counting and reaching a matter's subscribers among many residents, beside a bare count of the matter's choices.

Run `python -m bench.subscribers [--quick]`. An embedded PostgreSQL of its own, fsync on. A tenth of the residents have the matter on, half of them
have chosen about its purpose, and a hundredth took it back. The target is a preview in at most 300 ms for 1,000,000 residents; the quick run has
fifty thousand.
"""

import asyncio
import json
import sys
import time
from datetime import date
from typing import Any, Final
from uuid import UUID

import asyncpg

from app.kernel import clock
from app.kernel.actors import Grant, Officer, System
from app.kernel.database import close_pool, dsn_config, fetch_value, open_pool, prepare_connection, transaction
from app.kernel.ids import new_id, new_person_id, new_plain_id, shard_of
from app.kernel.migrating import migrate
from app.kernel.settings import load
from app.notices import campaigns, pushing
from app.notices.audiences import LivingIn
from app.notices.pushing import Push
from app.notices.structs import About
from app.notices.subscribers import register_subscribers
from bench.ledger import a_server
from bench.turns import median
from lifecycle.catalogue.published import open_catalogue
from lifecycle.subscriptions import pushes
from lifecycle.subscriptions.reaching import SwitchedOn

TARGET_MS: Final = 300.0
MATTER: Final = "tax_learning_push"
DIVISIONS: Final = ("370602", "370611", "370612", "370613")
ROUNDS: Final = 5


async def filled(owner: Any, residents: int) -> int:
    """Residents, of whom a tenth subscribe; says how many do."""
    people = [new_person_id() for _ in range(residents)]
    known = [
        (one, shard_of(one), clock.now(), date(1970 + n % 40, 1 + n % 12, 1 + n % 28), DIVISIONS[n % len(DIVISIONS)])
        for n, one in enumerate(people)
    ]
    await owner.copy_records_to_table(
        "resident", records=known, columns=("id", "shard", "known_since", "birth_date", "division_code")
    )
    subscribing = people[::10]
    await owner.copy_records_to_table("subscription", records=[_choice(one) for one in subscribing])
    chosen = [
        (new_id(one), shard_of(one), one, "push_public_service", 1, n % 50 != 0, clock.now())
        for n, one in enumerate(subscribing[::2])
    ]
    columns = ("id", "shard", "citizen_id", "purpose", "version", "given", "at")
    await owner.copy_records_to_table("consent", records=chosen, columns=columns)
    await owner.execute("ANALYZE")
    return len(subscribing)


def _choice(person: UUID) -> tuple[object, ...]:
    now, push = clock.now(), pushes.find(MATTER)
    row_id = new_id(person)
    agreed: tuple[object, ...] = (MATTER, push.matter.version, push.terms, False, False, [], [], now)
    return (row_id, shard_of(row_id), person, person, *agreed, 1, "bench", now, None, None)


async def measure(residents: int) -> dict[str, object]:
    """Preview some times, and publish once; the yardstick counts the choices alone."""
    await migrate(load())
    await open_pool(load())
    await open_catalogue()
    register_subscribers(SwitchedOn())
    owner: Any = await asyncpg.connect(**dsn_config(load().database_owner_url))
    await prepare_connection(owner)
    try:
        subscribing = await filled(owner, residents)
        every = Grant("*", ("*",), ("*",), date(2020, 1, 1), date(2099, 12, 31), ("*",))
        officer = Officer(id=new_plain_id(), name="bench", department="SWJ", grants=(every,))
        audience, about = LivingIn(DIVISIONS[:2]), About(MATTER)
        bare, ours = [], []
        for _ in range(ROUNDS):
            bare.append(await _timed(_bare()))
            ours.append(await _timed(campaigns.preview(officer, audience, about)))
        published = await _timed(pushing.publish(Push(new_plain_id(), about, audience, clock.today())))
    finally:
        await owner.close()
        await close_pool()
    preview_ms = median(sorted(ours))
    print(
        f"{residents} residents, {subscribing} subscribers: preview {preview_ms:.0f} ms, published in {published:.0f} ms"
    )
    return {
        "bench": "subscribers",
        "ours": round(preview_ms, 1),
        "yardstick": round(median(sorted(bare)), 1),
        "yardstick_name": "count of the matter's choices",
        "published_ms": round(published, 1),
        "subscribers": subscribing,
        "target_ms": TARGET_MS,
        "met": preview_ms <= TARGET_MS,
    }


async def _bare() -> None:
    async with transaction(System("bench")):
        await fetch_value("SELECT count(*) FROM subscription WHERE matter = $1 AND ended_at IS NULL", MATTER)


async def _timed(work: Any) -> float:
    start = time.perf_counter()
    await work
    return (time.perf_counter() - start) * 1_000


def main() -> None:
    """Measure and print; the exit code says whether the target is met."""
    with a_server():
        found = asyncio.run(measure(50_000 if "--quick" in sys.argv else 1_000_000))
    print(json.dumps(found))
    raise SystemExit(not found["met"])


if __name__ == "__main__":
    main()
