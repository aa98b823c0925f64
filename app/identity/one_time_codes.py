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
from app.residents.people import locked
from app.residents.registration import register_resident
from app.residents.structs import Person
from integrations.sms.port import SmsPort

_PURPOSE: Final = "sign-in-code"
_TRIED: Final = "sign-in-code-tries"
_TEMPLATE: Final = "sign_in_code"
_KNOWN: Final = "sign-in-network"


class _Sent(msgspec.Struct, frozen=True):
    phone: str
    hashed: bytes

    def __repr__(self) -> str:
        """Show nothing, because what is printed ends in a log."""
        return "_Sent(…)"


async def send_code(phone: str, address: str, sms: SmsPort) -> CodeSent:
    """Send a code of six digits, good for some minutes and three tries.

    Refuses `TriedTooOften` by network address and by phone, and what the channel refuses. What strangers ask for a phone
    counts apart from what comes from a network where its holder has signed in lately: they can't lock the holder out.
    """
    network = limits.neighbourhood(address)
    await limits.count(limits.CODES_FROM_AN_ADDRESS, network)
    await _count(phone, network)
    lives = _lives()
    challenge_id, code = uuid4(), f"{secrets.randbelow(10**6):06d}"
    sent = msgspec.json.encode(_Sent(phone, _hashed(challenge_id, code)))
    await short_lived.put(_PURPOSE, str(challenge_id), seal_field("short_lived", "value", challenge_id, sent), lives)
    await sms.send(phone, _TEMPLATE, (code, str(lives.seconds // 60)), secrets.token_hex(8))
    return CodeSent(challenge_id=challenge_id, expires_in_seconds=lives.seconds)


async def _count(phone: str, network: str) -> None:
    for limit in limits.CODES_FROM_A_NETWORK:
        await limits.count(limit, f"{phone} {network}")
    if await short_lived.get(_KNOWN, _known(phone, network)) is None:
        for limit in limits.CODES_FROM_STRANGERS:
            await limits.count(limit, phone)


async def confirm_code(entered: CodeEntered, jkt: str | None, address: str = "") -> Tokens:
    """Open a session for whoever holds the phone; the first time, they become a resident.

    It is at level 1 also where the account has a name, unless its key proved that name before: phone numbers are given to others
    (docs/decisions/0018). Saying the name raises it.

    `jkt` is the key that the request proved, to which the session is then bound. Refuses `CodeWrong` with the tries left,
    `CodeSpent`, and `IdentityFrozen`; of several right tries at once one opens a session.
    """
    sent = await _matched(entered)
    async with transaction(sessions.IDENTITY):
        citizen_id = await register_resident(Person(phone=sent.phone))
        known = await locked(citizen_id)
        if known.died_on is not None or known.phone != sent.phone:
            raise SignInRefused
        if known.frozen_at is not None:
            raise IdentityFrozen(frozen_at=known.frozen_at)
        level = 2 if known.real_name_at and await sessions.is_known_key(citizen_id, jkt) else 1
        tokens = await sessions.open_session(
            sessions.Opening(citizen_id, entered.client_id, level, jkt, network=network_of(address))
        )
    await _recognise(sent.phone, limits.neighbourhood(address))
    return tokens


async def _recognise(phone: str, network: str) -> None:
    """Count anew, and know this network as the holder's for some time."""
    for limit in limits.CODES_FROM_A_NETWORK:
        await limits.forget(limit, f"{phone} {network}")
    for limit in limits.CODES_FROM_STRANGERS:
        await limits.forget(limit, phone)
    known_for = timedelta(days=limits.limit_today("network_known_days"))
    await short_lived.put(_KNOWN, _known(phone, network), b"", known_for)


async def _matched(entered: CodeEntered) -> _Sent:
    key = str(entered.challenge_id)
    allowed = limits.limit_today("code_tries")
    tries = await short_lived.count(_TRIED, key, _lives())
    sealed = await short_lived.get(_PURPOSE, key)
    if tries > allowed or sealed is None:
        raise CodeSpent
    sent = msgspec.json.decode(open_field("short_lived", "value", entered.challenge_id, sealed), type=_Sent)
    if not hmac.compare_digest(sent.hashed, _hashed(entered.challenge_id, entered.code)):
        raise CodeWrong(tries_left=allowed - tries)
    if await short_lived.take(_PURPOSE, key) is None:
        raise CodeSpent
    return sent


def _lives() -> timedelta:
    return timedelta(minutes=limits.limit_today("code_minutes"))


def _known(phone: str, network: str) -> str:
    return blind_index(_KNOWN, f"{phone} {network}").hex()


def _hashed(challenge_id: UUID, code: str) -> bytes:
    return blind_index("sign-in-code", f"{challenge_id} {code}")
