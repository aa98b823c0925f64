"""Carrying an erasure out, and proving it.

Once begun it is never undone: the person is frozen, what stood in the way was checked with its rows locked, guardianships ended, and
what the certificate says was written down; then the rooms erase, one after the other and harmlessly again after a crash; the person's key
goes last. The certificate outlives the account and is found by its code alone.
"""

import base64
from datetime import date, timedelta
from uuid import UUID

import msgspec

from app.audit.acts import Act, seal_act
from app.kernel import clock
from app.kernel.database import Row, execute, fetch_all, fetch_one, fetch_value, transaction
from app.kernel.events import tell
from app.kernel.idempotency import forget_answers_to
from app.kernel.ids import shard_of
from app.kernel.jobs import enqueue
from app.keys.persons import person_key
from app.privacy.erasure import JOB, KEEPER, Erase, hashed, one_person, shard_in
from app.privacy.errors import CertificateUnknown
from app.privacy.events import ErasureBlocked
from app.privacy.holdings import blocking, held
from app.privacy.retention import RETENTION
from app.privacy.rights import erasers, sealer
from app.privacy.structs import ErasureCertificate
from app.residents.people import locked
from app.residents.rights import leave


class Kept(msgspec.Struct, frozen=True):
    """Rows that a law retains, until when."""

    table: str
    rows: int
    law: str
    article: str
    until: date


class Certificate(msgspec.Struct, frozen=True):
    """What is proved: whose key was destroyed and when, what was erased and what stays. The key is named by its SHA-256."""

    erasure_id: UUID
    person_id: UUID
    begun_at: str
    key_sha256: str
    erased: dict[str, int]
    retained: tuple[Kept, ...]


async def erase(job: Erase) -> None:
    """Carry an order out that is due and wasn't cancelled; harmless when repeated."""
    row = await _begin(job.erasure_id)
    if row is None:
        return
    async with transaction(KEEPER):
        people = await one_person(row["citizen_id"])
    for person in people:
        for eraser in erasers():
            await eraser.erase(person)
        await forget_answers_to(person)
    sealed = sealer().seal(row["certificate"])
    async with transaction(KEEPER):
        done = await execute(
            "UPDATE erasure_order SET state = 'done', ended_at = $3, signature = $4, chain = $5 "
            "WHERE shard = $1 AND id = $2 AND state = 'running'",
            *(row["shard"], row["id"], clock.now(), sealed.signature, sealed.certificate + sealed.chain),
        )
        if done:
            await seal_act(Act.ERASED, KEEPER, about=row["citizen_id"], subject=row["id"])


async def go_on() -> None:
    """Order anew what was due an hour ago and isn't done (a store was away for long); run daily, and harmless when repeated."""
    late = clock.now() - timedelta(hours=1)
    async with transaction(KEEPER):
        for row in await fetch_all(
            "SELECT id FROM erasure_order WHERE state IN ('waiting', 'running') AND due_at < $1 LIMIT 1000", late
        ):
            await enqueue(JOB, Erase(row["id"]), once=f"{JOB}:{row['id']}:{clock.today()}")


async def certificate(code: str) -> ErasureCertificate:
    """The certificate under a code, with its seal; refuses `CertificateUnknown` before the erasure is done, too."""
    row = await find(code)
    if row is None:
        raise CertificateUnknown
    return ErasureCertificate(
        certificate=msgspec.Raw(row["certificate"]),
        signed_bytes_b64=base64.b64encode(row["certificate"]).decode(),
        algorithm="ES256",
        signature=base64.b64encode(row["signature"]).decode(),
        certificate_chain=row["chain"],
    )


async def find(code: str) -> Row | None:
    """The erasure that a code proves, if it is done."""
    shard = shard_in(code)
    if shard is None:
        return None
    async with transaction(KEEPER):
        return await fetch_one(
            "SELECT * FROM erasure_order WHERE shard = $1 AND code_hash = $2 AND state = 'done'", shard, hashed(code)
        )


async def _begin(erasure_id: UUID) -> Row | None:
    """The order, once it is under way; nothing if it isn't due, was ended, or something stands in its way now."""
    async with transaction(KEEPER):
        person_id = await fetch_value(
            "SELECT citizen_id FROM erasure_order WHERE shard = $1 AND id = $2", shard_of(erasure_id), erasure_id
        )
        if person_id is not None:
            # The person before the order, as whoever freezes or recovers does.
            await locked(person_id)
        row = await fetch_one(
            "SELECT * FROM erasure_order WHERE shard = $1 AND id = $2 FOR UPDATE", shard_of(erasure_id), erasure_id
        )
        if row is None or row["state"] not in {"waiting", "running"} or row["due_at"] > clock.now():
            return None
        if row["state"] == "running":
            return row
        if await blocking(row["citizen_id"]):
            await _end_blocked(row)
            return None
        await execute(
            "UPDATE resident SET frozen_at = coalesce(frozen_at, $3) WHERE shard = $1 AND id = $2",
            *(row["shard"], row["citizen_id"], clock.now()),
        )
        for person in await one_person(row["citizen_id"]):
            await leave(person)
        return await fetch_one(
            "UPDATE erasure_order SET state = 'running', certificate = $3 WHERE shard = $1 AND id = $2 RETURNING *",
            *(row["shard"], row["id"], msgspec.json.encode(await _certificate(row))),
        )


async def _end_blocked(row: Row) -> None:
    await execute(
        "UPDATE erasure_order SET state = 'blocked', ended_at = $3 WHERE shard = $1 AND id = $2",
        *(row["shard"], row["id"], clock.now()),
    )
    await tell(ErasureBlocked(citizen_id=row["citizen_id"], subject_id=row["id"]))


async def _certificate(row: Row) -> Certificate:
    rows, today = await held(await one_person(row["citizen_id"])), clock.today()
    return Certificate(
        erasure_id=row["id"],
        person_id=row["citizen_id"],
        begun_at=clock.now().isoformat(timespec="seconds"),
        key_sha256=(await person_key(row["citizen_id"])).fingerprint,
        erased={table: count for table, count in sorted(rows.items()) if count and table not in RETENTION},
        retained=tuple(
            Kept(table, rows[table], one.law.zh, one.article, one.until(today))
            for table, one in sorted(RETENTION.items())
            if rows.get(table)
        ),
    )
