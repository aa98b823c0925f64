"""Putting money on a card: an order of ours that is paid at an outside channel.

The order is committed before the channel hears of it, and is watched until it ends, so neither a lost answer nor a lost
callback leaves it hanging. What the channel says is believed only when it is asked; money is credited once, by the ledger's
unique request.
"""

from datetime import timedelta
from typing import Final
from uuid import UUID

import msgspec

from app.card.cards import require_card
from app.card.channel_refunds import refunds_of
from app.card.errors import BalanceOverLimit, CardCancelled, PayerOpenidMissing, TopUpAmountOutOfLimits, TopUpUnknown
from app.card.limits import limit_on
from app.card.receipts import SYSTEM
from app.card.states import UNFINISHED, CardState, TopUpState
from app.card.structs import NewTopUp, RefundView, TopUpView
from app.card.watching import watch_from_now
from app.kernel import clock
from app.kernel.actors import Citizen
from app.kernel.database import Row, execute, fetch_one, fetch_value, transaction
from app.kernel.idempotency import IdempotencyKeyReused, Once
from app.kernel.ids import new_id, shard_of
from app.kernel.still_in import refuse_if_out
from integrations.wechat_pay.port import ChannelIdentity, ClientParameters, PaymentChannel, PrepayOrder

_DESCRIPTION: Final = "市民卡充值"
_INSERT: Final = (
    "INSERT INTO top_up (id, shard, citizen_id, account_id, at, amount_fen, channel, appid, mchid, state, expires_at, request_key, "
    "fingerprint) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'created', $10, $11, $12) "
    "ON CONFLICT ON CONSTRAINT top_up_request_once DO NOTHING"
)


async def start_top_up(citizen: Citizen, order: NewTopUp, once: Once, payments: PaymentChannel) -> TopUpView:
    """Order a top-up and open it at the channel, so that the citizen's client can pay. Repeating it gives the same order.

    Refuses `CardNotOpened`, `CardCancelled`, `TopUpAmountOutOfLimits`, `BalanceOverLimit`, `PayerOpenidMissing`, and what the channel refuses.
    """
    if order.payer_openid is None:
        raise PayerOpenidMissing
    row = await _ordered(citizen, order, once, payments.identity)
    if _needs_prepay(row):
        await _open_at_channel(payments, row, order.payer_openid)
    return await top_up_of(citizen, row["id"])


async def top_up_of(citizen: Citizen, top_up_id: UUID) -> TopUpView:
    """One of the citizen's top-ups; refuses `TopUpUnknown`."""
    async with transaction(citizen):
        row = await fetch_one(
            "SELECT * FROM top_up WHERE shard = $1 AND id = $2 AND citizen_id = $3",
            *(shard_of(top_up_id), top_up_id, citizen.id),
        )
        if row is None:
            raise TopUpUnknown
        return view(row, await refunds_of(row["shard"], "top_up_id", row["id"]))


async def _ordered(citizen: Citizen, order: NewTopUp, once: Once, us: ChannelIdentity) -> Row:
    """The order of this request: written now, or before."""
    key = once.required()
    async with transaction(citizen):
        card = await _locked_card(citizen)
        row = await _earlier(citizen, key)
        if row is None:
            if card["state"] == CardState.CANCELLED:
                raise CardCancelled
            _refuse_out_of_limits(order.amount_fen, card["balance_fen"] + await _awaited_fen(citizen))
            await _write(card, order, once, us)
            row = await _earlier(citizen, key)
    if row is None:
        raise TopUpUnknown
    if row["fingerprint"] != once.fingerprint:
        raise IdempotencyKeyReused
    return row


async def _locked_card(citizen: Citizen) -> Row:
    """The citizen's card, locked: of two orders at once the second sees the first."""
    card = await require_card(citizen)
    async with transaction(SYSTEM):
        await fetch_value(
            "SELECT id FROM card WHERE shard = $1 AND id = $2 FOR UPDATE", shard_of(card["id"]), card["id"]
        )
    await refuse_if_out(citizen)
    return await require_card(citizen)


async def _awaited_fen(citizen: Citizen) -> int:
    """What orders that can still be paid would put on the card."""
    awaited: int = await fetch_value(
        "SELECT coalesce(sum(amount_fen), 0)::int8 FROM top_up WHERE shard = $1 AND citizen_id = $2 AND state = ANY ($3::text[])",
        *(shard_of(citizen.id), citizen.id, [state.value for state in UNFINISHED]),
    )
    return awaited


async def _earlier(citizen: Citizen, key: str) -> Row | None:
    return await fetch_one(
        "SELECT * FROM top_up WHERE shard = $1 AND citizen_id = $2 AND request_key = $3",
        *(shard_of(citizen.id), citizen.id, key),
    )


async def _write(card: Row, order: NewTopUp, once: Once, us: ChannelIdentity) -> None:
    top_up_id, at = new_id(card["id"]), clock.now()
    ends = at + timedelta(minutes=limit_on(at.date(), "top_up_minutes"))
    async with transaction(SYSTEM):
        written = await execute(
            _INSERT,
            *(
                top_up_id,
                shard_of(top_up_id),
                card["citizen_id"],
                card["account_id"],
                at,
                order.amount_fen,
                order.channel,
            ),
            *(us.appid, us.mchid, ends, once.required(), once.fingerprint),
        )
        if written:
            await watch_from_now(top_up_id)


def _refuse_out_of_limits(amount_fen: int, balance_fen: int) -> None:
    today = clock.today()
    least, most = limit_on(today, "top_up_min_fen"), limit_on(today, "top_up_max_fen")
    if not least <= amount_fen <= most:
        raise TopUpAmountOutOfLimits(least_fen=least, most_fen=most)
    largest = limit_on(today, "balance_max_fen")
    if balance_fen + amount_fen > largest:
        raise BalanceOverLimit(balance_max_fen=largest)


def _needs_prepay(row: Row) -> bool:
    return row["client_parameters"] is None and row["state"] == TopUpState.CREATED and row["expires_at"] > clock.now()


async def _open_at_channel(payments: PaymentChannel, row: Row, openid: str) -> None:
    """Open the order at the channel and keep what the client needs; of several at once, the first stays."""
    prepaid = await payments.prepay(
        PrepayOrder(order_number(row["id"]), _DESCRIPTION, row["amount_fen"], openid, row["expires_at"])
    )
    async with transaction(SYSTEM):
        await execute(
            "UPDATE top_up SET client_parameters = $3, state = 'awaiting' WHERE shard = $1 AND id = $2 AND state = 'created'",
            *(row["shard"], row["id"], msgspec.json.encode(prepaid.client_parameters)),
        )


def order_number(top_up_id: UUID) -> str:
    """An order's number at the channel (out_trade_no): its id in hexadecimal, 32 characters."""
    return top_up_id.hex


def view(row: Row, refunds: tuple[RefundView, ...] = ()) -> TopUpView:
    """A top-up's row as its owner sees it, with what of it goes back."""
    payable = row["state"] in UNFINISHED and row["client_parameters"] is not None
    return TopUpView(
        id=row["id"],
        order_number=order_number(row["id"]),
        at=row["at"],
        amount_fen=row["amount_fen"],
        channel=row["channel"],
        state=row["state"],
        expires_at=row["expires_at"],
        prepay=msgspec.json.decode(row["client_parameters"], type=ClientParameters) if payable else None,
        transaction_id=row["transfer_id"],
        refunds=refunds,
    )
