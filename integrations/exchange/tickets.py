"""Tickets: answers that departments have promised. A question for which one is open isn't asked again, only by who watches them.

Rows hold ids and times; what was asked and said stands in the archive, under the person's key.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

import msgspec

from app.kernel import clock
from app.kernel.actors import System
from app.kernel.database import Row, execute, fetch_all, fetch_one, transaction
from app.kernel.ids import shard_of
from app.kernel.limits import Limits
from app.keys.fields import blind_index
from integrations.exchange.structs import Asking, Awaited, ExchangeAnswer

LIMITS: Final = Limits(Path(__file__).with_name("limits.toml"))
_KEEPER: Final = System("exchange")
_INSERT: Final = """
INSERT INTO awaited_answer (id, shard, citizen_id, department, service, question, ticket, asked_at, expected_by, closes_at,
    asked_times, ask_again_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1, $9)
"""
_COME: Final = """
SELECT * FROM awaited_answer WHERE shard = $1 AND citizen_id = $2 AND question = $3 AND answer_id IS NOT NULL AND used_at IS NULL
ORDER BY answered_at DESC LIMIT 1
"""
_OPEN: Final = """
SELECT * FROM awaited_answer WHERE shard = $1 AND citizen_id = $2 AND question = $3 AND ask_again_at IS NOT NULL
ORDER BY id DESC LIMIT 1
"""
_OF_CASE: Final = """
SELECT a.* FROM awaited_answer a JOIN exchange_message m ON m.shard = a.shard AND m.id = a.id
WHERE a.shard = $1 AND a.citizen_id = $2 AND a.ask_again_at IS NOT NULL AND m.basis_kind = 'case' AND m.basis_id = $3
ORDER BY a.id DESC LIMIT 1
"""


class Standing(msgspec.Struct, frozen=True):
    """A question that was asked before: its answer is still awaited, or has come in the exchange `answer_id`."""

    awaited: Awaited
    answer_id: UUID | None
    answered_at: datetime | None


def question_of(department: str, service: str, asking: Asking, body: bytes) -> bytes:
    """By what a question is known again: a keyed hash of what was asked, what for, and on which ground."""
    asked = (department, service, asking.purpose, asking.basis.kind, asking.basis.id, body.decode())
    return blind_index("exchange_question", msgspec.json.encode(asked).decode())


def is_ticket(said: ExchangeAnswer, now: datetime) -> bool:
    """Whether an answer names a ticket and a time that lies ahead, within `expected_within_days`."""
    latest = now + timedelta(days=LIMITS.today("expected_within_days"))
    return said.ticket is not None and said.expected_by is not None and now < said.expected_by <= latest


async def note(awaited: Awaited, citizen_id: UUID, service: str, question: bytes, ticket: str) -> None:
    """Note a ticket, in the system transaction in progress."""
    closes_at = awaited.expected_by + timedelta(days=LIMITS.today("late_answer_days"))
    place = (awaited.exchange_id, shard_of(citizen_id), citizen_id, awaited.department, service)
    await execute(_INSERT, *place, question, ticket, awaited.asked_at, awaited.expected_by, closes_at)


async def standing(citizen_id: UUID, question: bytes) -> Standing | None:
    """How a question stands that was asked before: answered and not used up, or with an open ticket."""
    async with transaction(_KEEPER):
        key = (shard_of(citizen_id), citizen_id, question)
        row = await fetch_one(_COME, *key) or await fetch_one(_OPEN, *key)
    return None if row is None else Standing(awaited_of(row), row["answer_id"], row["answered_at"])


async def use_up(awaited: Awaited) -> None:
    """Let the question be asked anew: the answer that came to it serves no longer."""
    async with transaction(_KEEPER):
        await execute(
            "UPDATE awaited_answer SET used_at = $3 WHERE shard = $1 AND id = $2",
            *(shard_of(awaited.exchange_id), awaited.exchange_id, clock.now()),
        )


async def outdate(citizen_id: UUID, department: str, service: str) -> None:
    """Let no answer serve any longer that came late from a register which has changed since; in the transaction in progress."""
    await execute(
        "UPDATE awaited_answer SET used_at = $5 WHERE shard = $1 AND citizen_id = $2 AND department = $3 AND service = $4 "
        "AND answer_id IS NOT NULL AND used_at IS NULL",
        *(shard_of(citizen_id), citizen_id, department, service, clock.now()),
    )


async def withdraw(citizen_id: UUID, department: str) -> None:
    """Await nothing of a department about a person any longer, but for their cases; in the system transaction in progress."""
    await execute(
        "DELETE FROM awaited_answer a USING exchange_message m WHERE a.shard = $1 AND a.citizen_id = $2 AND a.department = $3 "
        "AND m.shard = a.shard AND m.id = a.id AND m.basis_kind <> 'case'",
        *(shard_of(citizen_id), citizen_id, department),
    )


async def of_case(citizen_id: UUID, case_id: UUID) -> Awaited | None:
    """Whose answer a case waits for; in the system transaction in progress."""
    row = await fetch_one(_OF_CASE, shard_of(citizen_id), citizen_id, str(case_id))
    return None if row is None else awaited_of(row)


async def of_exchanges(citizen_id: UUID, ids: list[UUID]) -> Mapping[UUID, Standing]:
    """What became of those of a person's exchanges in which a ticket was given; in the system transaction in progress."""
    rows = await fetch_all(
        "SELECT * FROM awaited_answer WHERE shard = $1 AND id = ANY ($2::uuid[])", shard_of(citizen_id), ids
    )
    return {row["id"]: Standing(awaited_of(row), row["answer_id"], row["answered_at"]) for row in rows}


def awaited_of(row: Row) -> Awaited:
    """What a row awaits."""
    return Awaited(row["id"], row["department"], row["asked_at"], row["expected_by"])
