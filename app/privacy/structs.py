"""Consents on the wire."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

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


ExportState = Literal["queued", "running", "ready", "expired", "failed"]


class ExportView(View, frozen=True):
    """An export; while it runs, `done` of `total` rooms have been asked. `sha256` is that of the archive."""

    id: UUID
    state: ExportState
    ordered_at: datetime
    done: int
    total: int
    ready_at: datetime | None
    expires_at: datetime | None
    size_bytes: int | None
    sha256: str | None


class ExportList(View, frozen=True):
    """The citizen's exports, newest first."""

    items: list[ExportView]


class ExportDownload(View, frozen=True):
    """Where to get an archive; the address needs nothing else and ends soon."""

    url: str
    expires_at: datetime
    size_bytes: int
    sha256: str
