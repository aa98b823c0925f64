"""The callback of a refund: verified from its raw bytes, acted upon once, believed only after asking."""

import asyncio
from collections.abc import Mapping
from uuid import UUID

from app.card import callbacks
from app.card.channel_errors import RefundUnknown
from app.card.channel_refunds import find_refund, settle_refund
from app.card.errors import (
    CallbackDiffers,
    CallbackNotConfirmed,
)
from app.card.receipts import SYSTEM
from app.card.states import GOING_BACK
from app.kernel.database import Row, transaction
from integrations.wechat_pay.errors import PaymentChannelUnavailable
from integrations.wechat_pay.port import PaymentChannel, RefundNotice


async def take_wechat_pay_refund(payments: PaymentChannel, headers: Mapping[str, str], raw_body: bytes) -> None:
    """Take a refund's callback. Repeated, it changes nothing.

    Refuses `CallbackUntrusted` and `CallbackUnreadable` (the port), `RefundUnknown`, `CallbackDiffers` when order, amounts or mchid aren't
    the refund's, `CallbackNotConfirmed` when the channel's own answer says that it goes on.
    """
    notice = payments.read_refund_callback(headers, raw_body)
    refund = await _refund_of(notice)
    if await callbacks.acted_upon(refund["shard"], notice.id):
        return
    _refuse_unless_same(notice, refund)
    try:
        async with asyncio.timeout(callbacks.ANSWER_SECONDS):
            await _confirm(payments, refund, notice)
    except TimeoutError as error:
        raise PaymentChannelUnavailable from error


async def _confirm(payments: PaymentChannel, refund: Row, notice: RefundNotice) -> None:
    told = await payments.query_refund(notice.refund_number)
    state = await settle_refund(refund["id"], told, notice.id)
    if state in GOING_BACK:
        raise CallbackNotConfirmed(state=told.state.value)


async def _refund_of(notice: RefundNotice) -> Row:
    try:
        refund_id = UUID(hex=notice.refund_number)
    except ValueError as error:
        raise RefundUnknown from error
    async with transaction(SYSTEM):
        refund = await find_refund(refund_id)
    if refund is None:
        raise RefundUnknown
    return refund


def _refuse_unless_same(notice: RefundNotice, refund: Row) -> None:
    told = notice.order_number, notice.amount_fen, notice.total_fen, notice.mchid
    if told != (refund["top_up_id"].hex, refund["amount_fen"], refund["total_fen"], refund["mchid"]):
        raise CallbackDiffers
