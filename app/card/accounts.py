"""Which accounts there are beside the cards': one per shard and purpose, so that no payment leaves its shard.

Their ids are computed, not looked up, and every shard's are made by the migration.
"""

from enum import StrEnum
from functools import cache
from typing import Final
from uuid import UUID

from app.kernel.ids import id_from

_VERSION_7: Final = 0x7000
_VARIANT: Final = 0b10 << 62


class Clearing(StrEnum):
    """What a clearing account is for; its balance is what the shard's cards gave it minus what it gave them."""

    TERMINAL = "terminal_clearing"
    TOP_UP = "top_up_clearing"
    CHARGE = "charge_clearing"
    PENDING = "pending_clearing"
    PAYOUT = "payout_clearing"


_NUMBER: Final = {
    Clearing.TERMINAL: 1,
    Clearing.TOP_UP: 2,
    Clearing.CHARGE: 3,
    Clearing.PENDING: 4,
    Clearing.PAYOUT: 5,
}


@cache
def clearing_account(shard: int, purpose: Clearing) -> UUID:
    """The id of a shard's clearing account: a UUIDv7 of time zero, the purpose's number, and the shard."""
    return id_from(((_VERSION_7 | _NUMBER[purpose]) << 64 | _VARIANT | shard).to_bytes(16))
