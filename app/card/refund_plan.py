"""Which orders a card's balance goes back to: the newest first, each no more than is left of it. Pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import msgspec

from app.card.limits import limit_on

_AN_HOUR: Final = timedelta(hours=1)
"""An order that is all but too old isn't begun: the channel judges when it is asked."""


class PaidOrder(msgspec.Struct, frozen=True):
    """An order that put money on the card: how much, when, and how much of it went back by how many refunds."""

    id: UUID
    amount_fen: int
    refunded_fen: int
    refunds: int
    paid_at: datetime


class Share(msgspec.Struct, frozen=True):
    """How much goes back to an order's payer."""

    order_id: UUID
    amount_fen: int


class Plan(msgspec.Struct, frozen=True):
    """How a balance is given back: by orders, and the rest at the counter."""

    shares: tuple[Share, ...]
    rest_fen: int


def plan(balance_fen: int, orders: Sequence[PaidOrder], at: datetime) -> Plan:
    """Spread a balance over orders. Left out are those paid too long ago or refunded too often, by the limits of the day."""
    shares, rest = [], balance_fen
    for order in sorted(orders, key=lambda one: (one.paid_at, one.id), reverse=True):
        fen = min(rest, order.amount_fen - order.refunded_fen)
        if fen > 0 and _may_be_refunded(order, at):
            shares.append(Share(order.id, fen))
            rest -= fen
    return Plan(tuple(shares), rest)


def _may_be_refunded(order: PaidOrder, at: datetime) -> bool:
    days = limit_on(at.date(), "channel_refund_days")
    return order.refunds < limit_on(at.date(), "channel_refund_times") and (
        at < order.paid_at + timedelta(days=days) - _AN_HOUR
    )
