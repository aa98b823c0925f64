"""Challenges: texts to sign with a certified key, each for one use by one name and two minutes.

A challenge starts with what it is for, so that a signature over it can mean nothing else.
"""

import base64
import secrets
from datetime import timedelta
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec

from app.identity.errors import ChallengeWrong
from app.identity.structs import Challenge
from app.kernel import short_lived
from app.keys.algorithms import Es256Key

LIVES: Final = timedelta(minutes=2)
_PURPOSE: Final = "challenge"


async def give(purpose: str, name: str) -> Challenge:
    """Give a challenge to whoever calls themselves `name`."""
    nonce = f"{purpose}.{secrets.token_urlsafe(24)}"
    await short_lived.put(_PURPOSE, nonce, name.encode(), LIVES)
    return Challenge(nonce=nonce, expires_in_seconds=int(LIVES.total_seconds()))


async def use(purpose: str, name: str, nonce: str) -> None:
    """Use a challenge up; refuses (`ChallengeWrong`) one that is used, ended, another's or for something else."""
    if not nonce.startswith(f"{purpose}.") or await short_lived.take(_PURPOSE, nonce) != name.encode():
        raise ChallengeWrong


def is_signed(key: ec.EllipticCurvePublicKey, nonce: str, signature: str) -> bool:
    """Whether a signature (raw `r || s` in base64url) over a challenge's ASCII bytes is the key's."""
    raw = base64.urlsafe_b64decode(signature + "=" * (-len(signature) % 4))
    return Es256Key(key).verifies(raw, nonce.encode("ascii"))
