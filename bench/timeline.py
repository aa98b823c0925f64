"""A page of one person's timeline with a thousand, a hundred thousand and a million entries, beside one row by its key.

Run `python -m bench.timeline [--quick]`. An embedded PostgreSQL of its own; one person, whose entries are spread over forty years as a
life is: mostly payments, some visits and cases, hardly any licences. Every kind of page (the first, deep ones, each filter alone and
together, a month, the hidden, buckets, searches for frequent, rare and absent words) and the yardstick take turns. The target is a
99th percentile of 25 ms of the slowest kind, and of all kinds together at most twice as much with ten times the entries.
"""

import asyncio
import json
import secrets
import sys
import time
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import asyncpg
import msgspec

from app.kernel import clock
from app.kernel.actors import Citizen
from app.kernel.collecting import collect_seldom
from app.kernel.database import close_pool, dsn_config, fetch_one, open_pool, prepare_connection, transaction
from app.kernel.ids import shard_of
from app.kernel.migrating import migrate
from app.kernel.phrases import Phrase, encode_facts, register_phrases, said
from app.kernel.settings import load
from app.kernel.words import Words
from app.keys.fields import place_of
from app.keys.persons import DataKey, person_key
from app.pki.setup import prepare
from app.records import buckets, queries
from app.records.filing import texts_of
from app.records.kinds import RecordKind
from app.records.lines import month_of
from app.records.migrations.records_0002_timeline import INDEX
from app.records.tokens import grams, search_key, token
from app.records.wanted import Wanted
from bench.desk import Ask, Took, in_turns
from bench.ledger import a_server
from bench.turns import median, worst
from tests.makers.people import a_citizen

TARGET_MS: Final = 25.0
FLAT: Final = 2.0
"""With ten times the entries a page may take at most so many times as long."""
LIMIT, YEARS, DEEP, BATCH = 20, 40, 30, 20_000
_PHRASES: Final = {
    "bench.paid": Phrase(
        Words(zh="在{place}消费{amount}元", en="Paid {amount} yuan at {place}"),
        Words(zh="市民卡支付，余额充足。", en="Paid by citizen card."),
    ),
    "bench.visited": Phrase(
        Words(zh="门诊就诊：{place}", en="Visited {place}"), Words(zh="医保结算。", en="Settled by insurance.")
    ),
    "bench.decided": Phrase(Words(zh="事项办结：{place}", en="Decided: {place}")),
    "bench.licence": Phrase(Words(zh="电子证照已签发：{place}", en="Licence issued: {place}")),
}
_SHOPS: Final = [
    f"{first}{last}"
    for first in "振华大悦新世纪三站芝罘莱山牟平福山"
    for last in ("超市", "书店", "药房", "面馆", "花店", "茶楼")
]
_CLINICS: Final = ("毓璜顶医院", "烟台山医院", "口腔医院")
_RARE: Final = "灯塔博物馆"
"""One entry in 50,000 tells of it, and the oldest of all."""


def kind_of(number: int) -> tuple[RecordKind, str, str, str]:
    """Kind, source, phrase and place of an entry by its number."""
    if number % 50_000 == 0:
        return RecordKind.CONSUMPTION, "card", "bench.paid", _RARE
    match number % 1_000:
        case 1:
            return RecordKind.LICENCE, "GAJ", "bench.licence", "居民户口簿"
        case rest if rest < 20:  # noqa: PLR2004 - a share of a thousand
            return RecordKind.DECISION, "RSJ", "bench.decided", "社会保险登记"
        case rest if rest < 120:  # noqa: PLR2004 - a share of a thousand
            return RecordKind.HEALTH, "YBJ", "bench.visited", _CLINICS[number % len(_CLINICS)]
    return RecordKind.CONSUMPTION, "card", "bench.paid", _SHOPS[number * 7919 % len(_SHOPS)]


