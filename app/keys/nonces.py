"""Each nonce of a signed message is used once."""

from typing import Final, Protocol

from app.kernel import clock
from app.kernel.actors import System
from app.kernel.database import execute, transaction
from app.keys.errors import NonceReplayed
from app.keys.request_signatures import VerifiedRequest


class NonceGuard(Protocol):
    """Remembers what was received, for as long as it could be received again."""

    async def consume(self, keyid: str, nonce: str, expires_at: int) -> bool:
        """Use up a nonce of a key until `expires_at` (seconds since 1970); says False if it was used before."""


_SYSTEM: Final = System("nonces")
_CONSUME: Final = """
INSERT INTO short_lived (purpose, key, expires_at) VALUES ('nonce', $1, $2) ON CONFLICT (purpose, key) DO NOTHING
"""


class DatabaseNonces:
    """Nonces in the kernel's UNLOGGED table, unique over all workers.

    A crash of the database empties that table; what could then be replayed was signed less than a minute before.
    """

    async def consume(self, keyid: str, nonce: str, expires_at: int) -> bool:
        """Use up a nonce; inside another transaction it is used up only if that one holds."""
        async with transaction(_SYSTEM):
            return await execute(_CONSUME, f"{keyid} {nonce}", clock.from_epoch(expires_at)) == 1


async def refuse_replay(guard: NonceGuard, verified: VerifiedRequest) -> None:
    """Use up the nonce of a verified request; refuses (`NonceReplayed`) one that was received before."""
    if not await guard.consume(verified.keyid, verified.nonce, verified.replayable_until):
        raise NonceReplayed
