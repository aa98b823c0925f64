"""Statements (对账单): a month of a card that is over, as a sealed document.

It is made by a job when it is first asked for, kept under its owner's key, and from then on the same bytes. Before it is sealed, it is
checked that what lay on the card, and all that moved, give what the ledger says is left.
"""

import hashlib
from datetime import date
from typing import Final
from uuid import UUID

from app.card.cards import card_row, require_card
from app.card.errors import StatementBeingMade, StatementDoesNotAddUp, StatementNotReady, StatementUnknown
from app.card.months import Month, is_over, left_before, month_of, months_of, next_month, ready_at
from app.card.receipts import SYSTEM
from app.card.spending import added_up, merchants_of
from app.card.spending_structs import MonthName, StatementMonth, StatementToMake, month_name, month_named
from app.card.statement_paper import TEMPLATE, Statement, movements_in, paper
from app.kernel import clock
from app.kernel.actors import Citizen
from app.kernel.database import Row, execute, fetch_one, transaction
from app.kernel.ids import new_id, shard_of
from app.kernel.jobs import enqueue
from app.kernel.paging import Page, decode_cursor, page
from app.keys.persons import key_unless_erased, open_for_person, seal_for_person
from app.pki.documents import signed_long_document
from app.residents.people import names_of

JOB: Final = "card.make_statement"
_STORED: Final = "SELECT id, pdf FROM card_statement WHERE shard = $1 AND citizen_id = $2 AND month = $3"


async def statements(citizen: Citizen, cursor: str | None, limit: int) -> Page[StatementMonth]:
    """The months of which the citizen can have a statement, newest first. Refuses `CardNotOpened` and `CursorWrong`."""
    before = decode_cursor(cursor, date) if cursor else None
    async with transaction(citizen):
        card = await require_card(citizen)
        async with transaction(SYSTEM):
            months = await months_of(card)
    over = [one for one in reversed(months) if is_over(one.month) and (before is None or one.month < before)]
    shown = over[: limit + 1]
    return page([_view(one) for one in shown], limit, shown[limit - 1].month if len(shown) > limit else None)


async def pdf(citizen: Citizen, name: MonthName) -> bytes:
    """The sealed statement of a month: the same bytes whenever it is asked for.

    Refuses `CardNotOpened`, `StatementUnknown`, `StatementNotReady`, `StatementDoesNotAddUp`, and `StatementBeingMade` when it is
    asked for first.
    """
    month = month_named(name)
    async with transaction(citizen):
        card = await require_card(citizen)
        _refuse_unless_over(card, month)
        stored = await fetch_one(_STORED, shard_of(citizen.id), citizen.id, month)
        if stored is not None:
            return await open_for_person(citizen.id, "card_statement", "pdf", stored["id"], stored["pdf"])
        async with transaction(SYSTEM):
            await _checked(card, month)
            await enqueue(JOB, StatementToMake(citizen.id, month), once=f"{JOB}:{citizen.id}:{month}")
    raise StatementBeingMade(retry_after_seconds=2)


async def make(job: StatementToMake) -> None:
    """Make a statement and keep it; harmless when repeated. A job: typesetting and sealing take their time.

    Nothing is made for somebody who was erased meanwhile. Refuses `StatementDoesNotAddUp`.
    """
    async with transaction(SYSTEM):
        card = await card_row(job.citizen_id)
        if card is None or await key_unless_erased(job.citizen_id) is None:
            return
        if await fetch_one(_STORED, shard_of(job.citizen_id), job.citizen_id, job.month) is not None:
            return
        month = await _checked(card, job.month)
        movements = await movements_in(card, job.month)
        merchants = await merchants_of([month])
    row_id, names = new_id(job.citizen_id), await names_of([job.citizen_id])
    statement = Statement(str(row_id), names.get(job.citizen_id) or "", card["number"], month, clock.now())
    values = paper(statement, movements, merchants)
    await _keep(job, row_id, await signed_long_document(TEMPLATE, values, str(row_id)))


async def _keep(job: StatementToMake, row_id: UUID, pdf: bytes) -> None:
    async with transaction(SYSTEM):
        if await key_unless_erased(job.citizen_id) is None:
            return
        sealed = await seal_for_person(job.citizen_id, "card_statement", "pdf", row_id, pdf)
        await execute(
            "INSERT INTO card_statement (id, shard, citizen_id, month, made_at, sha256, pdf) VALUES ($1, $2, $3, $4, $5, $6, $7) "
            "ON CONFLICT ON CONSTRAINT card_statement_once DO NOTHING",
            *(
                row_id,
                shard_of(row_id),
                job.citizen_id,
                job.month,
                clock.now(),
                hashlib.sha256(pdf).hexdigest(),
                sealed,
            ),
        )


async def _checked(card: Row, month: date) -> Month:
    """A month that is over, checked against the ledger."""
    found = next((one for one in await months_of(card) if one.month == month), None)
    if found is None or found.closing_fen != await left_before(card, next_month(month)):
        raise StatementDoesNotAddUp(month=month_name(month))
    return found


def _refuse_unless_over(card: Row, month: date) -> None:
    if month < month_of(card["opened_at"]):
        raise StatementUnknown
    if not is_over(month):
        raise StatementNotReady(ready_at=ready_at(month))


def _view(one: Month) -> StatementMonth:
    return StatementMonth(month_name(one.month), one.opening_fen, added_up(one.totals), one.closing_fen)
