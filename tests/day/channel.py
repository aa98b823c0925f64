"""The channel's bill of the day: every order that was paid, but for what is made to go wrong with it."""

import secrets
from datetime import date
from typing import Any

import msgspec

from app.card.receipts import SYSTEM
from app.kernel.database import Row, fetch_all, transaction
from app.kernel.ids import SHARDS
from integrations.wechat_pay.port import BillLine, TradeBill
from tests.day.books import Books, Expected

CHANNEL = "wechat_pay"


class Billing:
    """A channel that only bills."""

    def __init__(self, told: TradeBill) -> None:
        self._told = told

    async def trade_bill(self, day: date) -> TradeBill:
        """The bill of a day."""
        return msgspec.structs.replace(self._told, day=day)

    async def query(self, order_number: str) -> Any:
        """Nothing is asked about an order that is paid here."""
        raise LookupError(order_number)


async def bill(books: Books, day: date) -> Any:
    """The day's bill, with a fault of each kind for every thousand orders."""
    async with transaction(SYSTEM):
        orders = await fetch_all("SELECT * FROM top_up WHERE shard = ANY ($1::int4[]) ORDER BY id", list(SHARDS))
    lines = [_line(row) for row in orders]
    for begun in range(0, len(lines), 1_000):
        _spoil(books, lines, begun)
    lines = [line for line in lines if line.order_number]
    return Billing(TradeBill(day, secrets.token_hex(20), tuple(lines)))


def _spoil(books: Books, lines: list[BillLine], begun: int) -> None:
    """Make one line of each kind go wrong."""
    lost, paid, doubled = begun, begun + 1, begun + 2
    one, other, third = lines[lost], lines[paid], lines[doubled]
    books.fault("not_billed", _expected("channel_missing_there", one, one.amount_fen))
    lines[lost] = msgspec.structs.replace(one, order_number="")
    books.fault("billed_less", _expected("channel_amount_differs", other, 1))
    lines[paid] = msgspec.structs.replace(other, amount_fen=other.amount_fen - 1)
    books.fault("billed_otherwise", _expected("channel_state_differs", third, 0))
    lines[doubled] = msgspec.structs.replace(third, transaction_id="4200000000")
    strange = msgspec.structs.replace(third, order_number=secrets.token_hex(16), transaction_id=secrets.token_hex(8))
    books.fault("billed_unknown", _expected("channel_missing_here", strange, -strange.amount_fen))
    refund = msgspec.structs.replace(
        third, kind="refund", refund_number=secrets.token_hex(16), refund_id=secrets.token_hex(8), amount_fen=7
    )
    about = f"{CHANNEL} {refund.refund_number}"
    books.fault("refund_unknown", Expected("refund_differs", about, -7))
    lines.extend([strange, refund])


def _expected(kind: str, line: BillLine, amount_fen: int) -> Expected:
    return Expected(kind, f"{CHANNEL} {line.order_number}", amount_fen)


def _line(row: Row) -> BillLine:
    return BillLine(
        kind="payment",
        at=row["paid_at"],
        order_number=row["id"].hex,
        transaction_id=row["transaction_id"],
        amount_fen=row["amount_fen"],
        state="SUCCESS",
    )
