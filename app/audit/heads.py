"""Each day every person's head is committed: the root of the map of heads becomes an entry of the log.

So nobody can be shown a shorter or another chain of entries about themselves than everybody's log has. Only what moved since
the last day is computed anew.
"""

from datetime import date
from itertools import groupby
from typing import Final
from uuid import UUID

from app.audit import person_map, sequencing, statements
from app.audit.merkle import leaf_hash
from app.audit.person_map import DEPTH, EMPTY, Head
from app.audit.statements import NO_SALT, HeadsStatement
from app.kernel import clock
from app.kernel.database import execute, fetch_all, fetch_value, transaction

_MOVED: Final = "SELECT bucket, committed_entries = 0 AS is_new FROM log_head WHERE committed_entries <> entries"
_MOVE: Final = (
    "UPDATE log_head SET committed_entries = entries, committed_head = head WHERE committed_entries <> entries"
)
_IN_BUCKETS: Final = """
SELECT bucket, id AS person, committed_entries AS count, committed_head AS leaf FROM log_head
WHERE bucket = ANY ($1::int4[]) AND committed_entries > 0 ORDER BY bucket
"""
_NODES: Final = "SELECT position, hash FROM log_map_node WHERE level = $1 AND position = ANY ($2::int4[])"
_WRITE_NODES: Final = """
INSERT INTO log_map_node (level, position, hash) SELECT $1, position, hash FROM unnest($2::int4[], $3::bytea[]) AS n (position, hash)
ON CONFLICT (level, position) DO UPDATE SET hash = excluded.hash
"""


async def commit_heads() -> bool:
    """Commit the heads once a day, in the first moments of it; says whether it did."""
    today = clock.today()
    async with transaction(sequencing.SEQUENCER):
        log = await sequencing.hold_log()
        if log is None or (log.heads_day is not None and log.heads_day >= today):
            return False
        moved = await fetch_all(_MOVED)
        root = await _bring_map_up_to_date(sorted({row["bucket"] for row in moved}))
        before = await fetch_value("SELECT persons FROM log_heads ORDER BY day DESC LIMIT 1")
        persons = (before or 0) + sum(row["is_new"] for row in moved)
        await execute(
            "INSERT INTO log_heads (day, number, root, persons) VALUES ($1, $2, $3, $4)",
            *(today, log.edge.size, root, persons),
        )
        await sequencing.append_leaves(log.edge, [statements.leaf_of(NO_SALT, statement_of(today, root, persons))])
        await execute("UPDATE log_state SET heads_day = $1 WHERE id = 1", today)
    return True


def statement_of(day: date, root: bytes, persons: int) -> bytes:
    """What the log says of a day's heads."""
    return statements.encoded(HeadsStatement(day=day, persons=persons, root=root.hex()))


async def _bring_map_up_to_date(moved: list[int]) -> bytes:
    """Compute the buckets in which a head moved, and the nodes above them; give the map's root."""
    await execute(_MOVE)
    rows = await fetch_all(_IN_BUCKETS, moved)
    level = {
        bucket: leaf_hash(person_map.bucket_bytes(Head(row["person"], row["count"], row["leaf"]) for row in inside))
        for bucket, inside in groupby(rows, lambda row: row["bucket"])
    }
    for height in range(DEPTH):
        await execute(_WRITE_NODES, height, list(level), list(level.values()))
        known = await map_nodes(height, [position ^ 1 for position in level])
        level = person_map.parents(height, level, known.get)
    await execute(_WRITE_NODES, DEPTH, list(level), list(level.values()))
    return (await map_nodes(DEPTH, [0])).get(0, EMPTY[DEPTH])


async def map_nodes(level: int, positions: list[int]) -> dict[int, bytes]:
    """The stored nodes at some positions of a level; those of empty subtrees aren't stored."""
    return {row["position"]: row["hash"] for row in await fetch_all(_NODES, level, positions)}


async def bucket_and_path(person: UUID) -> tuple[bytes, list[bytes]]:
    """The bucket in which a person stands, and the path that proves it, in the (system) transaction in progress."""
    bucket = person_map.bucket_of(person)
    rows = await fetch_all(_IN_BUCKETS, [bucket])
    siblings = person_map.siblings_of(bucket)
    stored = await fetch_all(
        "SELECT n.level, n.hash FROM unnest($1::int4[], $2::int4[]) AS wanted (level, position) "
        "JOIN log_map_node n ON n.level = wanted.level AND n.position = wanted.position",
        *([level for level, _ in siblings], [position for _, position in siblings]),
    )
    known = {row["level"]: row["hash"] for row in stored}
    inside = person_map.bucket_bytes(Head(row["person"], row["count"], row["leaf"]) for row in rows)
    return inside, [known.get(level, EMPTY[level]) for level, _ in siblings]
