"""Materials (材料) of a form: what is asked for, what was attached, and what makes one unneeded."""

from typing import Annotated, Final, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from app.kernel.structs import Body, Line, Sha256, View
from app.kernel.words import Words

MATERIAL: Final = "x-material"
"""The key in JSON Schema under which stands what is taken as a material."""
Source = Literal["disk", "licence"]


class MaterialAsked(msgspec.Struct, frozen=True):
    """What is taken as a material: types by content, size in bytes, and what makes it unneeded.

    `waived_by` are fields that make it unneeded once departments fill in all of them, `licence_types` licences of which one valid one does;
    `needed` is false for what may always be left out.
    """

    types: tuple[str, ...]
    most_bytes: int
    waived_by: tuple[str, ...] = ()
    licence_types: tuple[str, ...] = ()
    needed: bool = True


class MaterialRef(msgspec.Struct, frozen=True):
    """A material as it stands in a form, and so is signed: where it was taken from, and the digest of exactly its bytes."""

    id: UUID
    source: Source
    name: Line
    content_type: str
    size_bytes: int
    sha256: Sha256


class Waiver(msgspec.Struct, frozen=True):
    """Why a material isn't needed: the department that says what it would, or the licence that does."""

    source: str
    licence_number: str | None = None

    @property
    def signed(self) -> str:
        """How a signature names it."""
        return self.source if self.licence_number is None else f"licence:{self.licence_number}"


class WaiverView(View, frozen=True, kw_only=True):
    """Why a material isn't needed: which department shares what it says, or which licence the person holds."""

    source: str
    source_name: Words
    licence_number: str | None
    words: Words


class MaterialSource(Body, frozen=True):
    """What to attach: a file of one's disk, or a licence; one of the two."""

    disk_node: Annotated[UUID | None, Meta(description="A file of your cloud disk.")] = None
    licence: Annotated[UUID | None, Meta(description="A licence of yours, or of whom the case concerns.")] = None
