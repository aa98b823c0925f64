"""Checking an OCSP answer (RFC 6960) that was archived: whom it is about, who gave it, what it says, and when."""

from datetime import datetime, timedelta
from typing import Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID, SignatureAlgorithmOID

from app.pki.certificates import Issuer
from app.pki.ocsp import named_by
from app.pki.requests import MALFORMED
from app.pki.signed_data import NotGenuine

FRESH: Final = timedelta(minutes=5)
"""How far from the time of signing, either way, the answer may have been given."""
_ECDSA: Final = ec.ECDSA(hashes.SHA256())


def check_status(answer: bytes, certificate: x509.Certificate, issuer: Issuer, at: datetime) -> None:
    """Check that an answer (DER) says that a certificate was good at a time. Raises `NotGenuine` with the reason's code."""
    try:
        said = ocsp.load_der_ocsp_response(answer)
        _refuse_another_certificate(said, certificate, issuer)
        _refuse_another_responder(said, issuer)
    except NotGenuine:
        raise
    except MALFORMED as error:
        raise NotGenuine("status_unreadable") from error
    if said.certificate_status is not ocsp.OCSPCertStatus.GOOD:
        raise NotGenuine(f"status_{said.certificate_status.name.lower()}")
    if said.this_update_utc < at - FRESH:
        raise NotGenuine("status_too_old")
    if said.this_update_utc > at + FRESH:
        raise NotGenuine("status_from_later")


def _refuse_another_certificate(said: ocsp.OCSPResponse, certificate: x509.Certificate, issuer: Issuer) -> None:
    if said.response_status is not ocsp.OCSPResponseStatus.SUCCESSFUL:
        raise NotGenuine("status_unanswered")
    # The library reads `serial_number` and the like only of answers about one certificate, and refuses others.
    about = (said.issuer_name_hash, said.issuer_key_hash)
    if said.serial_number != certificate.serial_number or about != named_by(issuer, said.hash_algorithm):
        raise NotGenuine("status_of_another_certificate")


def _refuse_another_responder(said: ocsp.OCSPResponse, issuer: Issuer) -> None:
    """Refuse a signer that the certificate's own authority didn't delegate, or that wasn't valid at the time for which it answered.

    That time is `thisUpdate`: the library dates answers (`producedAt`) by the machine's clock, which needn't be the product's.
    """
    if len(said.certificates) != 1:
        raise NotGenuine("status_responder_not_delegated")
    responder = said.certificates[0]
    try:
        responder.verify_directly_issued_by(issuer.certificate)
        uses = responder.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except (InvalidSignature, TypeError, ValueError, x509.ExtensionNotFound) as error:
        raise NotGenuine("status_responder_not_delegated") from error
    in_time = responder.not_valid_before_utc <= said.this_update_utc <= responder.not_valid_after_utc
    if list(uses) != [ExtendedKeyUsageOID.OCSP_SIGNING] or not in_time:
        raise NotGenuine("status_responder_not_delegated")
    _refuse_another_signature(said, responder.public_key())


def _refuse_another_signature(said: ocsp.OCSPResponse, key: object) -> None:
    if said.signature_algorithm_oid != SignatureAlgorithmOID.ECDSA_WITH_SHA256:
        raise NotGenuine("algorithm_not_allowed")
    if not isinstance(key, ec.EllipticCurvePublicKey):
        raise NotGenuine("algorithm_not_allowed")
    try:
        key.verify(said.signature, said.tbs_response_bytes, _ECDSA)
    except InvalidSignature as error:
        raise NotGenuine("status_signature_wrong") from error
