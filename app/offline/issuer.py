"""The key that account certificates are signed with, and those before it: a rotation leaves a day's certificates valid."""

from datetime import timedelta
from typing import Final

import msgspec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from app.card.terminal_structs import IssuerKey
from app.kernel import clock
from app.kernel.actors import System
from app.kernel.database import execute, fetch_all, transaction
from app.keys.algorithms import LocalKey
from app.offline.codes import kid_of
from app.pki.authorities import OFFLINE_CODES, authorities

OFFLINE: Final = System("offline")
_KEEP: Final = (
    "INSERT INTO offline_issuer_key (kid, public_key, not_after) VALUES ($1, $2, $3) "
    "ON CONFLICT (kid) DO UPDATE SET not_after = excluded.not_after WHERE offline_issuer_key.not_after < excluded.not_after"
)
_kept: Final[set[int]] = set()


class Issuer(msgspec.Struct, frozen=True):
    """The key that signs now, and how certificates name it."""

    key: LocalKey
    kid: bytes
    public_key: str


async def issuer() -> Issuer:
    """The key that signs now; it is kept, so that its certificates are believed after its rotation. Call outside a transaction."""
    own = authorities().own[OFFLINE_CODES.label]
    public = own.certificate.public_key()
    kid = kid_of(own.key.public_key())
    pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    if own.certificate.serial_number not in _kept:
        async with transaction(OFFLINE):
            await execute(_KEEP, kid.hex(), pem, own.certificate.not_valid_after_utc)
        _kept.add(own.certificate.serial_number)
    return Issuer(LocalKey(own.key), kid, pem)


async def issuer_keys() -> tuple[IssuerKey, ...]:
    """Every key whose certificates may still be shown or brought in, in the order of their names."""
    await issuer()
    async with transaction(OFFLINE):
        rows = await fetch_all(
            "SELECT kid, public_key FROM offline_issuer_key WHERE not_after > $1 ORDER BY kid",
            clock.now() - timedelta(days=30),
        )
    return tuple(IssuerKey(row["kid"], row["public_key"]) for row in rows)
