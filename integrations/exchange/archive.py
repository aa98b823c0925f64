"""What was exchanged, kept for good: both messages with both signatures, sealed under the person's key.

Rows are never changed. The listed columns say that a department was asked, why and for whom; the messages themselves open
only while the person's key exists.
"""

from datetime import datetime
from typing import Final, Literal, Protocol
from uuid import UUID

import msgspec

from app.kernel.actors import System
from app.kernel.database import Row, execute, fetch_all, transaction
from app.kernel.ids import new_id, shard_of
from app.keys.persons import open_for_person, seal_for_person
from app.keys.request_signatures import Request
from integrations.exchange.messages import Pushed, SignedMessage
from integrations.exchange.structs import Basis, EndUser

Outcome = Literal["ok", "not_found", "refused", "unavailable", "wrong"]

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


class Archive(Protocol):
    """Keeps what was exchanged."""

    async def keep(self, exchange: Exchange) -> None:
        """Keep one exchange, for good."""


class DatabaseArchive:
    """The append-only table `exchange_message`, in the shard of the person whom the exchange is about."""

    async def keep(self, exchange: Exchange) -> None:
        """Keep one exchange, in the present transaction or one of its own; who proves its signatures finds it in a queue."""
        async with transaction(_ARCHIVIST):
            payload = await seal_for_person(
                exchange.citizen_id, "exchange_message", "payload", exchange.id, msgspec.json.encode(exchange.messages)
            )
            shard = shard_of(exchange.citizen_id)
            await execute(_INSERT, shard, *_columns(exchange), payload)
            await execute(_UNPROVED, shard, exchange.id, exchange.citizen_id)


async def exchanges_of(citizen_id: UUID) -> list[Exchange]:
    """Open every exchange about a person, oldest first; refuses `PersonErased`."""
    async with transaction(_ARCHIVIST):
        rows = await fetch_all(_SELECT, shard_of(citizen_id), citizen_id)
        return [await opened(row) for row in rows]


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
    received = Kept(
        f"{request.method} {request.target_uri}", dict(request.headers), request.body, pushed.verified.algorithm
    )
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


def _columns(exchange: Exchange) -> tuple[object, ...]:
    asked = (exchange.basis.kind, exchange.basis.id, exchange.end_user.kind, exchange.end_user.id)
    named = (exchange.id, exchange.citizen_id, exchange.at, exchange.direction, exchange.department, exchange.service)
    return (*named, exchange.purpose, *asked, exchange.outcome, exchange.attempts)
