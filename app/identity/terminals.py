"""Terminals: made known by set-up, and recognised by their signature over each request (RFC 9421)."""

from uuid import UUID

import msgspec

from app.identity import terminal_keys
from app.identity.errors import TerminalClosed
from app.identity.terminal_keys import DIRECTORY
from app.kernel import clock
from app.kernel.actors import Terminal
from app.kernel.database import execute, fetch_value, transaction
from app.kernel.ids import new_plain_id
from app.keys.nonces import GroupedNonces, refuse_replay
from app.keys.request_signatures import TERMINAL, Binding, Request, claimed_keyid, verify_request
from app.pki.enrolment import Issued


class PointOfSale(msgspec.Struct, frozen=True):
    """A terminal to be made known: its code, and the merchant at whose counter it stands."""

    code: str
    merchant_code: str
    merchant_name: str


class Enrolled(msgspec.Struct, frozen=True):
    """A terminal with its certificate; `certificate.name` is the keyid that its signatures carry."""

    id: UUID
    certificate: Issued


async def enrol_terminal(point: PointOfSale, csr_pem: str) -> Enrolled:
    """Make a terminal known, or give one that is a new certificate, which opens it again; its earlier keys end.

    Refuses what `app.pki.requests.proved_key` refuses.
    """
    async with transaction(DIRECTORY):
        terminal_id: UUID = await fetch_value(
            "INSERT INTO terminal (id, code, merchant_code, merchant_name, state) VALUES ($1, $2, $3, $4, 'active') "
            "ON CONFLICT (code) DO UPDATE SET state = 'active', merchant_code = excluded.merchant_code, "
            "merchant_name = excluded.merchant_name RETURNING id",
            *(new_plain_id(), point.code, point.merchant_code, point.merchant_name),
        )
        issued = await terminal_keys.certify_first(terminal_id, point.code, csr_pem)
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
    known = await terminal_keys.find(keyid)
    verified = verify_request(
        signed,
        lambda name: known.key if known is not None and name == keyid else None,
        profile=TERMINAL,
        now=clock.epoch_seconds(),
    )
    await refuse_replay(GroupedNonces(), verified)
    if known is None or not known.usable:
        raise TerminalClosed
    return known.terminal, verified.binding
