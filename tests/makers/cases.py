"""Makers of families, drafts and cases of the matter `birth_household_registration`, against the sandbox city."""

import base64
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from uuid import UUID

import httpx
import msgspec
from cryptography.hazmat.primitives.serialization import Encoding

from app.kernel import clock
from app.kernel.actors import Citizen, Officer
from app.kernel.database import execute, transaction
from app.kernel.ids import shard_of
from app.kernel.settings import Settings
from app.keys.algorithms import LocalKey, VerifyingKey, verifying_key
from app.pki.enrolment import Issued, issue, opaque_label
from app.pki.profiles import Kind
from app.pki.verification import read_shown
from integrations.city.keys import read_p256_key
from integrations.departments.directory import HEALTH, NAMES, POLICE, keyid_of, parties
from integrations.departments.health import HealthClient
from integrations.departments.orders import OrdersClient
from integrations.departments.police import PoliceClient
from integrations.departments.registers import RegistersClient
from integrations.exchange.archive import DatabaseArchive
from integrations.exchange.client import ExchangeClient, Patience
from integrations.transit.client import TransitFeeds
from lifecycle.birth.household_registration import MATTER
from lifecycle.cases import (
    carrying_out,
    casebook,
    confirmation,
    decisions,
    drafts,
    prefilling,
    ratings,
    signing,
    signing_input,
    submission,
)
from lifecycle.cases.carrying_out import OFFICE
from lifecycle.cases.casebook import CaseFile
from lifecycle.cases.rating_structs import NewRating
from lifecycle.cases.states import Step
from lifecycle.cases.structs import CaseRef, FormChange, NewCase, Submission
from tests.makers.callers import a_key, headers, the_authorities_of_the_product, the_recorded_authorities
from tests.makers.city import FATHER, MOTHER, PORTAL, Town, date_of_birth
from tests.makers.outside import Phones
from tests.makers.people import a_guardian_of, a_newborn, an_officer
from tests.makers.pki import a_csr


class CityPorts:
    """The departments' real clients, talking to a running city."""

    def __init__(self, town: Town, http: httpx.AsyncClient) -> None:
        settings = Settings(city_port=int(town.options.origin.rpartition(":")[2]))
        keys = {keyid_of(code, settings): _key_of(town, code) for code in NAMES}
        exchange = ExchangeClient(http, PORTAL, keys.get, DatabaseArchive())
        exchange.patience = Patience(attempts=1, seconds_a_try=3, seconds=3)
        self.parties = known = parties(settings)
        self.exchange = exchange
        self.police = PoliceClient(exchange, known[POLICE])
        self.health = HealthClient(exchange, known[HEALTH])
        self.registers = RegistersClient(exchange, known)
        self.orders = OrdersClient(exchange, known)
        self.transit = TransitFeeds(http, f"{town.options.origin}/transit")


def _key_of(town: Town, code: str) -> VerifyingKey:
    return verifying_key(read_p256_key(town.keys.department_key(code.lower())).public_key())


@asynccontextmanager
async def a_fault(town: Town, **fault: object) -> AsyncIterator[None]:
    """Let a party of the city misbehave for a while; `party` names it."""
    await town.control("PUT", "faults", **fault)
    try:
        yield
    finally:
        await town.control("PUT", "faults", party=fault["party"])


class Family(msgspec.Struct, frozen=True):
    """A newborn and its parents, as the city knows them."""

    child: UUID
    born_on: date
    mother: Citizen
    father: Citizen
    certificate_no: str
    mother_name: str


async def a_family(town: Town, level: int = 2) -> Family:
    """A child delivered in the city just now, with both parents as its guardians."""
    await the_recorded_authorities()
    said = await town.birth()
    certificate_no, mother, father = str(said["certificate_no"]), said["mother"], said["father"]
    assert isinstance(mother, dict)
    assert isinstance(father, dict)
    born_on = date_of_birth(said)
    child = await a_newborn(birth_certificate_no=certificate_no, birth_date=born_on)
    family = Family(
        child=child,
        born_on=born_on,
        mother=await a_guardian_of(child, level, id_number=MOTHER, name=mother["name"]),
        father=await a_guardian_of(child, level, id_number=FATHER, name=father["name"]),
        certificate_no=certificate_no,
        mother_name=str(mother["name"]),
    )
    await _start_afresh(family)
    return family


