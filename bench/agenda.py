"""Agendas: one person's worked out and read, and the nightly run for a million people of whom one in fifty is due.

Run `python -m bench.agenda [--quick]`. An embedded PostgreSQL of its own. The nightly run is measured with a tenth of the people too, and
with as many people of whom a tenth is due: it has to take as long as there is to do. The yardstick is the same rows written back by one
plain UPDATE. Targets: 2 ms for a person's agenda, worked out or read; 60 s for the nightly run.
"""

import asyncio
import json
import sys
import time
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from app.kernel import clock
from app.kernel.actors import Citizen
from app.kernel.database import execute, fetch_value, transaction
from app.kernel.ids import SHARDS, new_person_id, shard_of
from app.kernel.migrating import migrate
from app.kernel.settings import load
from app.keys.fields import place_of
from app.keys.persons import person_keys
from app.main import create_app
from app.pki.setup import prepare
from app.residents.registration import register_resident
from app.residents.structs import Person
from bench.ledger import a_server
from bench.turns import in_turns, median, worst
from lifecycle.agenda import nightly, reading
from lifecycle.agenda.book import progress
from lifecycle.agenda.bookkeeping import KEEPER, TABLE, written
from lifecycle.agenda.edition import edition
from lifecycle.agenda.items import agenda_rules
from lifecycle.agenda.outlook import look
from lifecycle.rules.fact_kinds import BIRTH_DATE, DIVISION, DOSES, REGISTERED, SEX
from lifecycle.rules.facts import Facts, Said, encode
from lifecycle.rules.immunisation import Given
from tests.makers.applications import started
from tests.makers.people import a_phone

TARGET_MS: Final = 2.0
TARGET_NIGHT_S: Final = 60.0
_OTHERS: Final = """
INSERT INTO agenda_book (id, shard, looked_on, look_on, edition, facts, book)
SELECT id, shard, $2::date, $2::date + 1 + (n % 300)::int, $3, $4, $5 FROM (
    SELECT n, s AS shard, (substr(u::text, 1, 33) || lpad(to_hex(s), 3, '0'))::uuid AS id
    FROM (SELECT n, ($1::int4[])[1 + n % cardinality($1::int4[])] AS s, gen_random_uuid() AS u FROM generate_series(1, $6::int) AS n) made
) named
"""
"""People who aren't due; their books are as long as others', and nobody opens them."""
_YARDSTICK: Final = "UPDATE agenda_book SET looked_on = looked_on, book = book WHERE look_on <= $1"


def a_child(born: date, as_of: date) -> Facts:
    """A child of whom the doses at birth are known."""
    said = {BIRTH_DATE.name: born, SEX.name: "female", REGISTERED.name: True, DIVISION.name: "370602"}
    doses = (Given(born, "HepB"), Given(born, "BCG"))
    return Facts(Said(kind, value, "bench", as_of) for kind, value in {**said, DOSES.name: doses}.items())


def a_grown_up(born: date, as_of: date) -> Facts:
    """Somebody grown up of whom little is known."""
    said = {BIRTH_DATE.name: born, SEX.name: "female", REGISTERED.name: True, DIVISION.name: "370602"}
    return Facts(Said(kind, value, "bench", as_of) for kind, value in said.items())


def worked_out(*, quick: bool) -> tuple[float, float]:
    """How long working out one agenda takes, of a child and of a grown-up: median and worst, in milliseconds."""
    today = clock.today()
    people = (a_child(today - timedelta(days=500), today), a_grown_up(date(1966, 5, 4), today))
    acts = {
        str(number): lambda facts=facts: progress(None, look(agenda_rules(), facts, today), today)
        for number, facts in enumerate(people)
    }
    took = in_turns(acts, rounds=3, times=20 if quick else 200)
    each = sorted(one for several in took.values() for one in several)
    return median(each), worst(each)


async def read(*, quick: bool) -> tuple[float, float]:
    """How long reading one agenda takes once it is current."""
    person = await register_resident(
        Person(name="于晓彤", birth_date=date(1990, 3, 7), sex="female", division_code="370602", phone=a_phone())
    )
    citizen, took = Citizen(person, 2, person, "bench"), []
    await reading.upcoming(citizen)
    for _ in range(50 if quick else 500):
        begun = time.perf_counter()
        await reading.upcoming(citizen)
        took.append((time.perf_counter() - begun) * 1_000)
    return median(sorted(took)), worst(sorted(took))


