"""What is known already for a calculator's question: from the residents' register, and from what departments said before.

Nobody outside is asked for it. A guardian's look at a ward's data is noted, where any of it is shown.
"""

from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID

from app.audit.ward_looks import note_ward_look
from app.kernel.actors import Citizen
from app.kernel.database import transaction
from app.kernel.words import Words
from app.residents.people import resident
from app.residents.structs import Resident
from lifecycle.catalogue.calculators import Calculator
from lifecycle.catalogue.known import Known, KnownPerson, Told, as_question, fitting, missing
from lifecycle.catalogue.published import department_name
from lifecycle.queries import remembered
from lifecycle.queries.errors import PersonUnknown
from lifecycle.queries.remembered import Fact, Remembered
from lifecycle.queries.structs import KnownField, Prefilled

OWN: Final = Words(zh="本人实名登记信息", en="Your own proved identity")
WARDS: Final = Words(zh="被监护人登记信息", en="Your ward's registration")


async def prefilled(citizen: Citizen, calculator: Calculator, person_id: UUID | None) -> Prefilled:
    """Fill a calculator's question in for oneself or a ward, as far as it is known here; refuses `PersonUnknown` for anybody else."""
    person = person_id or citizen.id
    if person not in citizen.people:
        raise PersonUnknown
    known = await _known(citizen, person, calculator)
    said = fitting(calculator.question, calculator.prefill(known))
    async with transaction(citizen):
        for one in dict.fromkeys(told.person_id for told in said.values()):
            await note_ward_look(citizen, one)
    return Prefilled(
        matter=calculator.matter,
        which=calculator.name,
        person_id=person,
        question=as_question(said),
        known=[KnownField(path, told.source, told.as_of) for path, told in said.items()],
        missing=list(missing(calculator.question, said)),
    )


async def _known(citizen: Citizen, person_id: UUID, calculator: Calculator) -> Known:
    own = person_id == citizen.id
    async with transaction(citizen):
        person = await resident(person_id)
        wards = [await resident(ward) for ward in citizen.wards] if own else []
    children = [_person(ward, WARDS) for ward in _youngest_first(wards)]
    facts = [fact for fact in calculator.facts if isinstance(fact, Fact)]
    answers = await _answers(citizen, [person_id, *(child.id for child in children)], facts) if facts else {}
    return Known(
        person=_person(person, OWN if own else WARDS), is_ward=not own, children=tuple(children), answers=answers
    )


async def _answers(citizen: Citizen, people: Iterable[UUID], facts: list[Fact[Any]]) -> dict[tuple[UUID, str], Told]:
    by_name = {fact.name: fact for fact in facts}
    kept = await remembered.recall_all(citizen, list(people), facts)
    return {
        (person, name): _told(person, answer)
        for (person, name), answer in kept.items()
        if answer.changed_at is None and by_name[name].is_usable(answer)
    }


def _told(person_id: UUID, kept: Remembered[Any]) -> Told:
    source = department_name(kept.department) or Words(zh=kept.department, en=kept.department)
    return Told(value=kept.body, person_id=person_id, source=source, as_of=kept.as_of)


def _youngest_first(people: Iterable[Resident]) -> list[Resident]:
    living = [person for person in people if person.died_on is None and person.birth_date is not None]
    return sorted(living, key=lambda person: str(person.birth_date), reverse=True)


def _person(one: Resident, source: Words) -> KnownPerson:
    def told(value: object) -> Told | None:
        as_of = one.real_name_at or one.known_since
        return None if value is None else Told(value=value, person_id=one.id, source=source, as_of=as_of)

    return KnownPerson(
        id=one.id, birth_date=told(one.birth_date), sex=told(one.sex), division_code=told(one.division_code)
    )