class Filler:
    """Lays entries of one person, as the product itself would, by COPY."""

    def __init__(self, owner: Any, person: UUID, key: DataKey) -> None:
        self._owner, self._person, self._key, self._search = owner, person, key, search_key(key)
        self._tokens: dict[tuple[date, str], int] = {}
        self._now = clock.now()

    async def fill(self, first: int, last: int) -> None:
        """Lay the first to the last entry, over all years; then index their words and count the months anew."""
        await self._owner.execute("DROP INDEX timeline_by_token")
        for start in range(first, last + 1, BATCH):
            rows = list(self._rows(range(start, min(start + BATCH, last + 1))))
            await self._copy("record", _RECORD, [row[0] for row in rows])
            await self._copy("timeline_line", _LINE, [row[1] for row in rows])
        await self._owner.execute(INDEX)
        await self._owner.execute("DELETE FROM timeline_month")
        counted = await self._owner.fetch(_COUNTED)
        months = [(_row_id(self._person, 0, at), *row) for at, row in enumerate(counted)]
        await self._copy("timeline_month", _MONTH, months)
        for table in ("record", "timeline_line", "timeline_month"):
            await self._owner.execute(f"VACUUM (FREEZE, ANALYZE) {table}")

    async def _copy(self, table: str, columns: tuple[str, ...], rows: list[tuple[Any, ...]]) -> None:
        await self._owner.copy_records_to_table(table, records=rows, columns=columns)

    def _rows(self, numbers: range) -> Iterator[tuple[tuple[Any, ...], tuple[Any, ...]]]:
        shard = shard_of(self._person)
        for number in numbers:
            kind, source, phrase, place = kind_of(number)
            at = self._at(number)
            row_id = _row_id(self._person, int(at.timestamp() * 1000) & (2**48 - 1), number)
            facts = {"place": place, "amount": f"{number % 9_973 / 100:.2f}"}
            sealed = self._key.seal(place_of("record", "facts", row_id), encode_facts(facts))
            found_by = self._found_by(month_of(at), texts_of(said(phrase, facts)))
            record = (row_id, shard, self._now, self._person, at, kind.value, phrase, sealed, source, str(number))
            hidden = number % 100 == 99  # noqa: PLR2004 - one in a hundred
            yield record, (row_id, shard, self._person, at, kind.value, source, hidden, False, found_by)

    def _at(self, number: int) -> datetime:
        """Scattered over the years; number 0 is the oldest."""
        share = 1.0 if number == 0 else (number * 2_654_435_761 % 2**32) / 2**32
        return self._now - timedelta(seconds=share * YEARS * 365 * 86_400)

    def _found_by(self, month: date, texts: tuple[str, ...]) -> list[int]:
        return sorted(self._token(month, gram) for gram in grams(texts))

    def _token(self, month: date, gram: str) -> int:
        known = self._tokens.get((month, gram))
        if known is None:
            known = self._tokens[month, gram] = token(self._search, month, gram)
        return known


_RECORD: Final = (
    *("id", "shard", "filed_at", "citizen_id", "happened_at", "kind", "phrase", "facts", "source", "source_ref"),
)
_LINE: Final = ("id", "shard", "citizen_id", "happened_at", "kind", "source", "hidden", "extras", "tokens")
_MONTH: Final = ("id", "shard", "citizen_id", "month", "kind", "shown", "hidden")
_COUNTED: Final = """
SELECT shard, citizen_id, date_trunc('month', happened_at AT TIME ZONE 'Asia/Shanghai')::date, kind,
count(*) FILTER (WHERE NOT hidden), count(*) FILTER (WHERE hidden) FROM timeline_line GROUP BY 1, 2, 3, 4
"""


def _row_id(person: UUID, milliseconds: int, number: int) -> UUID:
    """An id in the person's shard that tells its time and number."""
    high = milliseconds << 16 | 0x7000 | secrets.randbits(12)
    return UUID(int=high << 64 | 0b10 << 62 | number << 12 | shard_of(person))


async def kinds(citizen: Citizen) -> dict[str, Ask]:
    """Every kind of page that is measured."""
    today = clock.today()
    month = (today - timedelta(days=3_000)).replace(day=1)
    in_month = {"first": month, "last": (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)}
    several = {"kind": RecordKind.HEALTH, "source": "YBJ"}
    wanted: dict[str, tuple[Wanted, int]] = {
        "all": (Wanted(), 0),
        "all, deep": (Wanted(), DEEP),
        "all, of long ago": (Wanted(last=today - timedelta(days=12_000)), 0),
        "kind": (Wanted(kind=RecordKind.HEALTH), 0),
        "kind, deep": (Wanted(kind=RecordKind.HEALTH), DEEP),
        "rare kind": (Wanted(kind=RecordKind.LICENCE), 0),
        "kind of which there is nothing": (Wanted(kind=RecordKind.EDUCATION), 0),
        "source": (Wanted(source="RSJ"), 0),
        "source, deep": (Wanted(source="card"), DEEP),
        "unknown source": (Wanted(source="nobody"), 0),
        "month": (Wanted(**in_month), 0),
        "kind and source in a month": (Wanted(**several, **in_month), 0),
        "hidden": (Wanted(hidden=True), 0),
        "hidden of a rare kind": (Wanted(hidden=True, kind=RecordKind.LICENCE), 0),
        "family": (Wanted(family=True), 0),
        "search, frequent word": (Wanted(words="市民卡支付"), 0),
        "search, frequent word, deep": (Wanted(words="市民卡支付"), DEEP),
        "search, some shop": (Wanted(words="振超市"), 0),
        "search, Latin word": (Wanted(words="insurance"), 0),
        "search, two words": (Wanted(words="烟台山医院 insurance"), 0),
        "search, rare word": (Wanted(words=_RARE), 0),
        "search, absent word": (Wanted(words="宇宙飞船"), 0),
        "search, in a rare kind": (Wanted(words="户口簿", kind=RecordKind.LICENCE), 0),
    }
    pages = {name: await a_page(citizen, *one) for name, one in wanted.items()}
    return pages | {
        "buckets by year": lambda: buckets.buckets(citizen, Wanted(), "year", None),
        "buckets by month": lambda: buckets.buckets(citizen, Wanted(), "month", None),
    }


