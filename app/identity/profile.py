"""`GET /v1/me`: what the account says of its holder, with numbers masked."""

from typing import Final

import msgspec

from app.identity.minors import lacks_guardian
from app.identity.structs import Me
from app.kernel.actors import Citizen
from app.kernel.database import transaction
from app.kernel.identity_documents import ID_CARD, Document
from app.kernel.text import masked_document_number, masked_id_number, masked_name, masked_phone
from app.residents.documents import document_of
from app.residents.people import resident

_WITHHELD: Final = (
    *("name", "id_number", "birth_date", "sex", "division_code", "birth_certificate_no"),
    *("document_type", "document_number"),
)


async def me(citizen: Citizen) -> Me:
    """The citizen as the portal knows them; to a session that hasn't proved the account's name, nothing of whom it belongs to."""
    async with transaction(citizen):
        known = await resident(citizen.id)
    if known.real_name_at is not None and citizen.level == 1:
        known = msgspec.structs.replace(known, **dict.fromkeys(_WITHHELD))
    document = document_of(known)
    return Me(
        id=known.id,
        level=citizen.level,
        name=known.name,
        name_masked=masked_name(known.name) if known.name else None,
        phone_masked=masked_phone(known.phone) if known.phone else None,
        document_type=document.type if document else None,
        id_number_masked=_masked(document) if document else None,
        birth_date=known.birth_date,
        sex=known.sex,
        division_code=known.division_code,
        real_name_at=known.real_name_at,
        device_id=citizen.device_id,
        guardian_needed=await lacks_guardian(known),
    )


def _masked(document: Document) -> str:
    mask = masked_id_number if document.type == ID_CARD else masked_document_number
    return mask(document.number)
