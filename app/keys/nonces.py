"""Each nonce of a signed message is used once."""

from typing import Protocol

from app.keys.errors import NonceReplayed
from app.keys.request_signatures import VerifiedRequest


class NonceGuard(Protocol):
    """Remembers what was received, for as long as it could be received again."""

    async def consume(self, keyid: str, nonce: str, expires_at: int) -> bool:
        """Use up a nonce of a key until `expires_at` (seconds since 1970); says False if it was used before."""


async def refuse_replay(guard: NonceGuard, verified: VerifiedRequest) -> None:
    """Use up the nonce of a verified request; refuses (`NonceReplayed`) one that was received before."""
    if not await guard.consume(verified.keyid, verified.nonce, verified.replayable_until):
        raise NonceReplayed
