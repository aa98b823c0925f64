"""`GET /v1/me`: what the account says of its holder, with numbers masked."""

from app.identity.structs import Me
from app.kernel.actors import Citizen
from app.kernel.database import transaction
from app.kernel.text import masked_id_number, masked_name, masked_phone
from app.residents.people import resident


async def me(citizen: Citizen) -> Me:
    """The citizen as the portal knows them."""
    async with transaction(citizen):
        known = await resident(citizen.id)
    return Me(
        id=known.id,
        level=citizen.level,
        name=known.name,
        name_masked=masked_name(known.name) if known.name else None,
        phone_masked=masked_phone(known.phone) if known.phone else None,
        id_number_masked=masked_id_number(known.id_number) if known.id_number else None,
        birth_date=known.birth_date,
        sex=known.sex,
        division_code=known.division_code,
        real_name_at=known.real_name_at,
        device_id=citizen.device_id,
    )
