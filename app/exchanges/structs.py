"""What crosses the wire of exchanges."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from app.kernel.structs import View
from app.kernel.words import Words

BehindIt = Literal["you", "another_citizen", "officer", "system"]


class AwaitedView(View, frozen=True, kw_only=True):
    """An answer that a department promised: when it was asked, and by when it means to answer.

    `overdue` says that it should have come by now; it is asked for again. `answer_id` is the exchange in which it came.
    """

    asked_at: datetime
    expected_by: datetime
    overdue: bool
    answer_id: UUID | None


class AnswerTaken(View, frozen=True):
    """A department's late answer was taken in."""

    id: UUID
    received: bool


class ExchangeView(View, frozen=True, kw_only=True):
    """One exchange about a person: `out` is a question of the portal's, `in` what a department told by itself.

    With the outcome `later` the department gave a ticket, and `awaited` says what became of it. `purpose` and `basis` say what for and on what ground (a case's number, a consent, the account); `end_user` on whose behalf.
    """

    id: UUID
    at: datetime
    direction: Literal["out", "in"]
    department: str
    department_name: Words
    service: str
    purpose: str
    basis_kind: str
    basis_id: str
    end_user: BehindIt
    outcome: Literal["ok", "not_found", "refused", "later", "unavailable", "wrong"]
    attempts: int
    proved: bool
    awaited: AwaitedView | None


class ExchangeInFull(View, frozen=True):
    """An exchange with what was asked and what was said, as the messages' JSON; null where no answer came."""

    exchange: ExchangeView
    asked: Any
    said: Any
