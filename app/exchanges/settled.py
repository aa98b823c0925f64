"""What came of a question to a department: what was asked, and what was said, be it at once or late."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from integrations.exchange import archive
from integrations.exchange.archive import Exchange
from integrations.exchange.structs import Basis, EndUser, ExchangeAnswer, ExchangeRequest, LateAnswer, Said

QUESTION = "question"
"""The kind of ground on which a late answer stands in the archive; its id is the question's exchange."""


class Settled(msgspec.Struct, frozen=True):
    """A question and what was said to it; `status` is nothing where no answer ever came."""

    citizen_id: UUID
    department: str
    service: str
    purpose: str
    basis: Basis
    end_user: EndUser
    asked: Mapping[str, Any]
    status: Said | None
    as_of: datetime | None
    body: bytes


async def settled(exchange_id: UUID) -> Settled | None:
    """What came of the question that an exchange answers, or is; in the system transaction in progress. Refuses `PersonErased`."""
    exchange = await archive.found(exchange_id)
    if exchange is None:
        return None
    if exchange.basis.kind != QUESTION:
        return _settled(exchange, _said_at_once(exchange))
    question = await archive.found(UUID(exchange.basis.id))
    late = msgspec.json.decode(exchange.messages.request.body, type=LateAnswer)
    return None if question is None else _settled(question, late)


def asked_in(question: Exchange) -> ExchangeRequest:
    """What was asked in an exchange of ours."""
    return msgspec.json.decode(question.messages.request.body, type=ExchangeRequest)


def parts_of(request: ExchangeRequest) -> Mapping[str, Any]:
    """What was asked, by its parts."""
    return msgspec.json.decode(request.body, type=dict[str, Any])


def _said_at_once(exchange: Exchange) -> ExchangeAnswer | None:
    answer = exchange.messages.answer
    if answer is None or exchange.outcome not in {"ok", "not_found", "refused"}:
        return None
    return msgspec.json.decode(answer.body, type=ExchangeAnswer)


def _settled(question: Exchange, said: ExchangeAnswer | LateAnswer | None) -> Settled:
    status = None if said is None or said.status == "later" else said.status
    return Settled(
        citizen_id=question.citizen_id,
        department=question.department,
        service=question.service,
        purpose=question.purpose,
        basis=question.basis,
        end_user=question.end_user,
        asked=parts_of(asked_in(question)),
        status=status,
        as_of=None if said is None else said.as_of,
        body=b"null" if said is None else bytes(said.body),
    )
