"""Immunisation records as FHIR R4 writes them (hl7.org/fhir/R4/immunization.html), read strictly.

Only what the product uses is declared; what FHIR allows beside it is ignored. What it needs must be there and be unmistakable:
one code of the national programme, one dose number, a whole date. A record entered in error, or of a dose not given, is
no dose.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from app.kernel import clock
from app.kernel.structs import Line

VACCINE_SYSTEM: Final = "urn:fuhai:vaccine"
"""The code system of the national immunisation programme's vaccines (HepB, BCG, IPV …)."""

_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
DoseNumber = Annotated[int, Meta(ge=1, le=20)]
Short = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"\A[A-Za-z0-9][A-Za-z0-9._/-]*\Z")]


class FhirWrong(ValueError):  # noqa: N818 - a refusal is named as a fact
    """A bundle that isn't unmistakable."""


class Coding(msgspec.Struct, frozen=True):
    """A code of a system."""

    system: str | None = None
    code: Short | None = None
    display: Line | None = None


class CodeableConcept(msgspec.Struct, frozen=True):
    """The same thing in several systems."""

    coding: Annotated[tuple[Coding, ...], Meta(max_length=20)] = ()
    text: Line | None = None


class Reference(msgspec.Struct, frozen=True):
    """A place or an organisation, by its name."""

    display: Line | None = None


class Identifier(msgspec.Struct, frozen=True):
    """A number that names a person in a system."""

    value: Short


class Patient(msgspec.Struct, frozen=True):
    """Whose record it is, named by the number that was asked for."""

    identifier: Identifier


class Performer(msgspec.Struct, frozen=True):
    """Who gave the dose."""

    actor: Reference


class ProtocolApplied(msgspec.Struct, frozen=True, rename="camel"):
    """Which dose of a series it was."""

    dose_number_positive_int: DoseNumber


class Immunization(msgspec.Struct, frozen=True, rename="camel"):
    """One record of a dose."""

    resource_type: Literal["Immunization"]
    status: Literal["completed", "entered-in-error", "not-done"]
    vaccine_code: CodeableConcept
    patient: Patient
    occurrence_date_time: str
    protocol_applied: Annotated[tuple[ProtocolApplied, ...], Meta(min_length=1, max_length=1)]
    location: Reference | None = None
    performer: Annotated[tuple[Performer, ...], Meta(max_length=5)] = ()
    lot_number: Short | None = None


class Entry(msgspec.Struct, frozen=True):
    """One entry of a bundle."""

    resource: Immunization


class Bundle(msgspec.Struct, frozen=True, rename="camel"):
    """The answer to a search."""

    resource_type: Literal["Bundle"]
    type: Literal["searchset"]
    total: Annotated[int, Meta(ge=0)]
    entry: Annotated[tuple[Entry, ...], Meta(max_length=500)] = ()

    def __post_init__(self) -> None:
        """Refuse a bundle that holds only a part of what was found, and doses that aren't unmistakable."""
        if self.total != len(self.entry):
            raise FhirWrong("the bundle doesn't hold everything that was found")
        tuple(doses(self))


class Dose(msgspec.Struct, frozen=True):
    """One dose that was given."""

    vaccine_code: str
    dose_number: int
    given_on: date
    place: str | None
    lot: str | None


def is_all_of(bundle: Bundle, number: str) -> bool:
    """Say whether every record of a bundle is of the person with this number."""
    return all(entry.resource.patient.identifier.value == number for entry in bundle.entry)


def doses(bundle: Bundle) -> Iterator[Dose]:
    """Give the doses of a bundle that were given; refuses (`FhirWrong`) what can be read in two ways."""
    for entry in bundle.entry:
        if entry.resource.status == "completed":
            yield _dose(entry.resource)


def _dose(record: Immunization) -> Dose:
    codes = {coding.code for coding in record.vaccine_code.coding if coding.system == VACCINE_SYSTEM}
    code = codes.pop() if len(codes) == 1 else None
    if code is None:
        raise FhirWrong("a dose has one vaccine code of the national programme")
    return Dose(
        code, record.protocol_applied[0].dose_number_positive_int, _day(record), _place(record), record.lot_number
    )


def _day(record: Immunization) -> date:
    """The day in Shanghai; FHIR also allows a year or a month, which are too little here."""
    text = record.occurrence_date_time
    if _DATE.fullmatch(text):
        return date.fromisoformat(text)
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None:
        raise FhirWrong("a dose has a whole date, or an instant with its offset")
    return clock.local(instant).date()


def _place(record: Immunization) -> str | None:
    if record.location is not None and record.location.display is not None:
        return record.location.display
    return next((performer.actor.display for performer in record.performer if performer.actor.display), None)
