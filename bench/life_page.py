"""The life page of families over the application itself, beside a read of one row on the same server.

Run `python -m bench.life_page [--quick]`. An embedded PostgreSQL of its own; a parent with a card, a record, notices, an open case, and
two children whose vaccinations are known. Requests go through the whole application (token, session, wards, answer encoded) without a
socket; the yardstick is `GET /v1/card`, which reads one row. Both take turns at full load; then the page is asked for at 70 % of its rate.
The target is 0.35 times the rate of the yardstick, and a 99th percentile of 40 ms.
"""

import asyncio
import json
import os
import sys
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from app.kernel import clock
from app.kernel.database import transaction
from app.kernel.migrating import migrate
from app.kernel.settings import load
from app.main import create_app
from app.pki.setup import prepare
from app.privacy.purposes import SOURCE_HEALTH
from app.records.filing import Happening, file_record
from app.records.kinds import RecordKind
from app.residents.families import relate_child
from app.residents.people import RESIDENTS
from bench.ledger import a_server
from bench.turns import median, worst
from integrations.departments.fhir import Dose
from lifecycle.birth.immunisations import FACT
from lifecycle.cases import drafts
from lifecycle.cases.structs import NewCase
from lifecycle.queries import remembered
from lifecycle.queries.late import KEEPER
from lifecycle.queries.remembered import Remembered
from tests.makers.applications import started
from tests.makers.callers import headers
from tests.makers.cards import cards, the_authorities_of_the_product
from tests.makers.consents import allow
from tests.makers.people import a_guardian_of, a_newborn

TARGET_RATIO: Final = 0.35
TARGET_MS: Final = 40.0
CLIENTS: Final = 8
PAGE: Final = "/v1/me/life"
YARDSTICK: Final = "/v1/card"
BORN_DAYS_AGO: Final = (40, 900)


async def a_family() -> dict[str, str]:
    """A parent with all that a page shows; their authorization."""
    children = [await a_newborn(birth_date=clock.today() - timedelta(days=days)) for days in BORN_DAYS_AGO]
    mother = await a_guardian_of(children[0], name="于晓彤")
    await relate_child(mother.id, children[1], clock.today() - timedelta(days=BORN_DAYS_AGO[1]), source="bench")
    for child, days in zip(children, BORN_DAYS_AGO, strict=True):
        await allow(child, SOURCE_HEALTH)
        await _doses(child, days)
    await cards.open_card(mother)
    await drafts.open_case(mother, NewCase("birth_household_registration", children[0]))
    async with transaction(RESIDENTS):
        for number in range(12):
            await file_record(_happening(mother.id, number, clock.now() - timedelta(days=number)))
    return await headers(mother)


async def _doses(child: UUID, days: int) -> None:
    born, now = clock.today() - timedelta(days=days), clock.now()
    told = tuple(Dose(code, 1, born, None, None) for code in ("HepB", "BCG"))
    await remembered.keep(KEEPER, child, FACT, Remembered(told, "WJW", now, now, live=True))


def _happening(citizen_id: UUID, number: int, at: datetime) -> Happening:
    return Happening(
        citizen_id=citizen_id,
        happened_at=at,
        kind=RecordKind.FAMILY,
        phrase="birth.born",
        facts={"day": at.date().isoformat()},
        source="bench",
        source_ref=str(number),
    )


async def ask(application: Any, path: str, sent: dict[str, str]) -> int:
    """Ask the application as a server would; says the answer's size."""
    answer: list[dict[str, Any]] = []
    asked = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in (*sent.items(), ("host", "127.0.0.1"))],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
        "extensions": {},
    }

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        answer.append(message)

    await application(asked, receive, send)
    if answer[0]["status"] != HTTPStatus.OK:
        message = f"{path}: {answer[0]['status']}"
        raise RuntimeError(message)
    return sum(len(one.get("body", b"")) for one in answer)


async def rate(application: Any, path: str, callers: Sequence[dict[str, str]], seconds: float) -> float:
    """Answers per second to as many clients as `CLIENTS`, each of whom asks again at once."""
    ends, asked = time.perf_counter() + seconds, 0

    async def client(number: int) -> None:
        nonlocal asked
        while time.perf_counter() < ends:
            await ask(application, path, callers[(number + asked) % len(callers)])
            asked += 1

    await asyncio.gather(*(client(number) for number in range(CLIENTS)))
    return asked / seconds


async def under_load(
    application: Any, callers: Sequence[dict[str, str]], a_second: float, seconds: float
) -> list[float]:
    """How long each answer took, in milliseconds, where so many a second are asked for whatever the answers take."""
    took: list[float] = []
    begun = time.perf_counter()

    async def one(number: int) -> None:
        at = begun + number / a_second
        await asyncio.sleep(max(0.0, at - time.perf_counter()))
        await ask(application, PAGE, callers[number % len(callers)])
        took.append((time.perf_counter() - at) * 1_000)

    await asyncio.gather(*(one(number) for number in range(int(a_second * seconds))))
    return sorted(took)


async def measured(*, quick: bool) -> dict[str, Any]:
    """Both rates in turns, and the page's times at 70 % of its own."""
    families, rounds, seconds = (8, 2, 1.5) if quick else (60, 5, 4.0)
    application = create_app(load())
    async with started(application):
        the_authorities_of_the_product()
        callers = [await a_family() for _ in range(families)]
        for path in (PAGE, YARDSTICK):
            for one in callers:
                await ask(application, path, one)
        size = await ask(application, PAGE, callers[0])
        ours, yardstick = [], []
        for _ in range(rounds):
            ours.append(await rate(application, PAGE, callers, seconds))
            yardstick.append(await rate(application, YARDSTICK, callers, seconds))
        took = await under_load(application, callers, 0.7 * median(sorted(ours)), seconds * 2)
    found = {"ours": round(median(sorted(ours))), "yardstick": round(median(sorted(yardstick)))}
    return {
        **found,
        "ratio": round(found["ours"] / found["yardstick"], 2),
        "p50_ms": round(median(took), 2),
        "p99_ms": round(worst(took), 2),
        "page_bytes": size,
    }


def main() -> None:
    """Measure and print; the exit code says whether the target is met."""
    with a_server():
        os.environ["FUHAI_DATABASE_POOL"] = "8"
        settings = load()
        Path(settings.var).mkdir(parents=True, exist_ok=True)
        asyncio.run(migrate(settings))
        prepare(settings)
        found = asyncio.run(measured(quick="--quick" in sys.argv))
    met = found["ratio"] >= TARGET_RATIO and found["p99_ms"] <= TARGET_MS
    print(f"life page {found['ours']}/s of {found['page_bytes']} bytes, one row {found['yardstick']}/s")
    summary = {"bench": "life-page", "yardstick_name": "GET /v1/card, one row, requests a second"}
    print(json.dumps({**summary, **found, "target_ratio": TARGET_RATIO, "target_ms": TARGET_MS, "met": met}))
    raise SystemExit(not met)


if __name__ == "__main__":
    main()
