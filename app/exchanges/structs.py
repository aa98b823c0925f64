"""What crosses the wire of exchanges."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from app.kernel.structs import View
from app.kernel.words import Words

BehindIt = Literal["you", "another_citizen", "officer", "system"]


class ExchangeView(View, frozen=True, kw_only=True):
    """One exchange about a person: `out` is a question of the portal's, `in` what a department told by itself.

    `purpose` and `basis` say what for and on what ground (a case's number, a consent, the account); `end_user` on whose behalf.
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
    outcome: Literal["ok", "not_found", "refused", "unavailable", "wrong"]
    attempts: int
    proved: bool


class ExchangeInFull(View, frozen=True):
    """An exchange with what was asked and what was said, as the messages' JSON; null where no answer came."""

    exchange: ExchangeView
    asked: Any
    said: Any