async def a_page(citizen: Citizen, wanted: Wanted, hundreds: int) -> Ask:
    """One page, so many hundreds of entries deep in the list, or as deep as it goes."""
    cursor: str | None = None
    for _ in range(hundreds):
        cursor = (await queries.entries(citizen, wanted, cursor, 100)).next or cursor
    return lambda: queries.entries(citizen, wanted, cursor, LIMIT)


async def yardstick(citizen: Citizen) -> dict[str, Ask]:
    """One record by its key, in the same transaction."""
    newest = (await queries.entries(citizen, Wanted(), None, 1)).items[0].id

    async def one_row() -> object:
        async with transaction(citizen):
            return await fetch_one("SELECT * FROM record WHERE shard = $1 AND id = $2", shard_of(newest), newest)

    return {"one row": one_row}


async def measure(sizes: list[int], rounds: int) -> dict[str, object]:
    """Fill to each size, and measure every kind of page beside the yardstick there."""
    await migrate(load())
    await asyncio.to_thread(prepare, load())
    await open_pool(load())
    register_phrases(_PHRASES)
    collect_seldom()
    citizen = msgspec.structs.replace(await a_citizen(), wards=())
    async with transaction(citizen):
        key = await person_key(citizen.id)
    owner: Any = await asyncpg.connect(**dsn_config(load().database_owner_url))
    await prepare_connection(owner)
    try:
        took: dict[int, Took] = {}
        filler = Filler(owner, citizen.id, key)
        for before, size in zip([0, *sizes], sizes, strict=False):
            began = time.perf_counter()
            await filler.fill(before, size - 1)
            print(f"{size:,} entries, laid in {time.perf_counter() - began:.0f} s")
            took[size] = await in_turns(await yardstick(citizen) | await kinds(citizen), rounds)
            told(took[size])
    finally:
        await owner.close()
        await close_pool()
    return report(took)


def told(took: Took) -> None:
    """Print what each kind of page took."""
    for name, each in took.items():
        print(f"  {name:34} p50 {median(each):6.2f} ms, p99 {worst(each):6.2f} ms")


def report(took: dict[int, Took]) -> dict[str, object]:
    """What is printed last, of the largest size; the worst kind of page is what is judged."""
    pages: Mapping[int, Took] = {
        size: {name: one for name, one in each.items() if name != "one row"} for size, each in took.items()
    }
    p99 = {size: max(worst(one) for one in each.values()) for size, each in pages.items()}
    together = {size: sorted(one for each in of.values() for one in each) for size, of in pages.items()}
    *_, smaller, largest = took
    bare, ours = median(took[largest]["one row"]), median(together[largest])
    grows = worst(together[largest]) / worst(together[smaller])
    first = {size: median(each["all"]) for size, each in pages.items()}
    return {
        "bench": "timeline",
        "ours": round(ours, 3),
        "yardstick": round(bare, 3),
        "yardstick_name": "one record by its key",
        "ratio": round(ours / bare, 2),
        "p50_ms": round(ours, 3),
        "p99_ms": round(p99[largest], 3),
        "p50_ms_of_first_page_by_size": {str(size): round(each, 3) for size, each in first.items()},
        "p99_ms_by_size": {str(size): round(each, 3) for size, each in p99.items()},
        "grows": round(grows, 2),
        "target_ms": TARGET_MS,
        "target_grows": FLAT,
        "met": max(p99.values()) <= TARGET_MS and grows <= FLAT,
    }


def main() -> None:
    """Measure and print; the exit code says whether the target is met."""
    sizes, rounds = ([1_000, 100_000], 50) if "--quick" in sys.argv else ([1_000, 100_000, 1_000_000], 200)
    with a_server():
        found = asyncio.run(measure(sizes, rounds))
    print(json.dumps(found))
    raise SystemExit(not found["met"])


if __name__ == "__main__":
    main()
