"""Signed messages for tests and vectors, made by a second, plain implementation of RFC 9421.

It signs whatever it is told to, in the profile or not, and shares no code with `app.keys`.
"""

import base64
import hashlib
from typing import Any

import msgspec
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from app.keys.algorithms import LocalKey, VerifyingKey, verifying_key
from app.keys.request_signatures import Signer

NOW = 1_795_305_600
"""2026-11-22T08:00:00+08:00."""
WITH_BODY = ("@method", "@target-uri", "content-digest", "content-type", "idempotency-key")
ANSWER = ("@status", "content-digest", "@method;req", "@target-uri;req", "signature;req")
TARGET = "https://portal.fuhai.example/v1/terminal/payments"
BODY = b'{"amount_fen":1250,"payer":"6FHL","sequence":7}'


def secret_of(name: str) -> bytes:
    """32 bytes that anybody can make again: these keys are published."""
    return hashlib.sha256(f"fuhai test key {name}".encode()).digest()


ES256_KEY = ec.derive_private_key(int.from_bytes(secret_of("es256")) >> 8, ec.SECP256R1())
ED25519_KEY = Ed25519PrivateKey.from_private_bytes(secret_of("ed25519"))
PRIVATE: dict[str, ec.EllipticCurvePrivateKey | Ed25519PrivateKey] = {
    "t-000123.term.fuhai.example": ES256_KEY,
    "t-000124.term.fuhai.example": ED25519_KEY,
    "portal.dept.fuhai.example": ec.derive_private_key(int.from_bytes(secret_of("portal")) >> 8, ec.SECP256R1()),
    "gaj.dept.fuhai.example": ec.derive_private_key(int.from_bytes(secret_of("gaj")) >> 8, ec.SECP256R1()),
    "wjw.dept.fuhai.example": Ed25519PrivateKey.from_private_bytes(secret_of("wjw")),
}
ES256, ED25519, PORTAL, POLICE, HEALTH = PRIVATE


def public_keys() -> dict[str, VerifyingKey]:
    """Everybody's public key, by keyid."""
    return {keyid: verifying_key(key.public_key()) for keyid, key in PRIVATE.items()}


def a_signer(keyid: str = ES256) -> Signer:
    """A signer of one of the published keys."""
    return Signer(keyid, LocalKey(PRIVATE[keyid]))


class Draft(msgspec.Struct, kw_only=True):
    """Everything about a signature that can be chosen, rightly or wrongly."""

    keyid: str = ES256
    tag: str = "fuhai-terminal"
    method: str = "POST"
    target: str = TARGET
    status: int = 200
    headers: dict[str, str] = msgspec.field(
        default_factory=lambda: {"content-type": "application/json", "idempotency-key": "0193-0001"}
    )
    body: bytes = BODY
    components: tuple[str, ...] = WITH_BODY
    created: Any = NOW
    nonce: str | None = "bm9uY2Utbm9uY2Utbm9uY2U"
    extra: str = ""
    label: str = "sig1"
    request_signature: str = ""


def signed(draft: Draft) -> list[tuple[str, str]]:
    """The header fields of a message, signed as drafted."""
    headers = dict(draft.headers)
    if "content-digest" in draft.components:
        headers.setdefault("content-digest", digest_of(draft.body))
    parameters = input_of(draft)
    signature = base64.b64encode(raw_signature(draft.keyid, base_of(draft, headers, parameters))).decode()
    return [
        *headers.items(),
        ("signature-input", f"{draft.label}={parameters}"),
        ("signature", f"{draft.label}=:{signature}:"),
    ]


def input_of(draft: Draft) -> str:
    """The inner list and parameters, as drafted."""
    nonce = "" if draft.nonce is None else f';nonce="{draft.nonce}"'
    listed = " ".join(_quoted(name) for name in draft.components)
    return f'({listed});created={draft.created};keyid="{draft.keyid}"{nonce};tag="{draft.tag}"{draft.extra}'


def base_of(draft: Draft, headers: dict[str, str], parameters: str) -> bytes:
    """The signature base (RFC 9421, 2.5)."""
    derived = {
        "@method": draft.method,
        "@target-uri": draft.target,
        "@status": str(draft.status),
        "@method;req": draft.method,
        "@target-uri;req": draft.target,
        "signature;req": draft.request_signature,
    }
    lines = [f"{_quoted(name)}: {derived.get(name, headers.get(name, ''))}" for name in draft.components]
    return "\n".join([*lines, f'"@signature-params": {parameters}']).encode()


def raw_signature(keyid: str, base: bytes) -> bytes:
    """The same signature each time: Ed25519, or ECDSA by RFC 6979."""
    key = PRIVATE[keyid]
    if isinstance(key, Ed25519PrivateKey):
        return key.sign(base)
    r, s = decode_dss_signature(key.sign(base, ec.ECDSA(hashes.SHA256(), deterministic_signing=True)))
    return r.to_bytes(32) + s.to_bytes(32)


def digest_of(body: bytes, algorithm: str = "sha-256") -> str:
    """A `Content-Digest`."""
    digest = hashlib.new(algorithm.replace("-", ""), body).digest()
    return f"{algorithm}=:{base64.b64encode(digest).decode()}:"


def _quoted(name: str) -> str:
    component, _, flag = name.partition(";")
    return f'"{component}"' + (f";{flag}" if flag else "")
