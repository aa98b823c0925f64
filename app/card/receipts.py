"""Receipts under the city's seal. What was sealed is stored as bytes, so a receipt never changes, whatever the code becomes."""

import base64
import hashlib
from functools import lru_cache
from typing import Final
from uuid import UUID

import msgspec

from app.card.errors import TransactionUnknown
from app.card.structs import Receipt, SignedReceipt
from app.kernel.actors import Citizen, System, Terminal
from app.kernel.database import execute, fetch_one, transaction
from app.kernel.ids import shard_of
from app.pki.authorities import RECEIPTS, authorities
from app.pki.seals import Seal, seal_bytes

SYSTEM: Final = System("card")
_kept: Final[set[int]] = set()


class SealedReceipt(msgspec.Struct, frozen=True):
    """A receipt's bytes with the seal over them; `seal_id` names the seal's certificate."""

    payload: bytes
    seal: Seal

    @property
    def seal_id(self) -> str:
        """The SHA-256 of the certificate's PEM."""
        return _seal_id(self.seal)

    def shown(self) -> SignedReceipt:
        """The receipt as its holders get it."""
        return _signed(self.payload, self.seal)


def seal_receipt(receipt: Receipt) -> SealedReceipt:
    """Seal a receipt; about 30 µs. `keep_seal()` must have been called in this process."""
    payload = msgspec.json.encode(receipt)
    return SealedReceipt(payload, seal_bytes(payload))


async def keep_seal() -> None:
    """Keep the certificate that seals now, so that receipts still show it after its renewal. Call outside a transaction."""
    serial = authorities().own[RECEIPTS.label].certificate.serial_number
    if serial in _kept:
        return
    seal = seal_bytes(b"")
    async with transaction(SYSTEM):
        await execute(
            "INSERT INTO receipt_seal (id, certificate, chain, algorithm) VALUES ($1, $2, $3, $4) ON CONFLICT (id) DO NOTHING",
            *(_seal_id(seal), seal.certificate, seal.chain, seal.algorithm),
        )
    _kept.add(serial)


async def receipt_of(reader: Citizen | Terminal, transfer_id: UUID) -> SignedReceipt:
    """The signed receipt of a transfer; a citizen gets their own (`TransactionUnknown` otherwise)."""
    owner = reader.id if isinstance(reader, Citizen) else None
    principal = reader.principal if isinstance(reader, Terminal) else None
    async with transaction(reader):
        row = await fetch_one(
            "SELECT t.receipt, t.signature, s.algorithm, s.certificate, s.chain FROM transfer t JOIN receipt_seal s ON s.id = t.seal_id "
            "WHERE t.shard = $1 AND t.id = $2 AND (t.citizen_id = $3 OR t.principal = $4)",
            *(shard_of(transfer_id), transfer_id, owner, principal),
        )
    if row is None:
        raise TransactionUnknown
    seal = Seal(row["algorithm"], row["signature"], row["certificate"], row["chain"])
    return _signed(row["receipt"], seal)


def _signed(payload: bytes, seal: Seal) -> SignedReceipt:
    return SignedReceipt(
        receipt=msgspec.json.decode(payload, type=Receipt),
        signed_bytes_b64=base64.b64encode(payload).decode(),
        algorithm=seal.algorithm,
        signature=base64.b64encode(seal.signature).decode(),
        certificate_chain=seal.certificate + seal.chain,
    )


def _seal_id(seal: Seal) -> str:
    return _digest(seal.certificate)


@lru_cache(maxsize=4)
def _digest(certificate: str) -> str:
    return hashlib.sha256(certificate.encode()).hexdigest()
