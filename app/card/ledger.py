"""Posting: the one way in which money moves.

All is decided by one call of `post_transfer` or, for many payments at once, `take_payments` (`app.card.taking`) in the database, which
nobody can go around: the application may not write to the ledger's tables. They lock the cards' accounts, recognise repeats, decline or
post, and keep both balances. `stop_payment` takes the number of a payment that is reversed before it came.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec

from app.card.structs import TransferKind
from app.kernel.database import fetch_all, fetch_one
from app.kernel.ids import shard_of

_POST: Final = (
    "SELECT outcome, known_id FROM post_transfer(ROW($1::uuid, $2::int4, $3::uuid, $4::timestamptz, $5::text, $6::uuid, $7::uuid, "
    "$8::int8, $9::text, $10::text, $11::bytea, $12::int8, $13::text, $14::uuid, $15::bytea, $16::uuid)::transfer, $17::text)"
)
_POST_OFFLINE: Final = "SELECT outcome, known_id FROM post_offline($1::transfer[])"
_STOP: Final = (
    "SELECT outcome, known_id FROM stop_payment(ROW($1::uuid, $2::int4, $3::uuid, $4::timestamptz, $5::text, $6::text, $7::bytea, $8::int8, "
    "$9::text, $10::int8, 'payment_reversed')::declined_payment, $11::uuid, $12::text)"
)


class Posting(msgspec.Struct, frozen=True, kw_only=True):
    """A transfer to post. `principal` and `request_key` name the request, `fingerprint` is a keyed hash of what it asks.

    `returns` names the charge or payment of which money is given back.
    """

    id: UUID
    citizen_id: UUID
    at: datetime
    kind: TransferKind
    debit: UUID
    credit: UUID
    amount_fen: int
    principal: str
    request_key: str
    fingerprint: bytes
    receipt: bytes
    sequence: int | None = None
    merchant_code: str | None = None
    code_id: UUID | None = None
    returns: UUID | None = None


class Outcome(msgspec.Struct, frozen=True):
    """What became of a posting: `posted`, `repeated` (then `transfer_id` is the first one's), or the code of a refusal."""

    code: str
    transfer_id: UUID

    @property
    def is_new(self) -> bool:
        """Whether money moved just now."""
        return self.code == "posted"

    @property
    def stands(self) -> bool:
        """Whether the money has moved, now or when it was asked before."""
        return self.code in {"posted", "repeated"}


async def post(posting: Posting, doubt: str | None = None) -> Outcome:
    """Post a transfer in the system transaction in progress, once per request.

    `doubt` is the code of a refusal that was found beforehand; it counts only if the request isn't a repeat. A decline is
    kept like a transfer, so the caller must commit before refusing.
    """
    row = await fetch_one(_POST, *_columns(posting), doubt)
    if row is None:
        raise LookupError(posting.id)
    return Outcome(row["outcome"], row["known_id"])


async def post_offline(postings: Sequence[Posting]) -> list[Outcome]:
    """Post sales that were made without a line, in the system transaction in progress; an outcome for each, in order.

    It is `posted`, `repeated`, `sequence_reused`, `payer_code_spent` or `balance_too_low`; the last three leave nothing behind.
    """
    rows = await fetch_all(_POST_OFFLINE, [_columns(posting) for posting in postings])
    return [Outcome(row["outcome"], row["known_id"]) for row in rows]


class Stop(msgspec.Struct, frozen=True, kw_only=True):
    """A payment that is not to be taken when it comes: the terminal's number for it, and the card that it would be from."""

    id: UUID
    citizen_id: UUID
    account_id: UUID
    at: datetime
    principal: str
    sequence: int
    merchant_code: str
    amount_fen: int

    @property
    def request_key(self) -> str:
        """A key that no terminal can choose: theirs have no space."""
        return f"reversal {self.sequence}"


async def stop_payment(stop: Stop, doubt: str | None = None) -> Outcome:
    """Find a payment by its terminal's number, or see that it is declined if it comes later; locks the card till the transaction's end.

    The outcome is `paid` with the transfer, `not_paid`, or, of a payment that isn't known, `doubt`. In the system transaction in progress.
    """
    row = await fetch_one(
        _STOP,
        *(stop.id, shard_of(stop.id), stop.citizen_id, stop.at, stop.principal, stop.request_key, b"", stop.sequence),
        *(stop.merchant_code, stop.amount_fen, stop.account_id, doubt),
    )
    if row is None:
        raise LookupError(stop.id)
    return Outcome(row["outcome"], row["known_id"])


def _columns(posting: Posting) -> tuple[object, ...]:
    return (
        *(
            posting.id,
            shard_of(posting.id),
            posting.citizen_id,
            posting.at,
            posting.kind,
            posting.debit,
            posting.credit,
        ),
        *(posting.amount_fen, posting.principal, posting.request_key, posting.fingerprint, posting.sequence),
        *(
            posting.merchant_code,
            posting.code_id,
            posting.receipt,
            posting.returns,
        ),
    )
