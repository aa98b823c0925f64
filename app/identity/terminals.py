"""Terminals: made known by set-up, and recognised by their signature over each request (RFC 9421)."""

from typing import Final
from uuid import UUID

import msgspec
from cryptography import x509

from app.identity.errors import TerminalClosed
from app.kernel import clock
from app.kernel.actors import System, Terminal
from app.kernel.database import execute, fetch_one, fetch_value, transaction
from app.kernel.ids import new_plain_id
from app.keys.algorithms import VerifyingKey, verifying_key
from app.keys.nonces import DatabaseNonces, refuse_replay
from app.keys.request_signatures import TERMINAL, Binding, Request, claimed_keyid, verify_request
from app.pki.enrolment import Issued, issue
from app.pki.profiles import Kind
from app.pki.revocation import standing

DIRECTORY: Final = System("terminals")


class PointOfSale(msgspec.Struct, frozen=True):
    """A terminal to be made known: its code, and the merchant at whose counter it stands."""

    code: str
    merchant_code: str
    merchant_name: str


class Enrolled(msgspec.Struct, frozen=True):
    """A terminal with its certificate; `certificate.name` is the keyid that its signatures carry."""

    id: UUID
    certificate: Issued


class _Known(msgspec.Struct, frozen=True):
    terminal: Terminal
    key: VerifyingKey
    usable: bool


async def enrol_terminal(point: PointOfSale, csr_pem: str) -> Enrolled:
    """Make a terminal known, or give one that is a new certificate, which opens it again.

    Refuses what `app.pki.requests.proved_key` refuses.
    """
    async with transaction(DIRECTORY):
        known: UUID | None = await fetch_value("SELECT id FROM terminal WHERE code = $1", point.code)
        terminal_id = known or new_plain_id()
        issued = await issue(Kind.TERMINAL, csr_pem, terminal_id, point.code.lower())
        await execute(
            "INSERT INTO terminal (id, code, merchant_code, merchant_name, keyid, serial, certificate, not_after, state) "
            "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'active') ON CONFLICT (code) DO UPDATE SET state = 'active', "
            "merchant_code = excluded.merchant_code, merchant_name = excluded.merchant_name, keyid = excluded.keyid, "
            "serial = excluded.serial, certificate = excluded.certificate, not_after = excluded.not_after",
            *(terminal_id, point.code, point.merchant_code, point.merchant_name, issued.name),
            *(issued.serial, issued.chain, issued.not_after),
        )
    return Enrolled(terminal_id, issued)


async def close_terminal(code: str) -> None:
    """Take nothing from a terminal any more, from the next request on."""
    async with transaction(DIRECTORY):
        await execute("UPDATE terminal SET state = 'closed' WHERE code = $1", code)


async def verify(signed: Request) -> tuple[Terminal, Binding]:
    """Whose signed request this is, and what the answer's signature must repeat; the request counts once.

    Refuses `SIGNATURE_REFUSALS`, and `TerminalClosed` a terminal that is closed or whose certificate ended or was revoked.
    """
    keyid = claimed_keyid(signed.headers)
    known = await _known(keyid)
    verified = verify_request(
        signed,
        lambda name: known.key if known is not None and name == keyid else None,
        profile=TERMINAL,
        now=clock.epoch_seconds(),
    )
    await refuse_replay(DatabaseNonces(), verified)
    if known is None or not known.usable:
        raise TerminalClosed
    return known.terminal, verified.binding


async def _known(keyid: str) -> _Known | None:
    async with transaction(DIRECTORY):
        row = await fetch_one("SELECT * FROM terminal WHERE keyid = $1", keyid)
        if row is None:
            return None
        held = await standing(row["serial"])
    certificate = x509.load_pem_x509_certificate(row["certificate"].encode())
    return _Known(
        Terminal(id=row["id"], code=row["code"], merchant_code=row["merchant_code"]),
        verifying_key(certificate.public_key()),
        usable=row["state"] == "active"
        and row["not_after"] > clock.now()
        and held is not None
        and held.revoked_at is None,
    )