async def _start_afresh(family: Family) -> None:
    """The city has one couple for all tests: earlier children have come of age, and earlier codes are forgotten."""
    async with transaction(OFFICE):
        for parent in (family.mother, family.father):
            await execute("DELETE FROM short_lived WHERE key = $1", str(parent.id))
            await execute(
                "UPDATE kinship SET until = $4 WHERE shard = $1 AND citizen_id = $2 AND other_id <> $3 AND relation = 'guardian_of'",
                *(shard_of(parent.id), parent.id, family.child, clock.today()),
            )


def a_form(family: Family, **changes: object) -> dict[str, object]:
    """What parents fill in."""
    return {"child_name": f"{family.mother_name[0]}安然", "follow": "mother", "ethnicity_code": "01", **changes}


async def a_draft(family: Family) -> CaseRef:
    """A mother's draft, prefilled."""
    opened = await drafts.open_case(family.mother, NewCase(MATTER, family.child))
    await prefilling.refresh(family.mother, opened.id, 3)
    return drafts.ref(await the_case(opened.id))


async def a_filled_draft(family: Family, **changes: object) -> CaseRef:
    """A complete draft."""
    draft = await a_draft(family)
    return await drafts.change(family.mother, draft.id, draft.version, FormChange(a_form(family, **changes)))


async def a_code(phones: Phones, citizen: Citizen, case_id: UUID) -> str:
    """The confirmation code that the citizen's phone receives."""
    await confirmation.send_code(phones, citizen, case_id)
    return phones.messages[-1][2][0]


async def a_submitted_case(family: Family, **changes: object) -> CaseRef:
    """A case that the mother submitted, confirmed by a code."""
    draft = await a_filled_draft(family, **changes)
    code = await a_code(Phones(), family.mother, draft.id)
    return await submission.submit(family.mother, draft.id, Submission(confirmation_code=code))


async def an_accepted_case(family: Family, officer: Officer, **changes: object) -> CaseRef:
    """A case that an officer claimed and accepted."""
    case = await a_submitted_case(family, **changes)
    await decisions.claim(officer, case.id)
    return await decisions.take(officer, case.id, Step.ACCEPT)


async def an_approved_case(family: Family, officer: Officer, **changes: object) -> CaseRef:
    """A case that an officer approved."""
    case = await an_accepted_case(family, officer, **changes)
    return await decisions.take(officer, case.id, Step.APPROVE)


async def an_issued_case(family: Family, **changes: object) -> CaseRef:
    """A case that the police have registered, with its licence."""
    case = await an_approved_case(family, an_officer(), **changes)
    await carrying_out.carry_out(carrying_out.ToCarryOut(case.id))
    return drafts.ref(await the_case(case.id))


async def a_rated_case(family: Family, stars: int = 2) -> CaseRef:
    """A case that came to its end, and that the mother rated."""
    case = await an_issued_case(family)
    await ratings.rate(family.mother, case.id, NewRating(stars, "等候时间太长，窗口只开了一个。"))
    return case


async def the_case(case_id: UUID) -> CaseFile:
    """A case as it is stored."""
    async with transaction(OFFICE):
        return await casebook.find(case_id)


async def keyed(citizen: Citizen, key: str | None = None) -> dict[str, str]:
    """A citizen's headers with an idempotency key."""
    return {**await headers(citizen), "Idempotency-Key": key or secrets.token_hex(8)}


async def a_draft_over_http(http: httpx.AsyncClient, family: Family) -> httpx.Response:
    """A draft opened over HTTP."""
    body = {"matter_code": MATTER, "subject_id": str(family.child)}
    return await http.post("/v1/cases", json=body, headers=await keyed(family.mother))


class Device(msgspec.Struct, frozen=True):
    """A device's key with its certificate."""

    key: LocalKey
    issued: Issued


async def a_signing_device(citizen_id: UUID) -> Device:
    """A device with a real certificate in the citizen's name."""
    the_authorities_of_the_product()
    key = a_key()
    return Device(LocalKey(key), await issue(Kind.DEVICE, a_csr(key), citizen_id, f"d1.cit-{opaque_label()}"))


def a_signature(device: Device, payload: bytes, **header: object) -> str:
    """A detached JWS by a device over a payload; `header` replaces members of the protected header."""
    der = read_shown(device.issued.certificate).public_bytes(Encoding.DER)
    members = {"alg": "ES256", "x5c": [base64.b64encode(der).decode()]} | header
    protected = signing.encoded(msgspec.json.encode(members))
    signature = device.key.sign(f"{protected}.{signing.encoded(payload)}".encode())
    return f"{protected}..{signing.encoded(signature)}"


async def a_signed_submission(device: Device, citizen: Citizen, case_id: UUID) -> Submission:
    """A submission signed over the form as it stands."""
    return Submission(signature=a_signature(device, await signing_input.payload_of(citizen, case_id)))
