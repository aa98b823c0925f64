"""What crosses the wire when lines of a licence are presented."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from app.kernel.structs import Body, ShortLine, Slug, View


class NewPresentation(Body, frozen=True):
    """Which lines to show, by their names; perhaps to whom, and for what."""

    lines: Annotated[tuple[Slug, ...], Meta(min_length=1, max_length=40)]
    audience: ShortLine | None = None
    purpose: ShortLine | None = None


class Content(msgspec.Struct, frozen=True):
    """What is kept, sealed, of a presentation: which lines, to whom, for what."""

    lines: tuple[str, ...]
    audience: str | None
    purpose: str | None


class PresentationView(View, frozen=True, kw_only=True):
    """A presentation: what was shown, to whom, until when, and how often it was checked. `live` says whether it opens anything now."""

    id: UUID
    licence_id: UUID
    presented_by: UUID
    lines: tuple[str, ...]
    audience: str | None
    purpose: str | None
    made_at: datetime
    expires_at: datetime
    ended_at: datetime | None
    live: bool
    checked: int
    checked_at: datetime | None


class PresentationShown(View, frozen=True, kw_only=True):
    """A new presentation with what is shown of it, given once.

    `verify_url` goes into a QR code; whoever reads it checks `code` at `/v1/verify`. `sd_jwt` (RFC 9901, `dc+sd-jwt`) is for
    programs, which verify it by the city's root without asking.
    """

    presentation: PresentationView
    code: str
    verify_url: str
    sd_jwt: str
