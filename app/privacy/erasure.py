"""Erasing oneself (个人信息保护法 art. 47): seen beforehand, ordered with a second proof, cancelled at leisure, then done for good."""

import base64
import secrets
from datetime import timedelta
from typing import Final
from uuid import UUID

import msgspec

from app.audit.acts import Act, seal_act
from app.audit.basis import Basis
from app.kernel import clock
from app.kernel.actors import Citizen, Officer, System
from app.kernel.database import Row, execute, fetch_all, fetch_one, fetch_value, transaction
from app.kernel.events import tell
from app.kernel.ids import new_id, shard_of
from app.kernel.jobs import enqueue
from app.kernel.still_in import refuse_if_out
from app.keys.fields import blind_index
from app.privacy import confirmation
from app.privacy.errors import ErasureBlockedNow, ErasureNotOrdered, ErasureOrderedAlready
from app.privacy.events import ErasureCancelled, ErasureOrdered
from app.privacy.holdings import blocking, held
from app.privacy.limits import limit_today
from app.privacy.retention import RETENTION
from app.privacy.structs import BlockingView, ErasurePreview, ErasureView, HeldView, NewErasure, RetainedView
from app.residents.people import locked

JOB: Final = "privacy.erase"
KEEPER: Final = System("rights")
_SHARD_BYTES: Final = 2
_INSERT: Final = """
INSERT INTO erasure_order (id, shard, citizen_id, ordered_at, due_at, state, code_hash)
VALUES ($1, $2, $3, $4, $5, 'waiting', $6) RETURNING *
"""


class Erase(msgspec.Struct, frozen=True):
    """The job of carrying one order out."""

    erasure_id: UUID


async def preview(citizen: Citizen) -> ErasurePreview:
    """What would be erased, what a law retains and until when, and what stands in the way."""
    async with transaction(KEEPER):
        rows = await held(await one_person(citizen.id))
        blockers = await blocking(citizen.id)
    today = clock.today()
    return ErasurePreview(
        erased=[HeldView(table, count) for table, count in sorted(rows.items()) if count and table not in RETENTION],
        retained=[
            RetainedView(table, rows[table], one.law, one.article, one.until(today))
            for table, one in sorted(RETENTION.items())
            if rows.get(table)
        ],
        blocked_by=[BlockingView(one.code, one.title, one.count) for one in blockers],
        cooling_off_days=limit_today("erasure_cooling_days"),
    )


async def order(citizen: Citizen, wanted: NewErasure) -> ErasureView:
    """Order one's erasure; it is carried out after the days of thinking it over.

    The answer has the code with which the certificate can be fetched when nobody is left to sign in: it is shown once. At level 2 a
    code from a text message confirms it. Refuses `ErasureBlockedNow`, `ErasureOrderedAlready`, `ErasureCodeWrong`.
    """
    code = new_code(citizen.id)
    async with transaction(citizen):
        await fetch_value("SELECT pg_advisory_xact_lock(hashtextextended($1, 3))", f"erasure {citizen.id}")
        if await _waiting(citizen) is not None:
            raise ErasureOrderedAlready
        async with transaction(KEEPER):
            await locked(citizen.id)
            blockers = await blocking(citizen.id)
        await refuse_if_out(citizen)
        if blockers:
            raise ErasureBlockedNow(blocked_by=[one.code for one in blockers])
        await confirmation.use_code(citizen, wanted.confirmation_code)
        row_id, now = new_id(citizen.id), clock.now()
        due_at = now + timedelta(days=limit_today("erasure_cooling_days"))
        row = await fetch_one(_INSERT, row_id, shard_of(row_id), citizen.id, now, due_at, hashed(code))
        await tell(ErasureOrdered(citizen_id=citizen.id, subject_id=row_id))
        await seal_act(Act.ERASURE_ORDERED, citizen, about=citizen.id, subject=row_id)
        async with transaction(KEEPER):
            await enqueue(JOB, Erase(row_id), run_at=due_at, once=f"{JOB}:{row_id}")
    return _view(row, code)


