"""Recovering an account by face: its owner has another phone, and whoever holds the old number is nobody any more.

Name, number and face lead to the account; it goes over to the phone that asks, every session, device, WeChat account and power of
before is out, an erasure that waits is taken back, and the old phone is told.
"""

from datetime import timedelta
from typing import Final
from uuid import UUID

import msgspec

from app.audit.acts import Act, seal_act
from app.identity import delegations, devices, faces, limits, sessions, unproved_sessions, wechat
from app.identity.errors import AccountIsYours, IdentityMismatch, NothingToRecover, RealNameFixed, SignInTooOld
from app.identity.events import AccountRecovered, PhoneGivenUp
from app.identity.freeze_errors import IdentityFrozen
from app.identity.profile import me
from app.identity.real_name import confirmed_by, hand_over, person_said, said_document
from app.identity.structs import Me, Recovery
from app.identity.warning import warn_old_phone
from app.kernel import clock
from app.kernel.actors import Citizen
from app.kernel.database import transaction
from app.kernel.events import tell
from app.kernel.still_in import refuse_if_out
from app.privacy import erasure
from app.residents import directory
from app.residents.documents import identifier_of
from app.residents.people import RESIDENTS, locked, record_real_name, resident, take_phone
from app.residents.structs import Person, Resident
from integrations.departments.police import Police

PURPOSE: Final = "recover"


async def recover(citizen: Citizen, said: Recovery, police: Police) -> Me:
    """Have the police confirm name, number and face, and take the account of this number over to the calling phone.

    Refuses `IdNumberWrong`, `DocumentNumberWrong`, `RealNameFixed` an account that has a name of its own, `IdentityMismatch`, `FaceMismatch`,
    `NothingToRecover` where no account has the number, `IdentityFrozen`, `TriedTooOften`, and what the police's port refuses.
    """
    person = person_said(said)
    async with transaction(citizen):
        before = await resident(citizen.id)
    if before.real_name_at is not None:
        raise RealNameFixed
    async with limits.asking(limits.IDENTITY_TRIES, str(citizen.id)):
        confirmed = await confirmed_by(police, citizen, person)
    await faces.refuse_unless_face_of(citizen, said_document(person), said.face_token, police, PURPOSE)
    async with transaction(RESIDENTS):
        owner_id = await _take_over(citizen, confirmed)
    return await me(msgspec.structs.replace(citizen, id=owner_id, level=2))


async def disown(citizen: Citizen) -> None:
    """Say that the account of this phone is somebody else's, whose number it was before: signing in anew opens another account.

    It is for a session that hasn't proved the account's name, and ends every such session. Refuses `AccountIsYours` any other, and
    `SignInTooOld` one by which the number was held some minutes ago: it may be in other hands again.
    """
    async with transaction(RESIDENTS):
        account = await locked(citizen.id)
        await refuse_if_out(citizen)
        if citizen.level > 1 or account.real_name_at is None or account.phone is None:
            raise AccountIsYours
        within = timedelta(minutes=limits.limit_today("disown_minutes"))
        if not await unproved_sessions.began_within(citizen.session_id, within):
            raise SignInTooOld
        await directory.release("phone", account.phone, account.id)
        await take_phone(account.id)
        await unproved_sessions.end_unproved(account.id, "disowned")
        await tell(PhoneGivenUp(citizen_id=account.id, subject_id=account.id))
        await seal_act(Act.PHONE_GIVEN_UP, citizen, about=account.id, subject=citizen.session_id)


async def _take_over(citizen: Citizen, person: Person) -> UUID:
    """Hand the account of a number over to the calling phone, in the system transaction in progress.

    The calling account is locked before the other, as where it proves its name.
    """
    provisional = await locked(citizen.id)
    if provisional.real_name_at is not None or provisional.merged_into is not None or provisional.phone is None:
        raise RealNameFixed
    owner = await _owner(person)
    if owner.phone is not None:
        await directory.release("phone", owner.phone, owner.id)
        await warn_old_phone(AccountRecovered.kind, owner)
    await directory.move("phone", provisional.phone, owner.id)
    await sessions.end_all(owner.id, "recovered")
    recovered = msgspec.structs.replace(citizen, id=owner.id, level=2)
    await devices.take_all(recovered, owner.id)
    await wechat.unbind_all(recovered, owner.id)
    await delegations.end_all(recovered, owner.id, "recovery")
    await erasure.cancel_for(recovered, owner.id)
    await hand_over(provisional, owner.id, provisional.phone, citizen.session_id)
    await record_real_name(owner.id, person, owner.real_name_at or clock.now())
    await sessions.raise_level(citizen.session_id)
    await tell(AccountRecovered(citizen_id=owner.id, subject_id=owner.id))
    await seal_act(Act.ACCOUNT_RECOVERED, recovered, about=owner.id, subject=owner.id)
    return owner.id


async def _owner(person: Person) -> Resident:
    """The account of the number, locked; refuses what can't be recovered."""
    found = await directory.find(*identifier_of(said_document(person)))
    if found is None:
        raise NothingToRecover
    owner = await locked(found)
    if owner.real_name_at is None:
        raise NothingToRecover
    if owner.died_on is not None:
        raise IdentityMismatch
    if owner.frozen_at is not None:
        raise IdentityFrozen(frozen_at=owner.frozen_at)
    return owner
