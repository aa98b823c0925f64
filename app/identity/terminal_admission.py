"""Letting a terminal's signed request in.

It is verified by the key that was seen last under its name. Then its nonce is used up and that name looked up, in one round trip with
those of all requests that come at the same time: what the database says now counts, so what was withdrawn is refused at once.
"""

from collections.abc import Callable, Sequence
from typing import Final

import msgspec

from app.identity import terminal_keys
from app.identity.errors import TerminalClosed
from app.identity.terminal_keys import KnownKey
from app.kernel import clock, short_lived
from app.kernel.actors import Terminal
from app.kernel.database import alone
from app.kernel.short_lived import Claim
from app.kernel.together import Together
from app.keys.algorithms import VerifyingKey
from app.keys.errors import KeyUnknown, NonceReplayed, SignatureWrong
from app.keys.nonces import claim_on
from app.keys.request_signatures import TERMINAL, Binding, Request, VerifiedRequest, claimed_keyid, verify_request

_MOST_SEEN: Final = 4_096
_seen: Final[dict[str, KnownKey]] = {}
_ADMIT: Final = f"""
WITH claimed AS ({short_lived.CLAIM}) SELECT claimed.key IS NOT NULL AS is_first, {terminal_keys.STANDING}
FROM unnest($2::text[], $5::text[]) WITH ORDINALITY AS asked (nonce, keyid, n) LEFT JOIN claimed ON claimed.key = asked.nonce
LEFT JOIN ({terminal_keys.KEYS}) ON k.keyid = asked.keyid ORDER BY asked.n
"""


class _Asked(msgspec.Struct, frozen=True):
    """The name of a key by which a signature holds, and the signature's nonce."""

    keyid: str
    nonce: Claim


class _Standing(msgspec.Struct, frozen=True):
    """Whether a nonce was new, and what the key's name stands for now."""

    is_first: bool
    serial: str
    terminal: Terminal
    usable: bool


async def verify(signed: Request) -> tuple[Terminal, Binding]:
    """Whose signed request this is, and what the answer's signature must repeat; the request counts once.

    Refuses `SIGNATURE_REFUSALS`, and `TerminalClosed` a terminal that is closed or whose certificate ended or was revoked.
    """
    known, verified = _by_the_seen(signed) or await _by_the_known(signed)
    standing = await _ADMISSIONS(_Asked(verified.keyid, claim_on(verified)))
    if not standing.is_first:
        raise NonceReplayed
    if standing.serial != known.serial:
        await _by_the_known(signed)
    if not standing.usable:
        raise TerminalClosed
    return standing.terminal, verified.binding


def _by_the_seen(signed: Request) -> tuple[KnownKey, VerifiedRequest] | None:
    """Verified by the key that was seen last; nothing if there is none, or another one may have taken its name."""
    try:
        verified = _verified(signed, _seen.get)
    except (KeyUnknown, SignatureWrong):
        return None
    return _seen[verified.keyid], verified


async def _by_the_known(signed: Request) -> tuple[KnownKey, VerifiedRequest]:
    """Verified by the key that has the name now, which is kept in mind."""
    known = await terminal_keys.find(claimed_keyid(signed.headers))
    verified = _verified(signed, lambda _keyid: known)
    if known is None:
        raise TerminalClosed
    if len(_seen) >= _MOST_SEEN:
        _seen.clear()
    _seen[verified.keyid] = known
    return known, verified


def _verified(signed: Request, key_of: Callable[[str], KnownKey | None]) -> VerifiedRequest:
    def key(keyid: str) -> VerifyingKey | None:
        known = key_of(keyid)
        return None if known is None else known.key

    return verify_request(signed, key, profile=TERMINAL, now=clock.epoch_seconds())


async def _admit(batch: Sequence[_Asked]) -> list[_Standing]:
    """Use up nonces, no two the same, each of which stays used up whatever becomes of its request; waits for no disk."""
    rows = await alone(
        _ADMIT, *short_lived.columns([one.nonce for one in batch]), [one.keyid for one in batch], durable=False
    )
    return [
        _Standing(row["is_first"], row["serial"], terminal_keys.terminal_of(row), terminal_keys.is_usable(row))
        for row in rows
    ]


_ADMISSIONS: Final = Together(_admit, lambda asked: (asked.nonce.key,))
