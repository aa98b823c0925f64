"""What is granted, and licences on the wire."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

import msgspec

from app.kernel.structs import View
from app.kernel.words import Words
from lifecycle.licences.grounds import GroundCode
from lifecycle.licences.states import LicenceState


class Line(msgspec.Struct, frozen=True):
    """One line of a licence: what it is, what it says, and the stable name (snake_case) by which its holder can present it alone.

    A line without a name can't be presented alone.
    """

    label: Words
    value: str
    name: str = ""


class Grant(msgspec.Struct, frozen=True, kw_only=True):
    """A licence to be issued: its type, its holder, who issues it, and what stands on it.

    `replaces` names what it takes the place of: types (of the same holder), or single licences by id.
    """

    type_code: str
    holder_id: UUID
    department: str
    lines: tuple[Line, ...]
    case_id: UUID
    case_number: str
    valid_to: date | None = None
    matter_code: str = ""
    division: str = ""
    replaces: tuple[str, ...] = ()


class StandingView(View, frozen=True):
    """Why a licence stands as it does: since when, on which ground, and what its office says."""

    since: datetime
    ground: GroundCode
    ground_name: Words
    reason: str | None


class LicenceView(View, frozen=True, kw_only=True):
    """A licence. `check_code` is what its holder gives to somebody who wants to verify it.

    `standing` says why it is suspended, was ended or goes on; `replaced_by` names the licence that took its place.
    """

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
    matter_code: str
    standing: StandingView | None
    replaced_by: UUID | None
