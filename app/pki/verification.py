"""Checking a certificate that somebody shows: chain, names, use, policy, time, and whether it was revoked.

`cryptography`'s verifier builds the chain and enforces name constraints; it processes no policies and knows no revocation,
so both are checked here.
"""

from datetime import datetime
from functools import lru_cache
from uuid import UUID

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.verification import Criticality, ExtensionPolicy, Policy, PolicyBuilder, Store, VerificationError

from app.pki.authorities import Authorities, authorities
from app.pki.certificates import serial_text
from app.pki.errors import (
    CertificateExpired,
    CertificateNotTrusted,
    CertificateOfAnotherKind,
    CertificateRevoked,
    CertificateUnknown,
    CertificateUnreadable,
    KeyNotAllowed,
)
from app.pki.profiles import PROFILES, Kind, Profile
from app.pki.requests import MALFORMED, require_p256
from app.pki.revocation import standing

_LARGEST_CERTIFICATE = 8_000


class Checked(msgspec.Struct, frozen=True):
    """A certificate whose chain, names, use, policy and time were found good; revocation wasn't looked up."""

    kind: Kind
    name: str
    serial: str
    public_key: ec.EllipticCurvePublicKey
    not_after: datetime


class Verified(msgspec.Struct, frozen=True):
    """A certificate that holds in every respect, and whose it is."""

    kind: Kind
    name: str
    serial: str
    public_key: ec.EllipticCurvePublicKey
    not_after: datetime
    owner_id: UUID | None


async def verify_certificate(shown: str | bytes, kind: Kind, at: datetime) -> Verified:
    """Verify a certificate (PEM or DER) of a kind at a time.

    Refuses one that can't be read, isn't ours, is of another kind, isn't valid at that time, was revoked by then, or was
    never recorded as issued.
    """
    checked = check_certificate(read_shown(shown), kind, at, authorities())
    record = await standing(checked.serial)
    if record is None:
        raise CertificateUnknown(serial=checked.serial)
    if record.revoked_at is not None and record.revoked_at <= at:
        raise CertificateRevoked(serial=checked.serial)
    return Verified(checked.kind, checked.name, checked.serial, checked.public_key, checked.not_after, record.owner_id)


def check_certificate(certificate: x509.Certificate, kind: Kind, at: datetime, trusted: Authorities) -> Checked:
    """Check everything that the certificate itself shows; revocation is looked up elsewhere."""
    profile = PROFILES[kind]
    if not certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc:
        raise CertificateExpired
    _refuse_other_policy(certificate, profile)
    name = _name_in_chain(certificate, profile, at, trusted)
    try:
        key = require_p256(certificate.public_key())
    except (*MALFORMED, KeyNotAllowed) as error:
        raise CertificateNotTrusted from error
    return Checked(kind, name, serial_text(certificate.serial_number), key, certificate.not_valid_after_utc)


def read_shown(shown: str | bytes) -> x509.Certificate:
    """Read one certificate, PEM or DER; refuses anything else (`CertificateUnreadable`)."""
    data = shown.encode() if isinstance(shown, str) else shown
    if len(data) > _LARGEST_CERTIFICATE:
        raise CertificateUnreadable
    try:
        load = x509.load_pem_x509_certificate if b"-----BEGIN" in data else x509.load_der_x509_certificate
        certificate = load(data)
        # Extensions are parsed on first use; a certificate whose extensions can't be read isn't one.
        _ = certificate.extensions
    except MALFORMED as error:
        raise CertificateUnreadable from error
    return certificate


def _refuse_other_policy(certificate: x509.Certificate, profile: Profile) -> None:
    try:
        policies = certificate.extensions.get_extension_for_class(x509.CertificatePolicies).value
    except x509.ExtensionNotFound as error:
        raise CertificateOfAnotherKind(expected=profile.kind) from error
    if [policy.policy_identifier for policy in policies] != [profile.policy]:
        raise CertificateOfAnotherKind(expected=profile.kind)


def _name_in_chain(certificate: x509.Certificate, profile: Profile, at: datetime, trusted: Authorities) -> str:
    issuers = [issuer.certificate for issuer in trusted.all_issuers(profile.kind)]
    if not _lives(trusted.root, at):
        raise CertificateNotTrusted
    return _name_by(
        certificate,
        profile.kind,
        trusted.root,
        tuple(each for each in issuers if _lives(each, at)),
        trusted.place.domain,
    )


@lru_cache(maxsize=1_024)
def _name_by(
    certificate: x509.Certificate,
    kind: Kind,
    root: x509.Certificate,
    issuers: tuple[x509.Certificate, ...],
    domain: str,
) -> str:
    """Check a chain once: of certificates that all live at a time nothing changes, so the latest of their beginnings stands for it."""
    profile = PROFILES[kind]
    at = max(each.not_valid_before_utc for each in (certificate, root, *issuers))
    verifier = (
        PolicyBuilder()
        .store(Store([root]))
        .time(at)
        .max_chain_depth(1)
        .extension_policies(ca_policy=ExtensionPolicy.webpki_defaults_ca(), ee_policy=_leaf_policy(profile))
        .build_client_verifier()
    )
    try:
        subjects = verifier.verify(certificate, list(issuers)).subjects
    except VerificationError as error:
        raise CertificateNotTrusted from error
    names = [subject.value for subject in subjects or () if isinstance(subject, x509.DNSName)]
    if len(names) != 1 or not names[0].endswith(f".{profile.subtree(domain)}"):
        raise CertificateNotTrusted
    return names[0]


def _lives(certificate: x509.Certificate, at: datetime) -> bool:
    return certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc


def _leaf_policy(profile: Profile) -> ExtensionPolicy:
    def exactly_this_use(policy: Policy, certificate: x509.Certificate, value: x509.ExtendedKeyUsage) -> None:  # noqa: ARG001 - the callback's shape
        if tuple(value) != profile.uses:
            raise ValueError("the certificate is for another use")

    return ExtensionPolicy.webpki_defaults_ee().require_present(
        x509.ExtendedKeyUsage, Criticality.AGNOSTIC, exactly_this_use
    )
