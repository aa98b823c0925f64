"""A terminal's keys: certified, renewed while valid, and found by the name that signatures carry (`keyid`).

The first is named by the terminal's code, a renewed one `k2.<code>` and so on, so that a signature says which key made it. A
terminal has at most two that hold: the one it signs with, and the one that takes over.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from typing import Final
from uuid import UUID

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from app.identity import limits
from app.identity.errors import KeyNotNew, TerminalClosed, TerminalRenewed
from app.identity.terminal_enrolment_errors import TerminalKeyKnown
from app.kernel import clock
from app.kernel.actors import System, Terminal
from app.kernel.database import Row, alone, execute, fetch_all, fetch_one, fetch_value, transaction
from app.kernel.together import Together
from app.keys.algorithms import VerifyingKey, verifying_key
from app.pki.enrolment import Issued, issue_for_key
from app.pki.profiles import Kind
from app.pki.requests import proved_key, require_p256
from app.pki.revocation import revoke

DIRECTORY: Final = System("terminals")
KEYS: Final = (
    "terminal_key k JOIN terminal t ON t.id = k.terminal_id LEFT JOIN certificate_standing c ON c.serial = k.serial"
)
STANDING: Final = """
k.serial, k.terminal_id, k.not_after, t.code, t.merchant_code,
t.state = 'active' AND k.ended_at IS NULL AND c.serial IS NOT NULL AND c.revoked_at IS NULL AS stands
"""
"""What `terminal_of` and `is_usable` read of `KEYS`."""
_FIND: Final = f"SELECT k.keyid, k.certificate, {STANDING} FROM {KEYS} WHERE k.keyid = ANY ($1::text[])"
_SUPERSEDED: Final = x509.ReasonFlags.superseded


class KnownKey(msgspec.Struct, frozen=True):
    """A terminal's key; usable while the terminal is open and its certificate valid and not revoked."""

    terminal: Terminal
    serial: str
    key: VerifyingKey
    usable: bool


class Certified(msgspec.Struct, frozen=True):
    """A key's certificate with its authority (PEM), and the name that its signatures carry."""

    keyid: str
    certificate: str
    serial: str


class HeldKey(msgspec.Struct, frozen=True):
    """A terminal's key that wasn't superseded: its digest, and its certificate with its authority (PEM)."""

    digest: bytes
    certificate: str
    serial: str
    ends_at: datetime


def digest_of(key: ec.EllipticCurvePublicKey) -> bytes:
    """What a key is known by: SHA-256 over its SubjectPublicKeyInfo."""
    return sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).digest()


async def refuse_known(digest: bytes) -> None:
    """Refuse (`TerminalKeyKnown`) a key that any terminal ever had, in the (system) transaction in progress."""
    if await fetch_value("SELECT true FROM terminal_known_key WHERE digest = $1", digest):
        raise TerminalKeyKnown


async def held_key(keyid: str) -> HeldKey | None:
    """The key that a terminal signs with by a name, in the (system) transaction in progress."""
    row = await fetch_one(
        "SELECT certificate, serial, not_after FROM terminal_key WHERE keyid = $1 AND ended_at IS NULL", keyid
    )
    if row is None:
        return None
    return HeldKey(digest_of(_public_key(row)), row["certificate"], row["serial"], row["not_after"])


async def ends_at(keyid: str) -> datetime:
    """When the certificate ends whose key signed a request that was verified."""
    async with transaction(DIRECTORY):
        ends: datetime = await fetch_value("SELECT not_after FROM terminal_key WHERE keyid = $1", keyid)
    return ends


async def certify_first(terminal_id: UUID, code: str, key: ec.EllipticCurvePublicKey) -> Issued:
    """Certify a terminal's key under its plain name; every key that it had before ends.

    Refuses (`TerminalKeyKnown`) one that another terminal has or had.
    """
    await _know(terminal_id, key)
    for held in await holding(terminal_id):
        await end(held)
    life = await _life(terminal_id)
    issued = await issue_for_key(Kind.TERMINAL, key, terminal_id, code.lower(), life)
    await execute(
        "INSERT INTO terminal_key (keyid, terminal_id, generation, serial, certificate, not_after) "
        "VALUES ($1, $2, 1, $3, $4, $5) ON CONFLICT (keyid) DO UPDATE SET serial = excluded.serial, "
        "certificate = excluded.certificate, not_after = excluded.not_after, ended_at = NULL",
        *(issued.name, terminal_id, issued.serial, issued.chain, issued.not_after),
    )
    return issued


