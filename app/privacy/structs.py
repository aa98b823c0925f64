"""Consents on the wire."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta

from app.kernel.structs import Body, Slug, View
from app.kernel.words import Words
from app.privacy.purposes import PurposeKind


class ConsentChoice(Body, frozen=True):
    """One purpose, allowed or not."""

    purpose: Slug
    given: bool


class ConsentChoices(Body, frozen=True):
    """What is to be changed; purposes that aren't named stay as they are."""

    items: Annotated[tuple[ConsentChoice, ...], Meta(min_length=1, max_length=50)]


class ConsentView(View, frozen=True):
    """One purpose, and whether the citizen allows it; `at` is null where they never chose."""

    purpose: str
    kind: PurposeKind
    title: Words
    given: bool
    at: datetime | None


class ConsentsView(View, frozen=True):
    """Everything that can be allowed; `version` is what `If-Match` asks for."""

    version: int
    items: list[ConsentView]
