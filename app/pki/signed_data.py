"""Checking CMS signatures (RFC 5652) by our own seals and time-stamps, strictly: one signer, one algorithm, our profile.

Only what our seal signed is ever parsed further, so a hostile file never reaches a parser of PDF.
"""

import hashlib
from datetime import datetime
from typing import Any, Final

import msgspec
from asn1crypto import cms, tsp
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from app.kernel.errors import Refusal
from app.pki.authorities import Authorities
from app.pki.profiles import Kind
from app.pki.verification import Checked, check_certificate, read_shown

_ECDSA: Final = ec.ECDSA(hashes.SHA256())
_SET_OF: Final = b"\x31"
_MALFORMED: Final = (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError, RecursionError)
"""What asn1crypto raises, lazily, over bytes that aren't what they should be."""


class NotGenuine(ValueError):  # noqa: N818 - a refusal is named as a fact
    """The signature doesn't hold; the message is the reason's code."""


class Stamped(msgspec.Struct, frozen=True):
    """A time-stamp that holds: when, and by which certificate."""

    at: datetime
    signer: Checked


class Signed(msgspec.Struct, frozen=True):
    """A signature of our seal that holds, and the time-stamp over it."""

    signer: Checked
    stamp: Stamped


def check_signed(signature: bytes, content_digest: bytes, trusted: Authorities) -> Signed:
    """Check a detached CMS signature with its time-stamp, as our documents carry it. Raises `NotGenuine`.

    The certificate is judged at the time-stamp's time, so a document outlives the seal's certificate.
    """
    try:
        signed = _signed_data(cms.ContentInfo.load(signature))
        info = _one(signed["signer_infos"])
        stamp = _check_stamp(_stamp_token(info), info["signature"].native, trusted)
        signer = _check_signer(signed, content_digest, Kind.SEAL, stamp.at, trusted)
    except Refusal as refusal:
        raise NotGenuine(refusal.code) from refusal
    except _MALFORMED as error:
        raise NotGenuine(_reason(error)) from error
    return Signed(signer, stamp)


def check_stamp(token: bytes, stamped: bytes, trusted: Authorities) -> Stamped:
    """Check a time-stamp token (RFC 3161, DER) of ours over some bytes. Raises `NotGenuine`."""
    try:
        return _check_stamp(cms.ContentInfo.load(token, strict=True), stamped, trusted)
    except Refusal as refusal:
        raise NotGenuine(refusal.code) from refusal
    except _MALFORMED as error:
        raise NotGenuine(_reason(error, "time_stamp_unreadable")) from error


def _check_stamp(token: Any, signature: bytes, trusted: Authorities) -> Stamped:
    signed = _signed_data(token)
    enclosed = signed["encap_content_info"]
    if enclosed["content_type"].native != "tst_info":
        raise NotGenuine("time_stamp_unreadable")
    content = enclosed["content"]
    info = tsp.TSTInfo.load(bytes(content), strict=True)
    imprint = info["message_imprint"]
    if imprint["hash_algorithm"]["algorithm"].native != "sha256":
        raise NotGenuine("algorithm_not_allowed")
    if imprint["hashed_message"].native != hashlib.sha256(signature).digest():
        raise NotGenuine("time_stamp_of_something_else")
    at: datetime = info["gen_time"].native
    digest = hashlib.sha256(bytes(content)).digest()
    return Stamped(at, _check_signer(signed, digest, Kind.TIMESTAMP, at, trusted))


def _check_signer(signed: Any, digest: bytes, kind: Kind, at: datetime, trusted: Authorities) -> Checked:
    info = _one(signed["signer_infos"])
    as_signed = _as_signed(info["signed_attrs"])
    certificate = _certificate(signed, info)
    checked = check_certificate(certificate, kind, at, trusted)
    attributes = {attribute["type"].native: _one(attribute["values"]) for attribute in info["signed_attrs"]}
    if attributes["message_digest"].native != digest:
        raise NotGenuine("content_changed")
    named = _one(attributes["signing_certificate_v2"]["certs"])["cert_hash"].native
    if named != certificate.fingerprint(hashes.SHA256()):
        raise NotGenuine("certificate_swapped")
    algorithms = (info["digest_algorithm"]["algorithm"].native, info["signature_algorithm"]["algorithm"].native)
    if algorithms != ("sha256", "sha256_ecdsa"):
        raise NotGenuine("algorithm_not_allowed")
    try:
        checked.public_key.verify(info["signature"].native, as_signed, _ECDSA)
    except InvalidSignature as error:
        raise NotGenuine("signature_wrong") from error
    return checked


def _as_signed(attributes: Any) -> bytes:
    """The attributes as they are signed: as a SET OF, which in the message is tagged otherwise (RFC 5652, 5.4).

    Call it before anything is read of them: the library writes anew, and slowly, what it has read.
    """
    return _SET_OF + bytes(attributes.dump()[1:])


def _signed_data(content: Any) -> Any:
    if content["content_type"].native != "signed_data":
        raise NotGenuine("not_signed")
    return content["content"]


def _stamp_token(info: Any) -> Any:
    tokens = [a["values"] for a in info["unsigned_attrs"] if a["type"].native == "signature_time_stamp_token"]
    return _one(_one(tokens))


def _certificate(signed: Any, info: Any) -> x509.Certificate:
    named = info["sid"].chosen
    shown = [
        choice.chosen
        for choice in signed["certificates"]
        if choice.chosen.serial_number == named["serial_number"].native and _same(choice.chosen.issuer, named["issuer"])
    ]
    return read_shown(_one(shown).dump())


def _same(name: Any, other: Any) -> bool:
    """Whether two names are the same; comparing them as X.500 does takes long and is needed only where their bytes differ."""
    return bool(name.dump() == other.dump() or name == other)


def _one(values: Any) -> Any:
    if len(values) != 1:
        raise NotGenuine("not_one_signature")
    return values[0]


def _reason(error: Exception, otherwise: str = "signature_unreadable") -> str:
    return str(error) if isinstance(error, NotGenuine) else otherwise
