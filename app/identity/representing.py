"""`Fuhai-Acting-For`: whoever calls acts for another, by a power that holds today or as guardian.

A route serves others only where it names the scope in `opt["acting_for"]`; all else is refused. The caller becomes a `Citizen`
who stands on the rows of the person acted for, and is named in whatever they do. Each such request is sealed in that person's log.
"""

from typing import Any, Final
from uuid import UUID

import msgspec
from litestar.connection import ASGIConnection

from app.audit.acts import Act, seal_act
from app.audit.basis import Basis
from app.identity.delegation_errors import ActingForWrong, GuardianshipEnded, NotForOthers, PowerUnknown
from app.identity.powers import guardians_scopes
from app.identity.sessions import IDENTITY
from app.kernel import clock
from app.kernel.actors import Acting, Citizen, PowerLacksScope, Scope
from app.kernel.database import Row, fetch_all, fetch_one, transaction
from app.kernel.errors import Refusal
from app.kernel.idempotency import ACTING_FOR
from app.kernel.ids import shard_of
from app.residents.people import resident
from app.residents.structs import Resident

_POWERS: Final = """
SELECT d.id, d.scopes, d.matters FROM delegation d JOIN resident g ON g.shard = d.shard AND g.id = d.citizen_id
WHERE d.shard = $1 AND d.citizen_id = $2 AND d.delegate_id = $3 AND d.state = 'accepted' AND d.valid_from <= $4 AND $4 <= d.valid_to
AND g.died_on IS NULL AND g.frozen_at IS NULL AND g.merged_into IS NULL ORDER BY d.id
"""
_GUARDIANSHIP: Final = """
SELECT (until IS NULL OR until > $4) AS holds, custody FROM kinship
WHERE shard = $1 AND citizen_id = $2 AND other_id = $3 AND relation = 'guardian_of'
"""


async def as_represented(connection: ASGIConnection[Any, Any, Any, Any], caller: Citizen) -> Citizen:
    """The caller, or the person for whom they say that they act.

    Refuses `ActingForWrong`, `NotForOthers` (or what the route names instead), `PowerUnknown`, `GuardianshipEnded` and
    `PowerLacksScope`.
    """
    named = connection.headers.getall(ACTING_FOR, [])
    if not named:
        return caller
    opt = connection.route_handler.opt
    if "acting_for" not in opt:
        refusal: type[Refusal] = opt.get("not_for_others", NotForOthers)
        raise refusal
    person_id = _read(named)
    async with transaction(IDENTITY):
        acting = await _right(caller, person_id, Scope(opt["acting_for"]))
        represented = msgspec.structs.replace(
            caller, id=person_id, agent_id=caller.id, acting=acting, wards=(), apart=()
        )
        basis = Basis(acting.basis, str(acting.power_id or caller.id))
        await seal_act(Act.ACTED_FOR, represented, about=person_id, subject=acting.power_id, basis=basis)
    return represented


def _read(named: list[str]) -> UUID:
    if len(named) != 1:
        raise ActingForWrong
    try:
        return msgspec.convert(named[0].strip(), UUID)
    except msgspec.ValidationError as error:
        raise ActingForWrong from error


async def _right(caller: Citizen, person_id: UUID, scope: Scope) -> Acting:
    """By which right the caller acts: as guardian, or by their powers from this person, taken together."""
    guardianship = await fetch_one(_GUARDIANSHIP, shard_of(caller.id), caller.id, person_id, clock.today())
    if guardianship is not None and guardianship["holds"]:
        return _as_guardian(await resident(person_id), scope, apart=guardianship["custody"] is False)
    powers = await fetch_all(_POWERS, shard_of(person_id), person_id, caller.id, clock.today())
    if not powers and guardianship is not None:
        raise GuardianshipEnded
    if not powers:
        raise PowerUnknown
    fitting = [power for power in powers if scope in power["scopes"]]
    if not fitting:
        raise PowerLacksScope(scope=scope.value)
    return Acting("power", fitting[0]["id"], _matters(fitting))


def _as_guardian(ward: Resident, scope: Scope, *, apart: bool) -> Acting:
    """A guardian acts with their own proven identity, so the ward's frozen one doesn't stop them."""
    if ward.died_on is not None:
        raise PowerUnknown
    if scope not in guardians_scopes(ward.birth_date, clock.today(), apart=apart):
        raise PowerLacksScope(scope=scope.value)
    return Acting("guardianship")


def _matters(powers: list[Row]) -> tuple[str, ...] | None:
    """The matters that several powers allow together; one without a list allows all."""
    lists = [power["matters"] for power in powers]
    return None if None in lists else tuple(sorted({matter for one in lists for matter in one}))
