"""Receipts at `/v1/verify`: whoever holds one finds out by its id whether it is ours and what it is for."""

import asyncio
from typing import Final
from uuid import UUID

import msgspec
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from app.card.kinds import named
from app.card.receipts import SYSTEM
from app.card.structs import Receipt
from app.kernel.database import fetch_one, transaction
from app.kernel.ids import shard_of
from app.kernel.money import yuan
from app.kernel.words import Words
from app.pki.structs import Finding, ShownFact

GENUINE: Final = Words(
    zh="该收据由本市市民卡系统开具，内容未被改动。", en="This receipt was given by the citizen card and is unchanged."
)
BROKEN: Final = Words(zh="该收据的电子印章校验失败。", en="The seal of this receipt doesn't hold.")
AMOUNT: Final = Words(zh="金额（元）", en="Amount (yuan)")
TIME: Final = Words(zh="时间", en="Time")
MERCHANT: Final = Words(zh="商户", en="Merchant")
KIND: Final = Words(zh="种类", en="Kind")
_FIND: Final = (
    "SELECT t.receipt, t.signature, s.certificate FROM transfer t JOIN receipt_seal s ON s.id = t.seal_id "
    "WHERE t.shard = $1 AND t.id = $2"
)
_ECDSA: Final = ec.ECDSA(hashes.SHA256())


class ReceiptVerifier:
    """Finds receipts by their id; tells amount, time, kind and merchant, and nothing of the payer."""

    kind = "receipt"

    async def find(self, code: str) -> Finding | None:
        """Say whether a receipt of this id was given and its seal holds; nothing if there is none."""
        try:
            receipt_id = UUID(code)
        except ValueError:
            return None
        async with transaction(SYSTEM):
            row = await fetch_one(_FIND, shard_of(receipt_id), receipt_id)
        if row is None:
            return None
        holds = await asyncio.to_thread(seal_holds, row["certificate"], row["signature"], row["receipt"])
        facts = _facts(msgspec.json.decode(row["receipt"], type=Receipt))
        return Finding(kind=self.kind, holds=holds, said=GENUINE if holds else BROKEN, facts=facts)


def seal_holds(certificate_pem: str, signature: bytes, payload: bytes) -> bool:
    """Say whether a signature (ECDSA on P-256, SHA-256, DER) over bytes is the certificate's."""
    key = x509.load_pem_x509_certificate(certificate_pem.encode()).public_key()
    if not isinstance(key, ec.EllipticCurvePublicKey):
        return False
    try:
        key.verify(signature, payload, _ECDSA)
    except InvalidSignature:
        return False
    return True


def _facts(receipt: Receipt) -> tuple[ShownFact, ...]:
    facts = (
        ShownFact(AMOUNT, yuan(receipt.amount_fen)),
        ShownFact(TIME, receipt.at.isoformat(timespec="seconds")),
        ShownFact(KIND, named(receipt.kind)),
    )
    merchant = receipt.merchant.zh if receipt.merchant else receipt.merchant_code
    return (*facts, ShownFact(MERCHANT, merchant)) if merchant else facts
