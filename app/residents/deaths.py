"""What the police or civil affairs tell of a death: whoever died acts no more, and nobody acts for them."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from app.audit.acts import Act, seal_act
from app.audit.basis import Basis
from app.kernel import clock
from app.kernel.actors import Department
from app.kernel.database import transaction
from app.kernel.events import tell
from app.kernel.text import normalised
from app.residents.ages import ADULT_AT, has_reached
from app.residents.directory import find_by_id_number
from app.residents.errors import EventTooEarly, PersonDiffers
from app.residents.events import CustodyChanged, GuardianshipEnded, PersonDied, WardLeftAlone
from app.residents.families import end, guardians_of, kin_of, let_the_rest_act
from app.residents.people import RESIDENTS, locked, record_death, resident
from app.residents.structs import Relation
from integrations.departments.police import Death

SOURCE: Final = "death:registered"
_ENDING: Final[frozenset[Relation]] = frozenset({"spouse_of", "guardian_of", "ward_of"})
"""Relations that end with a death; parents and children stay what they are."""


async def record(teller: Department, told: Death) -> UUID | None:
    """Record a death, in the teller's transaction; somebody who isn't known here stays unknown. A repeat changes nothing.

    Refuses `EventTooEarly`, and `PersonDiffers` where the number is known under another name.
    """
    if told.died_on > clock.today():
        raise EventTooEarly
    person_id = await find_by_id_number(told.id_number)
    if person_id is None:
        return None
    async with transaction(RESIDENTS):
        known = await locked(person_id)
        if known.name is not None and known.name != normalised(told.name):
            raise PersonDiffers
        if known.died_on is not None:
            return person_id
        await record_death(person_id, told.died_on)
        wards = await _end_relations(person_id, told)
    await tell(PersonDied(citizen_id=person_id, subject_id=person_id))
    await seal_act(Act.DEATH_RECORDED, teller, about=person_id, basis=Basis("registry", told.reference))
    for ward_id in wards:
        await _look_after(ward_id, person_id)
    return person_id


async def _end_relations(person_id: UUID, told: Death) -> list[UUID]:
    """End what ends with the death; gives the wards who have lost a guardian."""
    wards = []
    for kin in await kin_of(person_id, told.died_on - timedelta(days=1)):
        if kin.relation in _ENDING and await end(person_id, kin.relation, kin.id, source=SOURCE, on=told.died_on):
            wards += [kin.id] if kin.relation == "guardian_of" else []
    return wards


async def _look_after(ward_id: UUID, guardian_id: UUID) -> None:
    if await let_the_rest_act(ward_id, source=SOURCE):
        await tell(CustodyChanged(citizen_id=ward_id, subject_id=ward_id))
    await tell(GuardianshipEnded(citizen_id=ward_id, subject_id=guardian_id))
    if not await guardians_of(ward_id) and await is_minor(ward_id):
        await tell(WardLeftAlone(citizen_id=ward_id, subject_id=ward_id))


async def is_minor(person_id: UUID) -> bool:
    """Whether a resident lives and is under 18."""
    async with transaction(RESIDENTS):
        person = await resident(person_id)
    born_on = person.birth_date
    return person.died_on is None and born_on is not None and not has_reached(ADULT_AT, born_on, clock.today())
