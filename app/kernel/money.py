"""Money: integer fen inside, exact text of yuan outside. There is no float on the way."""

import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

FEN_PER_YUAN: Final = 100

_YUAN: Final = re.compile(r"(-?)(0|[1-9][0-9]{0,14})(?:\.([0-9]{1,2}))?", re.ASCII)


class MoneyInvalid(ValueError):  # noqa: N818 - named as a fact
    """The text isn't an amount of yuan with at most two decimals."""


def fen(yuan: str) -> int:
    """Read an amount in yuan such as `12`, `12.3`, `-0.05` as fen.

    Refuses (`MoneyInvalid`) signs other than a minus, separators, exponents, leading zeros, and a third decimal, also
    when it is zero.
    """
    amount = _YUAN.fullmatch(yuan)
    if amount is None:
        raise MoneyInvalid("not an amount in yuan")
    minus, whole, part = amount.groups()
    total = int(whole) * FEN_PER_YUAN + int((part or "").ljust(2, "0"))
    return -total if minus else total


def yuan(fen: int) -> str:
    """Write fen as yuan with two decimals: `1234` becomes `12.34`."""
    whole, part = divmod(abs(fen), FEN_PER_YUAN)
    return f"{'-' if fen < 0 else ''}{whole}.{part:02d}"


def rounded_fen(amount_yuan: Decimal) -> int:
    """Round a computed amount in yuan half-up to fen, as printed amounts are."""
    if not amount_yuan.is_finite():
        raise MoneyInvalid("not a finite amount")
    return int((amount_yuan * FEN_PER_YUAN).quantize(Decimal(1), rounding=ROUND_HALF_UP))
