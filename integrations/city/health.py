"""The health party (WJW): birth certificates and immunisation records."""

from collections.abc import Callable
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from app.kernel.structs import IdNumber
from integrations.city.births import certificate, doses_of, find_birth, recorded_doses
from integrations.city.fhir import CERTIFICATE_SYSTEM, ID_NUMBER_SYSTEM, bundle
from integrations.city.outcomes import NOT_FOUND, Outcome, QuestionRefused, question
from integrations.city.world import City

CertificateNo = Annotated[
    str, Meta(pattern=r"\A[A-Z][0-9]{9}\Z", description="Birth certificate: a letter and nine digits.")
]


class CertificateQuestion(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What does this birth certificate say?"""

    certificate_no: CertificateNo


class ImmunisationQuestion(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which doses has this child had? Exactly one of the two names it."""

    certificate_no: CertificateNo | None = None
    id_number: IdNumber | None = None


def birth_certificate(city: City, body: msgspec.Raw) -> Outcome:
    """Tell a birth certificate."""
    birth = find_birth(city, question(body, CertificateQuestion).certificate_no)
    return NOT_FOUND if birth is None else Outcome("ok", certificate(city, birth))


def immunisations(city: City, body: msgspec.Raw) -> Outcome:
    """Tell the doses of a child as a FHIR R4 Bundle."""
    asked = question(body, ImmunisationQuestion)
    if asked.certificate_no is not None and asked.id_number is None:
        if find_birth(city, asked.certificate_no) is None:
            return NOT_FOUND
        doses = recorded_doses(city, asked.certificate_no)
        return Outcome("ok", bundle(CERTIFICATE_SYSTEM, asked.certificate_no, doses))
    if asked.id_number is not None and asked.certificate_no is None:
        person = city.person(asked.id_number)
        return Outcome("ok", bundle(ID_NUMBER_SYSTEM, person.id_number, doses_of(city, person)))
    raise QuestionRefused("body_malformed")


SERVICES: Final[dict[str, Callable[[City, msgspec.Raw], Outcome]]] = {
    "birth_certificate": birth_certificate,
    "immunisations": immunisations,
}
