"""Putting a campaign about a matter into the inboxes of those who have it switched on at that moment, and of nobody else."""

from collections import defaultdict
from datetime import date, timedelta
from typing import Final
from uuid import UUID

import msgspec

from app.kernel import clock
from app.kernel.actors import System
from app.kernel.database import execute, fetch_all, fetch_value, transaction
from app.kernel.ids import new_id, shard_of
from app.notices import audiences
from app.notices.audiences import Audience, Condition
from app.notices.structs import About
from app.notices.subscribers import FROM_SUBSCRIBERS, PushMatter, subscribers

PUBLISHER: Final = System("campaign")
ALIVE: Final = "r.died_on IS NULL AND r.merged_into IS NULL"
_EARLIER: Final = """
SELECT 'campaign:' || id FROM campaign WHERE matter = $1 AND id <> $2 AND decided_at > $3 AND state IN ('approved', 'published') AND NOT urgent
"""
_INSERT: Final = """
INSERT INTO notice (id, shard, citizen_id, at, campaign_id, about_id, source_ref)
SELECT t.id, $1, t.reader, $5, $6::uuid, t.about, 'campaign:' || $6::uuid FROM unnest($2::uuid[], $3::uuid[], $4::uuid[]) AS t (id, reader, about)
WHERE (SELECT count(*) FROM notice n WHERE n.shard = $1 AND n.citizen_id = t.reader AND n.source_ref = ANY ($7::text[])) < $8
ON CONFLICT ON CONSTRAINT notice_comes_once DO NOTHING
"""


class Push(msgspec.Struct, frozen=True):
    """A campaign about a matter, ready to be published on a day."""

    campaign_id: UUID
    about: About
    audience: Audience
    today: date


def selected(about: About, audience: Audience, condition: Condition) -> str:
    """FROM and WHERE of the choices that a campaign about a matter reaches now: `s` the choice, `r` whom it is about."""
    choosing = subscribers()
    source = FROM_SUBSCRIBERS.format(table=choosing.table)
    return f"FROM {source} WHERE {choosing.compiled(about, condition)} AND {ALIVE} AND {audiences.compiled(audience, condition)}"


async def publish(push: Push) -> None:
    """Tell the subscribers, shard by shard, of those where there are any; done again, it reaches only who was missed."""
    async with transaction(PUBLISHER):
        rows = await fetch_all(
            f"SELECT DISTINCT s.shard FROM {subscribers().table} s WHERE s.matter = $1 AND s.ended_at IS NULL ORDER BY s.shard",
            push.about.matter,
        )
    for row in rows:
        await _publish_to_shard(push, row["shard"])


async def _publish_to_shard(push: Push, shard: int) -> None:
    """Tell the subscribers of a shard, each once, and nobody more often than the matter promises.

    Who is told is found out here, so that whoever switched the matter off, or took the purpose back, a moment ago isn't.
    """
    matter = subscribers().find(push.about.matter)
    if matter is None:
        return
    condition = Condition(push.today, first_parameter=2)
    chosen = selected(push.about, push.audience, condition)
    async with transaction(PUBLISHER):
        await _one_after_another(matter)
        rows = await fetch_all(
            f"SELECT DISTINCT ON (s.reader_id) s.reader_id, s.citizen_id {chosen} AND s.shard = $1 ORDER BY s.reader_id, s.citizen_id",
            *(shard, *condition.arguments),
        )
        earlier = [] if push.about.urgent else await _earlier(push, matter)
        by_shard: defaultdict[int, list[tuple[UUID, UUID]]] = defaultdict(list)
        for row in rows:
            by_shard[shard_of(row["reader_id"])].append((row["reader_id"], row["citizen_id"]))
        for home, told in sorted(by_shard.items()):
            await _insert(push, home, told, (earlier, matter.most))


async def _insert(push: Push, shard: int, told: list[tuple[UUID, UUID]], often: tuple[list[str], int]) -> None:
    readers = [reader for reader, _ in told]
    await execute(
        _INSERT,
        *(shard, [new_id(reader) for reader in readers], readers, [about for _, about in told]),
        *(clock.now(), push.campaign_id, *often),
    )


async def _earlier(push: Push, matter: PushMatter) -> list[str]:
    """What the notices of the matter's other campaigns of late are called."""
    since = clock.now() - timedelta(days=matter.days)
    rows = await fetch_all(_EARLIER, matter.code, push.campaign_id, since)
    return [row[0] for row in rows]


async def _one_after_another(matter: PushMatter) -> None:
    """Let two campaigns about a matter follow each other, so that the second counts what the first sent."""
    await fetch_value("SELECT pg_advisory_xact_lock(hashtextextended($1, 2))", f"push {matter.code}")
