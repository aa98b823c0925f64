"""The authorities of this machine, as the server uses them: issuing keys behind the provider, certificates from files.

The root's key isn't among them. It lies in a folder of its own that only the set-up reads, and that an operator may take
away altogether.
"""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from app.kernel.settings import Settings, load
from app.kernel.watched import Watched
from app.keys.master import MasterKey, master_key
from app.keys.provider import KeyMissing, KeyProvider, keys_in
from app.keys.x509_keys import CertificateKey
from app.pki.certificates import Commission, Issuer, Place, Signer, named
from app.pki.errors import AuthoritiesMissing
from app.pki.profiles import PROFILES, Kind

ROOT: Final = "root"
KEYS_FOLDER: Final = "keys"
OFFLINE_FOLDER: Final = "offline"


class OwnLeaf(msgspec.Struct, frozen=True):
    """A certificate of the product's own: what it seals or stamps with. `rotates` says whether its key may be changed."""

    label: str
    kind: Kind
    title: str
    rotates: bool = True


DOCUMENTS: Final = OwnLeaf("documents", Kind.SEAL, "福海市电子证照专用章")
RECEIPTS: Final = OwnLeaf("receipts", Kind.SEAL, "福海市电子收据专用章")
TIMESTAMPS: Final = OwnLeaf("timestamps", Kind.TIMESTAMP, "福海市可信时间戳")
OFFLINE_CODES: Final = OwnLeaf("offline-codes", Kind.SEAL, "福海市脱机付款码签发章")
SEALED_LOG: Final = OwnLeaf("log", Kind.SEAL, "福海市访问日志专用章", rotates=False)
"""Who follows the log checks every checkpoint by one key (docs/decisions/0016), so it is for good."""
OWN_LEAVES: Final = (DOCUMENTS, RECEIPTS, TIMESTAMPS, OFFLINE_CODES, SEALED_LOG)


class Authorities(msgspec.Struct, frozen=True):
    """Root certificate, an issuing authority per kind, and the product's own leaves by label.

    `earlier` are authorities whose key was rotated: they issue nothing any more, and go on answering for what they issued.
    """

    place: Place
    root: x509.Certificate
    issuers: dict[Kind, Issuer]
    own: dict[str, Signer]
    earlier: tuple[Issuer, ...] = ()

    def issuer(self, kind: Kind) -> Issuer:
        """The authority that issues a kind."""
        return self.issuers[kind]

    def all_issuers(self, kind: Kind | None = None) -> list[Issuer]:
        """Every authority (of a kind) whose certificates may still be valid, those that issue first."""
        every = (*self.issuers.values(), *self.earlier)
        return [issuer for issuer in every if kind in {None, issuer.profile.kind}]

    def by_name(self, name: str) -> Issuer | None:
        """The authority of a name such as `device` or `device-g2`."""
        return next((issuer for issuer in self.all_issuers() if issuer.name == name), None)

    def issuer_of(self, certificate: x509.Certificate) -> Issuer | None:
        """The authority that a certificate names as its issuer."""
        return next((one for one in self.all_issuers() if one.certificate.subject == certificate.issuer), None)

    def bundle(self) -> bytes:
        """The root and every issuing authority as PEM, root first."""
        return b"".join(pem(c) for c in (self.root, *(issuer.certificate for issuer in self.all_issuers())))


class SealedAt(msgspec.Struct, frozen=True):
    """With what and when a document is sealed. `crls` are DER lists of the root, the seals' and the time-stamps' authority."""

    trusted: Authorities
    crls: Sequence[bytes]
    at: datetime


def pem(certificate: x509.Certificate) -> bytes:
    """A certificate as PEM (RFC 7468)."""
    return certificate.public_bytes(Encoding.PEM)


def der(certificate: x509.Certificate) -> bytes:
    """A certificate as DER."""
    return certificate.public_bytes(Encoding.DER)


def certificate_path(folder: Path, name: str) -> Path:
    """Where a certificate of ours lies."""
    return folder / f"{name}.pem"


def online_keys(folder: Path, master: MasterKey) -> KeyProvider:
    """The keys that the server uses."""
    return keys_in(folder / KEYS_FOLDER, master)


