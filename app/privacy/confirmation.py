"""A code by text message that confirms an erasure, for who has no device key (level 2)."""

import hmac
import secrets
from datetime import timedelta
from typing import Final

from app.kernel import clock, short_lived
from app.kernel.actors import Citizen
from app.kernel.database import transaction
from app.kernel.text import masked_phone
from app.keys.fields import blind_index
from app.privacy.errors import ErasureCodesTooMany, ErasureCodeWrong, ErasureNeedsPhone
from app.privacy.structs import ErasureCodeSent
from app.residents.people import resident
from integrations.sms.port import SmsPort

LEVEL: Final = 2
LIVES: Final = timedelta(minutes=5)
TEMPLATE: Final = "step_up_code"
MOST_SENT: Final = 5
MOST_TRIES: Final = 5
_WINDOW: Final = timedelta(minutes=10)
_PURPOSE: Final = "erasure-code"


async def send_code(sms: SmsPort, citizen: Citizen) -> ErasureCodeSent:
    """Send a code to the citizen's own phone; refuses `ErasureNeedsPhone`, and a sixth within ten minutes."""
    if await short_lived.count(f"{_PURPOSE}-sent", str(citizen.id), _WINDOW) > MOST_SENT:
        raise ErasureCodesTooMany(retry_after_seconds=int(_WINDOW.total_seconds()))
    async with transaction(citizen):
        phone = (await resident(citizen.id)).phone
    if phone is None:
        raise ErasureNeedsPhone
    code = f"{secrets.randbelow(1_000_000):06d}"
    await short_lived.put(_PURPOSE, str(citizen.id), _hashed(citizen, code), LIVES)
    await sms.send(phone, TEMPLATE, (code, str(int(LIVES.total_seconds() // 60))), secrets.token_hex(8))
    return ErasureCodeSent(phone_masked=masked_phone(phone), expires_at=clock.now() + LIVES)


async def count_try(citizen: Citizen) -> None:
    """Count a try at a code; outside the transaction that may be undone. Refuses (`ErasureCodesTooMany`) the sixth."""
    if await short_lived.count(f"{_PURPOSE}-tried", str(citizen.id), LIVES) > MOST_TRIES:
        raise ErasureCodesTooMany(retry_after_seconds=int(LIVES.total_seconds()))


async def use_code(citizen: Citizen, code: str | None) -> None:
    """Use up a code; who proves a device key (level 3) needs none. Refuses `ErasureCodeWrong`."""
    if citizen.level > LEVEL:
        return
    kept = await short_lived.get(_PURPOSE, str(citizen.id))
    if kept is None or code is None or not hmac.compare_digest(kept, _hashed(citizen, code)):
        raise ErasureCodeWrong
    if await short_lived.take(_PURPOSE, str(citizen.id)) is None:
        raise ErasureCodeWrong


def _hashed(citizen: Citizen, code: str) -> bytes:
    return blind_index(_PURPOSE, f"{citizen.id} {code}")
