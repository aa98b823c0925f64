"""What crosses the wire between the portal and a department, and who the parties are."""

from datetime import datetime, timedelta
from typing import Annotated, Generic, Literal, TypeVar
from uuid import UUID

import msgspec
from msgspec import Meta

from app.kernel import clock
from app.kernel.structs import Code, ShortLine, Slug
from app.kernel.words import Words

T = TypeVar("T")

Instant = Annotated[datetime, Meta(tz=True, description="RFC 3339 with offset.")]
Said = Literal["ok", "not_found", "refused"]
Status = Literal["ok", "not_found", "refused", "later"]
"""What an answer says; with `later` it is a ticket, and what the department says comes by itself."""
Digest = Annotated[str, Meta(pattern=r"\A[A-Za-z0-9+/]{43}=\Z", description="SHA-256 in Base64.")]
Name = Annotated[str, Meta(min_length=1, max_length=120, pattern=r"\A[\x21-\x7e]+\Z")]


class Basis(msgspec.Struct, frozen=True):
    """What entitles the portal to ask: a case, a consent, a sign-up."""

    kind: Slug
    id: Name


class EndUser(msgspec.Struct, frozen=True):
    """Who stands behind the question: a citizen, an officer, or the system itself."""

    kind: Literal["citizen", "officer", "system"]
    id: Name


class Asking(msgspec.Struct, frozen=True):
    """Why a department is asked, and about whom; `citizen_id` decides under whose key the exchange is kept."""

    citizen_id: UUID
    purpose: Slug
    basis: Basis
    end_user: EndUser


class ExchangeRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A question to a department. The id is the `Idempotency-Key` too, so a repeat is recognised."""

    id: UUID
    service: Slug
    at: Instant
    purpose: Slug
    basis: Basis
    end_user: EndUser
    body: msgspec.Raw


class ExchangeAnswer(msgspec.Struct, frozen=True):
    """A department's answer to exactly one request; what it says held `as_of`."""

    id: UUID
    request_id: UUID
    at: Instant
    as_of: Instant
    status: Status
    body: msgspec.Raw = msgspec.Raw(b"null")
    reason: ShortLine | None = None
    ticket: Code | None = None
    expected_by: Instant | None = None


class LateAnswer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a department says to a question for which it gave a ticket; repeating it says nothing new.

    `question_digest` is the SHA-256 of the question's bytes (Base64), so that it stands for exactly that question.
    """

    id: UUID
    request_id: UUID
    question_digest: Digest
    ticket: Code
    department: Code
    at: Instant
    as_of: Instant
    status: Said
    body: msgspec.Raw = msgspec.Raw(b"null")
    reason: ShortLine | None = None


class Push(msgspec.Struct, frozen=True):
    """Something that a department tells by itself; a repeated id says nothing new."""

    id: UUID
    kind: Slug
    at: Instant
    department: Code
    body: msgspec.Raw


class Party(msgspec.Struct, frozen=True):
    """A department as the exchange knows it: its code, its address, and the DNS name in its certificate."""

    code: Code
    name: Words
    base_url: str
    keyid: str

    def address_of(self, service: str) -> str:
        """Where a service of this department is called."""
        return f"{self.base_url.rstrip('/')}/exchange/{service}"


class Awaited(msgspec.Struct, frozen=True):
    """An answer for which a department gave a ticket: the exchange in which it did, and by when it means to answer."""

    exchange_id: UUID
    department: Code
    asked_at: datetime
    expected_by: datetime

    @property
    def is_overdue(self) -> bool:
        """Whether it should have come by now."""
        return self.expected_by < clock.now()


class Operation(msgspec.Struct, Generic[T], frozen=True):
    """One service of a department, what it answers with, and how long an answer may serve.

    Up to `fresh_for` it's taken as it is; up to `usable_for` it may be shown with its "as of" while it is refreshed behind.
    A `repeatable` one may be sent again when no answer came: it changes nothing, or recognises its own key.
    """

    service: Slug
    answer: type[T]
    fresh_for: timedelta
    usable_for: timedelta
    repeatable: bool = True


class Answered(msgspec.Struct, Generic[T], frozen=True):
    """What a department said, when it held, and the id under which the exchange is archived."""

    body: T
    as_of: datetime
    exchange_id: UUID
    department: str
