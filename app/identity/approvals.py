"""Approving in the app: a session without a device's key (WeChat, a browser) asks, and an enrolled device says yes or no.

An approval is for exactly what was asked, for the session that asked, once, and for some minutes.
"""

import hashlib
from datetime import timedelta
from typing import Final
from uuid import UUID

from app.audit.acts import Act, seal_act
from app.identity import limits, sessions
from app.identity.approval_errors import ApprovalOver, ApprovalUnknown, NoDeviceToAsk
from app.identity.approval_structs import ApprovalKind, Approvals, ApprovalState, ApprovalView
from app.identity.events import ApprovalAsked
from app.identity.sessions import IDENTITY
from app.kernel import clock
from app.kernel.actors import Citizen
from app.kernel.database import Row, execute, fetch_all, fetch_one, fetch_value, transaction
from app.kernel.events import tell
from app.kernel.ids import new_id, shard_of
from app.kernel.still_in import refuse_if_out
from app.residents.people import locked

REMEMBERED_FOR: Final = timedelta(days=30)
_SEEN: Final = "SELECT a.*, s.client_id, s.network FROM approval a LEFT JOIN session s ON s.shard = a.shard AND s.id = a.session_id "


async def ask(citizen: Citizen, kind: ApprovalKind, subject_id: UUID, what: bytes) -> ApprovalView:
    """Ask the devices of whoever really acts to approve `what`. Refuses `NoDeviceToAsk`, and `TriedTooOften` an eleventh an hour."""
    person_id = citizen.hand
    await limits.count(limits.APPROVALS, str(person_id))
    async with transaction(IDENTITY):
        if not await has_device(person_id):
            raise NoDeviceToAsk
        row_id, now = new_id(person_id), clock.now()
        lives = timedelta(minutes=limits.limit_today("approval_minutes"))
        await execute(
            "INSERT INTO approval (id, shard, citizen_id, kind, subject_id, digest, session_id, asked_at, expires_at, state) "
            "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'asked')",
            *(
                row_id,
                shard_of(row_id),
                person_id,
                kind,
                subject_id,
                _digest(what),
                citizen.session_id,
                now,
                now + lives,
            ),
        )
        await tell(ApprovalAsked(citizen_id=person_id, subject_id=row_id))
        return _view(await _find(person_id, row_id))


async def ask_to_sign_in(citizen: Citizen) -> ApprovalView:
    """Ask a device to approve the calling session, which holds the account's phone but hasn't proved its name."""
    return await ask(citizen, "sign_in", citizen.session_id, citizen.session_id.bytes)


async def pending(citizen: Citizen) -> Approvals:
    """What waits for the citizen's approval."""
    async with transaction(IDENTITY):
        rows = await fetch_all(
            f"{_SEEN} WHERE a.shard = $1 AND a.citizen_id = $2 AND a.state = 'asked' AND a.expires_at > $3 ORDER BY a.id DESC",
            *(shard_of(citizen.id), citizen.id, clock.now()),
        )
    return Approvals(items=[_view(row) for row in rows])


async def look_at(citizen: Citizen, approval_id: UUID) -> ApprovalView:
    """How far an approval is that the citizen was asked for; refuses `ApprovalUnknown`."""
    async with transaction(IDENTITY):
        return _view(await _find(citizen.hand, approval_id))


async def decide(citizen: Citizen, approval_id: UUID, state: ApprovalState) -> ApprovalView:
    """Approve or refuse, from an enrolled device; deciding the same again changes nothing.

    Refuses `ApprovalUnknown`, `ApprovalOver` what has run out or was decided otherwise, and (`SessionOver`) a device that was taken
    away meanwhile.
    """
    async with transaction(IDENTITY):
        await locked(citizen.id)
        await refuse_if_out(citizen)
        row = await _find(citizen.id, approval_id, lock=True)
        if row["state"] == state:
            return _view(row)
        if row["state"] != "asked" or row["expires_at"] <= clock.now():
            raise ApprovalOver
        await execute(
            "UPDATE approval SET state = $3, device_id = $4 WHERE shard = $1 AND id = $2",
            *(shard_of(approval_id), approval_id, state, citizen.device_id),
        )
        if state == "approved":
            if row["kind"] == "sign_in":
                await sessions.raise_level(row["session_id"])
            await seal_act(Act.APPROVED_IN_APP, citizen, about=citizen.id, subject=approval_id)
        return _view(await _find(citizen.id, approval_id))


async def use(citizen: Citizen, approval_id: UUID, subject_id: UUID, what: bytes) -> bool:
    """Use an approval up, in the transaction in progress: whether it was given for exactly this, to the session that asks."""
    person_id = citizen.hand
    async with transaction(IDENTITY):
        used = await execute(
            "UPDATE approval SET state = 'used' WHERE shard = $1 AND id = $2 AND citizen_id = $3 AND state = 'approved' "
            "AND subject_id = $4 AND digest = $5 AND session_id = $6 AND expires_at > $7",
            *(shard_of(person_id), approval_id, person_id, subject_id, _digest(what), citizen.session_id, clock.now()),
        )
    return used == 1


async def sweep() -> None:
    """Forget what was asked a month ago."""
    async with transaction(IDENTITY):
        await execute("DELETE FROM approval WHERE expires_at < $1", clock.now() - REMEMBERED_FOR)


async def _find(person_id: UUID, approval_id: UUID, *, lock: bool = False) -> Row:
    row = await fetch_one(
        f"{_SEEN} WHERE a.shard = $1 AND a.id = $2 AND a.citizen_id = $3 {'FOR UPDATE OF a' if lock else ''}",
        *(shard_of(person_id), approval_id, person_id),
    )
    if row is None:
        raise ApprovalUnknown
    return row


async def has_device(person_id: UUID) -> bool:
    """Whether somebody has a device that could approve, in the transaction in progress."""
    found = await fetch_value(
        "SELECT true FROM device d JOIN certificate_standing c ON c.serial = d.serial WHERE d.shard = $1 AND d.citizen_id = $2 "
        "AND d.removed_at IS NULL AND c.revoked_at IS NULL AND d.not_after > $3 LIMIT 1",
        *(shard_of(person_id), person_id, clock.now()),
    )
    return found is not None


def _digest(what: bytes) -> bytes:
    return hashlib.sha256(what).digest()


def _view(row: Row) -> ApprovalView:
    return ApprovalView(
        id=row["id"],
        kind=row["kind"],
        subject_id=row["subject_id"],
        state=row["state"],
        asked_at=row["asked_at"],
        expires_at=row["expires_at"],
        client_id=row["client_id"],
        network=row["network"],
    )
