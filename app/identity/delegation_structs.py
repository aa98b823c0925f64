"""Delegations on the wire."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta

from app.identity.powers import Standing
from app.identity.structs import OneTimeCode, Private
from app.kernel.actors import Scope
from app.kernel.structs import LINE, IdNumber, PersonName, Phone, Slug, View

Note = Annotated[str, Meta(max_length=200, pattern=LINE, description="One line to the delegate.")]
Scopes = Annotated[tuple[Scope, ...], Meta(min_length=1, max_length=len(Scope))]
Matters = Annotated[tuple[Slug, ...], Meta(min_length=1, max_length=50)]


class DelegationOffer(Private, frozen=True):
    """A power offered to somebody, named by name and phone or identity number.

    `matters` narrows the scope `cases` to some matters. The code is needed for `cases`, unless the caller is at level 3.
    """

    delegate_name: PersonName
    scopes: Scopes
    valid_from: date
    valid_to: date
    delegate_phone: Phone | None = None
    delegate_id_number: IdNumber | None = None
    matters: Matters | None = None
    note: Note = ""
    confirmation_code: OneTimeCode | None = None

    def __post_init__(self) -> None:
        """Refuse two ways, or none, of saying who is meant, and matters without the scope that they narrow."""
        if (self.delegate_phone is None) == (self.delegate_id_number is None):
            raise ValueError("one of delegate_phone and delegate_id_number is needed")
        if self.matters is not None and Scope.CASES not in self.scopes:
            raise ValueError("matters narrow the scope cases, which isn't there")


class DelegationCodeSent(View, frozen=True):
    """A code was sent that confirms exactly this offer."""

    phone: str
    expires_at: datetime


class DelegationView(View, frozen=True, kw_only=True):
    """A delegation as one of its two sides sees it.

    `person_id` and `person_name` are the other side. To the giver the id is shown once the delegate has accepted: before that
    it would say whether somebody of that name and number is known.
    """

    id: UUID
    role: Literal["given", "received"]
    state: Standing
    person_id: UUID | None
    person_name: str | None
    scopes: list[Scope]
    matters: list[str] | None
    valid_from: date
    valid_to: date
    note: str
    offered_at: datetime
    answer_by: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    ended_by: Literal["giver", "delegate", "time", "guardian", "death", "freeze", "recovery"] | None


class Delegations(View, frozen=True):
    """The powers that the citizen gave and received, newest first."""

    given: list[DelegationView]
    received: list[DelegationView]
