"""Makers of consents."""

from uuid import UUID

from app.kernel.actors import Citizen
from app.privacy.consents import choose
from app.privacy.purposes import Purpose
from app.privacy.structs import ConsentChoice, ConsentChoices


async def allow(person_id: UUID, purpose: Purpose, *, given: bool = True) -> None:
    """Have a person allow a purpose for their own data, or take it back."""
    person = Citizen(person_id, 2, person_id, "tests")
    await choose(person, ConsentChoices((ConsentChoice(purpose.code, given),)), None)
