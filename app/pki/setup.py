"""Making the authorities on the first run, and renewing on later ones what comes near its end.

Only this file asks for the root's key. Nothing is made twice: a certificate that is there, fits its profile and lives long
enough is left alone, so an interrupted set-up goes on where it stopped. Authorities are renewed with their old key, so that
what they issued keeps its chain; a rotation makes a new generation with a key of its own beside the old one.
"""

import os
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from app.kernel import clock
from app.kernel.settings import Settings
from app.kernel.watched import note_replaced
from app.keys.master import MasterKey, master_key
from app.keys.provider import KeyMissing, KeyProvider, ensure_key
from app.keys.x509_keys import CertificateKey
from app.pki.authorities import (
    OWN_LEAVES,
    ROOT,
    Authorities,
    OwnLeaf,
    certificate_path,
    changes_path,
    generations,
    offline_keys,
    online_keys,
    open_authorities,
    open_issuer,
    pem,
    pki_folder,
    place_of,
    read_certificate,
    read_signer,
    responder_key,
)
from app.pki.certificates import Commission, Issuer, Leaf, Place, Signer, make_issuer, make_leaf, make_root, named
from app.pki.crls import ROOT_CRL_LIFE, Revocation, make_crl, next_update, read_entries
from app.pki.profiles import PROFILES, Kind, Profile

_RENEW_ISSUER_BEFORE: Final = timedelta(days=2 * 365)
_RENEW_LEAF_BEFORE: Final = timedelta(days=60)
_RENEW_ROOT_CRL_BEFORE: Final = timedelta(days=90)


class RootOffline(LookupError):  # noqa: N818 - a refusal is named as a fact
    """Something needs the root's signature, and its key isn't on this machine; the message says for what."""


class KeyForGood(ValueError):  # noqa: N818 - a refusal is named as a fact
    """A key that is never rotated; the message says why."""


class Setup(msgspec.Struct, frozen=True):
    """Where the authorities lie, what protects their keys, what names they give, and when."""

    folder: Path
    master: MasterKey
    place: Place
    at: datetime

    @property
    def keys(self) -> KeyProvider:
        """The keys that the server uses."""
        return online_keys(self.folder, self.master)


def setup_of(settings: Settings) -> Setup:
    """The set-up of this machine, now."""
    return Setup(pki_folder(settings), master_key(), place_of(settings), clock.now())


def prepare(settings: Settings) -> Authorities:
    """Make or renew what is missing or near its end, and give the authorities; harmless when repeated. Blocks on files.

    Raises `RootOffline` if something needs the root's signature after its key was taken away.
    """
    return prepare_folder(setup_of(settings))


def prepare_folder(setup: Setup) -> Authorities:
    """Do what `prepare` does, in a given folder at a given time."""
    setup.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _make_root(setup)
    _make_root_crl(setup)
    for profile in PROFILES.values():
        _make_issuer(setup, profile)
    for leaf in OWN_LEAVES:
        _make_own(setup, leaf)
    return open_authorities(setup.folder, setup.master, setup.place)


def root_crl_path(folder: Path) -> Path:
    """Where the root's list of revoked authorities lies, as DER."""
    return folder / "root.crl"


def _make_root(setup: Setup) -> None:
    path = certificate_path(setup.folder, ROOT)
    if not path.exists():
        keys = offline_keys(setup.folder, setup.master)
        ensure_key(keys, ROOT)
        _write_certificate(setup, ROOT, make_root(CertificateKey(keys, ROOT), setup.at).certificate)


def _root(setup: Setup, purpose: str) -> Signer:
    certificate = read_certificate(certificate_path(setup.folder, ROOT))
    try:
        key = CertificateKey(offline_keys(setup.folder, setup.master), ROOT)
    except KeyMissing as error:
        message = (
            f"the root's key is needed for {purpose}: put it back into {setup.folder / 'offline'} and run this again"
        )
        raise RootOffline(message) from error
    if certificate is None or certificate.public_key() != key.public_key():
        message = (
            f"the root's key and certificate in {setup.folder} don't belong together; restore both from one backup"
        )
        raise RootOffline(message)
    return Signer(key, certificate)


def holds_root_key(setup: Setup) -> bool:
    """Whether the root's key is on this machine; in production it lies elsewhere but for a set-up or a rotation."""
    try:
        offline_keys(setup.folder, setup.master).public_key(ROOT)
    except KeyMissing:
        return False
    return True


def _make_root_crl(setup: Setup) -> None:
    path = root_crl_path(setup.folder)
    if not path.exists() or next_update(path.read_bytes()) - setup.at < _RENEW_ROOT_CRL_BEFORE:
        root = _root(setup, "the list of revoked authorities")
        replace_file(path, make_crl(root, revoked_authorities(setup.folder), setup.at, ROOT_CRL_LIFE))


def revoked_authorities(folder: Path) -> list[Revocation]:
    """What stands on the root's list; nothing where there is none yet."""
    path = root_crl_path(folder)
    return read_entries(path.read_bytes()) if path.exists() else []


