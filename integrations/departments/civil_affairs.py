"""What civil affairs (民政局) tells: who has custody of a child, and who becomes or ceases to be somebody's guardian.

Nothing is asked of it yet, so there is no port; its events come signed, like those of every department.
"""

from datetime import date
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from app.kernel.structs import Code, IdNumber, PersonName

CUSTODY_CHANGED: Final = "custody_changed"
GUARDIANSHIP_CHANGED: Final = "guardianship_changed"
GuardianshipChange = Literal["appointed", "revoked", "adopted"]


class GuardianNamed(msgspec.Struct, frozen=True):
    """A guardian, by name and number."""

    name: PersonName
    id_number: IdNumber


class WardNamed(msgspec.Struct, frozen=True):
    """A ward, by identity number, or by birth certificate while they have none."""

    id_number: IdNumber | None = None
    birth_certificate_no: Code | None = None

    def __post_init__(self) -> None:
        """Refuse two numbers, or none."""
        if (self.id_number is None) == (self.birth_certificate_no is None):
            raise ValueError("one of id_number and birth_certificate_no is needed")


Guardians = Annotated[tuple[GuardianNamed, ...], Meta(min_length=1, max_length=2)]


class CustodyDecision(msgspec.Struct, frozen=True):
    """With whom a child lives from a day on (直接抚养, 民法典 art. 1084): by agreement at a divorce, or by a court."""

    reference: Code
    effective_on: date
    child: WardNamed
    custodians: Guardians


class GuardianshipDecision(msgspec.Struct, frozen=True):
    """Guardians that a court or civil affairs appointed (arts. 28–32), whose guardianship a court revoked (art. 36), or who adopted."""

    reference: Code
    effective_on: date
    change: GuardianshipChange
    ward: WardNamed
    guardians: Guardians
