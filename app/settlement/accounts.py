"""The accounts of a settlement: one per shard and purpose, beside the cards' and the clearing accounts.

Their ids are computed as those of the clearing accounts are, and every shard's are made by the migration.
"""

from enum import StrEnum
from typing import Final
from uuid import UUID


class Settling(StrEnum):
    """What an account is for: what merchants are owed, what they paid in fees, what has left to their banks, what the issuer bears."""

    PAYABLE = "merchant_payable"
    FEES = "fee_income"
    PAID_OUT = "merchant_payout"
    LOSS = "issuer_loss"


NUMBER: Final = {Settling.PAYABLE: 11, Settling.FEES: 12, Settling.PAID_OUT: 13, Settling.LOSS: 14}
"""By purpose, the number that stands in its accounts' ids."""


def settling_account(shard: int, purpose: Settling) -> UUID:
    """The id of a shard's account: a UUIDv7 of time zero, the purpose's number, and the shard."""
    return UUID(int=(0x7000 | NUMBER[purpose]) << 64 | 0b10 << 62 | shard)