async def renew(terminal: Terminal, keyid: str, csr_pem: str) -> Certified:
    """Certify a terminal's next key; the one that signed the request (`keyid`) holds until its own end.

    Asking again with the same new key gives the same certificate. Refuses what `proved_key` refuses, `KeyNotNew` for a key
    that the terminal has or had, `TerminalKeyKnown` for another one's, and `TerminalRenewed` once another new key has taken over.
    """
    key = proved_key(csr_pem)
    async with transaction(DIRECTORY):
        await fetch_value("SELECT id FROM terminal WHERE id = $1 FOR UPDATE", terminal.id)
        held = await holding(terminal.id)
        same = next((row for row in held if _public_key(row) == key), None)
        if same is not None and same["keyid"] != keyid and same is held[-1]:
            return Certified(same["keyid"], same["certificate"], same["serial"])
        if same is not None:
            raise KeyNotNew
        if not held:
            raise TerminalClosed
        if held[-1]["keyid"] != keyid:
            raise TerminalRenewed(keyid=held[-1]["keyid"])
        # Whoever signs with the newest key needs no older one any more.
        for row in held[:-1]:
            await end(row)
        return await _next(terminal, key)


async def find(keyid: str) -> KnownKey | None:
    """The terminal's key of a name, if there is one; looked up together with those that others ask for at the same time."""
    return await _LOOK_UPS(keyid)


async def _find_all(keyids: Sequence[str]) -> list[KnownKey | None]:
    rows = await alone(_FIND, sorted(set(keyids)))
    found = {row["keyid"]: _known(row) for row in rows}
    return [found.get(keyid) for keyid in keyids]


_LOOK_UPS: Final = Together(_find_all, lambda _keyid: ())


def _known(row: Row) -> KnownKey:
    return KnownKey(terminal_of(row), row["serial"], _verifying(row["certificate"]), usable=is_usable(row))


def terminal_of(row: Row) -> Terminal:
    """Whose key it is."""
    return Terminal(id=row["terminal_id"], code=row["code"], merchant_code=row["merchant_code"])


def is_usable(row: Row) -> bool:
    """Whether the terminal is open and the key's certificate valid and not revoked."""
    return bool(row["stands"]) and row["not_after"] > clock.now()


@lru_cache(maxsize=4_096)
def _verifying(certificate: str) -> VerifyingKey:
    """The key of a certificate, which takes longer to read than a signature to check."""
    return verifying_key(x509.load_pem_x509_certificate(certificate.encode()).public_key())


async def _next(terminal: Terminal, key: ec.EllipticCurvePublicKey) -> Certified:
    if await fetch_value(
        "SELECT true FROM terminal_known_key WHERE digest = $1 AND terminal_id = $2", digest_of(key), terminal.id
    ):
        raise KeyNotNew
    await _know(terminal.id, key)
    number = await fetch_value("SELECT max(generation) + 1 FROM terminal_key WHERE terminal_id = $1", terminal.id)
    issued = await issue_for_key(
        Kind.TERMINAL, key, terminal.id, f"k{number}.{terminal.code.lower()}", await _life(terminal.id)
    )
    await execute(
        "INSERT INTO terminal_key (keyid, terminal_id, generation, serial, certificate, not_after) "
        "VALUES ($1, $2, $3, $4, $5, $6)",
        *(issued.name, terminal.id, number, issued.serial, issued.chain, issued.not_after),
    )
    return Certified(issued.name, issued.chain, issued.serial)


async def holding(terminal_id: UUID) -> list[Row]:
    """The keys that hold, oldest first."""
    return await fetch_all(
        "SELECT k.* FROM terminal_key k JOIN certificate_standing c ON c.serial = k.serial WHERE k.terminal_id = $1 "
        "AND k.ended_at IS NULL AND k.not_after > $2 AND c.revoked_at IS NULL ORDER BY k.generation",
        *(terminal_id, clock.now()),
    )


async def end(row: Row, reason: x509.ReasonFlags = _SUPERSEDED) -> None:
    """End a key, as `holding` gives it, and revoke its certificate."""
    await execute("UPDATE terminal_key SET ended_at = $2 WHERE keyid = $1", row["keyid"], clock.now())
    await revoke(row["serial"], reason)


async def _know(terminal_id: UUID, key: ec.EllipticCurvePublicKey) -> None:
    """Know a key as this terminal's for good; of two terminals that come with one at once, one has it."""
    await execute(
        "INSERT INTO terminal_known_key (digest, terminal_id) VALUES ($1, $2) ON CONFLICT DO NOTHING",
        *(digest_of(key), terminal_id),
    )
    if await fetch_value("SELECT terminal_id FROM terminal_known_key WHERE digest = $1", digest_of(key)) != terminal_id:
        raise TerminalKeyKnown


async def _life(terminal_id: UUID) -> timedelta:
    """How long a terminal's certificate lives: longer for one that is without a connection for days."""
    offline = await fetch_value("SELECT offline FROM terminal WHERE id = $1", terminal_id)
    return timedelta(days=limits.limit_today("offline_terminal_days" if offline else "terminal_days"))


def _public_key(row: Row) -> ec.EllipticCurvePublicKey:
    return require_p256(x509.load_pem_x509_certificate(row["certificate"].encode()).public_key())
