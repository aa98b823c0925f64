"""What the police or civil affairs tell of a death: whoever died acts no more, and nobody acts for them."""

from typing import Final
from uuid import UUID

from app.audit.acts import Act, seal_act
from app.audit.basis import Basis
from app.kernel import clock
from app.kernel.actors import Department
from app.kernel.database import transaction
from app.kernel.events import tell
from app.kernel.text import normalised
from app.residents.directory import find_by_id_number
from app.residents.endings import end_ties, look_after
from app.residents.errors import EventTooEarly, PersonDiffers
from app.residents.events import PersonDied
from app.residents.people import RESIDENTS, locked, record_death
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
        wards = await end_ties(person_id, _ENDING, source=SOURCE, on=told.died_on)
    await tell(PersonDied(citizen_id=person_id, subject_id=person_id))
    await seal_act(Act.DEATH_RECORDED, teller, about=person_id, basis=Basis("registry", told.reference))
    for ward_id in wards:
        await look_after(ward_id, person_id, source=SOURCE, on=told.died_on)
    return person_id
