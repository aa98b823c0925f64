"""Receipts, and the city's seal over them.

What a receipt says is written with its transfer, as bytes, so it never changes, whatever the code becomes. It is sealed when it is
shown, under the certificate of that day: one that is found again after years can still be checked. Sealing is deterministic
(RFC 6979), so a receipt that is shown again is the same to the last byte until the certificate is renewed.
"""

import base64
from functools import lru_cache
from typing import Final
from uuid import UUID

import msgspec

from app.card.errors import TransactionUnknown
from app.card.structs import Receipt, SignedReceipt
from app.kernel.actors import Citizen, System, Terminal
from app.kernel.database import fetch_value, transaction
from app.kernel.ids import shard_of
from app.pki.seals import seal_bytes

SYSTEM: Final = System("card")


def write_receipt(receipt: Receipt) -> bytes:
    """A receipt as it is kept with its transfer."""
    return msgspec.json.encode(receipt)


def shown(payload: bytes) -> SignedReceipt:
    """A written receipt as its holders get it, sealed; about 25 µs."""
    seal = seal_bytes(payload)
    return SignedReceipt(
        receipt=msgspec.json.decode(payload, type=Receipt),
        signed_bytes_b64=base64.b64encode(payload).decode(),
        algorithm=seal.algorithm,
        signature=base64.b64encode(seal.signature).decode(),
        certificate_chain=seal.certificate + seal.chain,
    )


def written_shown(payload: bytes) -> bytes:
    """The same as JSON, without reading what was written before: a till waits for it."""
    seal = seal_bytes(payload)
    return b"".join(
        (
            *(b'{"receipt":', payload, b',"signed_bytes_b64":"', base64.b64encode(payload)),
            *(b'","algorithm":"', seal.algorithm.encode(), b'","signature":"', base64.b64encode(seal.signature)),
            *(b'","certificate_chain":', _chain(seal.certificate, seal.chain), b"}"),
        )
    )


@lru_cache(maxsize=4)
def _chain(certificate: str, above: str) -> bytes:
    return msgspec.json.encode(certificate + above)


async def receipt_of(reader: Citizen | Terminal, transfer_id: UUID) -> SignedReceipt:
    """The signed receipt of a transfer; a citizen gets their own (`TransactionUnknown` otherwise)."""
    return shown(await written_receipt(reader, transfer_id))


async def written_receipt(reader: Citizen | Terminal, transfer_id: UUID) -> bytes:
    """The same as it is kept, without a seal."""
    owner = reader.id if isinstance(reader, Citizen) else None
    principal = reader.principal if isinstance(reader, Terminal) else None
    async with transaction(reader):
        payload: bytes | None = await fetch_value(
            "SELECT receipt FROM transfer WHERE shard = $1 AND id = $2 AND (citizen_id = $3 OR principal = $4)",
            *(shard_of(transfer_id), transfer_id, owner, principal),
        )
    if payload is None:
        raise TransactionUnknown
    return payload
