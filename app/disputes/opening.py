"""Disputing a payment of one's own, seeing how it goes, and withdrawing it."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from app.card.for_wards import require_own_or_wards
from app.disputes import reading
from app.disputes.disputed import the_payment
from app.disputes.errors import DisputedAlready, DisputeNotFound, DisputeTooLate, NothingToGiveBack
from app.disputes.limits import limit_today
from app.disputes.states import DisputeState, DisputeStep
from app.disputes.stepping import DISPUTES, locked_dispute, note, take
from app.disputes.structs import DisputeView, NewDispute
from app.kernel import clock
from app.kernel.actors import Citizen
from app.kernel.calendar import add_working_days
from app.kernel.database import Row, fetch_all, fetch_one, fetch_value, transaction
from app.kernel.ids import new_id, shard_of
from app.kernel.paging import Page, after_id, page

_INSERT: Final = """
INSERT INTO card_dispute (id, shard, citizen_id, transfer_id, opened_at, due_on, reason, state, changed_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, 'open', $5)
ON CONFLICT (shard, transfer_id) WHERE state NOT IN ('accepted', 'rejected', 'withdrawn') DO NOTHING RETURNING *
"""
_OPEN: Final = """
SELECT id FROM card_dispute WHERE shard = $1 AND transfer_id = $2 AND state NOT IN ('accepted', 'rejected', 'withdrawn')
"""


async def dispute(citizen: Citizen, transaction_id: UUID, asked: NewDispute) -> DisputeView:
    """Dispute a payment by the citizen's or a ward's card.

    Refuses `TransactionUnknown`, `NotDisputable`, `DisputeTooLate`, `NothingToGiveBack`, and `DisputedAlready` while one is open.
    """
    require_own_or_wards(citizen)
    async with transaction(DISPUTES):
        paid = await the_payment(transaction_id, citizen.id)
        until = clock.local(paid["at"]).date() + timedelta(days=limit_today("dispute_days"))
        if clock.today() > until:
            raise DisputeTooLate(until=until)
        if paid["left_fen"] == 0:
            raise NothingToGiveBack
        row = await _written(citizen, transaction_id, asked)
        await note(row, DisputeStep.OPEN, citizen, asked.text)
    return await reading.view(row)


async def disputes(citizen: Citizen, cursor: str | None, limit: int) -> Page[DisputeView]:
    """The disputes of the citizen, newest first; refuses `CursorWrong`."""
    async with transaction(citizen):
        rows = await fetch_all(
            "SELECT * FROM card_dispute WHERE shard = $1 AND citizen_id = $2 AND ($3::uuid IS NULL OR id < $3) ORDER BY id DESC LIMIT $4",
            *(shard_of(citizen.id), citizen.id, after_id(cursor), limit + 1),
        )
    shown = [await reading.view(row) for row in rows[: limit + 1]]
    return page(shown, limit, rows[limit - 1]["id"] if len(rows) > limit else None)


async def one(citizen: Citizen, dispute_id: UUID) -> DisputeView:
    """One dispute of the citizen's; refuses `DisputeNotFound`."""
    async with transaction(citizen):
        row = await fetch_one(
            "SELECT * FROM card_dispute WHERE shard = $1 AND id = $2 AND citizen_id = $3",
            *(shard_of(dispute_id), dispute_id, citizen.id),
        )
    if row is None:
        raise DisputeNotFound
    return await reading.view(row)


async def withdraw(citizen: Citizen, dispute_id: UUID) -> DisputeView:
    """Withdraw a dispute; again changes nothing. Refuses `DisputeNotFound`, and `DisputeStepNotAllowed` for one that is decided."""
    require_own_or_wards(citizen)
    async with transaction(DISPUTES):
        row = await locked_dispute(dispute_id)
        if row["citizen_id"] != citizen.id:
            raise DisputeNotFound
        if row["state"] != DisputeState.WITHDRAWN:
            await take(row, DisputeStep.WITHDRAW, citizen)
    return await one(citizen, dispute_id)


async def _written(citizen: Citizen, transaction_id: UUID, asked: NewDispute) -> Row:
    row_id = new_id(citizen.id)
    due_on = add_working_days(clock.today(), limit_today("decide_working_days"))
    row = await fetch_one(
        _INSERT,
        *(row_id, shard_of(row_id), citizen.id, transaction_id, clock.now(), due_on, asked.reason),
    )
    if row is None:
        raise DisputedAlready(dispute_id=await fetch_value(_OPEN, shard_of(transaction_id), transaction_id))
    return row
