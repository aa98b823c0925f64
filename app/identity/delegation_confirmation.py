"""A code by text message that confirms exactly one offer of a power, for who isn't at level 3."""

import hmac
import secrets
from datetime import timedelta
from typing import Final
from uuid import UUID

import msgspec

from app.identity import limits
from app.identity.delegation_errors import NoPhoneKnown
from app.identity.delegation_limits import CODES_SENT, CODES_TRIED
from app.identity.delegation_structs import DelegationCodeSent, DelegationOffer
from app.identity.errors import CodeSpent
from app.kernel import clock, short_lived
from app.kernel.actors import Citizen
from app.kernel.database import transaction
from app.kernel.text import masked_phone
from app.keys.fields import blind_index
from app.residents.people import resident
from integrations.sms.port import SmsPort

LIVES: Final = timedelta(minutes=5)
TEMPLATE: Final = "step_up_code"
_PURPOSE: Final = "delegation-code"


async def send_code(citizen: Citizen, offer: DelegationOffer, sms: SmsPort) -> DelegationCodeSent:
    """Send the giver a code that confirms this offer and no other. Call it outside every transaction.

    Refuses `NoPhoneKnown`, a sixth code within ten minutes (`TriedTooOften`), and what the
    channel refuses.
    """
    await limits.count(CODES_SENT, str(citizen.id))
    async with transaction(citizen):
        phone = (await resident(citizen.id)).phone
    if phone is None:
        raise NoPhoneKnown
    code = f"{secrets.randbelow(10**6):06d}"
    await short_lived.put(_PURPOSE, str(citizen.id), _digest(citizen.id, code, offer), LIVES)
    await sms.send(phone, TEMPLATE, (code, str(int(LIVES.total_seconds() // 60))), secrets.token_hex(8))
    return DelegationCodeSent(phone=masked_phone(phone), expires_at=clock.now() + LIVES)


async def count_try(citizen: Citizen) -> None:
    """Count a try at a code, outside the transaction that may be undone; refuses (`TriedTooOften`) the sixth in ten minutes."""
    await limits.count(CODES_TRIED, str(citizen.id))


async def use_code(citizen: Citizen, offer: DelegationOffer) -> None:
    """Use a code up; refuses (`CodeSpent`) a wrong or old one, and one for another offer."""
    kept = await short_lived.get(_PURPOSE, str(citizen.id))
    if kept is None or not hmac.compare_digest(kept, _digest(citizen.id, offer.confirmation_code or "", offer)):
        raise CodeSpent
    if await short_lived.take(_PURPOSE, str(citizen.id)) is None:
        raise CodeSpent


def _digest(giver_id: UUID, code: str, offer: DelegationOffer) -> bytes:
    plain = msgspec.json.encode(msgspec.structs.replace(offer, confirmation_code=None), order="sorted")
    return blind_index(_PURPOSE, f"{giver_id} {code} {plain.decode()}")
