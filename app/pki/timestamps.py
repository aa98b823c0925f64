"""Time-stamps (RFC 3161 with RFC 5816): that a digest was known at a time, signed by our authority."""

import hashlib
import secrets
from datetime import UTC, datetime
from typing import Any, Final

import msgspec
from asn1crypto import algos, cms, core, tsp, x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from app.pki.authorities import TIMESTAMPS, Authorities, der
from app.pki.certificates import Signer
from app.pki.profiles import PROFILES, Kind

LARGEST_REQUEST: Final = 2_000
POLICY: Final = PROFILES[Kind.TIMESTAMP].policy.dotted_string
_DIGEST_SIZES: Final = {"sha256": 32, "sha384": 48, "sha512": 64}
_SERIAL_BITS: Final = 128
_LONGEST_NONCE_BITS: Final = 512


class Rejected(ValueError):  # noqa: N818 - a refusal is named as a fact
    """The request can't be stamped; the message is the failure's name (RFC 3161, 2.4.2)."""


class _Asked(msgspec.Struct, frozen=True):
    imprint: tsp.MessageImprint
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
    return _dumped(tsp.TimeStampResp({"status": {"status": "granted"}, "time_stamp_token": token}))


def stamp_over(data: bytes, trusted: Authorities, at: datetime) -> bytes:
    """Stamp bytes of our own in this process; gives the token (CMS, DER) with the certificates that verify it."""
    imprint = make_imprint("sha256", hashlib.sha256(data).digest())
    return _dumped(make_token(imprint, trusted, at, nonce=None))


def make_token(
    imprint: tsp.MessageImprint,
    trusted: Authorities,
    at: datetime,
    *,
    nonce: int | None,
    with_certificates: bool = True,
) -> cms.ContentInfo:
    """Make a time-stamp token over a digest."""
    signer = trusted.own[TIMESTAMPS.label]
    content = _dumped(_info(imprint, at, nonce))
    attributes = _attributes(signer, content, at)
    signature = signer.key.sign(_dumped(attributes), ec.ECDSA(hashes.SHA256()))
    chain = (signer.certificate, trusted.issuer(Kind.TIMESTAMP).certificate) if with_certificates else ()
    signed = {
        "version": "v3",
        "digest_algorithms": [{"algorithm": "sha256"}],
        "encap_content_info": {"content_type": "tst_info", "content": cms.ParsableOctetString(content)},
        "signer_infos": [_signer_info(signer, attributes, signature)],
    }
    if chain:
        signed["certificates"] = [x509.Certificate.load(der(certificate)) for certificate in chain]
    return cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(signed)})


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


def make_imprint(algorithm: str, digest: bytes) -> tsp.MessageImprint:
    """A digest with the name of its algorithm (`sha256`, `sha384`, `sha512`)."""
    return tsp.MessageImprint({"hash_algorithm": {"algorithm": algorithm}, "hashed_message": digest})


def _info(imprint: tsp.MessageImprint, at: datetime, nonce: int | None) -> tsp.TSTInfo:
    said: dict[str, Any] = {
        "version": "v1",
        "policy": POLICY,
        "message_imprint": imprint,
        "serial_number": secrets.randbits(_SERIAL_BITS),
        "gen_time": at.astimezone(UTC).replace(microsecond=0),
        "accuracy": {"seconds": 1},
    }
    return tsp.TSTInfo(said if nonce is None else said | {"nonce": nonce})


def _attributes(signer: Signer, content: bytes, at: datetime) -> cms.CMSAttributes:
    certificate = {"certs": [{"cert_hash": hashlib.sha256(der(signer.certificate)).digest()}]}
    values: dict[str, object] = {
        "content_type": "tst_info",
        "signing_time": cms.Time({"utc_time": at.astimezone(UTC).replace(microsecond=0)}),
        "message_digest": hashlib.sha256(content).digest(),
        "signing_certificate_v2": tsp.SigningCertificateV2(certificate),
    }
    return cms.CMSAttributes([cms.CMSAttribute({"type": name, "values": [value]}) for name, value in values.items()])


def _signer_info(signer: Signer, attributes: cms.CMSAttributes, signature: bytes) -> cms.SignerInfo:
    certificate = x509.Certificate.load(der(signer.certificate))
    named = cms.IssuerAndSerialNumber({"issuer": certificate.issuer, "serial_number": certificate.serial_number})
    return cms.SignerInfo(
        {
            "version": "v1",
            "sid": cms.SignerIdentifier({"issuer_and_serial_number": named}),
            "digest_algorithm": algos.DigestAlgorithm({"algorithm": "sha256"}),
            "signed_attrs": attributes,
            "signature_algorithm": algos.SignedDigestAlgorithm({"algorithm": "sha256_ecdsa"}),
            "signature": signature,
        }
    )


def _dumped(value: Any) -> bytes:
    """DER of an asn1crypto value (the library isn't typed)."""
    dumped: bytes = value.dump()
    return dumped
