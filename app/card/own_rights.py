"""What this room exports of a person, and what it may erase."""

from typing import Any, Final
from uuid import UUID

import msgspec

from app.card.receipts import SYSTEM
from app.kernel.database import execute, fetch_all, fetch_value, transaction
from app.kernel.ids import shard_of
from app.kernel.words import Words

COLUMNS: Final = {
    "account": "id, balance_fen",
    "card": "id, number, state, opened_at, card_class, class_until, class_judged_on, form, activated_at, replaced_because, "
    "own_payment_fen, own_day_fen, own_month_fen, raised_from, raised_payment_fen, raised_day_fen, raised_month_fen",
    "transfer": "id, at, kind, amount_fen, merchant_code, receipt",
    "declined_payment": "id, at, amount_fen, merchant_code, reason",
    "top_up": "id, at, amount_fen, channel, state, expires_at, transaction_id, paid_at",
    "channel_notice": "id, at, notice_id, top_up_id",
    "channel_refund": "id, top_up_id, at, amount_fen, purpose, state, asked_at, refund_id, ended_at",
    "card_cancellation": "id, card_id, at, amount_fen, state, ended_at",
    "card_payout": "id, at, amount_fen, reason, state, reference, ended_at",
    "card_month": "month, opening_fen, totals",
    "card_statement": "month, made_at, sha256",
}
"""By table, what a person may read; keys and fingerprints of requests are left out."""
TABLES: Final = tuple(COLUMNS)
_JSON: Final = frozenset({"receipt", "totals"})
_MADE: Final = ("card_month", "card_statement")
_GOING_BACK: Final = (
    "SELECT (SELECT count(*) FROM channel_refund WHERE shard = $1 AND citizen_id = $2 AND state IN ('waiting', 'processing')) + "
    "(SELECT count(*) FROM channel_refund WHERE shard = $1 AND citizen_id = $2 AND purpose = 'late' AND state IN ('abnormal', 'closed') AND by_hand IS NULL) + "
    "(SELECT count(*) FROM card_payout WHERE shard = $1 AND citizen_id = $2 AND state = 'due')"
)
_DELETE: Final = "DELETE FROM {table} WHERE shard = $1 AND citizen_id = $2"


class CardExporter:
    """Exports the card, its movements with their receipts, declined payments, top-ups and their refunds, its cancellation, its months, and statements' digests."""

    tables = TABLES

    async def export(self, citizen_id: UUID) -> dict[str, list[dict[str, object]]]:
        """Everything of the person in these tables, in the order of its making."""
        async with transaction(SYSTEM):
            return {table: await _rows(table, citizen_id) for table in TABLES}


class CardEraser:
    """Keeps the books, which the law retains; blanks what only served to open an order, and deletes what was made of the books.

    Sources: 反洗钱法 (2025) art. 34, ten years; 会计档案管理办法 (2015), ledgers thirty years [verify].
    """

    tables = TABLES

    async def erase(self, citizen_id: UUID) -> int:
        """Delete months and statements, and blank the client's parameters of orders that have ended; says how many rows."""
        async with transaction(SYSTEM):
            made = [await execute(_DELETE.format(table=table), shard_of(citizen_id), citizen_id) for table in _MADE]
            return sum(made) + await execute(
                "UPDATE top_up SET client_parameters = NULL WHERE shard = $1 AND citizen_id = $2 "
                "AND client_parameters IS NOT NULL AND state NOT IN ('created', 'awaiting')",
                *(shard_of(citizen_id), citizen_id),
            )


async def _rows(table: str, citizen_id: UUID) -> list[dict[str, object]]:
    rows = await fetch_all(
        f"SELECT {COLUMNS[table]} FROM {table} WHERE shard = $1 AND citizen_id = $2 ORDER BY id",
        *(shard_of(citizen_id), citizen_id),
    )
    return [{name: _readable(name, value) for name, value in row.items()} for row in rows]


def _readable(name: str, value: Any) -> object:
    return msgspec.json.decode(value) if name in _JSON else value


class MoneyLeft:
    """Nobody is erased while money of theirs lies on the card, is on its way back, or an order to put some on it is open."""

    code = "money_left"
    title = Words(
        zh="市民卡有余额或有未完成的充值，请先用完或退回。",
        en="There is money on the card, or a top-up under way; please use it or have it returned first.",
    )

    async def count(self, citizen_id: UUID) -> int:
        """Accounts with money and open orders, with cards and orders locked (accounts are the ledger's own to lock)."""
        await fetch_all(
            "SELECT id FROM card WHERE shard = $1 AND citizen_id = $2 FOR UPDATE", shard_of(citizen_id), citizen_id
        )
        rows = await fetch_all(
            "SELECT id FROM account WHERE shard = $1 AND citizen_id = $2 AND balance_fen > 0",
            *(shard_of(citizen_id), citizen_id),
        )
        orders = await fetch_all(
            "SELECT id FROM top_up WHERE shard = $1 AND citizen_id = $2 AND state IN ('created', 'awaiting') FOR UPDATE",
            *(shard_of(citizen_id), citizen_id),
        )
        going_back = await fetch_value(_GOING_BACK, shard_of(citizen_id), citizen_id)
        return len(rows) + len(orders) + int(going_back)