async def cancel(citizen: Citizen) -> ErasureView:
    """Take the order back while it waits; refuses `ErasureNotOrdered`."""
    async with transaction(citizen):
        row = await _waiting(citizen)
        if row is None or not await _cancelled(row):
            raise ErasureNotOrdered
        await tell(ErasureCancelled(citizen_id=citizen.id, subject_id=row["id"]))
        await seal_act(Act.ERASURE_CANCELLED, citizen, about=citizen.id, subject=row["id"])
    return await mine(citizen)


async def cancel_for(actor: Citizen | Officer, person_id: UUID, basis: Basis | None = None) -> None:
    """Take back a waiting order of somebody who was frozen or whose account was recovered: a thief may have ordered it.

    In the system transaction in progress; harmless where there is none. One that has begun goes on.
    """
    row = await fetch_one(
        "SELECT * FROM erasure_order WHERE shard = $1 AND citizen_id = $2 AND state = 'waiting'",
        *(shard_of(person_id), person_id),
    )
    if row is not None and await _cancelled(row):
        await tell(ErasureCancelled(citizen_id=person_id, subject_id=row["id"]))
        await seal_act(Act.ERASURE_CANCELLED, actor, about=person_id, subject=row["id"], basis=basis)


async def has_begun(person_id: UUID) -> bool:
    """Whether a person is being erased, or is; in the transaction in progress, which must be the system's."""
    begun = await fetch_value(
        "SELECT true FROM erasure_order WHERE shard = $1 AND citizen_id = $2 AND state IN ('running', 'done') LIMIT 1",
        *(shard_of(person_id), person_id),
    )
    return begun is not None


async def mine(citizen: Citizen) -> ErasureView:
    """The citizen's last order; refuses `ErasureNotOrdered`."""
    async with transaction(citizen):
        row = await fetch_one(
            "SELECT * FROM erasure_order WHERE shard = $1 AND citizen_id = $2 ORDER BY id DESC LIMIT 1",
            *(shard_of(citizen.id), citizen.id),
        )
    return _view(row, None)


async def one_person(citizen_id: UUID) -> list[UUID]:
    """The residents that turned out to be this one, and this one last; system transactions only."""
    rows = await fetch_all("SELECT id FROM resident WHERE merged_into = $1 ORDER BY id", citizen_id)
    return [*(row["id"] for row in rows), citizen_id]


def new_code(citizen_id: UUID) -> str:
    """A code that nobody can guess, and that says in which shard its certificate lies."""
    raw = shard_of(citizen_id).to_bytes(_SHARD_BYTES) + secrets.token_bytes(18)
    return f"XC{base64.b32encode(raw).decode()}"


def shard_in(code: str) -> int | None:
    """The shard that a code names; nothing if it isn't one of ours."""
    try:
        raw = base64.b32decode(code.removeprefix("XC"))
    except ValueError:
        return None
    return int.from_bytes(raw[:_SHARD_BYTES]) if code.startswith("XC") else None


def hashed(code: str) -> bytes:
    """What the table holds of a code."""
    return blind_index("erasure-certificate", code)


async def _waiting(citizen: Citizen) -> Row | None:
    return await fetch_one(
        "SELECT * FROM erasure_order WHERE shard = $1 AND citizen_id = $2 AND state IN ('waiting', 'running')",
        *(shard_of(citizen.id), citizen.id),
    )


async def _cancelled(row: Row) -> bool:
    async with transaction(KEEPER):
        sql = "UPDATE erasure_order SET state = 'cancelled', ended_at = $3 WHERE shard = $1 AND id = $2 AND state = 'waiting'"
        return bool(await execute(sql, row["shard"], row["id"], clock.now()))


def _view(row: Row | None, code: str | None) -> ErasureView:
    if row is None:
        raise ErasureNotOrdered
    return ErasureView(
        id=row["id"],
        state=row["state"],
        ordered_at=row["ordered_at"],
        due_at=row["due_at"],
        ended_at=row["ended_at"],
        certificate_code=code,
    )
