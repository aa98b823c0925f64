"""A bank for the benches: cards that hold money, as if their owners had topped them up long ago, laid in bulk.

The books hold: every card's balance is one top-up, which an order of the same amount led to.
"""

from typing import Final
from uuid import UUID

import asyncpg

from app.card.accounts import Clearing, clearing_account
from app.card.numbers import new_card_number
from app.card.receipts import write_receipt
from app.card.structs import Receipt
from app.kernel import clock
from app.kernel.database import dsn_config, prepare_connection
from app.kernel.ids import new_id, new_person_id, shard_of
from app.kernel.settings import Settings

FUNDS_FEN: Final = 400_000
AT_ONCE: Final = 20_000
_TABLES: Final = {
    "resident": ("id", "shard", "known_since"),
    "account": ("id", "shard", "citizen_id", "kind", "balance_fen", "paying_card", "card_class", "shown_from"),
    "card": ("id", "shard", "citizen_id", "account_id", "number", "state", "opened_at", "activated_at"),
    "transfer": (
        *("id", "shard", "citizen_id", "at", "kind", "debit", "credit", "amount_fen", "principal", "request_key"),
        *("fingerprint", "receipt"),
    ),
    "top_up": (
        *("id", "shard", "citizen_id", "account_id", "at", "amount_fen", "channel", "appid", "mchid", "state"),
        *("expires_at", "request_key", "fingerprint", "transaction_id", "paid_at", "transfer_id"),
    ),
}
_CLEARED: Final = """
UPDATE account a SET balance_fen = -m.fen
FROM (SELECT shard, debit, sum(amount_fen)::int8 AS fen FROM transfer WHERE kind = 'top_up' GROUP BY 1, 2) m
WHERE a.shard = m.shard AND a.id = m.debit
"""


async def lay_cards(settings: Settings, count: int) -> list[UUID]:
    """Lay so many cards, and give their ids."""
    said = Receipt(
        *("fuhai.receipt.v1", UUID(int=0), clock.now(), "top_up", FUNDS_FEN, "CNY", "**** 0000"),
        *((None,) * 5),
        *("wechat_pay", "0", "0"),
    )
    receipt = write_receipt(said)
    connection = await asyncpg.connect(**dsn_config(settings.database_owner_url))
    await prepare_connection(connection)
    laid: list[UUID] = []
    for begun in range(0, count, AT_ONCE):
        people = [new_person_id() for _ in range(min(AT_ONCE, count - begun))]
        rows: dict[str, list[tuple[object, ...]]] = {name: [] for name in _TABLES}
        laid.extend(_lay(rows, person, receipt) for person in people)
        for name, columns in _TABLES.items():
            await connection.copy_records_to_table(name, columns=columns, records=rows[name])
    await connection.execute(_CLEARED)
    await connection.execute("VACUUM ANALYZE resident, account, card, transfer, top_up")
    await connection.close()
    return laid


def _lay(rows: dict[str, list[tuple[object, ...]]], person: UUID, receipt: bytes) -> UUID:
    """One person's card; gives its id."""
    at, shard = clock.now(), shard_of(person)
    card, account, transfer, order = (new_id(person) for _ in range(4))
    rows["resident"].append((person, shard, at))
    rows["account"].append((account, shard, person, "card", FUNDS_FEN, card, "ordinary", 0))
    rows["card"].append((card, shard, person, account, new_card_number(shard), "active", at, at))
    rows["transfer"].append(
        (
            *(transfer, shard, person, at, "top_up", clearing_account(shard, Clearing.TOP_UP), account, FUNDS_FEN),
            *("system:wechat-pay", order.hex, b"", receipt),
        )
    )
    rows["top_up"].append(
        (
            *(order, shard, person, account, at, FUNDS_FEN, "wechat_pay", "bench", "bench", "paid"),
            *(at, order.hex, b"", order.hex, at, transfer),
        )
    )
    return card
