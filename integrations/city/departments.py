"""The departments' doors: every question is verified, every answer is signed."""

import uuid
from datetime import datetime, timedelta
from typing import Final

import msgspec
from litestar import Controller, Request, Response, post
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromPath

from app.kernel import clock
from app.kernel.errors import NotFound
from app.keys.errors import NonceReplayed
from app.keys.request_signatures import Request as SignedRequest
from app.keys.request_signatures import VerifiedRequest
from integrations.city import (
    admission,
    adult_learning,
    affordable_housing,
    birth_papers,
    booking,
    businesses,
    campus_cards,
    childcare,
    culture,
    diplomas,
    driver_health,
    driving,
    education_guides,
    estates,
    family_doctors,
    fines,
    foreign_workers,
    graduates,
    health,
    health_insurance,
    health_record,
    heating_stops,
    home_contracts,
    household_bills,
    household_pages,
    housing_fund,
    housing_market,
    invoices,
    journeys,
    labour_records,
    licence_renewal,
    market_prices,
    marriages,
    maternity,
    medical_care,
    medical_insurance,
    newborn_insurance,
    old_age_allowance,
    outpatient,
    parcels,
    parking,
    pensions,
    pharmacies,
    police,
    property_titles,
    public_exams,
    published_lists,
    qualifications,
    road_traffic,
    rural_delivery,
    school_bills,
    school_directory,
    school_reports,
    school_roll,
    social_security,
    special_education,
    student_grants,
    student_support,
    supermarkets,
    taxes,
    telecommunications,
    timetables,
    title_changes,
    utilities,
    vacancies,
    vaccination_checks,
    vaccination_clinics,
    welfare,
    welfare_homes,
    work_injuries,
)
from integrations.city.changes import SEPARATOR
from integrations.city.errors import CityPersonUnknown
from integrations.city.faults import Party
from integrations.city.keys import DEPARTMENTS
from integrations.city.outcomes import NOT_FOUND, Outcome, QuestionRefused
from integrations.city.post import Item, Parcel
from integrations.city.promises import promise
from integrations.city.registers import Service
from integrations.city.world import City
from integrations.exchange.messages import Asked, Reply, answer_request, make_push, read_request
from integrations.exchange.structs import Push

_BOOKED: Final = {pattern.department for pattern in booking.patterns()}
_REGISTERS: Final[dict[Party, dict[str, Service]]] = {party: {} for party in DEPARTMENTS} | {
    "gaj": (
        police.SERVICES
        | driving.SERVICES
        | fines.SERVICES
        | licence_renewal.SERVICES
        | road_traffic.SERVICES
        | birth_papers.POLICE_SERVICES
        | household_pages.SERVICES
        | estates.POLICE_SERVICES
    ),
    "wjw": (
        health.SERVICES
        | medical_care.SERVICES
        | birth_papers.HEALTH_SERVICES
        | maternity.SERVICES
        | childcare.SERVICES
        | marriages.HEALTH_SERVICES
        | health_record.SERVICES
        | family_doctors.SERVICES
        | outpatient.SERVICES
        | vaccination_clinics.SERVICES
        | vaccination_checks.SERVICES
        | driver_health.SERVICES
        | published_lists.HEALTH_SERVICES
    ),
    "rsj": (
        social_security.SERVICES
        | qualifications.SERVICES
        | vacancies.SERVICES
        | labour_records.SERVICES
        | graduates.SERVICES
        | public_exams.SERVICES
        | foreign_workers.SERVICES
        | work_injuries.SERVICES
        | pensions.SERVICES
    ),
    "jyj": (
        school_directory.SERVICES
        | admission.SERVICES
        | school_reports.SERVICES
        | diplomas.SERVICES
        | special_education.SERVICES
        | adult_learning.SERVICES
        | student_support.SERVICES
        | school_bills.SERVICES
        | education_guides.SERVICES
        | campus_cards.SERVICES
        | school_roll.SERVICES
        | student_grants.SERVICES
    ),
    "mzj": (welfare.SERVICES | old_age_allowance.SERVICES | welfare_homes.SERVICES | marriages.CIVIL_SERVICES),
    "ybj": (health_insurance.SERVICES | medical_insurance.SERVICES | newborn_insurance.SERVICES),
    "scjg": (businesses.CODE_SERVICES | pharmacies.SERVICES | published_lists.MARKET_SERVICES),
    "spj": businesses.OWN_SERVICES,
    "swj": (taxes.SERVICES | invoices.SERVICES | title_changes.TAX_SERVICES),
    "wlj": culture.SERVICES,
    "fgw": market_prices.SERVICES,
    "swu": (supermarkets.SERVICES | rural_delivery.SERVICES),
    "yzj": parcels.SERVICES,
    "bigdata": household_bills.SERVICES,
    "ut-w": utilities.WATER_SERVICES,
    "ut-e": utilities.POWER_SERVICES,
    "ut-g": utilities.GAS_SERVICES,
    "ut-h": (utilities.HEAT_SERVICES | heating_stops.SERVICES),
    "ut-tv": telecommunications.CABLE_SERVICES,
    "ut-t": telecommunications.PHONE_SERVICES,
    "zjj": (housing_market.SERVICES | affordable_housing.SERVICES | home_contracts.SERVICES),
    "gjj": housing_fund.SERVICES,
    "zrzy": (property_titles.SERVICES | estates.PROPERTY_SERVICES | title_changes.PROPERTY_SERVICES),
    "jtj": (timetables.SERVICES | journeys.SERVICES),
    "airport": timetables.AIRPORT_SERVICES,
    "cgj": parking.SERVICES,
}
SERVICES: Final[dict[Party, dict[str, Service]]] = {
    party: services | (booking.services(party.upper()) if party.upper() in _BOOKED else {})
    for party, services in _REGISTERS.items()
}
"""What each department answers; one without services only tells, or isn't asked yet."""
STALE_BY: Final = timedelta(days=30)
TELLERS: Final[dict[str, Party]] = {
    "child_born": "wjw",
    "person_died": "gaj",
    "custody_changed": "mzj",
    "guardianship_changed": "mzj",
}
"""Which department tells of which kind of event; of a changed record its own does."""


