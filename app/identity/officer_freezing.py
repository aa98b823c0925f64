"""Freezing and unfreezing by an officer: on the phone for somebody who lost theirs, and at a counter that has seen their papers."""

from typing import Final
from uuid import UUID

from app.audit.acts import Act, seal_act
from app.audit.basis import Basis
from app.identity import devices, limits
from app.identity.freeze_errors import PersonNotFound
from app.identity.freeze_structs import CounterUnfreezing, FrozenPerson, PersonToFreeze
from app.identity.freezing import freeze_person, unfreeze_person
from app.identity.sessions import IDENTITY
from app.kernel import clock
from app.kernel.actors import Officer, may, require_any_right, require_right
from app.kernel.database import fetch_value, transaction
from app.kernel.errors import FieldProblem
from app.kernel.ids import shard_of
from app.kernel.problems import BodyWrong
from app.kernel.text import masked_name, normalised
from app.kernel.two_officers import require_not_ones_own
from app.kernel.words import Words
from app.residents.directory import find_by_id_number, find_by_phone
from app.residents.errors import ResidentUnknown
from app.residents.people import resident
from app.residents.structs import Resident

FREEZE: Final = "freeze"
UNFREEZE: Final = "unfreeze"
ACTIONS: Final = {
    FREEZE: Words(zh="电话冻结身份", en="Freeze identities on the phone"),
    UNFREEZE: Words(zh="窗口解冻身份", en="Unfreeze identities at a counter"),
}
"""What officers can be granted here."""
MATTER: Final = "identity"
"""What grants of these actions name as their matter."""

_LAST: Final = "SELECT id FROM identity_freeze WHERE shard = $1 AND citizen_id = $2 ORDER BY id DESC LIMIT 1"


async def freeze(officer: Officer, asked: PersonToFreeze) -> FrozenPerson:
    """Freeze whoever has this name and number, because they (or who found out) asked on the phone (电话冻结).

    Needs the grant `freeze` for the person's division. Refuses `BodyWrong` without any number, `NoRight` whoever has it nowhere,
    `PersonNotFound` without saying what doesn't fit (also another division), and `TriedTooOften`.
    """
    require_any_right(officer, FREEZE, MATTER)
    if asked.id_number is None and asked.phone is None:
        raise BodyWrong(errors=(FieldProblem("/id_number", "missing", "an identity number or a phone is needed"),))
    await limits.count(limits.OFFICER_LOOKUPS, str(officer.id))
    async with transaction(IDENTITY):
        person = await _named(asked)
        if not may(officer, FREEZE, MATTER, person.division_code or "", clock.today()):
            raise PersonNotFound
        if await freeze_person(officer, person.id, asked.reason) is None:
            await _seal_look(officer, person.id)
        return _view(await resident(person.id))


async def unfreeze(officer: Officer, person_id: UUID, asked: CounterUnfreezing) -> FrozenPerson:
    """Unfreeze somebody at a counter (窗口解冻): all their sessions end, and unless they are to be kept their devices go.

    Needs the grant `unfreeze` for the person's division; who froze may be anybody. Refuses `NoRight`, `PersonNotFound`,
    and `SameOfficer` the officer themselves.
    """
    require_any_right(officer, UNFREEZE, MATTER)
    async with transaction(IDENTITY):
        person = await _known(person_id)
        _require(officer, UNFREEZE, person)
        require_not_ones_own(officer, person.id)
        row_id = await unfreeze_person(officer, person.id, asked.reason)
        if row_id is None:
            await _seal_look(officer, person.id)
        elif not asked.keep_devices:
            await devices.take_all(officer, person.id, Basis("freeze", str(row_id)))
        return _view(await resident(person.id))


async def _seal_look(officer: Officer, person_id: UUID) -> None:
    """Where nothing changed the officer has still seen how it stands with the person: because of the last freeze, or at a counter."""
    row_id = await fetch_value(_LAST, shard_of(person_id), person_id)
    basis = Basis("counter", str(person_id)) if row_id is None else Basis("freeze", str(row_id))
    await seal_act(Act.PERSON_LOOKED_AT, officer, about=person_id, subject=row_id, basis=basis)


def _require(officer: Officer, action: str, person: Resident) -> None:
    require_right(officer, action, MATTER, person.division_code or "", clock.today())


async def _named(asked: PersonToFreeze) -> Resident:
    """The one account that every number leads to, if it has the name."""
    by_number = await find_by_id_number(asked.id_number) if asked.id_number else None
    by_phone = await find_by_phone(asked.phone) if asked.phone else None
    found = by_number or by_phone
    if found is None or (asked.id_number and by_number != found) or (asked.phone and by_phone != found):
        raise PersonNotFound
    person = await resident(found)
    if person.name is None or person.name != normalised(asked.name):
        raise PersonNotFound
    return person


async def _known(person_id: UUID) -> Resident:
    try:
        return await resident(person_id)
    except ResidentUnknown as error:
        raise PersonNotFound from error


def _view(person: Resident) -> FrozenPerson:
    return FrozenPerson(person.id, masked_name(person.name) if person.name else None, person.frozen_at)
