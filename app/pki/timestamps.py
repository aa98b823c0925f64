"""Time-stamps (RFC 3161 with RFC 5816): that a digest was known at a time, signed by our authority."""

import hashlib
import secrets
from datetime import datetime
from typing import Any, Final

import msgspec
from asn1crypto import algos, core, tsp
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from app.pki.authorities import TIMESTAMPS, Authorities, der
from app.pki.certificates import Signer
from app.pki.der_writing import (
    generalized_time,
    integer,
    object_identifier,
    octets,
    sequence,
    set_of,
    tagged,
    utc_time,
)
from app.pki.profiles import PROFILES, Kind

LARGEST_REQUEST: Final = 2_000
POLICY: Final = PROFILES[Kind.TIMESTAMP].policy.dotted_string
_DIGEST_SIZES: Final = {"sha256": 32, "sha384": 48, "sha512": 64}
_SERIAL_BITS: Final = 128
_LONGEST_NONCE_BITS: Final = 512
_TAG_0: Final = 0xA0
_GRANTED: Final = sequence(integer(0))
_SIGNED_DATA: Final = object_identifier("1.2.840.113549.1.7.2")
_TST_INFO: Final = object_identifier("1.2.840.113549.1.9.16.1.4")
_CONTENT_TYPE: Final = object_identifier("1.2.840.113549.1.9.3")
_MESSAGE_DIGEST: Final = object_identifier("1.2.840.113549.1.9.4")
_SIGNING_TIME: Final = object_identifier("1.2.840.113549.1.9.5")
_SIGNING_CERTIFICATE: Final = object_identifier("1.2.840.113549.1.9.16.2.47")
_ECDSA_SHA256: Final = object_identifier("1.2.840.10045.4.3.2")
_SHA256: Final = sequence(object_identifier("2.16.840.1.101.3.4.2.1"), b"\x05\x00")


class Rejected(ValueError):  # noqa: N818 - a refusal is named as a fact
    """The request can't be stamped; the message is the failure's name (RFC 3161, 2.4.2)."""


class _Asked(msgspec.Struct, frozen=True):
    imprint: bytes
    nonce: int | None
    wants_certificates: bool


def stamp(request: bytes, trusted: Authorities, at: datetime) -> bytes:
    """Answer a DER time-stamp request; what can't be stamped gets a rejection that says why, never an exception."""
    try:
        asked = _read(request)
    except Rejected as rejected:
        status = tsp.PKIStatusInfo({"status": "rejection", "fail_info": {str(rejected)}})
        # A rejection carries no token; asn1crypto's own answer type can't leave it out.
        return _dumped(core.SequenceOf([status], spec=tsp.PKIStatusInfo))
    token = make_token(asked.imprint, trusted, at, nonce=asked.nonce, with_certificates=asked.wants_certificates)
    return sequence(_GRANTED, token)


def stamp_over(data: bytes, trusted: Authorities, at: datetime) -> bytes:
    """Stamp bytes of our own in this process; gives the token (CMS, DER) with the certificates that verify it."""
    return make_token(make_imprint("sha256", hashlib.sha256(data).digest()), trusted, at, nonce=None)


def make_token(
    imprint: bytes, trusted: Authorities, at: datetime, *, nonce: int | None, with_certificates: bool = True
) -> bytes:
    """Make a time-stamp token (CMS, DER) over a digest (`make_imprint`)."""
    signer = trusted.own[TIMESTAMPS.label]
    content = _info(imprint, at, nonce)
    attributes = _attributes(signer, content, at)
    signature = signer.key.sign(set_of(*attributes), ec.ECDSA(hashes.SHA256()))
    chain = (signer.certificate, trusted.issuer(Kind.TIMESTAMP).certificate) if with_certificates else ()
    signed = sequence(
        integer(3),
        set_of(_SHA256),
        sequence(_TST_INFO, tagged(_TAG_0, octets(content))),
        set_of(*map(der, chain), tag=_TAG_0) if chain else b"",
        set_of(_signer_info(signer, attributes, signature)),
    )
    return sequence(_SIGNED_DATA, tagged(_TAG_0, signed))


def _read(request: bytes) -> _Asked:
    """Read a request strictly; raises `Rejected` with the failure's name."""
    if len(request) > LARGEST_REQUEST:
        raise Rejected("bad_data_format")
    try:
        asked = tsp.TimeStampReq.load(request, strict=True)
        version, policy, nonce = asked["version"].native, asked["req_policy"].native, asked["nonce"].native
        algorithm = asked["message_imprint"]["hash_algorithm"]["algorithm"].native
        digest: bytes = asked["message_imprint"]["hashed_message"].native
        extended, wants_certificates = bool(asked["extensions"].native), bool(asked["cert_req"].native)
    except (ValueError, TypeError, KeyError) as error:
        raise Rejected("bad_data_format") from error
    _refuse_unfit(version, policy, extended=extended)
    if algorithm not in _DIGEST_SIZES:
        raise Rejected("bad_alg")
    if len(digest) != _DIGEST_SIZES[algorithm] or (nonce is not None and nonce.bit_length() > _LONGEST_NONCE_BITS):
        raise Rejected("bad_data_format")
    return _Asked(make_imprint(algorithm, digest), nonce, wants_certificates)


def _refuse_unfit(version: object, policy: str | None, *, extended: bool) -> None:
    if version != "v1":
        raise Rejected("bad_request")
    if policy not in {None, POLICY}:
        raise Rejected("unaccepted_policy")
    if extended:
        raise Rejected("unaccepted_extensions")


def make_imprint(algorithm: str, digest: bytes) -> bytes:
    """A digest with the name of its algorithm (`sha1`, `sha256`, `sha384`, `sha512`), DER."""
    return sequence(_algorithm(algos.DigestAlgorithmId.unmap(algorithm)), octets(digest))


def _algorithm(dotted: str) -> bytes:
    """An AlgorithmIdentifier of a digest; its parameters are written as NULL, as most write and some expect them."""
    return sequence(object_identifier(dotted), b"\x05\x00")


def _info(imprint: bytes, at: datetime, nonce: int | None) -> bytes:
    accuracy = sequence(integer(1))
    serial = integer(secrets.randbits(_SERIAL_BITS))
    ending = b"" if nonce is None else integer(nonce)
    return sequence(integer(1), object_identifier(POLICY), imprint, serial, generalized_time(at), accuracy, ending)


def _attributes(signer: Signer, content: bytes, at: datetime) -> list[bytes]:
    certificate = sequence(sequence(sequence(octets(hashlib.sha256(der(signer.certificate)).digest()))))
    values = {
        _CONTENT_TYPE: _TST_INFO,
        _SIGNING_TIME: utc_time(at),
        _MESSAGE_DIGEST: octets(hashlib.sha256(content).digest()),
        _SIGNING_CERTIFICATE: certificate,
    }
    return [sequence(name, set_of(value)) for name, value in values.items()]


def _signer_info(signer: Signer, attributes: list[bytes], signature: bytes) -> bytes:
    certificate = signer.certificate
    named = sequence(certificate.issuer.public_bytes(), integer(certificate.serial_number))
    return sequence(
        integer(1), named, _SHA256, set_of(*attributes, tag=_TAG_0), sequence(_ECDSA_SHA256), octets(signature)
    )


def _dumped(value: Any) -> bytes:
    """DER of an asn1crypto value (the library isn't typed)."""
    dumped: bytes = value.dump()
    return dumped
