"""Where signing keys are kept, behind one small interface.

`FileKeys` keeps P-256 keys in encrypted PEM files. A PKCS#11 module, or a suite of national algorithms (SM2 with SM3), is
another class with the same four methods, put in everywhere by `use_custody`: callers name keys and get signatures that name
their algorithm, and never see a private key.
"""

import base64
import re
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Final, Protocol

import msgspec
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed

from app.keys.algorithms import ES256, SigningKey, raw_of_der
from app.keys.master import MasterKey, write_privately

_KEY_ID: Final = re.compile(r"[a-z0-9][a-z0-9._-]{0,127}")
_VERSION_LINE: Final = "Master-Key-Version: "
_PREHASHED: Final = ec.ECDSA(Prehashed(hashes.SHA256()), deterministic_signing=True)
_ECDSA: Final = ec.ECDSA(hashes.SHA256(), deterministic_signing=True)
"""Deterministic (RFC 6979): the same bytes have the same signature, and no draw of a bad random number gives a key away."""


class KeyMissing(LookupError):  # noqa: N818 - a refusal is named as a fact
    """The provider holds no key of that id."""


class KeyExists(ValueError):  # noqa: N818 - a refusal is named as a fact
    """There is a key of that id already; keys are never overwritten."""


class KeyIdUnfit(ValueError):  # noqa: N818 - a refusal is named as a fact
    """A key's id is lower-case letters, digits, `.`, `_`, `-`, at most 128."""


class PublicKey(msgspec.Struct, frozen=True):
    """A public key that names its algorithm; `spki` is DER (RFC 5280, SubjectPublicKeyInfo)."""

    algorithm: str
    spki: bytes


class Signature(msgspec.Struct, frozen=True):
    """A signature that names its algorithm; ES256 is raw `r || s`, 64 bytes."""

    algorithm: str
    value: bytes


class KeyProvider(Protocol):
    """Keeps signing keys and uses them; the keys themselves stay inside."""

    def make_key(self, key_id: str) -> PublicKey:
        """Make a key; refuses (`KeyExists`) an id that is taken."""

    def public_key(self, key_id: str) -> PublicKey:
        """Give the public half; refuses (`KeyMissing`) an unknown id."""

    def sign(self, key_id: str, data: bytes) -> Signature:
        """Sign data with the key's own digest; refuses (`KeyMissing`) an unknown id."""

    def sign_digest(self, key_id: str, digest: bytes) -> Signature:
        """Sign a digest that was made elsewhere (32 bytes of SHA-256 for ES256)."""


Custody = Callable[[Path, MasterKey], KeyProvider]
"""Opens the keys of one folder: what isn't files takes the folder's path as the name of a set of keys."""


class FileKeys:
    """P-256 keys as PKCS#8 PEM files (0600) in one folder, encrypted under the master key."""

    def __init__(self, folder: Path, master: MasterKey) -> None:
        """Use a folder, which is made with its first key."""
        self._folder = folder
        self._master = master
        self._loaded: dict[str, ec.EllipticCurvePrivateKey] = {}

    def make_key(self, key_id: str) -> PublicKey:
        """Make a P-256 key; refuses (`KeyExists`) an id that is taken."""
        if not write_privately(self._path(key_id), self._written(key_id, ec.generate_private_key(ec.SECP256R1()))):
            raise KeyExists(key_id)
        return self.public_key(key_id)

    def public_key(self, key_id: str) -> PublicKey:
        """Give the public half; refuses (`KeyMissing`) an unknown id."""
        public = self._private(key_id).public_key()
        spki = public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
        return PublicKey(ES256, spki)

    def sign(self, key_id: str, data: bytes) -> Signature:
        """Sign data; refuses (`KeyMissing`) an unknown id."""
        return Signature(ES256, raw_of_der(self._private(key_id).sign(data, _ECDSA)))

    def sign_digest(self, key_id: str, digest: bytes) -> Signature:
        """Sign 32 bytes of SHA-256; refuses (`KeyMissing`) an unknown id."""
        return Signature(ES256, raw_of_der(self._private(key_id).sign(digest, _PREHASHED)))

    def reseal(self) -> int:
        """Encrypt every file anew that isn't under the newest version of the master key, and say how many those were."""
        stale = [path for path in sorted(self._folder.glob("*.pem")) if _version_in(path) != self._master.newest]
        for path in stale:
            draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
            write_privately(draft, self._written(path.stem, self._read(path.stem)))
            draft.replace(path)
        return len(stale)

    def versions(self) -> set[int]:
        """The versions of the master key under which files are encrypted."""
        return {_version_in(path) for path in self._folder.glob("*.pem")}

    def _private(self, key_id: str) -> ec.EllipticCurvePrivateKey:
        if key_id not in self._loaded:
            self._loaded[key_id] = self._read(key_id)
        return self._loaded[key_id]

    def _read(self, key_id: str) -> ec.EllipticCurvePrivateKey:
        path = self._path(key_id)
        if not path.exists():
            raise KeyMissing(key_id)
        line, _, pem = path.read_text(encoding="ascii").partition("\n")
        passphrase = self._passphrase(key_id, int(line.removeprefix(_VERSION_LINE)))
        key = serialization.load_pem_private_key(pem.encode(), passphrase)
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise KeyMissing(key_id)
        return key

    def _written(self, key_id: str, key: ec.EllipticCurvePrivateKey) -> str:
        """A key's file: the version of the master key, and the PEM encrypted under it."""
        version = self._master.newest
        pem = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(self._passphrase(key_id, version)),
        )
        return f"{_VERSION_LINE}{version}\n{pem.decode()}"

    def _path(self, key_id: str) -> Path:
        if not _KEY_ID.fullmatch(key_id):
            raise KeyIdUnfit(key_id)
        return self._folder / f"{key_id}.pem"

    def _passphrase(self, key_id: str, version: int) -> bytes:
        derived = self._master.derived(f"pem/{key_id}", version)
        if derived is None:
            raise KeyMissing(key_id)
        return base64.b64encode(derived)


def _version_in(path: Path) -> int:
    line, _, _ = path.read_text(encoding="ascii").partition("\n")
    return int(line.removeprefix(_VERSION_LINE))


class ProvidedKey(msgspec.Struct, frozen=True):
    """One key of a provider with its one algorithm, in the shape that `request_signatures.Signer` takes."""

    provider: KeyProvider
    key_id: str
    algorithm: str

    def sign(self, data: bytes) -> bytes:
        """Sign data."""
        return self.provider.sign(self.key_id, data).value


_custody: Final[list[Custody]] = [FileKeys]


def keys_in(folder: Path, master: MasterKey) -> KeyProvider:
    """The keys of a folder, by the custody of this process: files, unless `use_custody` said otherwise."""
    return _custody[-1](folder, master)


def use_custody(custody: Custody) -> Custody:
    """Have another custody (a PKCS#11 module, a national suite) keep every signing key from now on; gives the one until now.

    Call it at the start of each process, before any key is asked for.
    """
    before = _custody[-1]
    _custody[:] = [custody]
    return before


def ensure_key(provider: KeyProvider, key_id: str) -> PublicKey:
    """Give the public half of a key, which is made on first use."""
    try:
        return provider.public_key(key_id)
    except KeyMissing:
        pass
    try:
        return provider.make_key(key_id)
    except KeyExists:
        return provider.public_key(key_id)


def signing_key(provider: KeyProvider, key_id: str) -> SigningKey:
    """Give one key to sign messages with, made on first use."""
    return ProvidedKey(provider, key_id, ensure_key(provider, key_id).algorithm)
