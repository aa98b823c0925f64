"""Makers of merchants, the codes that they show, and what a payer scans of them."""

import secrets

import msgspec

from app.card import merchant_codes, scanning
from app.card.merchant_codes import Order
from app.card.merchants import register_merchant
from app.card.scan_structs import MerchantPaid, ScannedCode
from app.kernel.actors import Citizen
from app.kernel.idempotency import Once
from app.kernel.words import Words

MERCHANT, GROCER = "YT000077", Words(zh="振华量贩", en="Zhenhua Supermarket")


async def a_code(
    amount_fen: int | None = None, reference: str | None = None, merchant: str = MERCHANT, terminal: str | None = None
) -> str:
    """A code that a merchant shows."""
    await register_merchant(merchant, GROCER)
    return await merchant_codes.issue(Order(merchant, "5411", amount_fen, reference, terminal))


async def a_bill_code(amount_fen: int | None = 19_842) -> str:
    """A code that pays one bill, once."""
    return await a_code(amount_fen, f"BILL{secrets.token_hex(6).upper()}")


def a_scan_request(asked: ScannedCode, key: str | None = None) -> Once:
    """A request with a key of its own, and what was scanned as its body."""
    return Once(key or secrets.token_hex(16), "POST", "/v1/card/pay", msgspec.json.encode(asked))


async def scanned(citizen: Citizen, code: str, amount_fen: int | None = None, key: str | None = None) -> MerchantPaid:
    """Pay by a code."""
    asked = ScannedCode(code, amount_fen)
    return await scanning.pay(citizen, asked, a_scan_request(asked, key))
