"""Showing disputes: to their payers, and to the office that decides."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from app.card.merchants import words_of
from app.card.structs import DisputeMark
from app.disputes.disputed import the_payment
from app.disputes.states import DisputeState, DisputeStep
from app.disputes.stepping import DISPUTES, STEPS
from app.disputes.structs import DisputeFile, DisputeStepView, DisputeView
from app.kernel.actors import Citizen, Officer
from app.kernel.database import Row, fetch_all, transaction
from app.kernel.ids import shard_of
from app.kernel.text import masked_name
from app.keys.persons import open_for_person
from app.residents.people import resident

_STEPS: Final = f"SELECT * FROM {STEPS} WHERE shard = $1 AND dispute_id = $2 ORDER BY id"
_MARKS: Final = """
SELECT DISTINCT ON (transfer_id) transfer_id, id, state FROM card_dispute
WHERE shard = $1 AND citizen_id = $2 AND transfer_id = ANY ($3::uuid[]) ORDER BY transfer_id, id DESC
"""
_OF_THE_PAYER: Final = frozenset(
    {
        *(DisputeStep.OPEN, DisputeStep.ASK_EVIDENCE, DisputeStep.GIVE_EVIDENCE),
        *(DisputeStep.ACCEPT, DisputeStep.REJECT, DisputeStep.WITHDRAW),
    }
)
"""The steps whose words the payer sees; what is proposed and sent back is weighed among officers."""


async def marks(citizen: Citizen, transfers: Sequence[UUID]) -> dict[UUID, DisputeMark]:
    """The latest dispute about each of some of a payer's transactions, in the transaction in progress."""
    rows = await fetch_all(_MARKS, shard_of(citizen.id), citizen.id, list(transfers))
    return {row["transfer_id"]: DisputeMark(row["id"], row["state"]) for row in rows}


async def view(row: Row) -> DisputeView:
    """A dispute as its payer sees it."""
    async with transaction(DISPUTES):
        paid = await the_payment(row["transfer_id"], row["citizen_id"])
        steps = await _steps(row, _OF_THE_PAYER)
    return DisputeView(
        id=row["id"],
        transaction_id=row["transfer_id"],
        amount_fen=paid["amount_fen"],
        merchant=words_of(paid),
        opened_at=row["opened_at"],
        reason=row["reason"],
        state=row["state"],
        due_on=row["due_on"],
        returned_fen=row["returned_fen"],
        return_id=row["return_id"],
        steps=steps,
    )


async def file(row: Row, officer: Officer) -> DisputeFile:
    """A dispute as its office sees it, in the system transaction in progress."""
    paid = await the_payment(row["transfer_id"], row["citizen_id"])
    holder = await resident(row["citizen_id"])
    return DisputeFile(
        id=row["id"],
        state=row["state"],
        reason=row["reason"],
        holder_name=masked_name(holder.name) if holder.name else None,
        transaction_id=row["transfer_id"],
        paid_at=paid["at"],
        amount_fen=paid["amount_fen"],
        left_fen=paid["left_fen"],
        merchant_code=paid["merchant_code"],
        merchant=words_of(paid),
        opened_at=row["opened_at"],
        due_on=row["due_on"],
        evidence_due_on=row["evidence_due_on"] if row["state"] == DisputeState.AWAITING_EVIDENCE else None,
        yours=row["claimed_by"] == officer.principal,
        proposal=row["proposal"],
        proposed_fen=row["proposed_fen"],
        returned_fen=row["returned_fen"],
        steps=await _steps(row, frozenset(DisputeStep)),
    )


async def _steps(row: Row, shown: frozenset[DisputeStep]) -> list[DisputeStepView]:
    taken = await fetch_all(_STEPS, row["shard"], row["id"])
    return [
        DisputeStepView(one["at"], one["step"], await text_of(one) if DisputeStep(one["step"]) in shown else None)
        for one in taken
    ]


async def text_of(step: Row) -> str | None:
    """What a step said."""
    if step["text"] is None:
        return None
    return (await open_for_person(step["citizen_id"], STEPS, "text", step["id"], step["text"])).decode()
