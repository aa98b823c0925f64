"""What was exchanged, kept for good: both messages with both signatures, sealed under the person's key.

Rows are never changed. The listed columns say that a department was asked, why and for whom; the messages themselves open
only while the person's key exists.
"""

from datetime import datetime
from typing import Final, Literal, Protocol
from uuid import UUID

import msgspec

from app.kernel import clock
from app.kernel.actors import System
from app.kernel.database import Row, execute, fetch_all, fetch_one, transaction
from app.kernel.ids import new_id, shard_of
from app.keys.persons import open_for_person, seal_for_person
from app.keys.request_signatures import Request
from integrations.exchange import tickets
from integrations.exchange.messages import AnsweredLate, Pushed, SignedMessage
from integrations.exchange.structs import Awaited, Basis, EndUser, LateAnswer
from integrations.exchange.tickets import Standing

Outcome = Literal["ok", "not_found", "refused", "later", "unavailable", "wrong"]

_ARCHIVIST: Final = System("exchange")
_INSERT: Final = """
INSERT INTO exchange_message (shard, id, citizen_id, at, direction, department, service, purpose, basis_kind, basis_id,
    end_user_kind, end_user_id, outcome, attempts, payload)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
"""
_UNPROVED: Final = "INSERT INTO unproved_exchange (shard, id, citizen_id) VALUES ($1, $2, $3)"
_SELECT: Final = "SELECT * FROM exchange_message WHERE shard = $1 AND citizen_id = $2 ORDER BY id"


class Kept(msgspec.Struct, frozen=True):
    """One message as it stood on the wire. Its signature is in the headers, and `algorithm` names it once verified."""

    start: str
    headers: dict[str, str]
    body: bytes
    algorithm: str | None = None


class Messages(msgspec.Struct, frozen=True):
    """A request and, if one came, its answer."""

    request: Kept
    answer: Kept | None = None


class Exchange(msgspec.Struct, frozen=True):
    """One exchange; `direction` is `out` for our questions and `in` for what a department pushed."""

    id: UUID
    citizen_id: UUID
    at: datetime
    direction: Literal["out", "in"]
    department: str
    service: str
    purpose: str
    basis: Basis
    end_user: EndUser
    outcome: Outcome
    attempts: int
    messages: Messages


class Ticket(msgspec.Struct, frozen=True):
    """What a department gave instead of an answer; `question` is by what the question is known again."""

    number: str
    expected_by: datetime
    question: bytes


class Archive(Protocol):
    """Keeps what was exchanged, and knows which answers are still to come."""

    async def keep(self, exchange: Exchange, ticket: Ticket | None = None) -> None:
        """Keep one exchange, for good, and the ticket that was given in it."""

    async def standing(self, citizen_id: UUID, question: bytes) -> Standing | None:
        """How a question stands to which an answer was promised before."""

    async def late_answer(self, standing: Standing) -> LateAnswer:
        """What was said to a question whose answer has come; refuses `PersonErased`."""

    async def use_up(self, standing: Standing) -> None:
        """Let the question be asked anew."""


class DatabaseArchive:
    """The append-only table `exchange_message`, in the shard of the person whom the exchange is about."""

    async def keep(self, exchange: Exchange, ticket: Ticket | None = None) -> None:
        """Keep one exchange, in the present transaction or one of its own; who proves its signatures finds it in a queue."""
        async with transaction(_ARCHIVIST):
            payload = await seal_for_person(
                exchange.citizen_id, "exchange_message", "payload", exchange.id, msgspec.json.encode(exchange.messages)
            )
            shard = shard_of(exchange.citizen_id)
            await execute(_INSERT, shard, *_columns(exchange), payload)
            await execute(_UNPROVED, shard, exchange.id, exchange.citizen_id)
            if ticket is not None:
                awaited = Awaited(exchange.id, exchange.department, exchange.at, ticket.expected_by)
                await tickets.note(awaited, exchange.citizen_id, exchange.service, ticket.question, ticket.number)

    async def standing(self, citizen_id: UUID, question: bytes) -> Standing | None:
        """How a question stands to which an answer was promised before."""
        return await tickets.standing(citizen_id, question)

    async def late_answer(self, standing: Standing) -> LateAnswer:
        """What was said to a question whose answer has come."""
        async with transaction(_ARCHIVIST):
            exchange = await found(standing.answer_id or standing.awaited.exchange_id)
        if exchange is None:
            raise LookupError(standing.answer_id)
        return msgspec.json.decode(exchange.messages.request.body, type=LateAnswer)

    async def use_up(self, standing: Standing) -> None:
        """Let the question be asked anew."""
        await tickets.use_up(standing.awaited)