class DepartmentController(Controller):
    """`/gaj/exchange/{service}`, and the same for each other department."""

    @post("/{department:str}/exchange/{service:str}", status_code=200)
    async def ask(
        self,
        request: Request[object, object, State],
        department: FromPath[str],
        service: FromPath[str],
        city: NamedDependency[City],
    ) -> Response[bytes]:
        """Answer one question of the portal."""
        services = SERVICES.get(department)
        if services is None:
            raise NotFound
        await city.faults.suffer(department)
        asked = await _asked(request, city)
        if asked.request.service != service:
            return _signed(city, department, asked, Outcome("refused", reason="service_differs"))
        if service in services and city.faults.is_late(department, service):
            return _sent(city, department, asked, promise(city, department, asked, await request.body()), clock.now())
        return _signed(city, department, asked, outcome_of(city, services.get(service), asked.request.body))


async def _asked(request: Request[object, object, State], city: City) -> Asked:
    """Verify a question; its nonce is used up even if the answer is lost."""
    target = city.options.origin + request.scope["raw_path"].decode("ascii")
    fields = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in request.scope["headers"]]
    raw = await request.body()
    asked = read_request(SignedRequest("POST", target, fields, raw), city.portal_key, clock.now())
    _use_up(city, asked.verified)
    return asked


def _use_up(city: City, verified: VerifiedRequest) -> None:
    city.store.write("DELETE FROM nonce WHERE until < ?", clock.epoch_seconds())
    fresh = city.store.write(
        "INSERT OR IGNORE INTO nonce VALUES (?, ?, ?)", verified.keyid, verified.nonce, verified.replayable_until
    )
    if fresh != 1:
        raise NonceReplayed


def outcome_of(city: City, serve: Service | None, body: msgspec.Raw) -> Outcome:
    """Let a department say what it says; strangers are `not_found`, what it doesn't do is `refused` with the reason."""
    if serve is None:
        return Outcome("refused", reason="service_unknown")
    try:
        return serve(city, body)
    except CityPersonUnknown:
        return NOT_FOUND
    except QuestionRefused as refusal:
        return Outcome("refused", reason=refusal.reason)


def _signed(city: City, party: Party, asked: Asked, outcome: Outcome) -> Response[bytes]:
    now = clock.now()
    as_of = now - STALE_BY if city.faults.of(party).stale else now
    return _sent(city, party, asked, Reply(uuid.uuid4(), outcome.status, as_of, outcome.body, outcome.reason), now)


def _sent(city: City, party: Party, asked: Asked, reply: Reply, now: datetime) -> Response[bytes]:
    message = answer_request(asked, reply, city.signers[party], now)
    headers = {name: value for name, value in message.headers.items() if name != "content-type"}
    body = city.faults.spoil(party, message.body)
    return Response(body, status_code=message.status, headers=headers, media_type="application/json")


def pack_event(city: City, item: Item, now: datetime) -> Parcel:
    """Sign an event of the department that tells of it for the portal, for one attempt."""
    teller = TELLERS.get(item.kind) or item.subject.partition(SEPARATOR)[0]
    event = Push(
        id=uuid.UUID(item.id), kind=item.kind, at=now, department=teller.upper(), body=msgspec.Raw(item.payload)
    )
    url = f"{city.options.portal}/v1/exchange/events"
    message = make_push(event, url, city.signers[teller], now)
    return Parcel(url, message.headers, message.body)
