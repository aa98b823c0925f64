"""`GET /v1/me`: what the account says of its holder, with numbers masked."""

import msgspec

from app.identity.structs import Me
from app.kernel.actors import Citizen
from app.kernel.database import transaction
from app.kernel.text import masked_id_number, masked_name, masked_phone
from app.residents.people import resident


async def me(citizen: Citizen) -> Me:
    """The citizen as the portal knows them; to a session that hasn't proved the account's name, nothing of whom it belongs to."""
    async with transaction(citizen):
        known = await resident(citizen.id)
    if known.real_name_at is not None and citizen.level == 1:
        known = msgspec.structs.replace(
            known, name=None, id_number=None, birth_date=None, sex=None, division_code=None, birth_certificate_no=None
        )
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
