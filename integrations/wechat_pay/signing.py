"""The three texts that APIv3 signs, and RSA-SHA256 (PKCS #1 v1.5, base64) over them.

Source: WeChat Pay APIv3 documentation, "签名生成" and "签名验证". Each line of each text ends with a newline, the last too.
"""

import base64
import binascii
import re
from typing import Final

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey

SCHEME: Final = "WECHATPAY2-SHA256-RSA2048"
_PART: Final = re.compile(r'([a-z_]+)="([^"]*)"')
_PARTS: Final = frozenset({"mchid", "nonce_str", "timestamp", "serial_no", "signature"})


class Merchant(msgspec.Struct, frozen=True):
    """Who signs requests: the merchant's number, the serial of its certificate, its key."""

    mchid: str
    serial_no: str
    key: RSAPrivateKey

    def __repr__(self) -> str:
        """Show no key."""
        return f"Merchant({self.mchid!r})"


class Claim(msgspec.Struct, frozen=True):
    """An `Authorization` header taken apart; nothing in it has been checked."""

    mchid: str
    nonce_str: str
    timestamp: str
    serial_no: str
    signature: str


def request_text(method: str, target: str, stamp: tuple[str, str], body: bytes) -> bytes:
    """Text of a request: method, path with query, `stamp` (timestamp, nonce), body (empty for GET)."""
    timestamp, nonce = stamp
    return f"{method}\n{target}\n{timestamp}\n{nonce}\n".encode() + body + b"\n"


def answer_text(timestamp: str, nonce: str, body: bytes) -> bytes:
    """Text of an answer or a callback, over its raw bytes."""
    return f"{timestamp}\n{nonce}\n".encode() + body + b"\n"


def client_text(appid: str, timestamp: str, nonce: str, package: str) -> bytes:
    """Text of `paySign` in `wx.requestPayment`."""
    return f"{appid}\n{timestamp}\n{nonce}\n{package}\n".encode()


def sign(key: RSAPrivateKey, text: bytes) -> str:
    """Sign a text; base64."""
    return base64.b64encode(key.sign(text, padding.PKCS1v15(), hashes.SHA256())).decode()


def holds(key: RSAPublicKey, text: bytes, signature: str) -> bool:
    """Say whether a base64 signature of a text holds."""
    try:
        key.verify(base64.b64decode(signature, validate=True), text, padding.PKCS1v15(), hashes.SHA256())
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return True


def authorization(merchant: Merchant, text: bytes, stamp: tuple[str, str]) -> str:
    """Write the `Authorization` header for a request text made with `stamp` (timestamp, nonce)."""
    timestamp, nonce = stamp
    return (
        f'{SCHEME} mchid="{merchant.mchid}",nonce_str="{nonce}",timestamp="{timestamp}",'
        f'serial_no="{merchant.serial_no}",signature="{sign(merchant.key, text)}"'
    )


def read_authorization(header: str) -> Claim | None:
    """Take an `Authorization` header apart, its parts in any order; None where one is missing, foreign or repeated."""
    scheme, _, rest = header.partition(" ")
    found = _PART.findall(rest)
    parts = dict(found)
    if scheme != SCHEME or set(parts) != _PARTS or len(found) != len(_PARTS):
        return None
    return Claim(**parts)
