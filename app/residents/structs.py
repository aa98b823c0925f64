"""What this room takes and gives, inside the product and on the wire."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

import msgspec

from app.kernel.identity_documents import DocumentType
from app.kernel.structs import View

SexCode = Literal["male", "female"]
Relation = Literal["guardian_of", "ward_of", "parent_of", "child_of", "spouse_of"]


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of somebody when they become a resident; whatever is missing may come later.

    At least one of the numbers says who it is.
    """

    name: str | None = None
    birth_date: date | None = None
    sex: SexCode | None = None
    division_code: str | None = None
    id_number: str | None = None
    phone: str | None = None
    birth_certificate_no: str | None = None
    document_type: DocumentType | None = None
    document_number: str | None = None

    def __repr__(self) -> str:
        """Show nothing, because what is printed ends in a log."""
        return "Person(…)"


class Resident(msgspec.Struct, frozen=True, kw_only=True):
    """A resident, with their numbers opened."""

    id: UUID
    known_since: datetime
    name: str | None
    birth_date: date | None
    sex: SexCode | None
    division_code: str | None
    died_on: date | None
    real_name_at: datetime | None
    id_number: str | None
    phone: str | None
    birth_certificate_no: str | None
    document_type: DocumentType | None
    document_number: str | None
    merged_into: UUID | None
    frozen_at: datetime | None

    def __repr__(self) -> str:
        """Show the id only, because what is printed ends in a log."""
        return f"Resident({self.id})"


class Kin(msgspec.Struct, frozen=True):
    """Somebody to whom a resident is related; `relation` says what the resident is to them.

    `decided_on` and `custody_on` are the days from which the newest decisions hold that are known of this tie and of custody.
    """

    id: UUID
    relation: Relation
    source: str
    since: date
    until: date | None
    custody: bool | None
    decided_on: date | None
    custody_on: date | None


class PushTaken(View, frozen=True):
    """A department's event was taken in."""

    id: UUID
    received: bool
