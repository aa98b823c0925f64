"""Lists of revoked certificates (CRL, RFC 5280, section 5).

The entries are written as DER by hand: the library's builder copies the list for each entry (100,000 took it half a minute),
and this takes two microseconds for each.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import msgspec
from asn1crypto import core, crl
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from app.pki.certificates import Signer

CRL_LIFE: Final = timedelta(days=1)
ROOT_CRL_LIFE: Final = timedelta(days=365)
_ECDSA: Final = ec.ECDSA(hashes.SHA256())
_LAST_YEAR_OF_UTC_TIME: Final = 2049
_SHORT_FORM: Final = 128
_REASONS: Final[dict[x509.ReasonFlags, bytes]] = {
    reason: bytes.fromhex("300c300a0603551d1504030a01") + bytes((code,))
    for reason, code in {
        x509.ReasonFlags.key_compromise: 1,
        x509.ReasonFlags.ca_compromise: 2,
        x509.ReasonFlags.affiliation_changed: 3,
        x509.ReasonFlags.superseded: 4,
        x509.ReasonFlags.cessation_of_operation: 5,
        x509.ReasonFlags.certificate_hold: 6,
        x509.ReasonFlags.privilege_withdrawn: 9,
        x509.ReasonFlags.aa_compromise: 10,
    }.items()
}
"""crlEntryExtensions that hold a reasonCode alone (RFC 5280, 5.3.1); `unspecified` isn't written."""


class Revocation(msgspec.Struct, frozen=True):
    """One revoked certificate: its serial number, when, and why."""

    serial: int
    at: datetime
    reason: x509.ReasonFlags


def make_crl(
    issuer: Signer,
    revocations: Iterable[Revocation],
    at: datetime,
    life: timedelta = CRL_LIFE,
    address: str | None = None,
) -> bytes:
    """Make an authority's list of revoked certificates, as DER. Its number is the time in milliseconds, so it only grows.

    A list with an `address` is about the leaves alone that name this address (issuingDistributionPoint, RFC 5280, 5.2.5).
    """
    entries = b"".join(_entry(revocation) for revocation in revocations)
    said: dict[str, Any] = {
        "version": "v2",
        "signature": {"algorithm": "sha256_ecdsa"},
        "issuer": asn1.Name.load(issuer.certificate.subject.public_bytes()),
        "this_update": _time(at),
        "next_update": _time(at + life),
        "crl_extensions": _extensions(issuer, at, address),
    }
    if entries:
        said["revoked_certificates"] = crl.RevokedCertificates.load(b"\x30" + _length(len(entries)) + entries)
    listed = crl.TbsCertList(said)
    signed = crl.CertificateList(
        {
            "tbs_cert_list": listed,
            "signature_algorithm": {"algorithm": "sha256_ecdsa"},
            "signature": issuer.key.sign(listed.dump(), _ECDSA),
        }
    )
    dumped: bytes = signed.dump()
    return dumped


def next_update(der: bytes) -> datetime:
    """When a list that we made is due to be replaced."""
    due = x509.load_der_x509_crl(der).next_update_utc
    if due is None:
        raise ValueError("a CRL of ours names its next update")
    return due


def read_entries(der: bytes) -> list[Revocation]:
    """What stands on a list that we made."""
    return [
        Revocation(entry.serial_number, entry.revocation_date_utc, _reason(entry))
        for entry in x509.load_der_x509_crl(der)
    ]


def _reason(entry: x509.RevokedCertificate) -> x509.ReasonFlags:
    try:
        return entry.extensions.get_extension_for_class(x509.CRLReason).value.reason
    except x509.ExtensionNotFound:
        return x509.ReasonFlags.unspecified


def _extensions(issuer: Signer, at: datetime, address: str | None) -> list[dict[str, Any]]:
    known = issuer.certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    values: list[tuple[x509.ExtensionType, bool]] = [
        (x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(known), False),
        (x509.CRLNumber(int(at.timestamp() * 1000)), False),
    ]
    if address is not None:
        values.append((_scope(address), True))
    return [
        {
            "extn_id": value.oid.dotted_string,
            "critical": critical,
            "extn_value": core.ParsableOctetString(value.public_bytes()),
        }
        for value, critical in values
    ]


def _scope(address: str) -> x509.IssuingDistributionPoint:
    return x509.IssuingDistributionPoint(
        full_name=[x509.UniformResourceIdentifier(address)],
        relative_name=None,
        only_contains_user_certs=True,
        only_contains_ca_certs=False,
        only_some_reasons=None,
        indirect_crl=False,
        only_contains_attribute_certs=False,
    )


def _time(at: datetime) -> asn1.Time:
    kind = "utc_time" if at.year <= _LAST_YEAR_OF_UTC_TIME else "general_time"
    return asn1.Time({kind: at.astimezone(UTC).replace(microsecond=0)})


def _entry(revocation: Revocation) -> bytes:
    serial = revocation.serial.to_bytes(revocation.serial.bit_length() // 8 + 1)
    at = revocation.at.astimezone(UTC)
    long = at.year > _LAST_YEAR_OF_UTC_TIME
    written = at.strftime("%Y%m%d%H%M%SZ" if long else "%y%m%d%H%M%SZ").encode("ascii")
    body = (
        b"\x02"
        + _length(len(serial))
        + serial
        + (b"\x18" if long else b"\x17")
        + _length(len(written))
        + written
        + _REASONS.get(revocation.reason, b"")
    )
    return b"\x30" + _length(len(body)) + body


def _length(size: int) -> bytes:
    """A length in DER (X.690, 8.1.3)."""
    if size < _SHORT_FORM:
        return bytes((size,))
    written = size.to_bytes((size.bit_length() + 7) // 8)
    return bytes((0x80 | len(written),)) + written
