"""Taking a step with a licence: its row, the row of what was done, the event, and the sealed act, in the transaction in progress.

Other rooms use `end` and `end_all`: a decision of theirs ends a licence (a divorce ends the certificate of marriage).
"""

from collections.abc import Collection
from typing import Final
from uuid import UUID

import msgspec

from app.audit.acts import Act, seal_act
from app.audit.basis import Basis
from app.kernel import clock
from app.kernel.actors import Actor, System
from app.kernel.database import Row, execute, fetch_all, fetch_one
from app.kernel.events import tell
from app.kernel.ids import new_id, shard_of
from app.keys.persons import PersonErased, seal_for_person
from lifecycle.licences.events import LicenceChanged
from lifecycle.licences.grounds import GroundCode, require_fit
from lifecycle.licences.states import INTERNAL, Step, after

ISSUER: Final = System("licences")
ACTS: Final[dict[Step, Act]] = {
    Step.SUSPEND: Act.LICENCE_SUSPENDED,
    Step.RESUME: Act.LICENCE_RESUMED,
    Step.PROPOSE_REVOKE: Act.LICENCE_END_PROPOSED,
    Step.PROPOSE_ANNUL: Act.LICENCE_END_PROPOSED,
    Step.REFUSE: Act.LICENCE_END_REFUSED,
    Step.REVOKE: Act.LICENCE_REVOKED,
    Step.ANNUL: Act.LICENCE_ANNULLED,
    Step.REPLACE: Act.LICENCE_REPLACED,
}
_OF_TYPES: Final = """
SELECT * FROM licence WHERE shard = $1 AND citizen_id = $2 AND (type_code = ANY ($3::text[]) OR id::text = ANY ($3::text[]))
AND state IN ('valid', 'suspended') ORDER BY id FOR UPDATE
"""
_INSERT: Final = """
INSERT INTO licence_event (id, shard, citizen_id, licence_id, department, at, step, state, ground, reason, actor)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
"""


class Why(msgspec.Struct, frozen=True):
    """On which ground the law lets a licence be dealt with, and what the holder is told of it."""

    ground: GroundCode
    reason: str | None = None


async def take(row: Row, step: Step, actor: Actor, why: Why) -> None:
    """Take a step with a licence whose row is locked; in the system transaction in progress.

    Refuses `LicenceStateDiffers`, and `GroundDoesNotFit` what the law doesn't name. A refusal by the second officer needs no ground.
    """
    state = after(row["state"], step)
    if step is not Step.REFUSE:
        require_fit(why.ground, step)
    event_id = new_id(row["citizen_id"])
    reason = None
    if why.reason is not None:
        told = msgspec.json.encode(why.reason)
        reason = await seal_for_person(row["citizen_id"], "licence_event", "reason", event_id, told)
    await execute("UPDATE licence SET state = $3 WHERE shard = $1 AND id = $2", row["shard"], row["id"], state)
    await execute(
        _INSERT,
        *(event_id, row["shard"], row["citizen_id"], row["id"], row["department"], clock.now(), step, state),
        *(why.ground, reason, actor.principal),
    )
    if step not in INTERNAL:
        await tell(LicenceChanged(citizen_id=row["citizen_id"], subject_id=row["id"], cause_id=event_id))
    await seal_act(ACTS[step], actor, about=row["citizen_id"], subject=row["id"], basis=Basis("licence", row["number"]))


async def end(licence_id: UUID, step: Step, why: Why) -> None:
    """Revoke or annul one licence in the (system) transaction in progress, because another room's decision ends it.

    One that has ended stays as it is, and so does that of somebody who was erased.
    """
    row = await fetch_one(
        "SELECT * FROM licence WHERE shard = $1 AND id = $2 AND state IN ('valid', 'suspended') FOR UPDATE",
        *(shard_of(licence_id), licence_id),
    )
    if row is not None:
        await _take_quietly(row, step, why)


async def end_all(holder_id: UUID, type_code: str, step: Step, why: Why) -> None:
    """End every licence of a type that somebody holds, as `end` does."""
    for row in await fetch_all(_OF_TYPES, shard_of(holder_id), holder_id, [type_code]):
        await _take_quietly(row, step, why)


async def replace_former(new: UUID, holder_id: UUID, former: Collection[str]) -> None:
    """End what a new licence takes the place of: types, or licences by id, of the same holder."""
    if not former:
        return
    for row in await fetch_all(_OF_TYPES, shard_of(holder_id), holder_id, list(former)):
        if row["id"] != new:
            await _take_quietly(row, Step.REPLACE, Why("renewed"))
            await execute(
                "UPDATE licence SET replaced_by = $3 WHERE shard = $1 AND id = $2", row["shard"], row["id"], new
            )


async def _take_quietly(row: Row, step: Step, why: Why) -> None:
    try:
        await take(row, step, ISSUER, why)
    except PersonErased:
        return
