"""Terminals: made known by set-up or a one-time code, and closed."""

from uuid import UUID

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from app.identity import terminal_keys
from app.identity.terminal_keys import DIRECTORY
from app.kernel.database import execute, fetch_value, transaction
from app.kernel.ids import new_plain_id
from app.pki.enrolment import Issued
from app.pki.requests import proved_key


class PointOfSale(msgspec.Struct, frozen=True):
    """A terminal to be made known: its code, and the merchant at whose counter it stands."""

    code: str
    merchant_code: str
    merchant_name: str
    offline: bool = False


class Enrolled(msgspec.Struct, frozen=True):
    """A terminal with its certificate; `certificate.name` is the keyid that its signatures carry."""

    id: UUID
    certificate: Issued


async def enrol_terminal(point: PointOfSale, csr_pem: str) -> Enrolled:
    """Make a terminal known, or give one that is a new certificate, which opens it again; its earlier keys end.

    Refuses what `app.pki.requests.proved_key` refuses.
    """
    key = proved_key(csr_pem)
    async with transaction(DIRECTORY):
        return await enrol(point, key, new_plain_id())


async def enrol(point: PointOfSale, key: ec.EllipticCurvePublicKey, new_id: UUID) -> Enrolled:
    """Make a terminal known (a new one by this id) and certify its key, in the (system) transaction in progress.

    Refuses (`TerminalKeyKnown`) a key that another terminal has or had.
    """
    terminal_id: UUID = await fetch_value(
        "INSERT INTO terminal (id, code, merchant_code, merchant_name, offline, state) VALUES ($1, $2, $3, $4, $5, 'active') "
        "ON CONFLICT (code) DO UPDATE SET state = 'active', merchant_code = excluded.merchant_code, "
        "merchant_name = excluded.merchant_name, offline = excluded.offline RETURNING id",
        *(new_id, point.code, point.merchant_code, point.merchant_name, point.offline),
    )
    return Enrolled(terminal_id, await terminal_keys.certify_first(terminal_id, point.code, key))


async def close(terminal_id: UUID) -> bool:
    """Take nothing from a terminal any more, from the next request on; says whether it was open. In the transaction in progress."""
    changed = await execute("UPDATE terminal SET state = 'closed' WHERE id = $1 AND state <> 'closed'", terminal_id)
    for held in await terminal_keys.holding(terminal_id):
        await terminal_keys.end(held, x509.ReasonFlags.cessation_of_operation)
    return bool(changed)
