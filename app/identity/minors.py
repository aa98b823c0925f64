"""Minors with an account (14 to 17): what binds them takes a guardian's consent (民法典 art. 19), so it waits until one is known."""

from app.identity.errors import GuardianNeeded
from app.kernel import clock
from app.kernel.actors import Citizen
from app.kernel.database import transaction
from app.residents.ages import ADULT_AT, has_reached
from app.residents.families import guardians_of
from app.residents.people import RESIDENTS, resident
from app.residents.structs import Resident


async def lacks_guardian(person: Resident) -> bool:
    """Whether somebody is known to be under 18, and no guardian of theirs is known."""
    if person.birth_date is None or has_reached(ADULT_AT, person.birth_date, clock.today()):
        return False
    return not await guardians_of(person.id)


async def refuse_lone_minor(citizen: Citizen) -> None:
    """Refuse (`GuardianNeeded`) a minor who would bind themselves while no guardian of theirs is known."""
    async with transaction(RESIDENTS):
        person = await resident(citizen.id)
    if await lacks_guardian(person):
        raise GuardianNeeded(ways=["/v1/me/consents", "counter"])
