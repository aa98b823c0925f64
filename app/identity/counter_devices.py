"""Enrolling a phone at a counter (窗口绑定): its owner shows a code on it, and an officer has seen their papers instead of a camera."""

import secrets
from datetime import timedelta
from typing import Final
from uuid import UUID, uuid5

import msgspec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key

from app.audit.basis import Basis
from app.identity import devices, limits, sessions
from app.identity.comparing import comparison_of
from app.identity.dpop import thumbprint_of_key
from app.identity.freeze_errors import IdentityFrozen
from app.identity.invitation_errors import CounterCodeUnknown
from app.identity.invitation_structs import CounterCodeShown, CounterEnrolled, CounterEnrolment, DeviceForCounter
from app.kernel import clock, short_lived
from app.kernel.actors import Citizen, Officer, require_any_right, require_right
from app.kernel.database import fetch_value, transaction
from app.kernel.ids import shard_of
from app.kernel.text import normalised
from app.kernel.two_officers import require_not_ones_own
from app.kernel.words import Words
from app.keys.fields import blind_index, open_field, seal_field
from app.pki.requests import proved_key, require_p256
from app.residents.people import locked
from app.residents.structs import Resident

ENROL: Final = "enrol_device"
ACTIONS: Final = {ENROL: Words(zh="窗口绑定设备", en="Enrol devices at a counter")}
"""What officers can be granted here."""
MATTER: Final = "identity"
_PURPOSE: Final = "counter-code"
_CODES: Final = UUID("019ac0de-0000-7000-8000-000000000001")
"""Names the row that a code's content is sealed for."""


class _Waiting(msgspec.Struct, frozen=True):
    """A phone whose owner is on the way to the counter."""

    citizen_id: UUID
    session_id: UUID
    key: bytes
    name: str


async def show_code(citizen: Citizen, asked: DeviceForCounter) -> CounterCodeShown:
    """Give the code that the phone shows at the counter, for some minutes.

    Refuses `TriedTooOften`, and what `proved_key` refuses.
    """
    key = proved_key(asked.csr)
    await limits.count(limits.INVITATIONS, str(citizen.id))
    code, lives = f"{secrets.randbelow(10**8):08d}", timedelta(minutes=limits.limit_today("counter_code_minutes"))
    shown = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    waiting = msgspec.json.encode(_Waiting(citizen.id, citizen.session_id, shown, asked.name))
    await short_lived.put(_PURPOSE, _index(code), seal_field("short_lived", "value", _row(code), waiting), lives)
    return CounterCodeShown(
        code=code,
        comparison=comparison_of(thumbprint_of_key(key)),
        expires_in_seconds=int(lives.total_seconds()),
    )


async def enrol(officer: Officer, asked: CounterEnrolment) -> CounterEnrolled:
    """Enrol the phone of somebody whose papers the officer has seen; the session on it is at level 3 from now on if it is bound.

    Needs the grant `enrol_device` for the person's division. Refuses `NoRight`, `CounterCodeUnknown` also where the code is
    somebody else's or its session is over, `SameOfficer` the officer themselves, `IdentityFrozen` (unfreeze first), `TriedTooOften`,
    `TooManyDevices` and `TooManyNewDevices`.
    """
    require_any_right(officer, ENROL, MATTER)
    await limits.count(limits.OFFICER_LOOKUPS, str(officer.id))
    waiting = await _waiting(asked.code)
    async with transaction(sessions.IDENTITY):
        person = await locked(waiting.citizen_id)
        if not _is_named(person, asked):
            raise CounterCodeUnknown
        require_right(officer, ENROL, MATTER, person.division_code or "", clock.today())
        require_not_ones_own(officer, person.id)
        await _refuse_unless_still_theirs(person, waiting)
        key = require_p256(load_der_public_key(waiting.key))
        row = await devices.certify(officer, person.id, key, waiting.name, Basis("counter", str(waiting.session_id)))
        await devices.raise_session(waiting.session_id, row)
    await short_lived.take(_PURPOSE, _index(asked.code))
    return CounterEnrolled(person.id, row["id"], comparison_of(row["jkt"]))


async def _refuse_unless_still_theirs(person: Resident, waiting: _Waiting) -> None:
    """Refuse a phone whose session ended after it showed the code (signed out everywhere, died), and whose owner is frozen."""
    open_still = await fetch_value(
        "SELECT true FROM session WHERE shard = $1 AND id = $2 AND ended_at IS NULL AND expires_at > $3",
        *(shard_of(waiting.session_id), waiting.session_id, clock.now()),
    )
    if person.died_on is not None or open_still is None:
        raise CounterCodeUnknown
    if person.frozen_at is not None:
        raise IdentityFrozen(frozen_at=person.frozen_at)


def _is_named(person: Resident, asked: CounterEnrolment) -> bool:
    return (person.name, person.id_number) == (normalised(asked.name), asked.id_number.upper())


async def _waiting(code: str) -> _Waiting:
    sealed = await short_lived.get(_PURPOSE, _index(code))
    if sealed is None:
        raise CounterCodeUnknown
    return msgspec.json.decode(open_field("short_lived", "value", _row(code), sealed), type=_Waiting)


def _index(code: str) -> str:
    return blind_index(_PURPOSE, code).hex()


def _row(code: str) -> UUID:
    return uuid5(_CODES, code)
