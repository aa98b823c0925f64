"""Benefits without an application on the wire."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta

from app.kernel.structs import LINE, Body, View
from app.kernel.words import Words
from lifecycle.catalogue.structs import Signature
from lifecycle.entitlements.structs import AmountView

StateWanted = Annotated[
    Literal["offered", "confirmed", "declined", "lapsed", "withdrawn"], Meta(description="Only offers in this state.")
]


BenefitStep = Literal["confirm", "decline", "reopen"]


class BenefitView(View, frozen=True, kw_only=True):
    """A benefit that was offered for a period, for whom, why and how much; until which day it can be confirmed, if that ends.

    `confirmed`: its case was submitted. `withdrawn`: by what is known now it isn't due. `steps` are what can be done next.
    """

    id: UUID
    code: str
    title: Words
    matter_code: str | None
    subject_id: UUID
    period: str
    state: Literal["offered", "confirmed", "declined", "lapsed", "withdrawn"]
    offered_at: datetime
    changed_at: datetime
    until_on: date | None
    amount: AmountView | None
    because: Words
    rests_on: tuple[str, ...]
    law: Words
    case_id: UUID | None
    steps: tuple[BenefitStep, ...]


class Account(Body, frozen=True):
    """Where to pay: the bank, and an account of the person's own (or, for a child, as its matter's form says)."""

    bank: Annotated[str, Meta(min_length=1, max_length=100, pattern=LINE)]
    account: Annotated[str, Meta(min_length=1, max_length=40, pattern=LINE)]

    def __repr__(self) -> str:
        """Show nothing, because what is printed ends in a log."""
        return "Account(…)"


class ConfirmedView(View, frozen=True, kw_only=True):
    """The benefit with the case that grants it. A `draft` is complete but for its signature: `signature` says which its matter asks for.

    It is then submitted as any case is (`sendCaseConfirmation` or `askCaseApproval`, `submitCase`), which confirms the benefit.
    """

    benefit: BenefitView
    case_id: UUID
    case_state: str
    signature: Signature
