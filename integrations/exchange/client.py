"""Asking a department: signed, bounded in time, tried again where that is safe, and kept with both signatures.

A call is never made inside a database transaction. Whatever comes of it is archived: an answer, a wrong answer, or none.
"""

import asyncio
from collections import defaultdict
from typing import Final, TypeVar

import httpx
import msgspec
import stamina

from app.kernel import clock
from app.kernel.bodies import LARGEST_BODY_BYTES, decode_strictly
from app.kernel.database import DB
from app.kernel.errors import Refusal
from app.kernel.ids import new_id
from app.keys.request_signatures import Answer, KeyLookup, Signer
from integrations.exchange import messages
from integrations.exchange.archive import Archive, Exchange, Kept, Messages, Outcome, Ticket
from integrations.exchange.breaker import Breaker, CircuitOpen, Limits
from integrations.exchange.errors import (
    DepartmentAnsweredWrongly,
    DepartmentAnswersLater,
    DepartmentRefused,
    DepartmentUnavailable,
    NotKnownToDepartment,
)
from integrations.exchange.structs import Answered, Asking, Awaited, ExchangeAnswer, ExchangeRequest, Operation, Party
from integrations.exchange.tickets import Standing, is_ticket, question_of

T = TypeVar("T")

_BUSY: Final = frozenset({429, 500, 502, 503, 504})
_ATTEMPTS: Final = 3
_SECONDS_A_TRY: Final = 5.0
_SECONDS_IN_ALL: Final = 12.0
_LONGEST_PAUSE_SECONDS: Final = 1.0
_JITTER_SECONDS: Final = 0.2


class CallInsideTransaction(RuntimeError):  # noqa: N818 - named as a fact
    """A department was about to be called while rows were locked: a mistake of ours."""


class Patience(msgspec.Struct, frozen=True):
    """How often a safe call is tried, and how long each try, and all together, may take."""

    attempts: int = _ATTEMPTS
    seconds_a_try: float = _SECONDS_A_TRY
    seconds: float = _SECONDS_IN_ALL


class _NoAnswer(Exception):  # noqa: N818 - named as a fact
    """Nothing that could be read came back; trying again may help."""


class _WrongAnswer(Exception):  # noqa: N818 - named as a fact
    """Something came back that the department can't be held to; `flaw` is the code of what is wrong."""

    def __init__(self, flaw: str) -> None:
        super().__init__(flaw)
        self.flaw = flaw


class _Call(msgspec.Struct):
    """One call as it goes: what was sent last, what came back, and how often it was tried."""

    party: Party
    asking: Asking
    request: ExchangeRequest
    question: bytes
    attempts: int = 0
    sent: Kept | None = None
    received: Kept | None = None


