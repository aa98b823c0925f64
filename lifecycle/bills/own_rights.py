"""What this room exports of a person, and what it may erase."""

from typing import Final
from uuid import UUID

import msgspec

from app.kernel.database import Row, execute, fetch_all, transaction
from app.kernel.ids import shard_of
from app.kernel.words import Words
from lifecycle.bills import paybook
from lifecycle.bills.paybook import OFFICE

TABLES: Final = ("bill_payment",)
_TOLD: Final = (
    *("id", "person_id", "matter_code", "department", "amount_fen", "charge_id", "state", "paid_at", "ended_at"),
    *("return_id", "reason"),
)


class BillExporter:
    """Exports the bills that a person paid, for themselves and for wards."""

    tables = TABLES

    async def export(self, citizen_id: UUID) -> dict[str, list[dict[str, object]]]:
        """Every payment, in the order of their making."""
        async with transaction(OFFICE):
            rows = await fetch_all(
                "SELECT * FROM bill_payment WHERE shard = $1 AND citizen_id = $2 ORDER BY id",
                *(shard_of(citizen_id), citizen_id),
            )
            return {"bill_payment": [await _told(row) for row in rows]}


class BillEraser:
    """Keeps that something was paid, which belongs to the card's books and is retained with them; forgets for what."""

    tables = TABLES

    async def erase(self, citizen_id: UUID) -> int:
        """Blank what the person's bills were for, and say how many those were; harmless when repeated."""
        async with transaction(OFFICE):
            return await execute(
                "UPDATE bill_payment SET content = NULL WHERE shard = $1 AND citizen_id = $2 AND content IS NOT NULL",
                *(shard_of(citizen_id), citizen_id),
            )


class PaymentsOpen:
    """Nobody is erased while a payment of theirs, or for them, waits for its department: it may come back to the card."""

    code = "bill_payments_open"
    title = Words(
        zh="有缴费尚未入账，请等待收费单位确认。",
        en="A payment hasn't been confirmed by its department yet; please wait for that.",
    )

    async def count(self, citizen_id: UUID) -> int:
        """Payments that wait, with their rows locked."""
        rows = await fetch_all(
            "SELECT id FROM bill_payment WHERE state = 'paid' AND (citizen_id = $1 OR person_id = $1) FOR UPDATE",
            citizen_id,
        )
        return len(rows)


async def _told(row: Row) -> dict[str, object]:
    bill = await paybook.opened(row)
    content = None if bill is None else msgspec.json.decode(msgspec.json.encode(bill))
    return {name: row[name] for name in _TOLD} | {"content": content}