async def exchanges_of(citizen_id: UUID) -> list[Exchange]:
    """Open every exchange about a person, oldest first; refuses `PersonErased`."""
    async with transaction(_ARCHIVIST):
        rows = await fetch_all(_SELECT, shard_of(citizen_id), citizen_id)
        return [await opened(row) for row in rows]


async def found(exchange_id: UUID) -> Exchange | None:
    """Open one exchange, if there is one of that id; in the system transaction in progress. Refuses `PersonErased`."""
    row = await fetch_one(
        "SELECT * FROM exchange_message WHERE shard = $1 AND id = $2", shard_of(exchange_id), exchange_id
    )
    return None if row is None else await opened(row)


async def opened(row: Row) -> Exchange:
    """Open an exchange's row; refuses `PersonErased`."""
    payload = await open_for_person(row["citizen_id"], "exchange_message", "payload", row["id"], row["payload"])
    return _exchange(row, payload)


def _exchange(row: Row, payload: bytes) -> Exchange:
    return Exchange(
        **{name: row[name] for name in ("id", "citizen_id", "at", "direction", "department", "service", "purpose")},
        basis=Basis(row["basis_kind"], row["basis_id"]),
        end_user=EndUser(row["end_user_kind"], row["end_user_id"]),
        outcome=row["outcome"],
        attempts=row["attempts"],
        messages=msgspec.json.decode(payload, type=Messages),
    )


def exchange_of_push(pushed: Pushed, request: Request, citizen_id: UUID, answer: SignedMessage | None) -> Exchange:
    """Make what is to be kept of a department's push about a person, with our answer to it if it is signed already."""
    push = pushed.push
    received = _as_received(request, pushed.verified.algorithm)
    return Exchange(
        id=new_id(citizen_id),
        citizen_id=citizen_id,
        at=push.at,
        direction="in",
        department=push.department,
        service=push.kind,
        purpose=push.kind,
        basis=Basis("event", str(push.id)),
        end_user=EndUser("system", push.department),
        outcome="ok",
        attempts=1,
        messages=Messages(received, None if answer is None else Kept("200", answer.headers, answer.body)),
    )


def exchange_of_late(answered: AnsweredLate, request: Request, question: Exchange, outcome: Outcome) -> Exchange:
    """Make what is to be kept of a late answer: its ground is the question, and it is about the same person for the same purpose."""
    return Exchange(
        id=new_id(question.citizen_id),
        citizen_id=question.citizen_id,
        at=clock.now(),
        direction="in",
        department=question.department,
        service=question.service,
        purpose=question.purpose,
        basis=Basis("question", str(question.id)),
        end_user=question.end_user,
        outcome=outcome,
        attempts=1,
        messages=Messages(_as_received(request, answered.verified.algorithm)),
    )


def _as_received(request: Request, algorithm: str) -> Kept:
    return Kept(f"{request.method} {request.target_uri}", dict(request.headers), request.body, algorithm)


def _columns(exchange: Exchange) -> tuple[object, ...]:
    asked = (exchange.basis.kind, exchange.basis.id, exchange.end_user.kind, exchange.end_user.id)
    named = (exchange.id, exchange.citizen_id, exchange.at, exchange.direction, exchange.department, exchange.service)
    return (*named, exchange.purpose, *asked, exchange.outcome, exchange.attempts)