class ExchangeClient:
    """Calls departments in the portal's name."""

    def __init__(self, http: httpx.AsyncClient, signer: Signer, keys: KeyLookup, archive: Archive) -> None:
        """Use a client made by `integrations.outgoing`, the portal's key, and the departments' keys by keyid."""
        self._http = http
        self._signer = signer
        self._keys = keys
        self._archive = archive
        self.limits = Limits()
        self.patience = Patience()
        self._breakers: dict[str, Breaker] = defaultdict(lambda: Breaker(self.limits))

    async def call(self, party: Party, operation: Operation[T], body: object, asking: Asking) -> Answered[T]:
        """Ask a department one thing about one person, and archive what was said.

        While the department has promised an answer to this very question it isn't asked again, and the answer that came late is given
        as long as it is fresh. Refuses `DepartmentUnavailable`, `DepartmentAnswersLater`, `DepartmentAnsweredWrongly`,
        `DepartmentRefused` and `NotKnownToDepartment`; each names the department.
        """
        if DB.current_transaction.get() is not None:
            raise CallInsideTransaction(operation.service)
        question = question_of(party.code, operation.service, asking, msgspec.json.encode(body))
        standing = await self._archive.standing(asking.citizen_id, question)
        if standing is not None and standing.answer_id is None:
            raise DepartmentAnswersLater(standing.awaited, party.name)
        if standing is not None:
            late = await self._late(party, operation, standing)
            if late is not None:
                return late
        return await self.ask_anew(party, operation, body, asking)

    async def ask_anew(self, party: Party, operation: Operation[T], body: object, asking: Asking) -> Answered[T]:
        """Ask in any case, also where an answer was promised; refuses as `call` does."""
        question = question_of(party.code, operation.service, asking, msgspec.json.encode(body))
        call = _Call(party, asking, _request(operation.service, body, asking), question)
        try:
            said = await self._ask(call, repeatable=operation.repeatable)
            answer = _body(said, operation.answer)
        except (_NoAnswer, CircuitOpen) as error:
            await self._keep(call, "unavailable")
            pause = error.retry_after_seconds if isinstance(error, CircuitOpen) else self.limits.rest_seconds
            raise DepartmentUnavailable(
                department=party.name, department_code=party.code, retry_after_seconds=pause
            ) from error
        except _WrongAnswer as error:
            await self._keep(call, "wrong")
            raise DepartmentAnsweredWrongly(
                department=party.name, department_code=party.code, flaw=error.flaw
            ) from error
        except asyncio.CancelledError:
            await asyncio.shield(self._keep(call, "unavailable"))
            raise
        await self._keep(call, said.status, said)
        if said.expected_by is not None and said.status == "later":
            raise DepartmentAnswersLater(
                Awaited(call.request.id, party.code, call.request.at, said.expected_by), party.name
            )
        if said.status == "refused":
            raise DepartmentRefused(department=party.name, department_code=party.code, reason=said.reason)
        if answer is None:
            raise NotKnownToDepartment(department=party.name, department_code=party.code)
        return Answered(answer, said.as_of, call.request.id, party.code)

    async def _late(self, party: Party, operation: Operation[T], standing: Standing) -> Answered[T] | None:
        """Give what came late, or nothing where it is no longer fresh. A refusal, and what may not be repeated, is given once."""
        late = await self._archive.late_answer(standing)
        if late.status != "ok" or not operation.repeatable:
            await self._archive.use_up(standing)
        if late.status == "refused":
            raise DepartmentRefused(department=party.name, department_code=party.code, reason=late.reason)
        if late.status == "not_found":
            raise NotKnownToDepartment(department=party.name, department_code=party.code)
        came = standing.answered_at or clock.now()
        if operation.fresh_for and clock.now() - came >= operation.fresh_for:
            return None
        exchange_id = standing.answer_id or standing.awaited.exchange_id
        return Answered(decode_strictly(bytes(late.body), operation.answer), late.as_of, exchange_id, party.code)

    async def _ask(self, call: _Call, *, repeatable: bool) -> ExchangeAnswer:
        attempts = self.patience.attempts if repeatable else 1
        try:
            async with asyncio.timeout(self.patience.seconds):
                async for attempt in stamina.retry_context(
                    on=_NoAnswer,
                    attempts=attempts,
                    timeout=None,
                    wait_max=_LONGEST_PAUSE_SECONDS,
                    wait_jitter=_JITTER_SECONDS,
                ):
                    with attempt, self._breakers[call.party.code].asking((_NoAnswer,)):
                        return await self._once(call)
        except TimeoutError as error:
            raise _NoAnswer from error
        raise _NoAnswer

    async def _once(self, call: _Call) -> ExchangeAnswer:
        """Sign anew (a nonce of its own, the same id), send, and read what comes back."""
        address = call.party.address_of(call.request.service)
        sent = messages.make_request(call.request, address, self._signer, clock.now())
        call.attempts += 1
        call.sent = Kept(f"POST {address}", sent.headers, sent.body, self._signer.key.algorithm)
        call.received = None
        answer = await self._send(address, sent)
        call.received = Kept(str(answer.status), dict(answer.headers), answer.body)
        if answer.status in _BUSY:
            raise _NoAnswer
        if answer.status not in {messages.OK, messages.LATER}:
            flaw = f"status_{answer.status}"
            raise _WrongAnswer(flaw)
        return self._read(call, answer, sent)

    async def _send(self, address: str, sent: messages.SignedMessage) -> Answer:
        headers = sent.headers | {"accept": messages.JSON, "accept-encoding": "identity"}
        try:
            async with (
                asyncio.timeout(self.patience.seconds_a_try),
                self._http.stream("POST", address, content=sent.body, headers=headers) as response,
            ):
                return Answer(response.status_code, response.headers.multi_items(), await _bytes_of(response))
        except (httpx.TransportError, TimeoutError) as error:
            raise _NoAnswer from error

    def _read(self, call: _Call, answer: Answer, sent: messages.SignedMessage) -> ExchangeAnswer:
        try:
            said, verified = messages.read_answer(answer, sent, self._keys, clock.now())
        except Refusal as refusal:
            raise _WrongAnswer(refusal.code) from refusal
        except messages.AnswerOfAnother as error:
            flaw = "answer_of_another"
            raise _WrongAnswer(flaw) from error
        if verified.keyid != call.party.keyid:
            flaw = "signed_by_another"
            raise _WrongAnswer(flaw)
        is_later = said.status == "later"
        if is_later != (answer.status == messages.LATER) or (is_later and not is_ticket(said, clock.now())):
            flaw = "ticket_wrong"
            raise _WrongAnswer(flaw)
        call.received = Kept(str(answer.status), dict(answer.headers), answer.body, verified.algorithm)
        return said

    async def _keep(self, call: _Call, outcome: Outcome, said: ExchangeAnswer | None = None) -> None:
        if call.sent is None:
            return
        request, asking = call.request, call.asking
        ticket = None
        if said is not None and said.ticket is not None and said.expected_by is not None and outcome == "later":
            ticket = Ticket(said.ticket, said.expected_by, call.question)
        await self._archive.keep(
            Exchange(
                id=request.id,
                citizen_id=asking.citizen_id,
                at=request.at,
                direction="out",
                department=call.party.code,
                service=request.service,
                purpose=request.purpose,
                basis=request.basis,
                end_user=request.end_user,
                outcome=outcome,
                attempts=call.attempts,
                messages=Messages(call.sent, call.received),
            ),
            ticket,
        )


async def _bytes_of(response: httpx.Response) -> bytes:
    """The bytes as sent (the digest is made over them), up to a limit."""
    body = bytearray()
    async for part in response.aiter_raw():
        body += part
        if len(body) > LARGEST_BODY_BYTES:
            flaw = "too_large"
            raise _WrongAnswer(flaw)
    return bytes(body)


def _request(service: str, body: object, asking: Asking) -> ExchangeRequest:
    raw = msgspec.Raw(msgspec.json.encode(body))
    return ExchangeRequest(
        new_id(asking.citizen_id), service, clock.now(), asking.purpose, asking.basis, asking.end_user, raw
    )


def _body(said: ExchangeAnswer, kind: type[T]) -> T | None:
    """Decode what was said with `ok`, strictly; nothing otherwise."""
    if said.status != "ok":
        return None
    try:
        return decode_strictly(bytes(said.body), kind)
    except Refusal as refusal:
        raise _WrongAnswer(refusal.code) from refusal
