"""Confirming a form by a code from a text message, or by an approval in the app (确认提交), for matters whose signature is `confirmed`.

A code or an approval confirms the form as it stood when the code was asked for; a changed form needs another.
"""

import hashlib
import secrets
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Final
from uuid import UUID

from app.identity import approvals
from app.identity.approval_structs import ApprovalView
from app.kernel import clock, short_lived
from app.kernel.actors import Citizen
from app.kernel.database import transaction
from app.kernel.text import masked_phone
from app.residents.people import RESIDENTS, resident
from integrations.sms.port import SmsPort
from lifecycle.cases.errors import ConfirmationWrong, PhoneMissing, TriedTooOftenHere
from lifecycle.cases.signing_input import payload_of
from lifecycle.cases.structs import ConfirmationSent

LIVES: Final = timedelta(minutes=5)
TEMPLATE: Final = "step_up_code"
MOST_SENT: Final = 5
MOST_TRIES: Final = 8
_WINDOW: Final = timedelta(minutes=10)
_PURPOSE: Final = "case-confirmation"


async def send_code(sms: SmsPort, citizen: Citizen, case_id: UUID) -> ConfirmationSent:
    """Send whoever acts a code for the form as it stands, which must be complete. Call it outside every transaction.

    Refuses `FormIncomplete`, `PhoneMissing`, and a sixth code within ten minutes (`TriedTooOftenHere`).
    """
    return await send_over(sms, citizen, case_id, lambda: payload_of(citizen, case_id))


async def send_over(
    sms: SmsPort, citizen: Citizen, about: UUID, payload_now: Callable[[], Awaitable[bytes]]
) -> ConfirmationSent:
    """Send whoever acts a code for what they are about to submit, as `payload_now` gives it; outside every transaction."""
    if await short_lived.count(f"{_PURPOSE}-sent", str(citizen.hand), _WINDOW) > MOST_SENT:
        raise TriedTooOftenHere(retry_after_seconds=int(_WINDOW.total_seconds()))
    async with transaction(citizen):
        payload = await payload_now()
    async with transaction(RESIDENTS):
        phone = (await resident(citizen.hand)).phone
    if phone is None:
        raise PhoneMissing
    code = f"{secrets.randbelow(1_000_000):06d}"
    await short_lived.put(_PURPOSE, _key(citizen, about), _digest(code, payload), LIVES)
    await sms.send(phone, TEMPLATE, (code, str(int(LIVES.total_seconds() // 60))), str(about))
    return ConfirmationSent(phone=masked_phone(phone), expires_at=clock.now() + LIVES)


async def ask_approval(citizen: Citizen, case_id: UUID) -> ApprovalView:
    """Ask the citizen's devices to approve the form as it stands, which must be complete. Call it outside every transaction.

    Refuses `FormIncomplete`, `NoDeviceToAsk` and `TriedTooOften`.
    """
    async with transaction(citizen):
        payload = await payload_of(citizen, case_id)
    return await approvals.ask(citizen, "case", case_id, payload)


async def use_approval(citizen: Citizen, case_id: UUID, approval_id: UUID, payload: bytes) -> None:
    """Use up an approval; refuses (`ConfirmationWrong`) one that wasn't given, is used, old, or for another form or session."""
    if not await approvals.use(citizen, approval_id, case_id, payload):
        raise ConfirmationWrong


async def count_try(citizen: Citizen, case_id: UUID) -> None:
    """Count a try at a code; outside the transaction that may be undone. Refuses (`TriedTooOftenHere`) the ninth."""
    if await short_lived.count(f"{_PURPOSE}-tried", _key(citizen, case_id), LIVES) > MOST_TRIES:
        raise TriedTooOftenHere(retry_after_seconds=int(LIVES.total_seconds()))


async def use_code(citizen: Citizen, case_id: UUID, code: str, payload: bytes) -> None:
    """Use up a code; refuses (`ConfirmationWrong`) a wrong one, an old one, and one for a form that has changed since."""
    if not await short_lived.take_if(_PURPOSE, _key(citizen, case_id), _digest(code, payload)):
        raise ConfirmationWrong


def _key(citizen: Citizen, case_id: UUID) -> str:
    return f"{case_id}:{citizen.hand}"


def _digest(code: str, payload: bytes) -> bytes:
    return hashlib.sha256(code.encode() + b"\0" + payload).digest()
