"""The exchange's messages, made and read: pure functions for both sides.

The portal asks with `make_request` and reads with `read_answer`; a department reads with `read_request` and answers with
`answer_request`. A department tells with `make_push`, and answers late with `make_late_answer`; the portal reads with `verify_push`
and `verify_late_answer`.
"""

import base64
import hashlib
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import msgspec

from app.kernel.bodies import decode_strictly, require_json
from app.keys import request_signatures
from app.keys.request_signatures import (
    EXCHANGE,
    Answer,
    Binding,
    KeyLookup,
    Request,
    Signer,
    VerifiedAnswer,
    VerifiedRequest,
)
from app.keys.signature_fields import Fields
from integrations.exchange.errors import AnswerFromFuture, PushFromAnother
from integrations.exchange.structs import ExchangeAnswer, ExchangeRequest, LateAnswer, Push, Status

JSON: Final = "application/json"
OK: Final = 200
LATER: Final = 202
_SKEW: Final = timedelta(seconds=request_signatures.MAX_AGE_SECONDS)


class AnswerOfAnother(ValueError):  # noqa: N818 - a refusal is named as a fact
    """A well-signed answer that isn't the asked department's, isn't this request's, or is dated in the future."""


class SignedMessage(msgspec.Struct, frozen=True):
    """A message ready to be sent: all its fields, its bytes, and (for requests) what the answer must repeat."""

    headers: dict[str, str]
    body: bytes
    binding: Binding
    status: int = OK


class Asked(msgspec.Struct, frozen=True):
    """A verified request as the answering side sees it; its nonce is still to be used up."""

    request: ExchangeRequest
    verified: VerifiedRequest


class Pushed(msgspec.Struct, frozen=True):
    """A verified push; its nonce is still to be used up, and its id to be recognised."""

    push: Push
    verified: VerifiedRequest


class AnsweredLate(msgspec.Struct, frozen=True):
    """A verified late answer; its nonce is still to be used up, and its question to be found."""

    late: LateAnswer
    verified: VerifiedRequest


class Reply(msgspec.Struct, frozen=True):
    """What an answering department says: a body with `ok`, a reason with `refused`, a ticket with `later`, and when it held."""

    id: UUID
    status: Status
    as_of: datetime
    body: object = None
    reason: str | None = None
    ticket: str | None = None
    expected_by: datetime | None = None


def make_request(asked: ExchangeRequest, address: str, signer: Signer, now: datetime) -> SignedMessage:
    """Write and sign a question to the address of a service; each call has a nonce of its own."""
    return _signed_post(msgspec.json.encode(asked), asked.id, address, signer, now)


def make_push(push: Push, address: str, signer: Signer, now: datetime) -> SignedMessage:
    """Write and sign something told to the portal; to repeat it, sign the same push again."""
    return _signed_post(msgspec.json.encode(push), push.id, address, signer, now)


def make_late_answer(late: LateAnswer, address: str, signer: Signer, now: datetime) -> SignedMessage:
    """Write and sign what is said to an earlier question; to repeat it, sign the same answer again."""
    return _signed_post(msgspec.json.encode(late), late.id, address, signer, now)


def digest_of(question: bytes) -> str:
    """The SHA-256 of a question's bytes, as a late answer repeats it."""
    return base64.b64encode(hashlib.sha256(question).digest()).decode()


def read_request(request: Request, keys: KeyLookup, now: datetime) -> Asked:
    """Verify and read a question, on the department's side; refuses as `verify_request` and `decode_strictly` do."""
    verified = request_signatures.verify_request(request, keys, profile=EXCHANGE, now=_seconds(now))
    require_json(_content_type(request.headers))
    return Asked(decode_strictly(request.body, ExchangeRequest), verified)


