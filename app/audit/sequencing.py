"""The sequencer: it gives each act its number and appends it to the tree, about each second, in one process at a time.

Whoever appends holds the lock on the state's one row; another process goes away empty-handed. Acts wait in a table of their
own, which their transactions write, so a transaction that commits late is numbered late and never passed over. A round is one
transaction: after a crash in the middle nothing of it is there, and the next round does it again.
"""

from collections.abc import Sequence
from datetime import date
from typing import Final
from uuid import UUID

import msgspec

from app.audit import statements, tiles
from app.audit.person_map import Head, bucket_of
from app.audit.statements import NOTHING_BEFORE, ActStatement
from app.audit.tiles import Edge
from app.kernel.actors import System
from app.kernel.database import Row, execute, fetch_all, fetch_one, transaction
from app.kernel.ids import shard_of
from app.keys.persons import DataKey, person_keys
from app.keys.sealing import new_key

SEQUENCER: Final = System("sequencer")
BATCH: Final = 8_000
"""Acts of one round, or a few more that were sealed with its last; what is left goes into the next, at once."""

_WAITING: Final = """
SELECT w.id AS waiting, a.* FROM (
  SELECT *, sum(cardinality(acts)) OVER (ORDER BY id) - cardinality(acts) AS before
  FROM (SELECT * FROM unnumbered_acts ORDER BY id LIMIT $1) oldest) w
CROSS JOIN unnest(w.shards, w.acts) AS u (shard, id) JOIN act a ON a.shard = u.shard AND a.id = u.id
WHERE w.before < $1 ORDER BY a.id
"""
_HEADS: Final = """
SELECT h.id AS person, h.entries, h.head AS leaf FROM unnest($1::int4[], $2::uuid[]) AS wanted (shard, id)
JOIN log_head h ON h.shard = wanted.shard AND h.id = wanted.id
"""
_WRITE_ENTRIES: Final = """
INSERT INTO log_entry (id, shard, number, citizen_id, person_number, person_previous)
SELECT * FROM unnest($1::uuid[], $2::int4[], $3::int8[], $4::uuid[], $5::int8[], $6::bytea[])
"""
_WRITE_HEADS: Final = """
INSERT INTO log_head (id, shard, bucket, entries, head, committed_entries, committed_head)
SELECT id, shard, bucket, entries, head, 0, '' FROM unnest($1::uuid[], $2::int4[], $3::int4[], $4::int8[], $5::bytea[])
  AS moved (id, shard, bucket, entries, head)
ON CONFLICT (shard, id) DO UPDATE SET entries = excluded.entries, head = excluded.head
"""
_NUMBERED: Final = "DELETE FROM unnumbered_acts WHERE id = ANY ($1::uuid[])"


class Log(msgspec.Struct, frozen=True):
    """The log as it stands, held by whoever may append."""

    edge: Edge
    heads_day: date | None


class Chained(msgspec.Struct, frozen=True):
    """An act's place in its person's chain, and its leaf."""

    person_number: int
    person_previous: bytes
    leaf: bytes


async def number_acts() -> int:
    """Number the acts that wait, at most a batch of them, and say how many; 0 also where another process is at it."""
    async with transaction(SEQUENCER):
        log = await hold_log()
        if log is None:
            return 0
        acts = await fetch_all(_WAITING, BATCH)
        if acts:
            chained, heads = await _chain(acts)
            await _write(acts, chained, heads, log.edge.size)
            await append_leaves(log.edge, [one.leaf for one in chained])
        return len(acts)


async def hold_log() -> Log | None:
    """Lock the log for the transaction in progress, and give it; nothing, where another process holds it."""
    row = await fetch_one("SELECT size, edges, heads_day FROM log_state WHERE id = 1 FOR UPDATE SKIP LOCKED")
    return Log(Edge(row["size"], tuple(row["edges"])), row["heads_day"]) if row else None


async def append_leaves(edge: Edge, leaves: Sequence[bytes]) -> Edge:
    """Append leaf hashes to the tree, which is held."""
    grown, full = tiles.append(edge, leaves)
    if full:
        await execute(
            "INSERT INTO log_tile (level, position, hashes) SELECT * FROM unnest($1::int4[], $2::int8[], $3::bytea[])",
            *([tile.place[0] for tile in full], [tile.place[1] for tile in full], [tile.hashes for tile in full]),
        )
    await execute("UPDATE log_state SET size = $1, edges = $2 WHERE id = 1", grown.size, list(grown.parts))
    return grown


async def _chain(acts: Sequence[Row]) -> tuple[list[Chained], dict[UUID, Head]]:
    """Every act's place in its person's chain; and the heads of these persons after it."""
    persons = list({act["citizen_id"] for act in acts})
    keys = await person_keys(persons)
    rows = await fetch_all(_HEADS, [shard_of(person) for person in persons], persons)
    heads = {row["person"]: (row["entries"], row["leaf"]) for row in rows}
    chained = []
    for act in acts:
        person = act["citizen_id"]
        count, previous = heads.get(person, (0, NOTHING_BEFORE))
        leaf = statements.leaf_of(_salt(keys.get(person), act["id"]), statement_of(act, count + 1, previous))
        heads[person] = (count + 1, leaf)
        chained.append(Chained(count + 1, previous, leaf))
    return chained, {person: Head(person, *head) for person, head in heads.items()}


def _salt(key: DataKey | None, act_id: UUID) -> bytes:
    """The act's salt; about somebody who is erased, one that nobody keeps."""
    return statements.salt_of(key.own if key else new_key(), act_id)


def statement_of(act: Row, person_number: int, person_previous: bytes) -> bytes:
    """What the log says of an act's row."""
    return statements.encoded(
        ActStatement(
            about=act["citizen_id"],
            act=act["act"],
            actor=act["actor"],
            actor_department=act["actor_department"],
            actor_kind=act["actor_kind"],
            at=act["at"],
            basis_id=act["basis_id"],
            basis_kind=act["basis_kind"],
            id=act["id"],
            on_behalf_of=act["on_behalf_of"],
            person_number=person_number,
            person_previous=person_previous.hex(),
            subject=act["subject_id"],
        )
    )


async def _write(acts: Sequence[Row], chained: Sequence[Chained], heads: dict[UUID, Head], first: int) -> None:
    ids, shards = [act["id"] for act in acts], [act["shard"] for act in acts]
    await execute(
        _WRITE_ENTRIES,
        *(ids, shards, range(first, first + len(acts)), [act["citizen_id"] for act in acts]),
        *([one.person_number for one in chained], [one.person_previous for one in chained]),
    )
    await execute(
        _WRITE_HEADS,
        *(list(heads), [shard_of(person) for person in heads], [bucket_of(person) for person in heads]),
        *([head.count for head in heads.values()], [head.leaf for head in heads.values()]),
    )
    await execute(_NUMBERED, list({act["waiting"] for act in acts}))
