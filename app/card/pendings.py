"""Money on its way out of a card: set aside, and then posted to where it goes or voided, back to the card, once and whole.

Each step is a transfer of its own with a sealed receipt, named after what it ends; the database's functions `hold_pending` and
`end_pending` decide, and a unique index says that a pending transfer is ended once. In the system transaction in progress.
"""

import hashlib
from typing import Final
from uuid import UUID

import msgspec

from app.card.accounts import Clearing, clearing_account
from app.card.ledger import Outcome, Posting, _columns
from app.card.numbers import masked_number
from app.card.receipts import SYSTEM, write_receipt
from app.card.structs import Receipt, TransferKind
from app.kernel import clock
from app.kernel.database import Row, fetch_one, fetch_value
from app.kernel.ids import new_id, shard_of

_ROW: Final = (
    "ROW($1::uuid, $2::int4, $3::uuid, $4::timestamptz, $5::text, $6::uuid, $7::uuid, $8::int8, $9::text, $10::text, $11::bytea, "
    "$12::int8, $13::text, $14::uuid, $15::bytea, $16::uuid)::transfer"
)
_HOLD: Final = f"SELECT outcome, known_id FROM hold_pending({_ROW})"
_END: Final = f"SELECT outcome, known_id FROM end_pending({_ROW})"
_HELD: Final = (
    "SELECT t.*, c.number FROM transfer t JOIN card c ON c.shard = t.shard AND c.account_id = t.debit "
    "WHERE t.shard = $1 AND t.id = $2 AND t.kind = 'pending' ORDER BY c.id DESC LIMIT 1"
)
PENDINGS: Final = """
SELECT count(*) FROM (SELECT shard, returns, count(*) AS times, sum(amount_fen) AS fen, min(citizen_id::text) AS citizen, min(debit::text) AS held_by,
  bool_and(kind = 'pending_voided') AS voided, min(credit::text) AS went_to
  FROM transfer WHERE returns IS NOT NULL AND kind IN ('pending_posted', 'pending_voided') GROUP BY shard, returns) e
LEFT JOIN transfer p ON p.shard = e.shard AND p.id = e.returns AND p.kind = 'pending' AND p.amount_fen = e.fen AND e.times = 1
  AND p.citizen_id::text = e.citizen AND p.credit::text = e.held_by AND e.voided = (p.debit::text = e.went_to) WHERE p.id IS NULL
"""
"""Counts pending transfers that were ended more than once, by another amount, or to nowhere they may go."""
HELD_FEN: Final = """
SELECT coalesce(sum(t.amount_fen), 0)::int8 FROM transfer t WHERE t.shard = $1 AND t.citizen_id = $2 AND t.debit = $3 AND t.kind = 'pending'
AND NOT EXISTS (SELECT 1 FROM transfer e WHERE e.shard = t.shard AND e.returns = t.id AND e.kind IN ('pending_posted', 'pending_voided'))
"""


class Naming(msgspec.Struct, frozen=True):
    """What a step is named after on its receipt: a reference, and where it is an order of a channel, that one."""

    reference: str
    channel: str | None = None
    order_number: str | None = None
    channel_transaction_id: str | None = None


async def lock_balance(card: Row) -> int:
    """What lies on a card, with its account locked until the transaction's end."""
    balance: int = await fetch_value(
        "SELECT lock_card_account($1, $2, $3)",
        *(shard_of(card["account_id"]), card["account_id"], card["citizen_id"]),
    )
    return balance


async def held_fen(card: Row) -> int:
    """How much of a card's money is set aside just now."""
    owner = card["citizen_id"]
    held: int = await fetch_value(HELD_FEN, shard_of(owner), owner, card["account_id"])
    return held


async def hold(card: Row, key: str, amount_fen: int, naming: Naming) -> UUID:
    """Set an amount aside under a key; gives the pending transfer. Lock the balance before: what isn't there can't be held."""
    shard = shard_of(card["account_id"])
    held = card["account_id"], clearing_account(shard, Clearing.PENDING)
    posting = _posting(card, "pending", held, (key, amount_fen, None), naming)
    outcome = await _called(_HOLD, posting)
    if not outcome.stands:
        raise LookupError(outcome.code)
    return outcome.transfer_id


async def end(pending_id: UUID, goal: Clearing | None, naming: Naming) -> Outcome:
    """Post what is held to a clearing account of the shard, or void it where there is no goal. Ended otherwise before, it says how."""
    held = await fetch_one(_HELD, shard_of(pending_id), pending_id)
    if held is None:
        raise LookupError(pending_id)
    kind: TransferKind = "pending_posted" if goal else "pending_voided"
    credit = clearing_account(held["shard"], goal) if goal else held["debit"]
    asked = f"{kind}:{pending_id}", held["amount_fen"], pending_id
    return await _called(_END, _posting(held, kind, (held["credit"], credit), asked, naming))


async def _called(sql: str, posting: Posting) -> Outcome:
    row = await fetch_one(sql, *_columns(posting))
    if row is None:
        raise LookupError(posting.id)
    return Outcome(row["outcome"], row["known_id"])


def _posting(
    card: Row, kind: TransferKind, between: tuple[UUID, UUID], asked: tuple[str, int, UUID | None], naming: Naming
) -> Posting:
    """A transfer of a card, `between` two accounts; `asked` is its key, its amount, and what it ends."""
    key, amount_fen, ends = asked
    receipt = Receipt(
        format="fuhai.receipt.v1",
        id=new_id(card["citizen_id"]),
        at=clock.now(),
        kind=kind,
        amount_fen=amount_fen,
        currency="CNY",
        card=masked_number(card["number"]),
        merchant_code=None,
        merchant=None,
        terminal_code=None,
        sequence=None,
        reference=naming.reference,
        channel="wechat_pay" if naming.channel else None,
        order_number=naming.order_number,
        channel_transaction_id=naming.channel_transaction_id,
    )
    return Posting(
        id=receipt.id,
        citizen_id=card["citizen_id"],
        at=receipt.at,
        kind=kind,
        debit=between[0],
        credit=between[1],
        amount_fen=amount_fen,
        principal=SYSTEM.principal,
        request_key=key,
        fingerprint=hashlib.sha256(f"{key}\n{amount_fen}".encode()).digest(),
        receipt=write_receipt(receipt),
        returns=ends,
    )
