"""Life events on the wire."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta, field

from app.kernel.structs import LINE, Body, Slug, View
from app.kernel.words import Words
from lifecycle.catalogue.structs import EventCode
from lifecycle.life_events.definitions import Declarer, DetailType
from lifecycle.life_events.states import Source, State, Step
from lifecycle.rules.facts import Confidence

Detail = (
    Annotated[str, Meta(min_length=1, max_length=200, pattern=LINE)] | Annotated[int, Meta(ge=0, le=100_000_000_000)]
)


class DetailAsked(View, frozen=True):
    """Something that can be said of an event; a `date` is YYYY-MM-DD, a `division` its code, an `amount_fen` a whole number."""

    name: str
    type: DetailType
    title: Words
    required: bool


class Coded(View, frozen=True):
    """A matter, bundle or kind of fact by its code and name."""

    code: str
    name: Words


class LifeEventOffer(View, frozen=True, kw_only=True):
    """A life event of the catalogue: who declares it, what is asked, and what follows from it.

    `told_by_date` comes by itself on a birthday; `for_everybody` on days that the law sets, and is recorded of nobody.
    """

    code: str
    name: Words
    stage: str
    declared_by: list[Declarer]
    details: list[DetailAsked]
    past_days: int | None
    future_days: int
    matters_for_days: int | None
    only_one: bool
    told_by_date: bool
    for_everybody: bool
    means: list[Coded]
    bundles: list[Coded]
    matters: list[Coded]


class NewLifeEvent(Body, frozen=True):
    """What happened, to oneself or a ward, when, and what else is asked of it."""

    event: EventCode
    occurred_on: date
    person_id: UUID | None = None
    details: Annotated[dict[Slug, Detail], Meta(max_length=12)] = field(default_factory=dict)


class TakingBack(Body, frozen=True):
    """Why, if somebody likes to say."""

    reason: Annotated[str, Meta(min_length=1, max_length=200, pattern=LINE)] | None = None


class LifeEventView(View, frozen=True, kw_only=True):
    """An event in somebody's life. `suggested` waits for their word; `ended` matters no more.

    `confidence` says how sure it is: `declared` by the person, or `told` by a department or a date.
    """

    id: UUID
    person_id: UUID
    event: str
    name: Words
    occurred_on: date
    source: Source
    told_by: str | None
    confidence: Confidence
    state: State
    details: dict[str, str | int]
    about_id: UUID | None
    made_at: datetime
    changed_at: datetime
    expires_on: date | None


class StepView(View, frozen=True):
    """A step of an event: when it was taken, and by what kind of actor."""

    at: datetime
    step: Step
    by: str
    reason: str | None


class StillOpen(View, frozen=True, kw_only=True):
    """A bundle or case of what the event brings up, opened since. A draft that nobody wrote in is `untouched`."""

    kind: str
    id: UUID
    person_id: UUID
    code: str
    name: Words
    state: str
    untouched: bool


class LifeEventFile(View, frozen=True, kw_only=True):
    """An event with its steps and what follows: facts that rules read, bundles and matters, and what is open of those.

    Taking an event back withdraws nothing that is open, except untouched drafts where that was asked: `withdrawn` names them.
    """

    event: LifeEventView
    steps: list[StepView]
    means: list[Coded]
    bundles: list[Coded]
    matters: list[Coded]
    open: list[StillOpen]
    withdrawn: list[UUID]
