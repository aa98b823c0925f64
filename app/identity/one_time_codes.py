"""Signing in by a code sent to a phone. Nothing here says whether a phone is known."""

import hmac
import secrets
from datetime import timedelta
from typing import Final
from uuid import UUID, uuid4

import msgspec

from app.identity import limits, sessions
from app.identity.errors import CodeSpent, CodeWrong, SignInRefused
from app.identity.freeze_errors import IdentityFrozen
from app.identity.networks import network_of
from app.identity.structs import CodeEntered, CodeSent, Tokens
from app.kernel import short_lived
from app.kernel.database import transaction
from app.keys.fields import blind_index, open_field, seal_field
from app.residents.people import resident
from app.residents.registration import register_resident
from app.residents.structs import Person
from integrations.sms.port import SmsPort

LIVES: Final = timedelta(minutes=5)
TRIES: Final = 3
_PURPOSE: Final = "sign-in-code"
_TRIED: Final = "sign-in-code-tries"
_TEMPLATE: Final = "sign_in_code"


class _Sent(msgspec.Struct, frozen=True):
    phone: str
    hashed: bytes


async def send_code(phone: str, address: str, sms: SmsPort) -> CodeSent:
    """Send a code of six digits, good for five minutes and three tries.

    Refuses `TriedTooOften` by phone (5 in ten minutes, 20 a day; counted anew once its holder has signed in) and by network
    address, and what the channel refuses.
    """
    await limits.count(limits.CODES_FROM_AN_ADDRESS, limits.neighbourhood(address))
    await limits.count(limits.CODES_TO_A_PHONE, phone)
    await limits.count(limits.CODES_TO_A_PHONE_A_DAY, phone)
    challenge_id, code = uuid4(), f"{secrets.randbelow(10**6):06d}"
    sent = msgspec.json.encode(_Sent(phone, _hashed(challenge_id, code)))
    await short_lived.put(_PURPOSE, str(challenge_id), seal_field("short_lived", "value", challenge_id, sent), LIVES)
    await sms.send(phone, _TEMPLATE, (code, str(LIVES.seconds // 60)), secrets.token_hex(8))
    return CodeSent(challenge_id=challenge_id, expires_in_seconds=LIVES.seconds)


async def confirm_code(entered: CodeEntered, jkt: str | None, address: str = "") -> Tokens:
    """Open a session for whoever holds the phone; the first time, they become a resident.

    `jkt` is the key that the request proved, to which the session is then bound. Refuses `CodeWrong` with the tries left,
    `CodeSpent`, and `IdentityFrozen`; of several right tries at once one opens a session.
    """
    sent = await _matched(entered)
    async with transaction(sessions.IDENTITY):
        citizen_id = await register_resident(Person(phone=sent.phone))
        known = await resident(citizen_id)
        if known.died_on is not None:
            raise SignInRefused
        if known.frozen_at is not None:
            raise IdentityFrozen(frozen_at=known.frozen_at)
        level = 1 if known.real_name_at is None else 2
        tokens = await sessions.open_session(
            sessions.Opening(citizen_id, entered.client_id, level, jkt, network=network_of(address))
        )
    for limit in (limits.CODES_TO_A_PHONE, limits.CODES_TO_A_PHONE_A_DAY):
        await limits.forget(limit, sent.phone)
    return tokens


async def _matched(entered: CodeEntered) -> _Sent:
    key = str(entered.challenge_id)
    tries = await short_lived.count(_TRIED, key, LIVES)
    sealed = await short_lived.get(_PURPOSE, key)
    if tries > TRIES or sealed is None:
        raise CodeSpent
    sent = msgspec.json.decode(open_field("short_lived", "value", entered.challenge_id, sealed), type=_Sent)
    if not hmac.compare_digest(sent.hashed, _hashed(entered.challenge_id, entered.code)):
        raise CodeWrong(tries_left=TRIES - tries)
    if await short_lived.take(_PURPOSE, key) is None:
        raise CodeSpent
    return sent


def _hashed(challenge_id: UUID, code: str) -> bytes:
    return blind_index("sign-in-code", f"{challenge_id} {code}")