def offline_keys(folder: Path, master: MasterKey) -> KeyProvider:
    """The root's key; only the set-up asks for it."""
    return keys_in(folder / OFFLINE_FOLDER, master)


def read_certificate(path: Path) -> x509.Certificate | None:
    """The certificate in a file, if there is one."""
    return x509.load_pem_x509_certificate(path.read_bytes()) if path.exists() else None


def read_signer(folder: Path, keys: KeyProvider, name: str) -> Signer | None:
    """A key with its certificate, if both are there and belong together."""
    certificate = read_certificate(certificate_path(folder, name))
    try:
        key = CertificateKey(keys, name)
    except KeyMissing:
        return None
    if certificate is None or certificate.public_key() != key.public_key():
        return None
    return Signer(key, certificate)


def generations(folder: Path, name: str) -> int:
    """How many generations there are of a key with its certificate: one, and one more for each rotation."""
    number = 1
    while certificate_path(folder, named(name, number + 1)).exists():
        number += 1
    return number


def open_authorities(folder: Path, master: MasterKey, place: Place) -> Authorities:
    """Read what the set-up made; refuses (`AuthoritiesMissing`) a folder in which something is lacking."""
    keys = online_keys(folder, master)
    root = read_certificate(certificate_path(folder, ROOT))
    if root is None:
        raise AuthoritiesMissing(missing=ROOT)
    made = {kind: _generations(folder, keys, place, kind) for kind in Kind}
    newest = {leaf.label: named(leaf.label, generations(folder, leaf.label)) for leaf in OWN_LEAVES}
    return Authorities(
        place=place,
        root=root,
        issuers={kind: issuers[-1] for kind, issuers in made.items()},
        own={label: _required(folder, keys, name) for label, name in newest.items()},
        earlier=tuple(issuer for issuers in made.values() for issuer in issuers[:-1]),
    )


def _generations(folder: Path, keys: KeyProvider, place: Place, kind: Kind) -> list[Issuer]:
    return [
        open_issuer(folder, keys, Commission(PROFILES[kind], place, number))
        for number in range(1, generations(folder, kind) + 1)
    ]


def open_issuer(folder: Path, keys: KeyProvider, commission: Commission) -> Issuer:
    """Read an authority with its keys; refuses (`AuthoritiesMissing`) one that isn't whole."""
    signer = _required(folder, keys, commission.name)
    try:
        responding = CertificateKey(keys, responder_key(commission.name))
    except KeyMissing as error:
        raise AuthoritiesMissing(missing=responder_key(commission.name)) from error
    return Issuer(signer, responding, commission.profile, commission.place, commission.generation)


def responder_key(issuer_name: str) -> str:
    """What the key is called that an authority delegates OCSP answers to."""
    return f"ocsp-{issuer_name}"


def _required(folder: Path, keys: KeyProvider, name: str) -> Signer:
    signer = read_signer(folder, keys, name)
    if signer is None:
        raise AuthoritiesMissing(missing=name)
    return signer


def pki_folder(settings: Settings) -> Path:
    """Where certificates and their keys lie."""
    return settings.var / "pki"


def place_of(settings: Settings) -> Place:
    """The names and addresses that stand in certificates made here."""
    return Place(settings.issuer_domain, settings.public_origin)


def changes_path(folder: Path) -> Path:
    """A file that is replaced whenever a certificate of ours is made, so that every process reads them again."""
    return folder / "changed"


class _Machine:
    """The authorities in the folder of some settings, read again whenever one of their certificates was made."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._folder, self._place = pki_folder(settings), place_of(settings)
        self._changes = Watched(changes_path(self._folder))
        self._known: Authorities | None = None

    def now(self) -> Authorities:
        """The authorities as they are now."""
        if self._changes.changed() or self._known is None:
            self._known = None
            self._known = open_authorities(self._folder, master_key(), self._place)
        return self._known


_machine: list[_Machine] = []


def authorities() -> Authorities:
    """The authorities of this machine; what an operator makes, renews or rotates is seen at the next use."""
    settings = load()
    if not _machine or _machine[0].settings is not settings:
        _machine[:] = [_Machine(settings)]
    return _machine[0].now()
