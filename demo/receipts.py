"""Checking a receipt as docs/receipts.md says, with `cryptography` alone."""

import base64
import json
from pathlib import Path
from typing import Any

from demo.certificates import DOCUMENT_SIGNING, Trust, is_signed, read_chain
from demo.report import require


def check(signed: dict[str, Any], trust: Trust) -> dict[str, Any]:
    """Check the seal over a receipt's bytes, and its chain; gives what the bytes say."""
    data, signature = _bytes(signed["signed_bytes_b64"]), _bytes(signed["signature"])
    seal = read_chain(signed["certificate_chain"])[0]
    require(signed["algorithm"] == "ES256", "the receipt's algorithm should be ES256")
    require(is_signed(seal, signature, data), "the receipt's signature doesn't hold")
    trust.check(seal, DOCUMENT_SIGNING)
    trust.refuse_revoked(seal)
    said: dict[str, Any] = json.loads(data)
    require(said == signed["receipt"], "the receipt that is shown isn't the one that was signed")
    return said


def write(signed: dict[str, Any], folder: Path) -> None:
    """Write `receipt.json`, `receipt-signature.der` and `receipt-chain.pem`, which openssl takes."""
    (folder / "receipt.json").write_bytes(_bytes(signed["signed_bytes_b64"]))
    (folder / "receipt-signature.der").write_bytes(_bytes(signed["signature"]))
    (folder / "receipt-chain.pem").write_text(signed["certificate_chain"])


def _bytes(text: str) -> bytes:
    return base64.b64decode(text, validate=True)
