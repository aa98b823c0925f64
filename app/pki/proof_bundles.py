"""Bundles (ZIP) that prove signatures with openssl alone: what was signed, by whose certificate, and when at the latest."""

import io
import zipfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec
from cryptography import x509

from app.kernel import clock
from app.pki.authorities import pem
from app.pki.evidence import Evidence

ROOT: Final = "root.pem"
ZIP: Final = "application/zip"


class Bundle(msgspec.Struct, frozen=True):
    """A bundle and the name to save it by."""

    name: str
    content: bytes


def files_of(signed: bytes, signature: bytes, certificate: bytes, evidence: Evidence) -> dict[str, bytes]:
    """The files that prove one signature (DER, as the certificate and all evidence) over signed bytes."""
    return {
        "signed.bin": signed,
        "signature.der": signature,
        "certificate.pem": as_pem(certificate),
        "authority.pem": as_pem(evidence.chain[0]),
        "status.der": evidence.status,
        "time-stamp.der": evidence.time_stamp,
    }


def zipped(scripts: Path, files: Mapping[str, bytes], at: datetime) -> bytes:
    """A bundle of the scripts of a folder and of files by name, dated as the signatures are: the same whenever it is made."""
    everything = {path.name: path.read_bytes() for path in sorted(scripts.iterdir())} | dict(files)
    written, local = io.BytesIO(), clock.local(at)
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, content in everything.items():
            date = (local.year, local.month, local.day, local.hour, local.minute, local.second)
            entry = zipfile.ZipInfo(name, date)
            entry.compress_type = zipfile.ZIP_DEFLATED
            bundle.writestr(entry, content)
    return written.getvalue()


def as_pem(certificate: bytes) -> bytes:
    """A certificate in DER as PEM."""
    return pem(x509.load_der_x509_certificate(certificate))
