"""An officer's look at a person: on a basis, within the right's kinds of data, so many a day, each sealed and seen by the person.

Somebody who isn't known and somebody for whom there is no basis are answered alike.
"""

from typing import Final
from uuid import UUID

import msgspec

from app.audit import findings
from app.audit.acts import Act, seal_act
from app.audit.basis import Ground, NoBasis, person_of, require_basis
from app.audit.findings import Finding
from app.audit.review_limits import limit_on
from app.identity.look_structs import ContactShown, IdentityShown, PersonLook, PersonProfile, RelativeShown
from app.identity.officer_actions import LOOK
from app.identity.officer_errors import DailyCapReached
from app.identity.officers import DIRECTORY
from app.kernel import clock
from app.kernel.actors import DataClass, NoRight, Officer, classes_shown
from app.kernel.database import execute, fetch_one, fetch_value, transaction
from app.kernel.errors import FieldProblem
from app.kernel.ids import new_id, shard_of
from app.kernel.problems import BodyWrong
from app.keys.persons import seal_for_person
from app.residents.directory import find_by_id_number
from app.residents.families import kin_of
from app.residents.people import RESIDENTS, opened
from app.residents.structs import Resident

TABLE: Final = "person_look"


async def look(officer: Officer, asked: PersonLook) -> PersonProfile:
    """Show an officer a person; exactly one act is sealed, and every try counts towards the day's cap.

    Refuses `BodyWrong` unless exactly one names the person, `NoRight` without a right to look, `DailyCapReached`, and `NoBasis`.
    """
    _refuse_unless_one(asked)
    refuse_without_right(officer)
    await count_look(officer)
    async with transaction(officer):
        person = await _named(asked)
        if person is None:
            raise NoBasis
        ground, shown = _best(officer, await require_basis(officer, person.id, asked.data_classes), asked)
        look_id = await _write(officer, person.id, asked.purpose, shown)
        await seal_act(Act.PERSON_LOOKED_AT, officer, about=person.id, subject=look_id, basis=ground.basis)
        return await _profile(look_id, person, ground, shown)


def refuse_without_right(officer: Officer) -> None:
    """Refuse (`NoRight`) an officer whose rights show nothing of anybody today."""
    if not classes_shown(officer, LOOK, None, None, clock.today()):
        raise NoRight(action=LOOK)


async def count_look(officer: Officer) -> None:
    """Count one more look of the officer's today, whatever comes of it; refuses `DailyCapReached`, and tells who audits.

    It is counted in a transaction of its own, so that a refusal doesn't undo it.
    """
    today = clock.today()
    async with transaction(DIRECTORY):
        counted: int = await fetch_value(
            "INSERT INTO officer_day AS d (officer_id, day, looks) VALUES ($1, $2, 1) "
            "ON CONFLICT (officer_id, day) DO UPDATE SET looks = d.looks + 1 RETURNING looks",
            *(officer.id, today),
        )
        allowed = limit_on(today, "looks_a_day")
        if counted > allowed:
            await findings.report(Finding("cap_reached", clock.now(), officer.id, officer.id))
    if counted > allowed:
        raise DailyCapReached(limit=allowed, retry_after_seconds=clock.seconds_left_today())


async def find_person(id_number: str) -> Resident | None:
    """The resident with an identity number, if known."""
    person_id = await find_by_id_number(id_number)
    return await _resident(person_id) if person_id else None


async def _named(asked: PersonLook) -> Resident | None:
    if asked.id_number is not None:
        return await find_person(asked.id_number)
    if asked.case_id is not None:
        person_id = await person_of("case", asked.case_id)
    elif asked.break_glass_id is not None:
        person_id = await person_of("break_glass", asked.break_glass_id)
    else:
        person_id = asked.person_id
    return await _resident(person_id) if person_id else None


async def _resident(person_id: UUID) -> Resident | None:
    """A resident, or whom they turned out to be."""
    async with transaction(RESIDENTS):
        row = await fetch_one("SELECT * FROM resident WHERE shard = $1 AND id = $2", shard_of(person_id), person_id)
        merged = row["merged_into"] if row else None
        if merged is not None:
            row = await fetch_one("SELECT * FROM resident WHERE shard = $1 AND id = $2", shard_of(merged), merged)
    return opened(row) if row else None


def _best(officer: Officer, grounds: tuple[Ground, ...], asked: PersonLook) -> tuple[Ground, frozenset[DataClass]]:
    """The ground on which the officer's right shows most of what was asked for; refuses `NoRight` where it shows nothing."""
    opened_by = [
        (ground, ground.data_classes & set(asked.data_classes) & _granted(officer, ground)) for ground in grounds
    ]
    ground, shown = max(opened_by, key=lambda one: len(one[1]))
    if not shown:
        raise NoRight(action=LOOK, matter=ground.matter)
    return ground, shown


def _granted(officer: Officer, ground: Ground) -> frozenset[DataClass]:
    return classes_shown(officer, LOOK, ground.matter, ground.division, clock.today())


async def _write(officer: Officer, person_id: UUID, purpose: str, shown: frozenset[DataClass]) -> UUID:
    look_id = new_id(person_id)
    sealed = await seal_for_person(person_id, TABLE, "purpose", look_id, msgspec.json.encode(purpose))
    await execute(
        "INSERT INTO person_look (id, shard, citizen_id, at, officer_id, purpose, data_classes) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7)",
        *(look_id, shard_of(look_id), person_id, clock.now(), officer.id, sealed, sorted(shown)),
    )
    return look_id


async def _profile(look_id: UUID, person: Resident, ground: Ground, shown: frozenset[DataClass]) -> PersonProfile:
    return PersonProfile(
        look_id=look_id,
        looked_at=clock.now(),
        person_id=person.id,
        basis_kind=ground.basis.kind,
        basis_id=ground.basis.id,
        data_classes=sorted(shown),
        identity=_identity(person) if "identity" in shown else None,
        contact=ContactShown(person.phone) if "contact" in shown else None,
        family=await _family(person) if "family" in shown else None,
    )


def _identity(person: Resident) -> IdentityShown:
    return IdentityShown(
        person.name, person.id_number, person.birth_date, person.sex, person.division_code, person.died_on
    )


async def _family(person: Resident) -> list[RelativeShown]:
    relatives = [(await _resident(kin.id), kin.relation) for kin in await kin_of(person.id)]
    return [RelativeShown(one.name, relation) for one, relation in relatives if one is not None]


def _refuse_unless_one(asked: PersonLook) -> None:
    named = (asked.id_number, asked.case_id, asked.break_glass_id, asked.person_id)
    if sum(one is not None for one in named) != 1:
        raise BodyWrong(errors=(FieldProblem("/", "exactly_one", "name the person in exactly one way"),))
