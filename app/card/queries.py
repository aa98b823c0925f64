"""Reading what moved on a card."""

from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec

from app.card.merchants import words_of
from app.card.receipts import SYSTEM
from app.card.structs import PAYING, TransactionView, TransferKind
from app.kernel.actors import Citizen
from app.kernel.database import Row, fetch_all, fetch_one, transaction
from app.kernel.ids import shard_of
from app.kernel.paging import Page, after_id, page
from app.kernel.words import Words

_COLUMNS: Final = "t.id, t.at, t.kind, t.amount_fen, t.citizen_id, t.merchant_code, t.returns, m.name_zh, m.name_en"
_FROM: Final = "FROM transfer t LEFT JOIN merchant m ON m.code = t.merchant_code"
_LIST: Final = (
    f"SELECT {_COLUMNS} {_FROM} WHERE t.shard = $1 AND t.citizen_id = $2 AND ($3::uuid IS NULL OR t.id < $3) "
    "ORDER BY t.id DESC LIMIT $4"
)


class Movement(msgspec.Struct, frozen=True):
    """A transfer as other rooms tell of it (a notice, a line in the record). It is its own receipt's id."""

    id: UUID
    citizen_id: UUID
    at: datetime
    kind: TransferKind
    amount_fen: int
    merchant_code: str | None
    merchant: Words | None


async def transactions(citizen: Citizen, cursor: str | None, limit: int) -> Page[TransactionView]:
    """The movements on the citizen's card, newest first."""
    async with transaction(citizen):
        rows = await fetch_all(_LIST, shard_of(citizen.id), citizen.id, after_id(cursor), limit + 1)
    return page([_view(row) for row in rows], limit, rows[limit - 1]["id"] if len(rows) > limit else None)


async def payment(transfer_id: UUID) -> Movement | None:
    """What a transfer was, for the subscribers of events about it; nothing if there is none of that id."""
    async with transaction(SYSTEM):
        row = await fetch_one(
            f"SELECT {_COLUMNS} {_FROM} WHERE t.shard = $1 AND t.id = $2", shard_of(transfer_id), transfer_id
        )
    if row is None:
        return None
    return Movement(
        id=row["id"],
        citizen_id=row["citizen_id"],
        at=row["at"],
        kind=row["kind"],
        amount_fen=row["amount_fen"],
        merchant_code=row["merchant_code"],
        merchant=words_of(row),
    )


def _view(row: Row) -> TransactionView:
    return TransactionView(
        id=row["id"],
        at=row["at"],
        kind=row["kind"],
        direction="out" if row["kind"] in PAYING else "in",
        amount_fen=row["amount_fen"],
        merchant_code=row["merchant_code"],
        merchant=words_of(row),
        receipt_id=row["id"],
        of_transaction_id=row["returns"],
    )
