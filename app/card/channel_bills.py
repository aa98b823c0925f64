"""The channel's bill of each day, fetched, verified and kept line by line, for whoever compares it with our books.

A bill is kept once; fetched again it must be the same. Its lines name orders and refunds by our numbers and say nothing of a citizen.
An order that the bill says was paid, and that waits or is closed here, is asked about at once: its callback was lost.
"""

from datetime import date, time, timedelta
from typing import Final
from uuid import UUID

import msgspec
import structlog

from app.card.channel_errors import ChannelBillChanged
from app.card.receipts import SYSTEM
from app.card.settling import settle
from app.card.states import UNFINISHED, TopUpState
from app.kernel import clock
from app.kernel.database import execute, fetch_all, fetch_value, transaction
from app.kernel.errors import Refusal
from app.kernel.ids import shard_of
from integrations.wechat_pay.errors import PaymentBillNotReady
from integrations.wechat_pay.port import BillLine, PaymentChannel, TradeBill

CHANNEL: Final = "wechat_pay"
READY_AT: Final = time(10)
LOOKED_BACK: Final = timedelta(days=7)
_DAY: Final = timedelta(days=1)
_COLUMNS: Final = tuple(BillLine.__struct_fields__)
_LINES: Final = f"""
INSERT INTO channel_bill_line (channel, bill_day, line, {", ".join(_COLUMNS)})
SELECT $1, $2, n, {", ".join(_COLUMNS)}
FROM unnest($3::text[], $4::timestamptz[], $5::text[], $6::text[], $7::int8[], $8::text[], $9::text[], $10::text[])
WITH ORDINALITY AS l ({", ".join(_COLUMNS)}, n)
"""
_KEPT: Final = (
    "SELECT coalesce(array_agg(bill_day), '{}') FROM channel_bill WHERE channel = $1 AND bill_day = ANY ($2::date[])"
)
_MISSED: Final = (
    "SELECT o.id FROM unnest($1::int4[], $2::uuid[]) AS l (shard, id) JOIN top_up o ON o.shard = l.shard AND o.id = l.id "
    "WHERE o.state = ANY ($3::text[]) ORDER BY o.id"
)
_log = structlog.get_logger()


class KeptBill(msgspec.Struct, frozen=True):
    """A bill as it is kept: what it counts, and what of it was news here."""

    day: date
    digest: str
    payments: int
    paid_fen: int
    refunds: int
    refunded_fen: int
    asked: int


async def fetch_bill(payments: PaymentChannel, day: date) -> KeptBill:
    """Fetch the bill of a day and keep it; harmless when repeated. Refuses what the port does, and `ChannelBillChanged`."""
    bill = await payments.trade_bill(day)
    await _keep(bill)
    missed = await _missed(bill)
    for order in missed:
        await _ask(payments, order)
    return _kept(bill, len(missed))


async def fetch_missing_bills(payments: PaymentChannel) -> None:
    """Fetch the bills of the last days that aren't here yet; one that can't be had keeps no other from being fetched."""
    for day in await _missing_days():
        try:
            await fetch_bill(payments, day)
        except PaymentBillNotReady:
            continue
        except Refusal as refusal:
            _log.warning("channel_bill_not_fetched", day=day.isoformat(), reason=refusal.code)


async def _missing_days() -> list[date]:
    now = clock.now()
    last = now.date() - _DAY if now.time() >= READY_AT else now.date() - 2 * _DAY
    days = [last - _DAY * back for back in range(LOOKED_BACK.days)]
    async with transaction(SYSTEM):
        kept: list[date] = await fetch_value(_KEPT, CHANNEL, days)
    return sorted(set(days) - set(kept))


async def _keep(bill: TradeBill) -> None:
    """Keep a bill whole, unless it is kept; refuses (`ChannelBillChanged`) another one of the same day."""
    told = _kept(bill, 0)
    async with transaction(SYSTEM):
        written = await execute(
            "INSERT INTO channel_bill (channel, bill_day, digest, fetched_at, payments, paid_fen, refunds, refunded_fen) "
            "VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING",
            *(CHANNEL, bill.day, bill.digest, clock.now()),
            *(told.payments, told.paid_fen, told.refunds, told.refunded_fen),
        )
        if written:
            columns = [[getattr(line, name) for line in bill.lines] for name in _COLUMNS]
            await execute(_LINES, CHANNEL, bill.day, *columns)
            return
        digest = await fetch_value(
            "SELECT digest FROM channel_bill WHERE channel = $1 AND bill_day = $2", CHANNEL, bill.day
        )
    if digest != bill.digest:
        raise ChannelBillChanged(kept=digest, told=bill.digest)


def _kept(bill: TradeBill, asked: int) -> KeptBill:
    paid = [line.amount_fen for line in bill.lines if line.kind == "payment"]
    refunded = [line.amount_fen for line in bill.lines if line.kind == "refund"]
    return KeptBill(bill.day, bill.digest, len(paid), sum(paid), len(refunded), sum(refunded), asked)


async def _missed(bill: TradeBill) -> list[UUID]:
    """The orders of ours that were paid as the bill says, and that wait or are closed here."""
    orders = [order for line in bill.lines if line.kind == "payment" and (order := _order_of(line)) is not None]
    async with transaction(SYSTEM):
        rows = await fetch_all(
            _MISSED, [shard_of(order) for order in orders], orders, [*UNFINISHED, TopUpState.CLOSED.value]
        )
    return [row["id"] for row in rows]


async def _ask(payments: PaymentChannel, order: UUID) -> None:
    try:
        await settle(order, await payments.query(order.hex))
    except Refusal as refusal:
        _log.warning("billed_order_not_settled", order=str(order), reason=refusal.code)


def _order_of(line: BillLine) -> UUID | None:
    try:
        return UUID(hex=line.order_number)
    except ValueError:
        return None
