"""Signing requests to the portal in every way that a thief may like (RFC 9421), and sending what a client library wouldn't."""

import base64
import hashlib
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import httpx

from demo.keys import Key
from demo.terminals import TAG

COVERED: Final = ("@method", "@target-uri", "content-digest", "content-type", "idempotency-key")


@dataclass
class How:
    """How a request is signed; as it is, it's right."""

    covered: Sequence[str] = COVERED
    created: int = field(default_factory=lambda: int(time.time()))
    nonce: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    tag: str = TAG


def signed(address: str, body: bytes, keyid: str, key: Key, how: How | None = None) -> httpx.Request:
    """A POST of JSON, signed as told."""
    how = how or How()
    digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
    headers = {
        "content-type": "application/json",
        "idempotency-key": secrets.token_hex(16),
        "content-digest": f"sha-256=:{digest}:",
    }
    components = " ".join(f'"{name}"' for name in how.covered)
    said = f'({components});created={how.created};nonce="{how.nonce}";keyid="{keyid}";tag="{how.tag}"'
    values = {"@method": "POST", "@target-uri": address, **headers}
    lines = [f'"{name}": {values[name]}' for name in how.covered]
    base = "\n".join([*lines, f'"@signature-params": {said}'])
    signature = base64.b64encode(key.sign(base.encode())).decode()
    headers |= {"signature-input": f"sig1={said}", "signature": f"sig1=:{signature}:"}
    return httpx.Request("POST", address, headers=headers, content=body)


def altered(request: httpx.Request, body: bytes | None = None, **headers: str | None) -> httpx.Request:
    """The same request with another body or other fields (underlines stand for hyphens); a field without a value is left out."""
    fields = {name: value for name, value in request.headers.items() if name not in {"host", "content-length"}}
    changed = {name.replace("_", "-"): value for name, value in headers.items()}
    kept = {name: value for name, value in {**fields, **changed}.items() if value is not None}
    content = request.content if body is None else body
    return httpx.Request(request.method, request.url, headers=kept, content=content)
