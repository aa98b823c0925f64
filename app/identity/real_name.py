"""Real name: the police confirm who the holder of an account is (实名认证), and their numbers become the account's."""

from typing import Final
from uuid import UUID

import msgspec

from app.audit.acts import Act, seal_act
from app.identity import limits
from app.identity.errors import IdentityMismatch, RealNameFixed, TooYoung
from app.identity.events import NameChanged, RealNameProved
from app.identity.profile import me
from app.identity.sessions import end_all, raise_level
from app.identity.structs import Me, RealName, Recovery
from app.kernel import clock
from app.kernel.actors import Citizen
from app.kernel.database import execute, transaction
from app.kernel.events import tell
from app.kernel.identity_documents import ID_CARD, Document, DocumentNumberInvalid, read_document
from app.kernel.ids import shard_of
from app.kernel.text import normalised
from app.residents import directory
from app.residents.documents import document_of, identifier_of
from app.residents.errors import DocumentNumberWrong, IdNumberTaken, IdNumberWrong
from app.residents.people import RESIDENTS, locked, record_real_name, resident, sealed
from app.residents.registration import completed
from app.residents.structs import Person, Resident
from integrations.departments.police import Police
from integrations.exchange.errors import NotKnownToDepartment
from integrations.exchange.structs import Asking, Basis, EndUser

PURPOSE: Final = "real_name"
_OF_AGE_TO_CONSENT: Final = 14
_OLD_FORM: Final = 15
"""Digits of a number of before 1999; the police ask for the one of eighteen."""


async def prove_real_name(citizen: Citizen, said: RealName, police: Police) -> Me:
    """Have the police confirm name and number, and raise the account to level 2.

    Saying the same again changes nothing, but raises the calling session. A session at level 2 may say a new name under the same
    number: it is taken over once the police confirm it. If the number belongs to a resident whom we know from a department only, this
    account becomes theirs, and the id of the answer is that resident's. Refuses `IdNumberWrong`, `DocumentNumberWrong`, `TooYoung`, `IdentityMismatch`,
    `IdNumberTaken`, `RealNameFixed`, `TriedTooOften` (5 an hour), and what the police's port refuses.
    """
    person = person_said(said)
    async with transaction(citizen):
        before = await resident(citizen.id)
    if before.real_name_at is not None:
        return await _prove_again(citizen, before, person, police)
    _refuse_if_too_young(person)
    async with limits.asking(limits.IDENTITY_TRIES, str(citizen.id)):
        confirmed = await confirmed_by(police, citizen, person)
    _refuse_if_too_young(confirmed)
    return await _bind(citizen, confirmed)


def person_said(said: RealName | Recovery) -> Person:
    """Who a citizen says that they are; refuses `DocumentNumberWrong`, and what can't be an identity card (`IdNumberWrong`).

    An identity number of 15 digits is refused by its own flaw.
    """
    if said.document_type != ID_CARD:
        return _by_document(said)
    if len(said.id_number) == _OLD_FORM:
        raise IdNumberWrong(flaw="fifteen_digits", needed_length=18)
    return completed(Person(name=said.name, id_number=said.id_number))


def _by_document(said: RealName | Recovery) -> Person:
    try:
        document = read_document(said.document_type, said.id_number, said.issuing_state)
    except DocumentNumberInvalid as error:
        raise DocumentNumberWrong(flaw=error.flaw.value, document_type=said.document_type) from error
    return Person(name=normalised(said.name), document_type=document.type, document_number=document.number)


async def _prove_again(citizen: Citizen, before: Resident, person: Person, police: Police) -> Me:
    """The name of an account that has one, said by a session that hasn't proved it yet, or that has changed.

    To a session at level 1, which may be a stranger's, a wrong name and a wrong number are one refusal that takes the same time, and
    tries are counted.
    """
    if citizen.level == 1:
        await limits.count(limits.IDENTITY_TRIES, str(citizen.id))
        if (before.name, document_of(before)) != (person.name, document_of(person)):
            raise IdentityMismatch
    if document_of(before) != document_of(person):
        raise RealNameFixed
    if before.name != person.name:
        await _take_new_name(citizen, before, person, police)
    async with transaction(RESIDENTS):
        await raise_level(citizen.session_id)
        if citizen.level == 1:
            await seal_act(Act.SESSION_RAISED, citizen, about=citizen.id, subject=citizen.session_id)
    await limits.forget(limits.IDENTITY_TRIES, str(citizen.id))
    return await me(msgspec.structs.replace(citizen, level=max(citizen.level, 2)))


