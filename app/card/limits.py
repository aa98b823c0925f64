"""Limits of the card: those of its use from `limits.toml`, those of spending from `spending_limits.toml`, and its holder's own.

Each figure stands with the day from which it holds and its source.
"""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from math import inf
from pathlib import Path
from typing import Any, Final, Literal

import msgspec

from app.card.classes import CardClass
from app.kernel.assurance import BY_DEVICE, BY_NAME
from app.kernel.database import Row
from app.kernel.limits import Limits, LimitUnknown

LimitKey = Literal[
    "payment_max_fen",
    "new_device_payment_fen",
    "balance_max_fen",
    "top_up_min_fen",
    "top_up_max_fen",
    "top_up_minutes",
    "charge_max_fen",
    "reversal_hours",
    "refund_days",
    "scan_step_up_fen",
    "month_ends_after_minutes",
    "channel_refund_days",
    "channel_refund_times",
    "channel_refund_pause_seconds",
    "raise_hours",
    "activation_tries",
    "activation_tries_minutes",
    "replacement_fee_fen",
    "class_judged_days",
]
LIMITS: Final = Limits(Path(__file__).with_name("limits.toml"))
SPENDING: Final = Limits(Path(__file__).with_name("spending_limits.toml"))
OWN: Final = ("payment_fen", "day_fen", "month_fen")
"""What its holder may lower."""
LIMIT_COLUMNS: Final = (
    "c.card_class, c.own_payment_fen, c.own_day_fen, c.own_month_fen, "
    "c.raised_from, c.raised_payment_fen, c.raised_day_fen, c.raised_month_fen"
)
"""What `limits_for` reads of a card's row `c`."""


LEVELS: Final = (BY_NAME, BY_DEVICE)
"""The levels of assurance at which a code is shown; one below counts as the lowest."""


class CardLimits(msgspec.Struct, frozen=True):
    """What a card may spend: at most so much in one payment, a day, a calendar month (Shanghai), and offline."""

    payment_fen: int
    day_fen: int
    month_fen: int
    offline_payment_fen: int
    offline_sum_fen: int


def limit_on(day: date, key: LimitKey) -> int:
    """The value of a key on a day; refuses (`LimitUnknown`) a day before the first."""
    return LIMITS.on(day, key)


def limits_for(card: Row | Mapping[str, Any], level: int, on: date) -> CardLimits:
    """What a card may spend on a day, by a code that was shown at a level of assurance: the lowest of all that hold.

    `card` has the columns that `LIMIT_COLUMNS` names. A level below 2 counts as 2, since nobody below it is shown a code.
    What its holder raised again holds from `raised_from` on. Pure.
    """
    most = most_for(CardClass(card["card_class"]), level, on)
    own = own_on(card, on)
    if own == (None, None, None):
        return most
    payment, day, month = (
        min(limit, own_limit) if own_limit is not None else limit
        for limit, own_limit in zip((most.payment_fen, most.day_fen, most.month_fen), own, strict=True)
    )
    return CardLimits(
        payment_fen=min(payment, day, month),
        day_fen=min(day, month),
        month_fen=month,
        offline_payment_fen=min(most.offline_payment_fen, payment, day, month),
        offline_sum_fen=min(most.offline_sum_fen, day, month),
    )


def own_on(card: Row | Mapping[str, Any], on: date) -> tuple[int | None, int | None, int | None]:
    """The holder's own limits on a day (payment, day, month); null where they set none."""
    kind = "raised" if card["raised_from"] is not None and on >= card["raised_from"] else "own"
    return card[f"{kind}_payment_fen"], card[f"{kind}_day_fen"], card[f"{kind}_month_fen"]


@lru_cache(maxsize=256)
def most_for(card_class: CardClass, level: int, on: date) -> CardLimits:
    """What a class of card may spend at most at a level on a day, before its holder's own limits."""
    at = f"level_{BY_DEVICE if level >= BY_DEVICE else BY_NAME}"
    return CardLimits(
        **{
            name: int(min(SPENDING.on(on, f"{at}_{name}"), _of_class(card_class, name, on)))
            for name in CardLimits.__struct_fields__
        }
    )


def _of_class(card_class: CardClass, name: str, on: date) -> float:
    """The figure of a class; without bound where it has none."""
    try:
        return SPENDING.on(on, f"{card_class}_{name}")
    except LimitUnknown:
        return inf