def revoke_authority(setup: Setup, issuer: Issuer, reason: x509.ReasonFlags) -> Revocation:
    """Put an authority on the root's list, with every certificate that its key had; what stands there stays as it is.

    Gives the entry of its present certificate. Raises `RootOffline`.
    """
    listed = revoked_authorities(setup.folder)
    held = (issuer.certificate, *_replaced(setup.folder, issuer.name))
    missing = {one.serial_number for one in held} - {one.serial for one in listed}
    if missing:
        root, at = _root(setup, "revoking an authority"), setup.at.replace(microsecond=0)
        listed += [Revocation(serial, at, reason) for serial in sorted(missing)]
        replace_file(root_crl_path(setup.folder), make_crl(root, listed, setup.at, ROOT_CRL_LIFE))
    return next(one for one in listed if one.serial == issuer.certificate.serial_number)


def _replaced(folder: Path, name: str) -> list[x509.Certificate]:
    """Earlier certificates of an authority's key: a renewal leaves them valid until their own end."""
    path = _replaced_path(folder, name)
    return x509.load_pem_x509_certificates(path.read_bytes()) if path.exists() else []


def _replaced_path(folder: Path, name: str) -> Path:
    return folder / f"{name}.replaced"


def _make_issuer(setup: Setup, profile: Profile) -> None:
    commission = Commission(profile, setup.place, generations(setup.folder, profile.kind))
    present = read_signer(setup.folder, setup.keys, commission.name)
    if present is None or not _issuer_fits(present.certificate, profile, setup):
        _certify_issuer(setup, commission)
    ensure_key(setup.keys, responder_key(commission.name))


def _certify_issuer(setup: Setup, commission: Commission) -> None:
    root = _root(setup, f"authority {commission.name}")
    ensure_key(setup.keys, responder_key(commission.name))
    present = read_certificate(certificate_path(setup.folder, commission.name))
    if present is not None:
        kept = b"".join(pem(one) for one in (*_replaced(setup.folder, commission.name), present))
        replace_file(_replaced_path(setup.folder, commission.name), kept)
    _make(setup, commission.name, lambda key: make_issuer(root, key, commission, setup.at))


def _issuer_fits(certificate: x509.Certificate, profile: Profile, setup: Setup) -> bool:
    named_trees = certificate.extensions.get_extension_for_class(x509.NameConstraints).value.permitted_subtrees
    lives = certificate.not_valid_after_utc - setup.at > _RENEW_ISSUER_BEFORE
    return lives and named_trees == [x509.DNSName(profile.subtree(setup.place.domain))]


def _make_own(setup: Setup, leaf: OwnLeaf) -> None:
    issuer, name = _issuer_of(setup, leaf), named(leaf.label, generations(setup.folder, leaf.label))
    present = read_signer(setup.folder, setup.keys, name)
    if present is None or not _leaf_fits(present.certificate, issuer, setup.at, leaf.label):
        _certify_own(setup, leaf, name)


def _certify_own(setup: Setup, leaf: OwnLeaf, name: str) -> None:
    issuer, said = _issuer_of(setup, leaf), Leaf(leaf.label, leaf.title)
    _make(setup, name, lambda key: make_leaf(issuer, key, said, setup.at))


def _issuer_of(setup: Setup, leaf: OwnLeaf) -> Issuer:
    generation = generations(setup.folder, leaf.kind)
    return open_issuer(setup.folder, setup.keys, Commission(PROFILES[leaf.kind], setup.place, generation))


def rotate(setup: Setup, name: str) -> str:
    """Give an authority (by its kind) or a seal of the product's own a new key, and say what the new one is called.

    The old one stays: what it issued or sealed is verified as before, and its lists and OCSP answers go on. Raises
    `RootOffline` for an authority whose root isn't here, `KeyMissing` for a name that nothing has, and `KeyForGood`.
    """
    newest = named(name, generations(setup.folder, name) + 1)
    if name in list(Kind):
        profile = PROFILES[Kind(name)]
        _certify_issuer(setup, Commission(profile, setup.place, generations(setup.folder, name) + 1))
        for leaf in OWN_LEAVES:
            if leaf.kind == name:
                _make_own(setup, leaf)
        return newest
    own = next((leaf for leaf in OWN_LEAVES if leaf.label == name), None)
    if own is None:
        raise KeyMissing(name)
    if not own.rotates:
        message = f"{name} has one key for good: what it signed is checked by that key alone"
        raise KeyForGood(message)
    _certify_own(setup, own, newest)
    return newest


def _leaf_fits(certificate: x509.Certificate, issuer: Issuer, at: datetime, label: str) -> bool:
    name = issuer.profile.name(label, issuer.place.domain)
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    known = certificate.extensions.get_extension_for_class(x509.AuthorityKeyIdentifier).value.key_identifier
    lives = certificate.not_valid_after_utc - at > _RENEW_LEAF_BEFORE
    listed = certificate.extensions.get_extension_for_class(x509.CRLDistributionPoints).value[0].full_name or ()
    return (
        lives
        and names.get_values_for_type(x509.DNSName) == [name]
        and known == _key_identifier(issuer)
        and all(str(one.value).startswith(f"{issuer.place.origin}/") for one in listed)
    )


def _key_identifier(issuer: Issuer) -> bytes:
    return issuer.certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest


def _make(setup: Setup, name: Kind | str, certify: Callable[[ec.EllipticCurvePublicKey], x509.Certificate]) -> None:
    ensure_key(setup.keys, name)
    _write_certificate(setup, name, certify(CertificateKey(setup.keys, name).public_key()))


def _write_certificate(setup: Setup, name: str, certificate: x509.Certificate) -> None:
    replace_file(certificate_path(setup.folder, name), pem(certificate))
    replace_file(changes_path(setup.folder), b"")


def replace_file(path: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    with draft.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    note_replaced()
