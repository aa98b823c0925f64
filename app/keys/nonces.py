"""Each nonce of a signed message is used once."""

from datetime import timedelta
from typing import Protocol

from app.kernel import clock, short_lived
from app.kernel.short_lived import Claim
from app.keys.errors import NonceReplayed
from app.keys.request_signatures import VerifiedRequest


class NonceGuard(Protocol):
    """Remembers what was received, for as long as it could be received again."""

    async def consume(self, keyid: str, nonce: str, expires_at: int) -> bool:
        """Use up a nonce of a key until `expires_at` (seconds since 1970); says False if it was used before."""


class DatabaseNonces:
    """Nonces in the kernel's UNLOGGED table, unique over all workers.

    A crash of the database empties that table; what could then be replayed was signed less than two minutes before.
    """

    async def consume(self, keyid: str, nonce: str, expires_at: int) -> bool:
        """Use up a nonce; inside another transaction it stays used only if that one holds."""
        return (await short_lived.claim_all([_claim(keyid, nonce, expires_at)]))[0]


def claim_on(verified: VerifiedRequest) -> Claim:
    """The claim on the nonce of a verified request, for as long as it could be received again."""
    return _claim(verified.keyid, verified.nonce, verified.replayable_until)


def _claim(keyid: str, nonce: str, expires_at: int) -> Claim:
    return Claim("nonce", f"{keyid} {nonce}", timedelta(seconds=expires_at - clock.epoch_seconds() + 1))


async def refuse_replay(guard: NonceGuard, verified: VerifiedRequest) -> None:
    """Use up the nonce of a verified request; refuses (`NonceReplayed`) one that was received before."""
    if not await guard.consume(verified.keyid, verified.nonce, verified.replayable_until):
        raise NonceReplayed
