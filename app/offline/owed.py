"""Sales that a card owes: they are paid, in their order, as soon as money comes onto the card."""

from typing import Final
from uuid import UUID

import msgspec

from app.card.ledger import Outcome, Posting, post_offline
from app.kernel.database import Row, execute, fetch_all, fetch_value, transaction
from app.kernel.events import Event
from app.kernel.ids import shard_of
from app.kernel.jobs import enqueue
from app.offline.issuer import OFFLINE
from app.offline.posting import seal_posted
from app.offline.sales import Sold, place_of, posting_of

JOB: Final = "collect_owed_sales"
_OWES: Final = "SELECT true FROM offline_sale WHERE shard = $1 AND citizen_id = $2 AND state = 'owed' LIMIT 1"
_LOCK_CARD: Final = "SELECT id FROM card WHERE shard = $1 AND citizen_id = $2 ORDER BY id FOR NO KEY UPDATE"
# A debt is its owner's: it is paid from the card that they have now.
_OWED: Final = """
SELECT s.*, c.account_id, c.number FROM offline_sale s CROSS JOIN LATERAL (
  SELECT c.account_id, c.number FROM card c WHERE c.shard = s.shard AND c.citizen_id = s.citizen_id AND c.account_id IS NOT NULL
  ORDER BY c.state = 'active' DESC, c.opened_at DESC, c.id LIMIT 1) c
WHERE s.shard = $1 AND s.citizen_id = $2 AND s.state = 'owed' ORDER BY s.sold_at, s.id
"""
_SALE: Final = "UPDATE offline_sale SET state = $3, reason = $4, transfer_id = $5 WHERE shard = $1 AND id = $2"
_COUNTER: Final = (
    "UPDATE offline_counter SET state = $3, reason = $4, transfer_id = $5 WHERE principal = $1 AND counter = $2"
)


class ToCollect(msgspec.Struct, frozen=True):
    """Whose card is to pay what it owes."""

    citizen_id: UUID


async def on_money(event: Event) -> None:
    """Have what a card owes collected, where money came onto it."""
    if event.citizen_id is None:
        return
    async with transaction(OFFLINE):
        if await fetch_value(_OWES, shard_of(event.citizen_id), event.citizen_id):
            await enqueue(JOB, ToCollect(event.citizen_id))


async def collect(asked: ToCollect) -> None:
    """Pay what a card owes from what is on it; what it still lacks the money for goes on being owed. Harmless when repeated."""
    citizen_id = asked.citizen_id
    async with transaction(OFFLINE):
        await fetch_all(_LOCK_CARD, shard_of(citizen_id), citizen_id)
        rows = await fetch_all(_OWED, shard_of(citizen_id), citizen_id)
        postings = [await _posting(row) for row in rows]
        outcomes = await post_offline(postings)
        for row, outcome in zip(rows, outcomes, strict=True):
            await _write(row, outcome)
        new = [posting for posting, outcome in zip(postings, outcomes, strict=True) if outcome.is_new]
        await seal_posted(OFFLINE, new)


async def _posting(row: Row) -> Posting:
    sold = Sold(
        row["batch_number"], row["counter"], row["sold_at"], row["amount_fen"], row["code_id"], bytes(row["digest"])
    )
    return posting_of(await place_of(row["principal"], row["merchant_code"]), row, sold)


async def _write(row: Row, outcome: Outcome) -> None:
    if outcome.code == row["reason"]:
        return
    became = ("posted", None, outcome.transfer_id) if outcome.stands else ("refused", outcome.code, None)
    await execute(_SALE, row["shard"], row["id"], *became)
    await execute(_COUNTER, row["principal"], row["counter"], *became)
