"""Entitlements on the wire."""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from msgspec import Meta

from app.kernel.structs import View
from app.kernel.words import Words
from lifecycle.catalogue.structs import ParameterUsed

AnswerWanted = Annotated[Literal["yes", "yes_from", "no", "unknown"], Meta(description="Only what is answered so.")]


class FactUsed(View, frozen=True, kw_only=True):
    """A fact that an answer rests on, with who says so, as of which day, and how sure that is."""

    kind: str
    title: Words
    value: Any
    source: str
    source_name: Words
    as_of: date
    confidence: Literal["registered", "told", "declared"]


class Need(View, frozen=True, kw_only=True):
    """A fact without which there is no answer: the matter that asks for it, and whether it may be declared (`declareFact`)."""

    kind: str
    title: Words
    asked_by: str | None
    declarable: bool


class AmountView(View, frozen=True):
    """Money in fen, each month, year or term, or once."""

    fen: int
    per: Literal["month", "year", "term", "once"]


class EntitlementView(View, frozen=True, kw_only=True):
    """One right, and whether somebody has it: `yes`, `yes_from` a day, `no`, or `unknown` for want of something.

    Of an unknown one `needs` names the facts, `disputed` what sources say differently, `figure` the figure of law that isn't on file; where
    none is named, it can't be worked out now.
    `drawn`: it is had already. `changes_on` is the next day on which the answer may be another although nothing new is known.
    """

    code: str
    title: Words
    matter_code: str | None
    stage: str
    answer: Literal["yes", "yes_from", "no", "unknown"]
    because: Words | None
    would_be_if: Words | None
    from_on: date | None
    until_on: date | None
    amount: AmountView | None
    drawn: bool
    needs: list[Need]
    disputed: list[FactUsed]
    figure: str | None
    facts: list[FactUsed]
    law: Words
    parameters: list[ParameterUsed]
    steps: list[Words]
    changes_on: date | None
    without_application: bool


class EligibilityView(View, frozen=True, kw_only=True):
    """Whether somebody may have what a matter gives; `who` says in words for whom it is, `legal_basis` by what law."""

    matter_code: str
    subject_id: UUID
    as_of: date
    who: Words
    legal_basis: list[Words]
    answers: list[EntitlementView]
    disclaimer: Words
