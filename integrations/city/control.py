"""The developers' face: meet people, read their phones, deliver children, confirm payments, break things.

It stands on the loopback interface only, and needs no sign-in: everything behind it is invented.
"""

import secrets
from datetime import date
from typing import Annotated, Final, Literal, TypeVar

import msgspec
from litestar import Controller, Request, get, post, put
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from msgspec import Meta

from app.kernel import clock
from app.kernel.identity_documents import ID_CARD, DocumentType
from app.kernel.structs import Body, Code, IdNumber, Slug
from integrations.city import births, changes, family_events
from integrations.city.dossiers import dossier, household_dossier
from integrations.city.errors import CityBodyMalformed, CityQueryMalformed
from integrations.city.faults import Fault
from integrations.city.health import CertificateNo
from integrations.city.immunisations import VACCINES, Dose
from integrations.city.people import RELATIONS, Person
from integrations.city.police import NumberAsked
from integrations.city.population import REFERENCE
from integrations.city.seeking import Sought, seek
from integrations.city.sms_channel import messages_to
from integrations.city.wechat import log_in
from integrations.city.world import City
from integrations.departments.changes import RecordChanged
from integrations.departments.civil_affairs import (
    CustodyDecision,
    GuardianshipChange,
    GuardianshipDecision,
    WardNamed,
)
from integrations.departments.police import Death

T = TypeVar("T")
FACE_TOKEN_SECONDS: Final = 300


class BirthOrder(Body, frozen=True):
    """Who gives birth, and to whom; the sex is drawn if it isn't said."""

    mother_id_number: IdNumber
    sex: Literal["male", "female"] | None = None


class DeathOrder(Body, frozen=True):
    """Who died; today, if no day is said."""

    id_number: IdNumber
    died_on: date | None = None


class CustodyOrder(Body, frozen=True):
    """With whom a child (by number or birth certificate) lives from today on."""

    child: WardNamed
    custodians: Annotated[tuple[IdNumber, ...], Meta(min_length=1, max_length=2)]


class GuardianshipOrder(Body, frozen=True):
    """Who becomes somebody's guardian from today on, or is it no longer."""

    change: GuardianshipChange
    ward: WardNamed
    guardians: Annotated[tuple[IdNumber, ...], Meta(min_length=1, max_length=2)]


class ChangeOrder(Body, frozen=True):
    """What one of a department's services says has changed, and about whom (by number or birth certificate)."""

    department: Code
    service: Slug
    person: WardNamed


class DoseOrder(Body, frozen=True):
    """A dose to be recorded, for exactly one of certificate and number."""

    vaccine: str
    dose_no: Annotated[int, Meta(ge=1, le=9)]
    date: date
    certificate_no: CertificateNo | None = None
    id_number: IdNumber | None = None


class FaceOrder(Body, frozen=True):
    """Who looks into the camera."""

    id_number: NumberAsked
    document_type: DocumentType = ID_CARD


class WeChatOpened(Body, frozen=True):
    """Who opens the mini-program, by any name; WeChat takes a blocked one for a risk."""

    user: Code
    blocked: bool = False


