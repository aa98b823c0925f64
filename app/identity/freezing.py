"""Freezing an identity (冻结): from now on nobody but a guardian may act for this person, until they prove anew who they are.

What was open stays open but is refused, so that its owner can see it; it ends for good when the identity is unfrozen.
"""

from typing import Final
from uuid import UUID

import msgspec

from app.audit.acts import Act, seal_act
from app.audit.basis import Basis
from app.identity import challenges, delegations, devices, faces, sessions, wechat
from app.identity.errors import SignInRefused
from app.identity.events import PersonFrozen, PersonUnfrozen
from app.identity.freeze_structs import Freezing, IdentityState, Unfreezing
from app.identity.last_use import last_uses
from app.identity.sessions import IDENTITY
from app.identity.structs import Challenge
from app.kernel import clock
from app.kernel.actors import Citizen, Officer
from app.kernel.database import execute, transaction
from app.kernel.events import tell
from app.kernel.ids import new_id, shard_of
from app.kernel.still_in import refuse_if_out
from app.keys.persons import seal_for_person
from app.notices.live import wake
from app.privacy import erasure
from app.residents.people import locked, resident
from integrations.departments.police import Police

CHALLENGE: Final = "unfreeze"
_TABLE: Final = "identity_freeze"
Person = Citizen | Officer


async def state(citizen: Citizen) -> IdentityState:
    """Whether the citizen is frozen, and when each of their means was last used."""
    async with transaction(citizen):
        known = await resident(citizen.id)
    return IdentityState(citizen.level, known.frozen_at, known.real_name_at, await last_uses(citizen.id))


async def freeze(citizen: Citizen, asked: Freezing) -> IdentityState:
    """Freeze the citizen's identity at once, from any of their sessions; freezing it again changes nothing.

    Refuses (`SessionOver`) a session that was ended meanwhile: whoever recovered the account would be frozen by who had it before.
    """
    async with transaction(IDENTITY):
        await locked(citizen.id)
        await refuse_if_out(citizen)
        await freeze_person(citizen, citizen.id, asked.reason)
    return await state(citizen)


async def unfreeze_challenge(citizen: Citizen) -> Challenge:
    """Give what the device must sign to unfreeze."""
    return await challenges.give(CHALLENGE, str(citizen.id))


async def unfreeze(citizen: Citizen, said: Unfreezing, police: Police) -> IdentityState:
    """Unfreeze the citizen, who signs with the calling device's key and looks into the camera, since a phone can be stolen.

    Every other session ends and every other device goes: whoever held this one may have invited them. Refuses `ChallengeWrong`,
    `SignInRefused` another key's signature, `FaceMismatch`, `TriedTooOften`, and what the police's port refuses.
    """
    await challenges.use(CHALLENGE, str(citizen.id), said.nonce)
    if not await devices.has_signed(citizen, said.nonce, said.signature):
        raise SignInRefused
    await faces.refuse_unless_face(citizen, said.face_token, police, "unfreeze")
    async with transaction(IDENTITY):
        if await unfreeze_person(citizen, citizen.id, None, keeping=citizen.session_id) is not None:
            await devices.take_all(citizen, citizen.id, keeping=citizen.device_id)
    return await state(citizen)


async def freeze_person(actor: Person, person_id: UUID, reason: str | None) -> UUID | None:
    """Freeze somebody, in the system transaction in progress.

    Powers that they gave or took end for good, and an erasure that waits is taken back: a thief may have given and ordered them, and
    unfreezing must revive none. Gives the row that says so; nothing changes where they are frozen.
    """
    if (await locked(person_id)).frozen_at is not None:
        return None
    await execute(
        "UPDATE resident SET frozen_at = $3 WHERE shard = $1 AND id = $2",
        *(shard_of(person_id), person_id, clock.now()),
    )
    await delegations.end_all(IDENTITY, person_id, "freeze")
    row_id = await _write(actor, person_id, "frozen", reason)
    await erasure.cancel_for(actor, person_id, basis_of(actor, row_id))
    await tell(PersonFrozen(citizen_id=person_id, subject_id=row_id))
    await seal_act(Act.IDENTITY_FROZEN, actor, about=person_id, subject=row_id, basis=basis_of(actor, row_id))
    await wake(person_id)
    return row_id


async def unfreeze_person(
    actor: Person, person_id: UUID, reason: str | None, keeping: UUID | None = None
) -> UUID | None:
    """Unfreeze somebody, in the system transaction in progress, ending every session but the one to keep.

    Powers end and WeChat accounts are unbound too: whoever had a session before may have given and bound them.

    Gives the row that says so; nothing changes where they aren't frozen.
    """
    if (await locked(person_id)).frozen_at is None:
        return None
    await execute("UPDATE resident SET frozen_at = NULL WHERE shard = $1 AND id = $2", shard_of(person_id), person_id)
    await sessions.end_all(person_id, "unfrozen", keeping=keeping)
    await wechat.unbind_all(IDENTITY, person_id)
    await delegations.end_all(IDENTITY, person_id, "freeze")
    row_id = await _write(actor, person_id, "unfrozen", reason)
    await erasure.cancel_for(actor, person_id, basis_of(actor, row_id))
    await tell(PersonUnfrozen(citizen_id=person_id, subject_id=row_id))
    await seal_act(Act.IDENTITY_UNFROZEN, actor, about=person_id, subject=row_id, basis=basis_of(actor, row_id))
    return row_id


async def _write(actor: Person, person_id: UUID, step: str, reason: str | None) -> UUID:
    row_id = new_id(person_id)
    sealed = (
        None
        if reason is None
        else await seal_for_person(person_id, _TABLE, "reason", row_id, msgspec.json.encode(reason))
    )
    await execute(
        "INSERT INTO identity_freeze (id, shard, citizen_id, at, step, actor, session_id, reason) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        *(row_id, shard_of(row_id), person_id, clock.now(), step, actor.principal),
        *(actor.session_id if isinstance(actor, Citizen) else None, sealed),
    )
    return row_id


def basis_of(actor: Person, row_id: UUID) -> Basis | None:
    """An officer acts because they were asked to freeze: the row with the reason says why."""
    return Basis("freeze", str(row_id)) if isinstance(actor, Officer) else None