async def fill(people: int, due: int) -> None:
    """Books of so many people, of whom so many are due today: children and grown-ups by turns."""
    today = clock.today()
    async with transaction(KEEPER):
        await execute("DELETE FROM agenda_book")
        await execute(_OTHERS, list(SHARDS), today, edition(), b"f" * 400, b"b" * 1500, people - due)
    for begun in range(0, due, 1000):
        await _write_due([new_person_id() for _ in range(min(1000, due - begun))], today)


async def _write_due(people: Sequence[UUID], today: date) -> None:
    yesterday = today - timedelta(days=1)
    async with transaction(KEEPER):
        keys = await person_keys(people)
        rows = []
        for number, person in enumerate(people):
            born = yesterday - timedelta(days=number % 2000)
            facts = (
                a_child(born, yesterday)
                if number % 4 == 0
                else a_grown_up(born.replace(year=born.year - 50, day=1), yesterday)
            )
            book, _ = progress(None, look(agenda_rules(), facts, yesterday), yesterday)
            sealed = keys[person].seal(place_of(TABLE, "facts", person), encode(facts))
            rows.append((person, shard_of(person), *written(person, keys[person], book), sealed))
        await execute(
            "INSERT INTO agenda_book (id, shard, looked_on, look_on, edition, book, facts) "
            "SELECT id, shard, looked_on, $8, edition, book, facts FROM unnest($1::uuid[], $2::int4[], $3::date[], $4::date[], "
            "$5::text[], $6::bytea[], $7::bytea[]) AS t (id, shard, looked_on, look_on, edition, book, facts)",
            *(list(column) for column in zip(*rows, strict=True)),
            today,
        )


async def night(people: int, due: int) -> tuple[float, float]:
    """Seconds of the nightly run, and of the same rows written back by one statement."""
    await fill(people, due)
    async with transaction(KEEPER):
        begun = time.perf_counter()
        await execute(_YARDSTICK, clock.today())
        yardstick = time.perf_counter() - begun
    begun = time.perf_counter()
    done = await nightly.look_through()
    took = time.perf_counter() - begun
    async with transaction(KEEPER):
        left = await fetch_value("SELECT count(*) FROM agenda_book WHERE look_on <= $1", clock.today())
    if (done, left) != (due, 0):
        message = f"{done} of {due} were looked at, {left} are left"
        raise RuntimeError(message)
    print(f"{people} people, {due} due: {took:.1f} s, plain update {yardstick:.2f} s")
    return took, yardstick


async def measured(*, quick: bool) -> dict[str, Any]:
    """All that is measured."""
    people = 100_000 if quick else 1_000_000
    async with started(create_app(load())):
        work, reads = worked_out(quick=quick), await read(quick=quick)
        tenth = (await night(people // 10, people // 50))[0]
        took, yardstick = await night(people, people // 50)
    return {
        "ours": round(took, 1),
        "yardstick": round(yardstick, 2),
        "ratio": round(took / yardstick, 1),
        "p50_ms": round(reads[0], 2),
        "p99_ms": round(reads[1], 2),
        "work_out_p50_ms": round(work[0], 2),
        "work_out_p99_ms": round(work[1], 2),
        "as_many_due_of_a_tenth_s": round(tenth, 1),
        "people": people,
        "met": max(work[0], reads[0]) <= TARGET_MS and took <= TARGET_NIGHT_S,
    }


def main() -> None:
    """Measure and print; the exit code says whether the targets are met."""
    with a_server():
        settings = load()
        Path(settings.var).mkdir(parents=True, exist_ok=True)
        asyncio.run(migrate(settings))
        prepare(settings)
        found = asyncio.run(measured(quick="--quick" in sys.argv))
    summary = {"bench": "agenda", "yardstick_name": "the same rows written back by one UPDATE, seconds"}
    print(json.dumps({**summary, **found, "target_ms": TARGET_MS, "target_night_s": TARGET_NIGHT_S}))
    raise SystemExit(not found["met"])


if __name__ == "__main__":
    main()