async def _take_new_name(citizen: Citizen, before: Resident, person: Person, police: Police) -> None:
    """Take over a new name under the same number (姓名变更), which the police confirm; the record keeps that it changed."""
    async with limits.asking(limits.IDENTITY_TRIES, str(citizen.id)):
        confirmed = await confirmed_by(police, citizen, person)
    async with transaction(RESIDENTS):
        await record_real_name(citizen.id, confirmed, before.real_name_at or clock.now())
        await tell(NameChanged(citizen_id=citizen.id, subject_id=citizen.id))
        await seal_act(Act.NAME_CHANGED, citizen, about=citizen.id, subject=citizen.id)


def _refuse_if_too_young(person: Person) -> None:
    """Refuse who is known to be too young; travel documents don't say, the police do."""
    today, born_on = clock.today(), person.birth_date
    if born_on is None:
        return
    age = today.year - born_on.year - ((today.month, today.day) < (born_on.month, born_on.day))
    if age < _OF_AGE_TO_CONSENT:
        raise TooYoung(age_required=_OF_AGE_TO_CONSENT)


def said_document(person: Person | Resident) -> Document:
    """The document by which somebody is asked about; an empty number where none is known."""
    return document_of(person) or Document(ID_CARD, "")


def asking_about(citizen_id: UUID, purpose: str) -> Asking:
    """How a department is asked about the citizen themselves, on their own wish."""
    return Asking(citizen_id, purpose, Basis("account", str(citizen_id)), EndUser("citizen", str(citizen_id)))


async def confirmed_by(police: Police, citizen: Citizen, person: Person) -> Person:
    """The person as the police know them; refuses (`IdentityMismatch`) whom they don't, and the dead."""
    document = said_document(person)
    try:
        said = await police.verify_identity(asking_about(citizen.id, PURPOSE), person.name or "", document)
    except NotKnownToDepartment as error:
        raise IdentityMismatch from error
    if not said.body.match or not said.body.alive:
        raise IdentityMismatch
    checked = said.body
    return msgspec.structs.replace(
        person, birth_date=checked.birth_date, sex=checked.sex, division_code=checked.division_code
    )


async def _bind(citizen: Citizen, person: Person) -> Me:
    async with transaction(RESIDENTS):
        if await _is_proved(citizen, person):
            await raise_level(citizen.session_id)
            return await me(msgspec.structs.replace(citizen, level=max(citizen.level, 2)))
        owner = await directory.claim(*identifier_of(said_document(person)), citizen.id)
        if owner != citizen.id:
            await _become(citizen, owner)
        await record_real_name(owner, person, clock.now())
        await raise_level(citizen.session_id)
        proved = msgspec.structs.replace(citizen, id=owner, level=max(citizen.level, 2))
        async with transaction(proved):
            await tell(RealNameProved(citizen_id=owner, subject_id=owner))
            await seal_act(Act.REAL_NAME_PROVED, proved, about=owner, subject=owner)
            return await me(proved)


async def _is_proved(citizen: Citizen, person: Person) -> bool:
    """Look again with the account locked: whether the same was proved meanwhile; refuses (`RealNameFixed`) another name."""
    known = await locked(citizen.id)
    if known.real_name_at is None and known.merged_into is None:
        return False
    if (known.name, document_of(known)) != (person.name, document_of(person)):
        raise RealNameFixed
    return True


async def _become(citizen: Citizen, owner: UUID) -> None:
    """Make an account that of a resident whom a department told us of; refuses `IdNumberTaken` one who has an account."""
    known, provisional = await locked(owner), await resident(citizen.id)
    if known.phone is not None or known.real_name_at is not None or provisional.phone is None:
        raise IdNumberTaken(ways=["/v1/me/real-name/recover", "counter"])
    await directory.move("phone", provisional.phone, owner)
    await hand_over(provisional, owner, provisional.phone, citizen.session_id)


async def hand_over(provisional: Resident, owner: UUID, phone: str, session_id: UUID) -> None:
    """Make an account's phone the owner's, and the account a name of the owner's. System transactions only.

    Its sessions but the calling one end: whoever opened them held the number before, and nobody knows who that was.
    """
    await end_all(provisional.id, "merged", keeping=session_id)
    await execute(
        "UPDATE resident SET phone = $3 WHERE shard = $1 AND id = $2",
        *(shard_of(owner), owner, sealed(owner, "phone", phone)),
    )
    await execute(
        "UPDATE resident SET merged_into = $3, phone = NULL WHERE shard = $1 AND id = $2",
        *(shard_of(provisional.id), provisional.id, owner),
    )
