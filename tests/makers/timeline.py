"""Makers of what stands in a timeline."""

import secrets
from datetime import datetime
from uuid import UUID

from app.kernel import clock
from app.kernel.actors import Citizen
from app.kernel.database import fetch_value, transaction
from app.kernel.ids import shard_of
from app.kernel.phrases import Phrase, register_phrases
from app.kernel.words import Words
from app.records import buckets, memories, queries
from app.records.filing import Happening, file_record
from app.records.kinds import RecordKind
from app.records.lines import KEEPER
from app.records.structs import NewMemory, TimelineEntry
from app.records.wanted import Wanted

register_phrases(
    {"test.told": Phrase(Words(zh="办：{what}", en="{what} told"), Words(zh="由{who}告知", en="Told by {who}"))}
)


async def a_record(citizen_id: UUID, what: str = "领取了结婚证", **facts: object) -> UUID:
    """Something that happened to somebody: `at`, `kind`, `source`, and `who` told of it; gives the record's id."""
    ref = secrets.token_hex(8)
    at, kind = facts.get("at"), facts.get("kind")
    source = str(facts.get("source", "MZJ"))
    async with transaction(KEEPER):
        assert await file_record(
            Happening(
                citizen_id=citizen_id,
                happened_at=at if isinstance(at, datetime) else clock.now(),
                kind=kind if isinstance(kind, RecordKind) else RecordKind.FAMILY,
                phrase="test.told",
                facts={"what": what, "who": str(facts.get("who", "民政局"))},
                source=source,
                source_ref=ref,
            )
        )
        record_id: UUID = await fetch_value(
            "SELECT id FROM record WHERE shard = $1 AND citizen_id = $2 AND source = $3 AND source_ref = $4",
            *(shard_of(citizen_id), citizen_id, source, ref),
        )
    return record_id


async def a_memory(citizen: Citizen, title: str = "第一次看海", **said: object) -> TimelineEntry:
    """A memory of today; `said` are fields of `NewMemory`."""
    known: dict[str, object] = {"day": clock.today(), "title": title, "text": "在月亮湾，下着小雨。"}
    return await memories.remember(citizen, NewMemory(**(known | said)))  # type: ignore[arg-type]


async def listed(citizen: Citizen, limit: int = 100, **wanted: object) -> list[str]:
    """The Chinese titles of everything that is listed, through all pages, without what each record's begins with."""
    found: list[str] = []
    cursor: str | None = None
    while True:
        page = await queries.entries(citizen, Wanted(**wanted), cursor, limit)  # type: ignore[arg-type]
        assert len(page.items) <= limit
        found += [entry.title.zh.removeprefix("办：") for entry in page.items]
        cursor = page.next
        if cursor is None:
            return found


async def counted(citizen: Citizen, **wanted: object) -> int:
    """How many entries the buckets hold in all."""
    return (await buckets.buckets(citizen, Wanted(**wanted), "month", None)).count  # type: ignore[arg-type]
