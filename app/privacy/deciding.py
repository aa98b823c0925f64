"""Who decides about a person's data: they themselves from 14 on, and a guardian for a child below that age."""

from datetime import date
from uuid import UUID

from app.kernel import clock
from app.kernel.actors import Citizen
from app.privacy.errors import DecidesThemselves, NotYoursToDecide
from app.privacy.limits import limit_today
from app.residents.families import guardians_of
from app.residents.people import resident


async def refuse_unless_deciding(citizen: Citizen, person_id: UUID) -> None:
    """Refuse (`NotYoursToDecide`) anybody but oneself and one's wards, and (`DecidesThemselves`) a ward of 14 and more."""
    if person_id == citizen.id:
        return
    if person_id not in citizen.people:
        raise NotYoursToDecide
    born_on = (await resident(person_id)).birth_date
    if born_on is None or age_on(clock.today(), born_on) >= limit_today("own_decision_age"):
        raise DecidesThemselves


async def deciding_for(person_id: UUID) -> tuple[UUID, ...]:
    """Who decides about a person's data, and so is told of it: they themselves, or the guardians of a child below 14."""
    person = await resident(person_id)
    if person.birth_date is None or age_on(clock.today(), person.birth_date) >= limit_today("own_decision_age"):
        return (person_id,)
    return await guardians_of(person_id)


def age_on(day: date, born_on: date) -> int:
    """Full years; a birthday on 29 February counts from 1 March."""
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))
