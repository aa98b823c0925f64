"""The three fields of a signed message, read strictly and written in one way.

`Signature-Input` and `Signature` (RFC 9421, 4.1 and 4.2) hold exactly one signature with the label `sig1`, without any
optional white space; `Content-Digest` (RFC 9530, 2) holds exactly one SHA-256. Whatever a structured-field parser would
also take is refused: nothing here is negotiable, so there is nothing to be clever about.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final

import msgspec

from app.keys.errors import SignatureMalformed, SignatureMissing

Fields = Mapping[str, str] | Iterable[tuple[str, str]]
"""Header fields as a mapping, or as pairs in the order received (which lets repeated ones be seen)."""

LABEL: Final = "sig1"
_SIGNED_FIELDS: Final = frozenset({"signature", "signature-input", "content-digest", "content-type", "idempotency-key"})
_COMPONENT: Final = r'"[@a-z][a-z-]{0,40}"(?:;req)?'
_VALUE: Final = r'(?:[0-9]{1,12}|"[ !#-\[\]-~]{0,253}")'
_INPUT: Final = re.compile(
    rf"{LABEL}=(\((?:{_COMPONENT}(?: {_COMPONENT}){{0,15}})?\)((?:;[a-z]{{1,12}}={_VALUE}){{1,8}}))"
)
_AS_WRITTEN: Final = re.compile(
    rf'{LABEL}=(\(({_COMPONENT}(?: {_COMPONENT}){{0,15}})\);created=([0-9]{{1,12}});keyid="([A-Za-z0-9][A-Za-z0-9._:-]{{0,252}})"'
    r';alg="([ !#-\[\]-~]{0,253})";nonce="([A-Za-z0-9_-]{16,64})";tag="([ !#-\[\]-~]{0,253})")'
)
"""A request's in the order in which `write_input` writes it, which most signers do: read in one step."""
_ONE_COMPONENT: Final = re.compile(_COMPONENT)
_PARAMETER: Final = re.compile(r';([a-z]+)=(?:([0-9]+)|"([^"]*)")')
_SIGNATURE: Final = re.compile(rf"{LABEL}=:([A-Za-z0-9+/]{{86}}==):")
_DIGEST: Final = re.compile(r"sha-256=:([A-Za-z0-9+/]{43}=):")
_VISIBLE: Final = re.compile(r"[!-~](?:[ -~]*[!-~])?")
_KEYID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,252}")
_NONCE: Final = re.compile(r"[A-Za-z0-9_-]{16,64}")
_SIGNATURE_BYTES: Final = 64


class SignatureInput(msgspec.Struct, frozen=True):
    """What a signature says about itself; `raw` is the text that the signature covers."""

    raw: str
    components: tuple[str, ...]
    created: int
    keyid: str
    tag: str
    nonce: str | None
    alg: str | None


def signed_fields(headers: Fields) -> dict[str, str]:
    """Pick the fields that a signature concerns, by lower-case name.

    Refuses a repeated field and one with anything but visible ASCII: both are ways to show two readers two messages.
    """
    found: dict[str, str] = {}
    for name, value in headers.items() if isinstance(headers, Mapping) else headers:
        key = name.lower()
        if key not in _SIGNED_FIELDS:
            continue
        if key in found or not _VISIBLE.fullmatch(value):
            raise SignatureMalformed(field=key)
        found[key] = value
    return found


def read_input(fields: Mapping[str, str]) -> SignatureInput:
    """Read `Signature-Input`; refuses anything but one signature with the parameters of the profile, each once."""
    if "signature-input" not in fields or "signature" not in fields:
        raise SignatureMissing
    text = fields["signature-input"]
    written = _AS_WRITTEN.fullmatch(text)
    if written is None:
        return _read(text)
    raw, components, created, keyid, alg, nonce, tag = written.groups()
    return SignatureInput(raw, _each_once(components), int(created), keyid, tag, nonce, alg)


def _read(text: str) -> SignatureInput:
    match = _INPUT.fullmatch(text)
    if match is None:
        raise SignatureMalformed(field="signature-input")
    return _checked(match[1], _each_once(match[1].partition(")")[0]), _PARAMETER.findall(match[2]))


@lru_cache(maxsize=64)
def _each_once(components: str) -> tuple[str, ...]:
    """The names of an inner list, which are the same for message after message."""
    names = tuple(_ONE_COMPONENT.findall(components))
    if len(set(names)) < len(names):
        raise SignatureMalformed(field="signature-input")
    return names


def _checked(raw: str, components: tuple[str, ...], parameters: list[tuple[str, str, str]]) -> SignatureInput:
    numbers = {name: int(number) for name, number, _ in parameters if number}
    texts = {name: text for name, number, text in parameters if not number}
    once = len(numbers) + len(texts) == len(parameters)
    if (
        not once
        or set(numbers) != {"created"}
        or not {"keyid", "tag"} <= set(texts) <= {"keyid", "tag", "nonce", "alg"}
    ):
        raise SignatureMalformed(field="signature-input")
    nonce = texts.get("nonce")
    if not _KEYID.fullmatch(texts["keyid"]) or (nonce is not None and not _NONCE.fullmatch(nonce)):
        raise SignatureMalformed(field="signature-input")
    return SignatureInput(raw, components, numbers["created"], texts["keyid"], texts["tag"], nonce, texts.get("alg"))


class Naming(msgspec.Struct, frozen=True):
    """What a new signature says about itself besides its time: whose it is, by which algorithm, and for what."""

    keyid: str
    alg: str
    tag: str
    nonce: str | None = None


def write_input(components: Iterable[str], created: int, named: Naming) -> str:
    """Write the inner list and parameters of `Signature-Input`, without the label.

    `keyid` and `nonce` must be what `read_input` takes; anything else is the signer's mistake and is refused here.
    """
    if not _KEYID.fullmatch(named.keyid) or (named.nonce is not None and not _NONCE.fullmatch(named.nonce)):
        raise SignatureMalformed(field="signature-input")
    once = "" if named.nonce is None else f';nonce="{named.nonce}"'
    return f'({" ".join(components)});created={created};keyid="{named.keyid}";alg="{named.alg}"{once};tag="{named.tag}"'


def read_signature(fields: Mapping[str, str]) -> bytes:
    """Read the 64 bytes of `Signature`; refuses another length, label, count or spelling of base64."""
    match = _SIGNATURE.fullmatch(fields["signature"])
    return _decoded(match[1] if match else "", _SIGNATURE_BYTES, field="signature")


def write_signature(signature: bytes) -> str:
    """Write `Signature`."""
    return f"{LABEL}=:{base64.b64encode(signature).decode()}:"


def read_digest(value: str) -> bytes:
    """Read the SHA-256 of `Content-Digest`; refuses other algorithms, several digests, another spelling of base64."""
    match = _DIGEST.fullmatch(value)
    return _decoded(match[1] if match else "", hashlib.sha256().digest_size, field="content-digest")


def content_digest(body: bytes) -> str:
    """Write `Content-Digest` of a body."""
    return f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"


def _decoded(text: str, size: int, *, field: str) -> bytes:
    """Decode base64 that has exactly one spelling (RFC 4648, 3.5: the spare bits are zero)."""
    try:
        value = base64.b64decode(text, validate=True)
    except binascii.Error:
        value = b""
    if len(value) != size or base64.b64encode(value).decode() != text:
        raise SignatureMalformed(field=field)
    return value
