"""Checking a time-stamp (RFC 3161) offline: what it is over, when, and that whoever made it may. Pure."""

import hashlib
from datetime import datetime
from typing import Any, Final

from asn1crypto import cms, tsp
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID

_ECDSA: Final = ec.ECDSA(hashes.SHA256())


class StampWrong(ValueError):  # noqa: N818 - a refusal is named as a fact
    """It isn't a time-stamp over these bytes, or nobody who may stamp made it; the message says which."""


def stamped_at(token: bytes, stamped: bytes, root: x509.Certificate) -> datetime:
    """When bytes were stamped, by an authority below a root; refuses `StampWrong`."""
    try:
        signed: Any = cms.ContentInfo.load(token, strict=True)["content"]
        enclosed, signer = signed["encap_content_info"], signed["signer_infos"][0]
        if enclosed["content_type"].native != "tst_info":
            raise StampWrong("it isn't a time-stamp")
        content = bytes(enclosed["content"])
        told = tsp.TSTInfo.load(content, strict=True)
        imprint, at = told["message_imprint"], told["gen_time"].native
        chain = _from_leaf_up(
            [x509.load_der_x509_certificate(one.dump()) for one in signed["certificates"]],
            signer["sid"].chosen["serial_number"].native,
        )
        attributes: bytes = signer["signed_attrs"].untag().dump()
        digests = [one["values"][0].native for one in signer["signed_attrs"] if one["type"].native == "message_digest"]
        said = (imprint["hash_algorithm"]["algorithm"].native, imprint["hashed_message"].native)
        signature: bytes = signer["signature"].native
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, x509.InvalidVersion) as error:
        raise StampWrong("it isn't a time-stamp") from error
    if said != ("sha256", hashlib.sha256(stamped).digest()):
        raise StampWrong("it stamps something else")
    refuse_unless_below(root, chain, at)
    _refuse_unless_stamper(chain[0])
    if digests != [hashlib.sha256(content).digest()] or not verifies(chain[0], signature, attributes):
        raise StampWrong("its signature doesn't hold")
    stamped_on: datetime = at
    return stamped_on


def _from_leaf_up(certificates: list[x509.Certificate], serial: int) -> list[x509.Certificate]:
    """The stamper's certificate, by its number, and those above it; a set in a message has no order."""
    chain = [one for one in certificates if one.serial_number == serial][:1]
    while chain and len(chain) < len(certificates):
        above = [one for one in certificates if one.subject == chain[-1].issuer and one not in chain]
        if not above:
            break
        chain.append(above[0])
    return chain


def refuse_unless_below(root: x509.Certificate, chain: list[x509.Certificate], at: datetime) -> None:
    """Refuse (`StampWrong`) certificates, leaf first, that a root doesn't stand above or that didn't hold at a time."""
    whole = [*(one for one in chain if one != root), root]
    if not chain:
        raise StampWrong("no certificate is with it")
    for one, above in zip(whole, [*whole[1:], root], strict=True):
        try:
            one.verify_directly_issued_by(above)
        except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm) as error:
            raise StampWrong("its certificates don't lead to the root") from error
        if not one.not_valid_before_utc <= at <= one.not_valid_after_utc:
            raise StampWrong("a certificate didn't hold at that time")
    for authority in whole[1:]:
        if not authority.extensions.get_extension_for_class(x509.BasicConstraints).value.ca:
            raise StampWrong("a certificate above isn't an authority's")


def _refuse_unless_stamper(certificate: x509.Certificate) -> None:
    try:
        uses = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound as error:
        raise StampWrong("its certificate may not stamp") from error
    if ExtendedKeyUsageOID.TIME_STAMPING not in uses:
        raise StampWrong("its certificate may not stamp")


def verifies(certificate: x509.Certificate, signature: bytes, data: bytes) -> bool:
    """Say whether a certificate's key (P-256) made a signature over data."""
    key = certificate.public_key()
    if not isinstance(key, ec.EllipticCurvePublicKey):
        return False
    try:
        key.verify(signature, data, _ECDSA)
    except InvalidSignature:
        return False
    return True
