"""The callback of WeChat Pay: verified from its raw bytes, acted upon once, believed only after asking.

Answered within five seconds; what can't be finished by then fails, and the channel comes again (15 times in a day).
"""

import asyncio
from collections.abc import Mapping
from typing import Final
from uuid import UUID

from app.card.errors import CallbackDiffers, CallbackNotConfirmed, TopUpUnknown
from app.card.receipts import SYSTEM
from app.card.settling import settle
from app.card.states import UNFINISHED
from app.kernel.database import Row, fetch_one, fetch_value, transaction
from app.kernel.ids import shard_of
from integrations.wechat_pay.errors import PaymentChannelUnavailable
from integrations.wechat_pay.port import CURRENCY, CallbackNotice, PaymentChannel

ANSWER_SECONDS: Final = 4.0


async def take_wechat_pay(payments: PaymentChannel, headers: Mapping[str, str], raw_body: bytes) -> None:
    """Take a callback. Repeated, it changes nothing.

    Refuses `CallbackUntrusted` and `CallbackUnreadable` (the port), `TopUpUnknown`, `CallbackDiffers` when amount, currency, appid or
    mchid aren't the order's, `CallbackNotConfirmed` when the channel's own answer says otherwise.
    """
    notice = payments.read_callback(headers, raw_body)
    order = await _order_of(notice)
    if await acted_upon(order["shard"], notice.id):
        return
    _refuse_unless_same(notice, order)
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            await _confirm(payments, order, notice)
    except TimeoutError as error:
        raise PaymentChannelUnavailable from error


async def _confirm(payments: PaymentChannel, order: Row, notice: CallbackNotice) -> None:
    told = await payments.query(notice.out_trade_no)
    state = await settle(order["id"], told, notice.id)
    if state in UNFINISHED:
        raise CallbackNotConfirmed(state=told.state.value)


async def _order_of(notice: CallbackNotice) -> Row:
    try:
        top_up_id = UUID(hex=notice.out_trade_no)
    except ValueError as error:
        raise TopUpUnknown from error
    async with transaction(SYSTEM):
        row = await fetch_one("SELECT * FROM top_up WHERE shard = $1 AND id = $2", shard_of(top_up_id), top_up_id)
    if row is None:
        raise TopUpUnknown
    return row


async def acted_upon(shard: int, notice_id: str) -> bool:
    """Whether a callback was acted upon before."""
    async with transaction(SYSTEM):
        return bool(
            await fetch_value("SELECT true FROM channel_notice WHERE shard = $1 AND notice_id = $2", shard, notice_id)
        )


def _refuse_unless_same(notice: CallbackNotice, order: Row) -> None:
    told = notice.amount_fen, notice.currency, notice.appid, notice.mchid
    if told != (order["amount_fen"], CURRENCY, order["appid"], order["mchid"]):
        raise CallbackDiffers
