"""What crosses the wire of subscriptions."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta

from app.kernel.structs import Body, View
from app.kernel.words import Words
from app.notices.structs import Topics
from app.notices.subscribers import Advertising
from lifecycle.catalogue.structs import Department, Slug
from lifecycle.subscriptions.pushes import Choice, Sender

Standing = Literal["off", "on", "silenced", "terms_changed"]
Ending = Literal["switched_off", "agreed_anew", "decides_themselves", "guardianship_ended", "erased"]


class AskView(View, frozen=True):
    """What one may choose of a matter: topics `code.choice`; without choices, whatever fits `shape` (a regular expression)."""

    code: str
    name: Words
    choices: tuple[Choice, ...]
    shape: str | None


class SwitchOn(Body, frozen=True):
    """Switching a matter on: the version of its text that was read, and the separate consents that it needs.

    `advertising` agrees to what is advertising, `sensitive_data` to the use of sensitive data that the text names. `topics` are what one
    wants to hear of; none of a kind means all of it.
    """

    version: Annotated[int, Meta(ge=1, le=1_000_000)]
    advertising: bool = False
    sensitive_data: bool = False
    topics: Topics = ()


class SubscriptionView(View, frozen=True, kw_only=True):
    """A push matter: what is sent of it, on what data, how often and by whom; and whether it is on for a person.

    `silenced`: it is on, and the `purpose` that covers it was taken back since. `terms_changed`: what is sent or used is another
    than was agreed to; nothing is sent until it is switched on anew. `agreed_version` is the text that was agreed to.
    """

    matter: Slug
    name: Words
    summary: Words
    stage: Slug
    department: Department
    version: int
    sends: Words
    uses: Words
    how_often: Words
    sender: Sender
    advertising: Advertising
    sensitive: bool
    from_age: int
    below_age: int | None
    asks: tuple[AskView, ...]
    purpose: str
    person_id: UUID
    standing: Standing
    since: datetime | None
    agreed_version: int | None
    advertising_agreed: bool
    topics: list[str]


class SubscriptionChange(View, frozen=True, kw_only=True):
    """One time that the matter was on: from when, by which text, at which level and client, and how it ended."""

    version: int
    agreed_at: datetime
    advertising: bool
    sensitive_data: bool
    level: int
    client_id: str
    ended_at: datetime | None
    ended_by: Ending | None


class SubscriptionInFull(SubscriptionView, frozen=True, kw_only=True):
    """A push matter with everything that was ever agreed to about it, newest first."""

    history: list[SubscriptionChange]
