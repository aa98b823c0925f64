"""Taking a step with a dispute: written, told and sealed in the transaction in progress, whoever takes it.

Neither payers nor officers have rights of their own on these tables, so it is done as the room, in their name.
"""

from typing import Final
from uuid import UUID

import msgspec

from app.audit.acts import Act, seal_act
from app.audit.basis import Basis
from app.disputes.errors import DisputeNotFound, DisputeStepNotAllowed
from app.disputes.events import DisputeMoved
from app.disputes.states import NEXT, DisputeState, DisputeStep
from app.kernel import clock
from app.kernel.actors import Citizen, Officer, System
from app.kernel.database import Row, execute, fetch_one
from app.kernel.events import tell
from app.kernel.ids import new_id, shard_of
from app.keys.persons import seal_for_person

DISPUTES: Final = System("disputes")
STEPS: Final = "card_dispute_step"
ACTS: Final[dict[DisputeStep, Act]] = {
    DisputeStep.OPEN: Act.DISPUTE_OPENED,
    DisputeStep.CLAIM: Act.DISPUTE_CLAIMED,
    DisputeStep.RELEASE: Act.DISPUTE_RELEASED,
    DisputeStep.ASK_EVIDENCE: Act.DISPUTE_EVIDENCE_ASKED,
    DisputeStep.GIVE_EVIDENCE: Act.DISPUTE_EVIDENCE_GIVEN,
    DisputeStep.PROPOSE: Act.DISPUTE_PROPOSED,
    DisputeStep.SEND_BACK: Act.DISPUTE_SENT_BACK,
    DisputeStep.ACCEPT: Act.DISPUTE_ACCEPTED,
    DisputeStep.REJECT: Act.DISPUTE_REJECTED,
    DisputeStep.WITHDRAW: Act.DISPUTE_WITHDRAWN,
}
_CHANGED: Final = (
    *("claimed_by", "evidence_due_on", "proposal", "proposed_fen", "proposed_by", "return_id", "returned_fen"),
)
_UPDATE: Final = (
    "UPDATE card_dispute SET state = $3, changed_at = $4, "
    + ", ".join(f"{name} = ${place}" for place, name in enumerate(_CHANGED, 5))
    + " WHERE shard = $1 AND id = $2"
)


class Change(msgspec.Struct, frozen=True):
    """What a step says, and the columns that it sets."""

    text: str | None = None
    columns: dict[str, object] = {}


def next_state(row: Row, step: DisputeStep) -> DisputeState:
    """Where a step leads to; refuses (`DisputeStepNotAllowed`) one that can't be taken now."""
    after = NEXT.get((DisputeState(row["state"]), step))
    if after is None:
        raise DisputeStepNotAllowed(state=row["state"])
    return after


async def take(row: Row, step: DisputeStep, actor: Citizen | Officer, change: Change | None = None) -> None:
    """Take a step with a dispute that is locked; refuses `DisputeStepNotAllowed`."""
    after, said = next_state(row, step), change or Change()
    columns = dict(row.items()) | said.columns
    await execute(_UPDATE, row["shard"], row["id"], after.value, clock.now(), *(columns[name] for name in _CHANGED))
    await note(row, step, actor, said.text)


async def note(row: Row, step: DisputeStep, actor: Citizen | Officer, text: str | None) -> None:
    """Write what was done with a dispute, tell of it, and seal it."""
    step_id, person = new_id(row["citizen_id"]), row["citizen_id"]
    sealed = None if text is None else await seal_for_person(person, STEPS, "text", step_id, text.encode())
    await execute(
        f"INSERT INTO {STEPS} (id, shard, citizen_id, dispute_id, at, step, actor, text) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        *(step_id, shard_of(step_id), person, row["id"], clock.now(), step.value, actor.principal, sealed),
    )
    await tell(DisputeMoved(citizen_id=person, subject_id=step_id, cause_id=row["id"]))
    await seal_act(ACTS[step], actor, about=person, subject=row["id"], basis=basis_of(actor, row["id"]))


def basis_of(actor: Citizen | Officer, dispute_id: UUID) -> Basis | None:
    """What gives an officer the right to it; payers need none."""
    return Basis("dispute", str(dispute_id)) if isinstance(actor, Officer) else None


async def locked_dispute(dispute_id: UUID) -> Row:
    """A dispute, locked, in the system transaction in progress; refuses `DisputeNotFound`."""
    row = await fetch_one(
        "SELECT * FROM card_dispute WHERE shard = $1 AND id = $2 FOR UPDATE", shard_of(dispute_id), dispute_id
    )
    if row is None:
        raise DisputeNotFound
    return row
