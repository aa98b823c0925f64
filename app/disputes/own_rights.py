"""What this room exports of a person, and what it erases."""

from typing import Final
from uuid import UUID

from app.disputes.reading import text_of
from app.disputes.states import UNDECIDED
from app.disputes.stepping import DISPUTES, STEPS
from app.kernel.database import execute, fetch_all, transaction
from app.kernel.ids import shard_of
from app.kernel.words import Words

TABLES: Final = ("card_dispute", STEPS)
_TOLD: Final = (
    *("id", "transfer_id", "opened_at", "due_on", "reason", "state", "changed_at", "evidence_due_on", "proposal"),
    *("proposed_fen", "return_id", "returned_fen"),
)
_STEP_TOLD: Final = ("id", "dispute_id", "at", "step")


class DisputeExporter:
    """Exports a person's disputes, with what both sides said."""

    tables = TABLES

    async def export(self, citizen_id: UUID) -> dict[str, list[dict[str, object]]]:
        """Everything of the person in these tables, in the order of its making."""
        key = (shard_of(citizen_id), citizen_id)
        async with transaction(DISPUTES):
            disputes = await fetch_all(
                "SELECT * FROM card_dispute WHERE shard = $1 AND citizen_id = $2 ORDER BY id", *key
            )
            steps = await fetch_all(f"SELECT * FROM {STEPS} WHERE shard = $1 AND citizen_id = $2 ORDER BY id", *key)
            return {
                "card_dispute": [{name: row[name] for name in _TOLD} for row in disputes],
                STEPS: [{name: row[name] for name in _STEP_TOLD} | {"text": await text_of(row)} for row in steps],
            }


class DisputeEraser:
    """Erases a person's disputes; what was given back stays in the ledger's books."""

    tables = TABLES

    async def erase(self, citizen_id: UUID) -> int:
        """Delete every dispute with its steps, and say how many rows; harmless when repeated."""
        async with transaction(DISPUTES):
            return sum(
                [
                    await execute(
                        f"DELETE FROM {table} WHERE shard = $1 AND citizen_id = $2", shard_of(citizen_id), citizen_id
                    )
                    for table in reversed(TABLES)
                ]
            )


class DisputesOpen:
    """Nobody is erased while a payment of theirs is disputed: what is given back would have nowhere to go."""

    code = "dispute_open"
    title = Words(
        zh="有正在处理的交易争议，请先撤回或等其结束。",
        en="A payment is being disputed; please withdraw that, or wait until it's decided.",
    )

    async def count(self, citizen_id: UUID) -> int:
        """Undecided disputes of the person, locked."""
        rows = await fetch_all(
            "SELECT id FROM card_dispute WHERE shard = $1 AND citizen_id = $2 AND state = ANY ($3::text[]) FOR UPDATE",
            *(shard_of(citizen_id), citizen_id, [state.value for state in UNDECIDED]),
        )
        return len(rows)
