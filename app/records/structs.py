"""The timeline on the wire."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from app.kernel.structs import View
from app.kernel.words import Words


class TimelineEntry(View, frozen=True):
    """One thing that happened: when, what, to whom of the family, and who says so."""

    id: UUID
    person_id: UUID
    happened_at: datetime
    kind: str
    title: Words
    text: Words
    source: Annotated[str, Meta(description="A department's code, or the part of Fuhai that recorded it.")]
    about_id: UUID | None
    filed_at: datetime
