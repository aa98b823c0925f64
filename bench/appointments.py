"""Many people racing for few places: nobody too many gets one, and how long it takes, beside the bare update of one counter.

Run `python -m bench.appointments [--quick]`. An embedded PostgreSQL of its own, fsync on; everybody asks at once, in process. The yardstick is as many
bare `UPDATE … WHERE taken < places` through the same pool. The target is 2,000 people for 100 places in under 5 s, exactly 100 of them booked.
"""

import asyncio
import json
import sys
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Final
from uuid import UUID

from app.kernel.actors import Citizen
from app.kernel.database import close_pool, execute, open_pool, transaction
from app.kernel.idempotency import use_cipher
from app.kernel.migrating import migrate
from app.kernel.settings import load
from app.keys.stored_answers import SealedAnswers
from app.pki.setup import prepare
from app.residents.registration import register_resident
from app.residents.structs import Person
from bench.ledger import a_server
from bench.turns import median, worst
from lifecycle.appointments.calendars import OFFICE
from lifecycle.appointments.errors import SlotFull
from lifecycle.catalogue.published import open_catalogue
from tests.makers.appointments import a_slot, booked, the_slot
from tests.makers.people import a_phone

TARGET_SECONDS: Final = 5.0


async def racing(asks: list[Callable[[], Awaitable[object]]]) -> tuple[int, float, list[float]]:
    """How many of all got what they asked for at once, in how many seconds, and each one's milliseconds, sorted."""
    took: list[float] = []

    async def one(ask: Callable[[], Awaitable[object]]) -> bool:
        start = time.perf_counter()
        try:
            return bool(await ask())
        except SlotFull:
            return False
        finally:
            took.append((time.perf_counter() - start) * 1_000)

    start = time.perf_counter()
    got = sum(await asyncio.gather(*(one(ask) for ask in asks)))
    return got, time.perf_counter() - start, sorted(took)


async def bare_take(slot_id: UUID) -> bool:
    """Take a place without anything around it."""
    async with transaction(OFFICE):
        return bool(await execute("UPDATE slot SET taken = taken + 1 WHERE id = $1 AND taken < places", slot_id))


async def measure(people: int, places: int) -> dict[str, object]:
    """Race twice, for a bare counter and for appointments; refuses to report a slot that was overbooked or left with a place."""
    await migrate(load())
    await asyncio.to_thread(prepare, load())
    use_cipher(SealedAnswers())
    await open_pool(load())
    await open_catalogue()
    try:
        citizens = [await a_person() for _ in range(people)]
        bare, slot = await a_slot(places=places), await a_slot(places=places, starts_in=timedelta(days=2))
        _, yardstick, _ = await racing([lambda: bare_take(bare) for _ in citizens])
        got, ours, took = await racing([lambda one=one: booked(one, slot) for one in citizens])  # type: ignore[misc]
        assert got == places == (await the_slot(slot))["taken"], f"{got} booked for {places} places"
    finally:
        await close_pool()
    print(f"{people} people for {places} places: {got} booked in {ours:.2f} s; bare counter {yardstick:.2f} s")
    return {
        "bench": "appointments",
        "ours": round(ours, 3),
        "yardstick": round(yardstick, 3),
        "yardstick_name": "bare update of the counter, all at once",
        "ratio": round(ours / yardstick, 2),
        "p50_ms": round(median(took), 1),
        "p99_ms": round(worst(took), 1),
        "booked": got,
        "target_s": TARGET_SECONDS,
        "met": ours < TARGET_SECONDS,
    }


async def a_person() -> Citizen:
    """Somebody with a real name and a session."""
    person = await register_resident(Person(phone=a_phone()))
    return Citizen(id=person, level=2, session_id=person, client_id="bench")


def main() -> None:
    """Measure and print; the exit code says whether the target is met."""
    people, places = (400, 50) if "--quick" in sys.argv else (2_000, 100)
    with a_server():
        found = asyncio.run(measure(people, places))
    print(json.dumps(found))
    raise SystemExit(not found["met"])


if __name__ == "__main__":
    main()