def answer_request(asked: Asked, reply: Reply, signer: Signer, now: datetime) -> SignedMessage:
    """Write and sign the answer to a question (status 200, or 202 for a ticket), on the department's side."""
    body = {"id": reply.id, "request_id": asked.request.id, "at": now, "as_of": reply.as_of, "status": reply.status}
    added = {"reason": reply.reason, "ticket": reply.ticket, "expected_by": reply.expected_by}
    raw = msgspec.json.encode(body | {name: said for name, said in added.items() if said} | {"body": reply.body})
    return _signed_answer(LATER if reply.status == "later" else OK, raw, asked.verified.binding, signer, now)


def sign_ok(raw: bytes, to: Binding, signer: Signer, now: datetime) -> SignedMessage:
    """Sign JSON bytes as the answer with status 200 to a verified request or push."""
    return _signed_answer(OK, raw, to, signer, now)


def _signed_answer(status: int, raw: bytes, to: Binding, signer: Signer, now: datetime) -> SignedMessage:
    headers = {"content-type": JSON}
    answer = Answer(status, headers, raw)
    added = request_signatures.sign_answer(answer, to, signer, profile=EXCHANGE, now=_seconds(now))
    return SignedMessage(headers | added, raw, to, status)


def read_answer(
    answer: Answer, sent: SignedMessage, keys: KeyLookup, now: datetime
) -> tuple[ExchangeAnswer, VerifiedAnswer]:
    """Verify and read the answer to a question that we sent.

    Refuses as `verify_answer` and `decode_strictly` do, and `AnswerOfAnother` one that answers another request.
    """
    verified = request_signatures.verify_answer(answer, sent.binding, keys, profile=EXCHANGE, now=_seconds(now))
    require_json(_content_type(answer.headers))
    said = decode_strictly(answer.body, ExchangeAnswer)
    if str(said.request_id) != sent.headers["idempotency-key"] or said.as_of > now + _SKEW:
        raise AnswerOfAnother
    return said, verified


def verify_push(request: Request, keys: KeyLookup, departments: Mapping[str, str], now: datetime) -> Pushed:
    """Verify and read what a department pushed; `departments` says which code each keyid speaks for.

    Refuses as `verify_request` and `decode_strictly` do, and `PushFromAnother` one in another's name.
    """
    verified = request_signatures.verify_request(request, keys, profile=EXCHANGE, now=_seconds(now))
    require_json(_content_type(request.headers))
    push = decode_strictly(request.body, Push)
    if departments.get(verified.keyid) != push.department:
        raise PushFromAnother(department=push.department)
    return Pushed(push, verified)


def verify_late_answer(
    request: Request, keys: KeyLookup, departments: Mapping[str, str], now: datetime
) -> AnsweredLate:
    """Verify and read a late answer; refuses as `verify_push` does, and (`AnswerFromFuture`) what doesn't hold yet."""
    verified = request_signatures.verify_request(request, keys, profile=EXCHANGE, now=_seconds(now))
    require_json(_content_type(request.headers))
    late = decode_strictly(request.body, LateAnswer)
    if departments.get(verified.keyid) != late.department:
        raise PushFromAnother(department=late.department)
    if late.as_of > now + _SKEW:
        raise AnswerFromFuture(as_of=late.as_of)
    return AnsweredLate(late, verified)


def _signed_post(body: bytes, message_id: UUID, address: str, signer: Signer, now: datetime) -> SignedMessage:
    headers = {"content-type": JSON, "idempotency-key": str(message_id)}
    request = Request("POST", address, headers, body)
    nonce = secrets.token_urlsafe(16)
    added = request_signatures.sign_request(request, signer, profile=EXCHANGE, now=_seconds(now), nonce=nonce)
    return SignedMessage(headers | added, body, request_signatures.binding_of(request, added))


def _content_type(headers: Fields) -> str | None:
    pairs = headers.items() if isinstance(headers, Mapping) else headers
    return next((value for name, value in pairs if name.lower() == "content-type"), None)


def _seconds(now: datetime) -> int:
    return int(now.timestamp())