class ControlController(Controller):
    """`/control/…`."""

    path = "/control"

    @get("/people")
    async def people(self, request: Request[object, object, State], city: NamedDependency[City]) -> dict[str, object]:
        """Meet people: four demo people first, then everybody in the order in which they were drawn, by age, division, kind …."""
        found = seek(city.population, _asked(request, Sought))
        return {"items": [_introduced(person) for person in found.people], "next_offset": found.next_offset}

    @get("/people/{number:str}")
    async def person(self, city: NamedDependency[City], number: FromPath[str]) -> dict[str, object]:
        """Tell everything that the city's registers say about somebody, and about their household."""
        person = city.person(number)
        told = dossier(city.population, person)
        home = city.population.household_of(person)
        known = msgspec.structs.asdict(told) | {"doses": births.doses_of(city, person)}
        household = household_dossier(city.population, home) if home is not None else None
        return {"as_of": REFERENCE, **known, "household": household}

    @get("/sms")
    async def sms(self, city: NamedDependency[City], phone: FromQuery[str]) -> dict[str, object]:
        """Read a phone: its messages, the newest first."""
        return {"items": messages_to(city, phone[-11:])}

    @get("/births")
    async def all_births(self, city: NamedDependency[City]) -> dict[str, object]:
        """List the births, the newest first, with the numbers of registered children."""
        return {"items": births.births(city)}

    @post("/births", status_code=201)
    async def deliver(self, request: Request[object, object, State], city: NamedDependency[City]) -> dict[str, object]:
        """Deliver a child; the portal is told by the signed event `child_born`."""
        order = await read_body(request, BirthOrder)
        return births.certificate(city, births.deliver(city, order.mother_id_number, order.sex))

    @post("/deaths", status_code=201)
    async def die(self, request: Request[object, object, State], city: NamedDependency[City]) -> Death:
        """Register a death; the portal is told by the signed event `person_died`."""
        order = await read_body(request, DeathOrder)
        return family_events.register_death(city, order.id_number, order.died_on)

    @post("/custody", status_code=201)
    async def custody(self, request: Request[object, object, State], city: NamedDependency[City]) -> CustodyDecision:
        """Decide with whom a child lives; the portal is told by the signed event `custody_changed`."""
        order = await read_body(request, CustodyOrder)
        return family_events.award_custody(city, order.child, order.custodians)

    @post("/guardianship", status_code=201)
    async def guardianship(
        self, request: Request[object, object, State], city: NamedDependency[City]
    ) -> GuardianshipDecision:
        """Appoint guardians, revoke a guardianship, or let somebody adopt; told by the signed event `guardianship_changed`."""
        order = await read_body(request, GuardianshipOrder)
        return family_events.change_guardians(city, order.change, order.ward, order.guardians)

    @post("/changes", status_code=201)
    async def change(self, request: Request[object, object, State], city: NamedDependency[City]) -> RecordChanged:
        """Let a register have changed; the portal is told by the signed event `record_changed`."""
        order = await read_body(request, ChangeOrder)
        return changes.tell_change(city, order.department.lower(), order.service, order.person)

    @post("/vaccinations", status_code=201)
    async def vaccinate(self, request: Request[object, object, State], city: NamedDependency[City]) -> Dose:
        """Record a dose."""
        order = await read_body(request, DoseOrder)
        if order.vaccine not in VACCINES or (order.certificate_no is None) == (order.id_number is None):
            raise CityBodyMalformed(vaccines=list(VACCINES), needs="certificate_no or id_number")
        dose = Dose(order.date, order.vaccine, order.dose_no)
        births.vaccinate(city, (order.certificate_no, order.id_number), dose)
        return dose

    @post("/face", status_code=201)
    async def face(self, request: Request[object, object, State], city: NamedDependency[City]) -> dict[str, str]:
        """Let a person look into the camera; the token counts once, for five minutes."""
        order = await read_body(request, FaceOrder)
        person = city.person(order.id_number, order.document_type)
        token = secrets.token_urlsafe(24)
        expires_at = clock.epoch_seconds() + FACE_TOKEN_SECONDS
        city.store.write("INSERT INTO face_token VALUES (?, ?, ?)", token, person.id_number, expires_at)
        return {"face_token": token}

    @post("/wechat/login", status_code=201)
    async def open_wechat(self, request: Request[object, object, State], city: NamedDependency[City]) -> dict[str, str]:
        """Let somebody open the mini-program; the login code counts once, for five minutes."""
        opened = await read_body(request, WeChatOpened)
        return {"code": log_in(city, opened.user, blocked=opened.blocked)}

    @get("/deliveries")
    async def deliveries(self, city: NamedDependency[City]) -> dict[str, object]:
        """Show the city's outgoing post: what arrived, what waits, what was given up."""
        rows = city.store.all("SELECT id, kind, subject, attempts, state FROM delivery ORDER BY rowid DESC LIMIT 100")
        return {"items": [dict(row) for row in rows]}

    @get("/faults")
    async def faults(self, city: NamedDependency[City]) -> dict[str, object]:
        """Show which parties misbehave."""
        return {"items": city.faults.all()}

    @put("/faults")
    async def put_fault(self, request: Request[object, object, State], city: NamedDependency[City]) -> Fault:
        """Let a party misbehave until it is set otherwise or the city restarts."""
        fault = await read_body(request, Fault)
        city.faults.put(fault)
        return fault


def _asked(request: Request[object, object, State], kind: type[T]) -> T:
    """Read a query; refuses (`CityQueryMalformed`) names and values that nobody knows."""
    try:
        return msgspec.convert(dict(request.query_params), kind, strict=False)
    except msgspec.ValidationError as error:
        raise CityQueryMalformed(what=str(error)) from error


async def read_body(request: Request[object, object, State], kind: type[T]) -> T:
    """Read a body; refuses (`CityBodyMalformed`) what isn't such a thing."""
    try:
        return msgspec.json.decode(await request.body(), type=kind)
    except (msgspec.DecodeError, RecursionError) as error:
        raise CityBodyMalformed(problem=str(error)) from error


def _introduced(person: Person) -> dict[str, object]:
    return {
        "name": person.name,
        "id_number": person.id_number,
        "phone": person.phone,
        "sex": person.sex,
        "birth_date": person.birth_date,
        "division": person.division,
        "division_code": person.division_code,
        "household_no": person.household_no,
        "relation": RELATIONS[person.relation_code],
        "relation_code": person.relation_code,
        "spouse": person.spouse,
        "alive": person.alive,
        "demo": person.demo,
    }
