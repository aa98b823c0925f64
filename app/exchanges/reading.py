"""Exchanges with departments, as whom they are about sees them: a list, and each with what was asked and said."""

from typing import Final
from uuid import UUID

import msgspec

from app.audit.ward_looks import note_ward_look
from app.exchanges.errors import ExchangeUnknown
from app.exchanges.proving import PROVER
from app.exchanges.structs import AwaitedView, BehindIt, ExchangeInFull, ExchangeView
from app.kernel.actors import Citizen, own_person
from app.kernel.database import Row, fetch_all, fetch_one, transaction
from app.kernel.ids import shard_of
from app.kernel.paging import Page, after_id, page
from app.kernel.words import Words
from integrations.departments.directory import NAMES
from integrations.exchange import archive, tickets
from integrations.exchange.archive import Kept
from integrations.exchange.tickets import Standing

_COLUMNS: Final = "m.*, EXISTS (SELECT 1 FROM exchange_evidence e WHERE e.shard = m.shard AND e.id = m.id) AS proved"
_LIST: Final = f"""
SELECT {_COLUMNS} FROM exchange_message m WHERE m.shard = $1 AND m.citizen_id = $2 AND ($3::uuid IS NULL OR m.id < $3)
ORDER BY m.id DESC LIMIT $4
"""
_FIND: Final = f"SELECT {_COLUMNS} FROM exchange_message m WHERE m.shard = $1 AND m.id = $2"


async def listed(citizen: Citizen, person_id: UUID | None, cursor: str | None, limit: int) -> Page[ExchangeView]:
    """The exchanges about the citizen or a ward of theirs, newest first."""
    person = own_person(citizen, person_id)
    async with transaction(citizen):
        await note_ward_look(citizen, person)
    async with transaction(PROVER):
        rows = await fetch_all(_LIST, shard_of(person), person, after_id(cursor), limit + 1)
        tickets_of = await tickets.of_exchanges(person, [row["id"] for row in rows])
    items = [_view(row, citizen, tickets_of.get(row["id"])) for row in rows]
    return page(items, limit, items[limit - 1].id if len(rows) > limit else None)


async def found(citizen: Citizen, exchange_id: UUID) -> Row:
    """The row of an exchange about the citizen or a ward; refuses `ExchangeUnknown`."""
    async with transaction(PROVER):
        row = await fetch_one(_FIND, shard_of(exchange_id), exchange_id)
    if row is None or row["citizen_id"] not in citizen.people:
        raise ExchangeUnknown
    async with transaction(citizen):
        await note_ward_look(citizen, row["citizen_id"])
    return row


async def in_full(citizen: Citizen, exchange_id: UUID) -> ExchangeInFull:
    """An exchange with what was asked and said; refuses `ExchangeUnknown`."""
    row = await found(citizen, exchange_id)
    async with transaction(PROVER):
        messages = (await archive.opened(row)).messages
        standing = (await tickets.of_exchanges(row["citizen_id"], [exchange_id])).get(exchange_id)
    return ExchangeInFull(_view(row, citizen, standing), _said(messages.request), _said(messages.answer))


def _said(kept: Kept | None) -> msgspec.Raw | None:
    """A message's JSON; what isn't JSON was no answer of ours to show."""
    if kept is None:
        return None
    try:
        return msgspec.Raw(msgspec.json.encode(msgspec.json.decode(kept.body)))
    except msgspec.DecodeError:
        return None


def _view(row: Row, citizen: Citizen, standing: Standing | None) -> ExchangeView:
    code = row["department"]
    return ExchangeView(
        id=row["id"],
        at=row["at"],
        direction=row["direction"],
        department=code,
        department_name=NAMES.get(code, Words(zh=code, en=code)),
        service=row["service"],
        purpose=row["purpose"],
        basis_kind=row["basis_kind"],
        basis_id=row["basis_id"],
        end_user=_end_user(row["end_user_kind"], row["end_user_id"], citizen),
        outcome=row["outcome"],
        attempts=row["attempts"],
        proved=row["proved"],
        awaited=None if standing is None else _awaited(standing),
    )


def _awaited(standing: Standing) -> AwaitedView:
    awaited, has_come = standing.awaited, standing.answer_id is not None
    return AwaitedView(
        asked_at=awaited.asked_at,
        expected_by=awaited.expected_by,
        overdue=awaited.is_overdue and not has_come,
        answer_id=standing.answer_id,
    )


def _end_user(kind: str, user_id: str, citizen: Citizen) -> BehindIt:
    if kind == "citizen":
        return "you" if user_id == str(citizen.id) else "another_citizen"
    return "officer" if kind == "officer" else "system"
