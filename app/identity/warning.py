"""Warning the owner of an account by text message: where somebody else may be at work, the inbox alone isn't enough."""

from typing import Final
from uuid import UUID

import msgspec

from app.identity.events import DeviceEnrolled, PersonFrozen, PersonUnfrozen, WeChatBound
from app.kernel.database import transaction
from app.kernel.jobs import enqueue
from app.kernel.phrases import said
from app.keys.fields import open_field
from app.privacy.events import ErasureOrdered
from app.residents.people import RESIDENTS, resident, sealed
from app.residents.structs import Resident
from integrations.sms.errors import SmsOutcomeUnknown, SmsPhoneBlocked, SmsPhoneInvalid
from integrations.sms.port import SmsPort

JOB: Final = "identity.warn_by_phone"
TEMPLATE: Final = "notice"
Warned = DeviceEnrolled | PersonFrozen | PersonUnfrozen | WeChatBound | ErasureOrdered


class WarningDue(msgspec.Struct, frozen=True):
    """Whom to warn, and of what."""

    citizen_id: UUID
    phrase: str
    old_phone: bytes | None = None
    """A phone that was the account's before, sealed as in the account's own row."""


async def on_warned(event: Warned) -> None:
    """Have the account's owner warned by text message, once for each event."""
    if event.citizen_id is not None:
        await enqueue(JOB, WarningDue(event.citizen_id, event.kind), once=f"{JOB}:{event.id}")


async def warn_old_phone(phrase: str, before: Resident) -> None:
    """Have the phone warned that was an account's until now, in the transaction in progress."""
    await enqueue(JOB, WarningDue(before.id, phrase, sealed(before.id, "phone", before.phone)))


async def warn(sms: SmsPort, job: WarningDue) -> None:
    """Send the warning's title; a phone that takes no messages isn't tried again, nor one that may have got it."""
    phone = await _phone(job)
    if phone is None:
        return
    try:
        await sms.send(phone, TEMPLATE, (said(job.phrase, {}).title.zh,), job.phrase)
    except (SmsPhoneInvalid, SmsPhoneBlocked, SmsOutcomeUnknown):
        return


async def _phone(job: WarningDue) -> str | None:
    if job.old_phone is not None:
        return open_field("resident", "phone", job.citizen_id, job.old_phone).decode()
    async with transaction(RESIDENTS):
        return (await resident(job.citizen_id)).phone
