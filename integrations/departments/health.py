"""What the Health Commission (卫生健康委员会) answers: birth certificates and immunisation records."""

from datetime import datetime, timedelta
from typing import Annotated, Final, Protocol

import msgspec
from msgspec import Meta

from app.kernel.structs import Code, IdNumber, Line, PersonName
from integrations.departments.fhir import Bundle, Dose, doses, is_all_of
from integrations.departments.police import Sex
from integrations.exchange.client import ExchangeClient
from integrations.exchange.errors import answered_about_another
from integrations.exchange.structs import Answered, Asking, Operation, Party

Instant = Annotated[datetime, Meta(tz=True)]
Grams = Annotated[int, Meta(ge=100, le=10_000)]
Millimetres = Annotated[int, Meta(ge=100, le=1_000)]


class Parent(msgspec.Struct, frozen=True):
    """A parent as the certificate names them."""

    name: PersonName
    id_number: IdNumber


class BornChild(msgspec.Struct, frozen=True):
    """The child as the hospital measured it."""

    sex: Sex
    born_at: Instant
    weight_g: Grams
    length_mm: Millimetres


class BirthCertificate(msgspec.Struct, frozen=True):
    """A medical certificate of birth (出生医学证明); also the body of the event `child_born`."""

    certificate_no: Code
    hospital: Line
    child: BornChild
    mother: Parent
    father: Parent | None


CHILD_BORN: Final = "child_born"
BIRTH_CERTIFICATE: Final = Operation(
    "birth_certificate", BirthCertificate, fresh_for=timedelta(days=30), usable_for=timedelta(days=365)
)
IMMUNISATIONS: Final = Operation("immunisations", Bundle, fresh_for=timedelta(hours=6), usable_for=timedelta(days=30))


class Health(Protocol):
    """The port. Every operation refuses as `ExchangeClient.call` does."""

    async def birth_certificate(self, asking: Asking, certificate_no: str) -> Answered[BirthCertificate]:
        """Ask for a birth certificate by its number."""

    async def immunisations_of_certificate(self, asking: Asking, certificate_no: str) -> Answered[tuple[Dose, ...]]:
        """Ask for the doses of a child who has no identity number yet, by birth certificate."""

    async def immunisations(self, asking: Asking, id_number: str) -> Answered[tuple[Dose, ...]]:
        """Ask for the doses of a person by identity number, in order of their days."""


class HealthClient:
    """The Health Commission over the exchange."""

    def __init__(self, exchange: ExchangeClient, party: Party) -> None:
        """Ask the party through the exchange."""
        self._exchange = exchange
        self._party = party

    async def birth_certificate(self, asking: Asking, certificate_no: str) -> Answered[BirthCertificate]:
        """Ask for a birth certificate by its number."""
        asked = {"certificate_no": certificate_no}
        said = await self._exchange.call(self._party, BIRTH_CERTIFICATE, asked, asking)
        if said.body.certificate_no != certificate_no:
            raise answered_about_another(self._party.name, self._party.code)
        return said

    async def immunisations_of_certificate(self, asking: Asking, certificate_no: str) -> Answered[tuple[Dose, ...]]:
        """Ask for the doses of a child who has no identity number yet."""
        return await self._doses({"certificate_no": certificate_no}, certificate_no, asking)

    async def immunisations(self, asking: Asking, id_number: str) -> Answered[tuple[Dose, ...]]:
        """Ask for the doses of a person by identity number."""
        return await self._doses({"id_number": id_number}, id_number, asking)

    async def _doses(self, asked: dict[str, str], number: str, asking: Asking) -> Answered[tuple[Dose, ...]]:
        said = await self._exchange.call(self._party, IMMUNISATIONS, asked, asking)
        if not is_all_of(said.body, number):
            raise answered_about_another(self._party.name, self._party.code)
        return Answered(doses_in(said.body), said.as_of, said.exchange_id, said.department)


def doses_in(bundle: Bundle) -> tuple[Dose, ...]:
    """The doses of an answer, in order of their days."""
    return tuple(sorted(doses(bundle), key=lambda dose: (dose.given_on, dose.vaccine_code, dose.dose_number)))
