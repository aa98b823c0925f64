"""Checking certificates with nothing but `cryptography`: the authorities, a leaf's chain to the root, and whether it was revoked."""

from datetime import UTC, datetime
from typing import Final

import httpx
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, ObjectIdentifier
from cryptography.x509.verification import Criticality, ExtensionPolicy, Policy, PolicyBuilder, Store, VerificationError

from demo.report import NotSo, require

CLIENT: Final = ExtendedKeyUsageOID.CLIENT_AUTH
TIME_STAMPING: Final = ExtendedKeyUsageOID.TIME_STAMPING
DOCUMENT_SIGNING: Final = ObjectIdentifier("1.3.6.1.5.5.7.3.36")
"""id-kp-documentSigning (RFC 9336)."""
_LEAST_SERIAL_BITS: Final = 64


class Trust:
    """The root, the authorities below it, and their lists of revoked certificates."""

    def __init__(self, bundle: bytes) -> None:
        self.root, *self.issuers = x509.load_pem_x509_certificates(bundle)
        _refuse_unless_root(self.root)
        for issuer in self.issuers:
            _refuse_unless_authority(issuer, self.root)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the root, as people compare it."""
        return self.root.fingerprint(hashes.SHA256()).hex(":")

    def check(self, leaf: x509.Certificate, usage: ObjectIdentifier, at: datetime | None = None) -> str:
        """Check a leaf's chain, names, strictness and use at a time (now, unless given); gives its DNS name."""
        verifier = (
            PolicyBuilder()
            .store(Store([self.root]))
            .time(at or datetime.now(UTC))
            .max_chain_depth(1)
            .extension_policies(ca_policy=ExtensionPolicy.webpki_defaults_ca(), ee_policy=_used_for(usage))
            .build_client_verifier()
        )
        try:
            subjects = verifier.verify(leaf, self.issuers).subjects or []
        except VerificationError as error:
            raise NotSo(f"the certificate {leaf.subject.rfc4514_string()} doesn't lead to the root: {error}") from error
        _refuse_unless_strict(leaf, self.issuer_of(leaf))
        names = [name.value for name in subjects if isinstance(name, x509.DNSName)]
        require(len(names) == 1, "a certificate should have one DNS name")
        return names[0]

    def issuer_of(self, leaf: x509.Certificate) -> x509.Certificate:
        """The authority that issued a certificate."""
        found = [issuer for issuer in self.issuers if issuer.subject == leaf.issuer]
        require(len(found) == 1, f"no authority is called {leaf.issuer.rfc4514_string()}")
        return found[0]

    def refuse_revoked(self, leaf: x509.Certificate) -> None:
        """Read the list that the certificate names, check that its authority signed it, and that the certificate isn't on it."""
        points = leaf.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
        address = (points[0].full_name or [])[0].value
        revoked = x509.load_der_x509_crl(httpx.get(address, trust_env=False).raise_for_status().content)
        issuer = self.issuer_of(leaf)
        require(revoked.is_signature_valid(public_key(issuer)), f"{address} isn't signed by its authority")
        require(_is_about(revoked, address), f"{address} is another certificate's list")
        ends = revoked.next_update_utc
        require(ends is not None and ends > datetime.now(UTC), f"{address} is out of date")
        gone = revoked.get_revoked_certificate_by_serial_number(leaf.serial_number)
        require(gone is None, f"the certificate {leaf.subject.rfc4514_string()} was revoked")


def _is_about(revoked: x509.CertificateRevocationList, address: str) -> bool:
    """Whether a list is about everything that its authority issued, or about those certificates that name this address."""
    try:
        scope = revoked.extensions.get_extension_for_class(x509.IssuingDistributionPoint).value
    except x509.ExtensionNotFound:
        return True
    return address in [name.value for name in scope.full_name or ()]


def public_key(certificate: x509.Certificate) -> ec.EllipticCurvePublicKey:
    """A certificate's key, which must be on P-256."""
    key = certificate.public_key()
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise NotSo("a certificate's key isn't on P-256")
    return key


def is_signed(certificate: x509.Certificate, signature: bytes, data: bytes) -> bool:
    """Whether a signature (DER) over data is by a certificate's key, with ECDSA and SHA-256."""
    try:
        public_key(certificate).verify(signature, data, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True


def read_chain(pem: str) -> list[x509.Certificate]:
    """Read certificates from PEM, the leaf first."""
    return x509.load_pem_x509_certificates(pem.encode())


def _refuse_unless_root(root: x509.Certificate) -> None:
    _refuse_unless_signed(root, root)
    authority = root.extensions.get_extension_for_class(x509.BasicConstraints)
    require(authority.critical and authority.value.ca, "the root isn't an authority")


def _refuse_unless_authority(issuer: x509.Certificate, root: x509.Certificate) -> None:
    """What `openssl verify -x509_strict` asks of an authority, and that it may name only its own subtree."""
    name = issuer.subject.rfc4514_string()
    _refuse_unless_signed(issuer, root)
    _refuse_unless_strict(issuer, root)
    constraints = issuer.extensions.get_extension_for_class(x509.BasicConstraints)
    require(constraints.critical and constraints.value.ca, f"{name} isn't an authority")
    require(constraints.value.path_length == 0, f"{name} could make further authorities")
    usage = issuer.extensions.get_extension_for_class(x509.KeyUsage)
    require(usage.critical and usage.value.key_cert_sign and usage.value.crl_sign, f"{name} mayn't issue")
    names = issuer.extensions.get_extension_for_class(x509.NameConstraints)
    require(names.critical and names.value.permitted_subtrees, f"{name} may name anybody")


def _refuse_unless_signed(certificate: x509.Certificate, by: x509.Certificate) -> None:
    try:
        certificate.verify_directly_issued_by(by)
    except (InvalidSignature, ValueError, TypeError) as error:
        raise NotSo(f"{certificate.subject.rfc4514_string()} isn't signed by {by.subject.rfc4514_string()}") from error


def _refuse_unless_strict(certificate: x509.Certificate, issuer: x509.Certificate) -> None:
    name = certificate.subject.rfc4514_string()
    require(certificate.version is x509.Version.v3, f"{name} isn't of version 3")
    require(
        certificate.serial_number.bit_length() >= _LEAST_SERIAL_BITS, f"{name} has a serial number that can be guessed"
    )
    known = certificate.extensions.get_extension_for_class(x509.AuthorityKeyIdentifier).value.key_identifier
    own = issuer.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest
    require(known == own, f"{name} names another authority's key")


def _used_for(usage: ObjectIdentifier) -> ExtensionPolicy:
    """For this use, or this and signing mail, which readers of PDF want to see beside the use of RFC 9336."""

    def exactly(policy: Policy, certificate: x509.Certificate, value: x509.ExtendedKeyUsage) -> None:  # noqa: ARG001 - the callback's shape
        if usage not in value or not set(value) <= {usage, ExtendedKeyUsageOID.EMAIL_PROTECTION}:
            raise ValueError("the certificate is for another use")

    return ExtensionPolicy.webpki_defaults_ee().require_present(x509.ExtendedKeyUsage, Criticality.AGNOSTIC, exactly)
