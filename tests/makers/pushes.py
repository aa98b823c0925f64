"""What departments push about residents, signed with their published keys."""

import uuid
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives.asymmetric import ec

from app.kernel import clock
from app.keys.algorithms import LocalKey, verifying_key
from app.keys.request_signatures import Request, Signer
from app.residents import pushes
from app.residents.pushes import Departments
from app.residents.structs import PushTaken
from integrations.exchange.messages import make_push
from integrations.exchange.structs import Push
from tests.makers.people import the_resident
from tests.makers.signed import HEALTH, POLICE, a_signer, public_keys, secret_of

ADDRESS = "http://127.0.0.1:8000/v1/exchange/events"
CIVIL_AFFAIRS = "mzj.dept.fuhai.example"
CIVIL_AFFAIRS_KEY = ec.derive_private_key(int.from_bytes(secret_of("mzj")) >> 8, ec.SECP256R1())
KEYS = public_keys() | {CIVIL_AFFAIRS: verifying_key(CIVIL_AFFAIRS_KEY.public_key())}
SPEAKERS = {HEALTH: "WJW", POLICE: "GAJ", CIVIL_AFFAIRS: "MZJ"}
DEPARTMENTS = Departments(KEYS.get, SPEAKERS)
_KEYIDS = {code: keyid for keyid, code in SPEAKERS.items()}


def a_push(kind: str, body: object, department: str, event: UUID | None = None) -> Push:
    """An event of a department."""
    return Push(event or uuid.uuid4(), kind, clock.now(), department, msgspec.Raw(msgspec.json.encode(body)))


def signed(push: Push, at: datetime | None = None) -> Request:
    """The event, signed by the department in whose name it is."""
    keyid = _KEYIDS[push.department]
    signer = Signer(keyid, LocalKey(CIVIL_AFFAIRS_KEY)) if keyid == CIVIL_AFFAIRS else a_signer(keyid)
    message = make_push(push, ADDRESS, signer, at or clock.now())
    return Request("POST", ADDRESS, message.headers, message.body)


async def take(push: Push) -> PushTaken:
    """Have the product take an event in."""
    return await pushes.take_push(signed(push), DEPARTMENTS)


async def named(resident_id: UUID) -> dict[str, str | None]:
    """A resident by name and number, as departments name people."""
    known = await the_resident(resident_id)
    return {"name": known.name, "id_number": known.id_number}


async def a_ward_named(ward_id: UUID) -> dict[str, str | None]:
    """A ward by the number that they have."""
    known = await the_resident(ward_id)
    if known.id_number is not None:
        return {"id_number": known.id_number}
    return {"birth_certificate_no": known.birth_certificate_no}


async def a_death(resident_id: UUID, **changes: Any) -> Push:
    """The news that somebody died today."""
    told = {"reference": f"GA-{uuid.uuid4().hex[:8]}", **await named(resident_id), "died_on": clock.today()}
    return a_push("person_died", told | changes, "GAJ")


async def a_custody(child_id: UUID, *custodians: UUID, **changes: Any) -> Push:
    """The news with whom a child lives from today on."""
    told = {
        "reference": f"MZ-{uuid.uuid4().hex[:8]}",
        "effective_on": clock.today(),
        "child": await a_ward_named(child_id),
        "custodians": [await named(one) for one in custodians],
    }
    return a_push("custody_changed", told | changes, "MZJ")


async def a_guardianship(decided: str, ward_id: UUID, *guardians: UUID, **changes: Any) -> Push:
    """The news that somebody is a guardian from today on, or no longer."""
    told = {
        "reference": f"MZ-{uuid.uuid4().hex[:8]}",
        "effective_on": clock.today(),
        "change": decided,
        "ward": await a_ward_named(ward_id),
        "guardians": [await named(one) for one in guardians],
    }
    return a_push("guardianship_changed", told | changes, "MZJ")
