"""What is granted, and licences on the wire."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

import msgspec

from app.kernel.structs import View
from app.kernel.words import Words

LicenceState = Literal["valid", "expired", "revoked", "annulled", "suspended"]


class Line(msgspec.Struct, frozen=True):
    """One line of a licence: what it is, and what it says."""

    label: Words
    value: str


class Grant(msgspec.Struct, frozen=True, kw_only=True):
    """A licence to be issued: its type, its holder, who issues it, and what stands on it."""

    type_code: str
    holder_id: UUID
    department: str
    lines: tuple[Line, ...]
    case_id: UUID
    case_number: str
    valid_to: date | None = None


class LicenceView(View, frozen=True, kw_only=True):
    """A licence. `check_code` is what its holder gives to somebody who wants to verify it."""

    id: UUID
    type_code: str
    title: Words
    number: str
    holder_id: UUID
    department: str
    department_name: Words
    issued_at: datetime
    valid_to: date | None
    state: LicenceState
    lines: list[Line]
    check_code: str
    document: Literal["ready", "being_made"]
    case_id: UUID
