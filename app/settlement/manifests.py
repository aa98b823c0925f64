"""The sealed list of a day's files: what each is, byte for byte, and which list came before. Anybody checks it with openssl.

openssl x509 -in certificate.pem -pubkey -noout > key.pem
openssl dgst -sha256 -verify key.pem -signature manifest.sig manifest.json
openssl verify -CAfile root.pem -untrusted chain.pem certificate.pem
"""

import hashlib
from datetime import date, datetime
from pathlib import Path
from typing import Final, Literal

import msgspec
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

MANIFEST: Final = "manifest.json"
SIGNATURE: Final = "manifest.sig"
CERTIFICATE: Final = "certificate.pem"
CHAIN: Final = "chain.pem"


class Listed(msgspec.Struct, frozen=True):
    """A file: its size, digest, how many lines follow its header, and what their amounts come to."""

    name: str
    size_bytes: int
    sha256: str
    lines: int
    sum_fen: int


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the seal covers; `previous_sha256` is that of the manifest of the settled day before, if there was one."""

    format: Literal["fuhai.settlement.v1"]
    day: date
    begins_at: datetime
    ends_at: datetime
    made_at: datetime
    files: tuple[Listed, ...]
    payout_fen: int
    fee_fen: int
    previous_sha256: str | None


class Checked(msgspec.Struct, frozen=True):
    """What was found: facts that hold, and flaws."""

    facts: tuple[str, ...]
    flaws: tuple[str, ...]


def check(path: Path, root: bytes) -> Checked:
    """Check a manifest and the files beside it against a root authority's certificate (PEM), without database and network."""
    content = path.read_bytes()
    facts, flaws = [], _flaws_of_seal(path, content, root)
    try:
        manifest = msgspec.json.decode(content, type=Manifest)
    except msgspec.DecodeError as error:
        return Checked((), (*flaws, f"the manifest can't be read: {error}"))
    if not flaws:
        facts.append(f"the manifest of {manifest.day} is sealed by the city, made {manifest.made_at.isoformat()}")
    for listed in manifest.files:
        flaw = _flaw_of_file(path.with_name(listed.name), listed)
        (flaws if flaw else facts).append(flaw or f"{listed.name}: {listed.lines} lines, {listed.sum_fen} fen")
    return Checked(tuple(facts), tuple(flaws))


def _flaws_of_seal(path: Path, content: bytes, root: bytes) -> list[str]:
    try:
        certificate = x509.load_pem_x509_certificate(path.with_name(CERTIFICATE).read_bytes())
        chain = x509.load_pem_x509_certificates(path.with_name(CHAIN).read_bytes())
        trusted = x509.load_pem_x509_certificate(root)
        key = certificate.public_key()
        if not isinstance(key, ec.EllipticCurvePublicKey):
            return ["the seal's key is of another kind"]
        key.verify(path.with_name(SIGNATURE).read_bytes(), content, ec.ECDSA(hashes.SHA256()))
        for below, above in zip([certificate, *chain[:-1]], chain, strict=True):
            below.verify_directly_issued_by(above)
    except InvalidSignature:
        return ["the seal doesn't hold: the manifest or its signature was changed"]
    except (OSError, ValueError, TypeError) as error:
        return [f"the seal can't be read: {error}"]
    return [] if chain[-1] == trusted else ["the seal isn't under this root"]


def _flaw_of_file(path: Path, listed: Listed) -> str:
    if not path.is_file():
        return f"{listed.name} isn't there"
    content = path.read_bytes()
    if len(content) != listed.size_bytes or hashlib.sha256(content).hexdigest() != listed.sha256:
        return f"{listed.name} was changed"
    return ""
