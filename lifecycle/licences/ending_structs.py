"""What crosses the wire when officers suspend or end a licence."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta

from app.kernel.structs import TEXT, Body, View
from app.kernel.words import Words
from lifecycle.licences.grounds import GroundCode
from lifecycle.licences.states import LicenceState, Step

Reason = Annotated[
    str,
    Meta(min_length=2, max_length=1000, pattern=TEXT, description="What the holder is told, in the office's words."),
]


class Stepping(Body, frozen=True):
    """Why a licence is suspended, or holds again."""

    ground: GroundCode
    reason: Reason


class Proposing(Body, frozen=True):
    """That a licence is to be revoked (注销) or annulled (撤销), on which ground of the law, and why."""

    how: Literal["revoke", "annul"]
    ground: GroundCode
    reason: Reason


class Deciding(Body, frozen=True):
    """A second officer's yes or no to what was proposed; the reason of a no stays between officers and in the holder's record."""

    confirm: bool
    reason: Reason | None = None


class StepTaken(View, frozen=True):
    """One step that was taken with a licence, and the state that it led to."""

    at: datetime
    step: Step
    state: LicenceState
    ground: GroundCode
    ground_name: Words
    reason: str | None


class ProposalView(View, frozen=True):
    """What awaits a second officer."""

    how: str
    ground: GroundCode
    ground_name: Words
    proposed_at: datetime


class ProposalItem(View, frozen=True):
    """A licence whose end awaits a second officer; nobody is named."""

    number: str
    type_code: str
    title: Words
    proposal: ProposalView


class LicenceFile(View, frozen=True, kw_only=True):
    """A licence as its office sees it: how it stands and what was done with it, not what stands on it."""

    id: UUID
    number: str
    type_code: str
    title: Words
    holder_name: str | None
    issued_at: datetime
    valid_to: date | None
    state: LicenceState
    steps: list[StepTaken]
    proposal: ProposalView | None
