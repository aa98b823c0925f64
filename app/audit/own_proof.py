"""A citizen's own entries, or a ward's, as a file that proves itself with nothing but published checkpoints."""

from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec

from app.audit import heads, log_queries, proofs, sequencing, statements, withholding
from app.audit.errors import CheckpointUnknown
from app.audit.log_files import (
    PROOF_FORMAT,
    AccessProof,
    LogKey,
    ProvedEntry,
    ProvedHead,
    SignedCheckpoint,
    WithheldEntry,
)
from app.audit.statements import NO_SALT
from app.audit.ward_looks import note_ward_look
from app.kernel.actors import Citizen, own_person
from app.kernel.database import Row, fetch_all, fetch_one, fetch_value, transaction
from app.kernel.ids import shard_of
from app.keys.persons import person_key

_ENTRIES: Final = """
SELECT a.*, e.number, e.person_number, e.person_previous FROM log_entry e JOIN act a ON a.shard = e.shard AND a.id = e.id
WHERE e.shard = $1 AND e.citizen_id = $2 AND e.person_number >= $3 AND e.number < $4 ORDER BY e.person_number LIMIT $5
"""
_COUNT: Final = """
SELECT person_number FROM log_entry WHERE shard = $1 AND citizen_id = $2 AND number < $3 ORDER BY person_number DESC LIMIT 1
"""
_HEADS: Final = "SELECT * FROM log_heads ORDER BY day DESC LIMIT 1"


class Wanted(msgspec.Struct, frozen=True):
    """Which part of a proof: about whom (oneself by default), from which number in their chain, by which checkpoint (the newest)."""

    person_id: UUID | None = None
    start: int = 1
    checkpoint: int | None = None


async def own_proof(citizen: Citizen, wanted: Wanted, limit: int) -> AccessProof:
    """Entries about the citizen or a ward, with what proves them; refuses `PersonNotYours`, `NoCheckpointYet`, `CheckpointUnknown`."""
    person = own_person(citizen, wanted.person_id)
    async with transaction(log_queries.ANYONE):
        checkpoint = await _checkpoint(wanted.checkpoint)
    size = checkpoint["size"]
    async with transaction(citizen):
        await note_ward_look(citizen, person)
        rows = await fetch_all(_ENTRIES, shard_of(person), person, wanted.start, size, limit + 1)
        count = await fetch_value(_COUNT, shard_of(person), person, size)
        key = await person_key(person)
    shown = rows[:limit]
    async with transaction(log_queries.ANYONE):
        paths = await proofs.inclusion_paths([row["number"] for row in shown], size)
        proved_head = await _proved_head(person, size)
    hidden = await withholding.untold([person])
    placed = [(row, path, hidden.until(row)) for row, path in zip(shown, paths, strict=True)]
    return AccessProof(
        format=PROOF_FORMAT,
        person=person,
        key=_key(),
        checkpoint=SignedCheckpoint(checkpoint["number"], checkpoint["note"], checkpoint["timestamp"]),
        count=count or 0,
        head=proved_head,
        items=[_proved(row, key.own, path) for row, path, until in placed if until is None],
        withheld=[_withheld(row, key.own, path, until) for row, path, until in placed if until is not None],
        next=rows[limit]["person_number"] if len(rows) > limit else None,
    )


async def _checkpoint(number: int | None) -> Row:
    if number is None:
        return await log_queries.required_checkpoint()
    row = await fetch_one("SELECT * FROM log_checkpoint WHERE number = $1", number)
    if row is None:
        raise CheckpointUnknown
    return row


def _key() -> LogKey:
    said = log_queries.log_key()
    return LogKey(said.origin, said.public_key, said.certificate, said.chain)


def _proved(row: Row, key: bytes, path: list[bytes]) -> ProvedEntry:
    said = sequencing.statement_of(row, row["person_number"], row["person_previous"])
    return ProvedEntry(
        number=row["number"],
        salt=statements.salt_of(key, row["id"]).hex(),
        statement=said.decode(),
        path=[one.hex() for one in path],
    )


def _withheld(row: Row, key: bytes, path: list[bytes], until: datetime) -> WithheldEntry:
    said = sequencing.statement_of(row, row["person_number"], row["person_previous"])
    leaf = statements.leaf_of(statements.salt_of(key, row["id"]), said)
    return WithheldEntry(row["number"], leaf.hex(), [one.hex() for one in path], until)


async def _proved_head(person: UUID, size: int) -> ProvedHead | None:
    """The person's head as committed last, or that they had none; nothing if the newest heads are younger than the checkpoint."""
    newest = await fetch_one(_HEADS)
    if newest is None or newest["number"] >= size:
        return None
    head = await fetch_one(
        "SELECT committed_entries, committed_head FROM log_head WHERE shard = $1 AND id = $2", shard_of(person), person
    )
    bucket, bucket_path = await heads.bucket_and_path(person)
    path = await proofs.inclusion_path(newest["number"], size)
    if await fetch_value("SELECT max(number) FROM log_heads") != newest["number"]:
        return None
    committed = head["committed_entries"] if head else 0
    said = heads.statement_of(newest["day"], newest["root"], newest["persons"])
    return ProvedHead(
        entry=ProvedEntry(newest["number"], NO_SALT.hex(), said.decode(), [one.hex() for one in path]),
        count=committed,
        leaf=head["committed_head"].hex() if head and committed else "",
        bucket=bucket.hex(),
        bucket_path=[one.hex() for one in bucket_path],
    )
