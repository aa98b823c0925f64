"""Checking a sealed PDF with `asn1crypto` and `cryptography` alone: every byte signed, by a seal of the city, at a proved time."""

import hashlib
import re
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from asn1crypto import cms, tsp
from cryptography import x509
from cryptography.hazmat.primitives import hashes

from demo.certificates import DOCUMENT_SIGNING, TIME_STAMPING, Trust, is_signed
from demo.report import NotSo, require

_BYTE_RANGE: Final = re.compile(rb"/ByteRange\s*\[\s*0\s+(\d{1,9})\s+(\d{1,9})\s+(\d{1,9})\s*\]")
_HEXADECIMAL: Final = re.compile(rb"<([0-9A-Fa-f]*)>")


class SealedPdf:
    """A PDF taken apart: what is signed, and the CMS signature (RFC 5652) over it."""

    def __init__(self, pdf: bytes) -> None:
        ranges = _BYTE_RANGE.findall(pdf)
        require(ranges, "the PDF isn't signed")
        before, start, length = (int(number) for number in ranges[-1])
        gap = _HEXADECIMAL.fullmatch(pdf[before:start])
        require(start + length == len(pdf), "the signature doesn't cover the whole PDF")
        if gap is None:
            raise NotSo("there is something else where the PDF's signature should be")
        self.signed = pdf[:before] + pdf[start:]
        self.content = cms.ContentInfo.load(bytes.fromhex(gap[1].decode()))
        self.signature: bytes = self.content.dump()

    def check(self, trust: Trust) -> tuple[str, datetime]:
        """Check seal and time-stamp, each with its chain; gives the seal's name and the time of sealing."""
        signer = _one(self.content["content"]["signer_infos"], "signer")
        at = _check_stamp(signer, trust)
        certificate = _check_signer(self.content["content"], hashlib.sha256(self.signed).digest())
        trust.check(certificate, DOCUMENT_SIGNING, at)
        trust.refuse_revoked(certificate)
        return certificate.subject.rfc4514_string().partition("=")[2], at

    def write(self, folder: Path) -> None:
        """Write `signed.bin` and `signature.der`, which openssl takes."""
        (folder / "signed.bin").write_bytes(self.signed)
        (folder / "signature.der").write_bytes(self.signature)


def _check_stamp(signer: Any, trust: Trust) -> datetime:
    """Check the time-stamp (RFC 3161) over a signature; gives its time."""
    tokens = [one["values"] for one in signer["unsigned_attrs"] if one["type"].native == "signature_time_stamp_token"]
    token = _one(_one(tokens, "time-stamp"), "time-stamp")["content"]
    content = token["encap_content_info"]["content"]
    stamped = content.parse(tsp.TSTInfo)["message_imprint"]["hashed_message"].native
    require(stamped == hashlib.sha256(signer["signature"].native).digest(), "the time-stamp is over something else")
    at: datetime = content.parsed["gen_time"].native
    certificate = _check_signer(token, hashlib.sha256(bytes(content)).digest())
    trust.check(certificate, TIME_STAMPING, at)
    return at


def _check_signer(signed: Any, digest: bytes) -> x509.Certificate:
    """Check the one signature over content with this digest; gives the certificate of its signer, whose chain isn't checked yet."""
    signer = _one(signed["signer_infos"], "signer")
    said = {one["type"].native: _one(one["values"], "value") for one in signer["signed_attrs"]}
    require(said["message_digest"].native == digest, "the content was changed after it was signed")
    named = _one(said["signing_certificate_v2"]["certs"], "certificate")["cert_hash"].native
    shown = [x509.load_der_x509_certificate(one.chosen.dump()) for one in signed["certificates"]]
    found = [one for one in shown if one.fingerprint(hashes.SHA256()) == named]
    require(len(found) == 1, "the signer's certificate isn't there")
    attributes = signer["signed_attrs"].untag().dump()
    require(is_signed(found[0], signer["signature"].native, attributes), "the signature doesn't hold")
    return found[0]


def _one(values: Any, what: str) -> Any:
    require(len(values) == 1, f"expected one {what}, found {len(values)}")
    return values[0]
