"""Warning the owner of an account by text message: where somebody else may be at work, the inbox alone isn't enough."""

from typing import Final
from uuid import UUID

import msgspec

from app.identity.events import DeviceEnrolled, PersonFrozen, PersonUnfrozen, WeChatBound
from app.kernel.database import transaction
from app.kernel.jobs import enqueue
from app.kernel.phrases import said
from app.residents.people import RESIDENTS, resident
from integrations.sms.errors import SmsOutcomeUnknown, SmsPhoneBlocked, SmsPhoneInvalid
from integrations.sms.port import SmsPort

JOB: Final = "identity.warn_by_phone"
TEMPLATE: Final = "notice"
Warned = DeviceEnrolled | PersonFrozen | PersonUnfrozen | WeChatBound


class WarningDue(msgspec.Struct, frozen=True):
    """Whom to warn, and of what."""

    citizen_id: UUID
    phrase: str


async def on_warned(event: Warned) -> None:
    """Have the account's owner warned by text message, once for each event."""
    if event.citizen_id is not None:
        await enqueue(JOB, WarningDue(event.citizen_id, event.kind), once=f"{JOB}:{event.id}")


async def warn(sms: SmsPort, job: WarningDue) -> None:
    """Send the warning's title; a phone that takes no messages isn't tried again, nor one that may have got it."""
    async with transaction(RESIDENTS):
        phone = (await resident(job.citizen_id)).phone
    if phone is None:
        return
    try:
        await sms.send(phone, TEMPLATE, (said(job.phrase, {}).title.zh,), job.phrase)
    except (SmsPhoneInvalid, SmsPhoneBlocked, SmsOutcomeUnknown):
        return
