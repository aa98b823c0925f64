"""The master key: 32 random bytes per version, in one file that only the owner can read.

It is never used itself: each purpose has a key of its own, derived by HKDF-SHA-256. A new version is added for rotation;
values name the version that sealed them, so the older ones open what is not sealed anew yet. In production the file is put
there by the operator's key custody before the first start.
"""

import base64
import os
import secrets
from functools import cache
from pathlib import Path
from typing import Final

import msgspec
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.kernel.settings import load
from app.keys.sealing import KEY_BYTES, new_key

FILE_NAME: Final = "master.key"
_OWNER_ONLY: Final = 0o600
_FOLDER_OF_OWNER: Final = 0o700


class MasterKeyBroken(ValueError):  # noqa: N818 - a refusal is named as a fact
    """The master key's file isn't lines of `version base64` with 32 bytes each; the message names the file."""


class MasterKey(msgspec.Struct, frozen=True):
    """Every version of the master key that can still open something."""

    versions: dict[int, bytes]

    @property
    def newest(self) -> int:
        """The version that seals from now on."""
        return max(self.versions)

    def newest_key(self, purpose: str) -> bytes:
        """The 32-byte key of a purpose that seals from now on."""
        return _derive(self.versions[self.newest], purpose)

    def lasting_key(self, purpose: str) -> bytes:
        """The 32-byte key of a purpose that never changes (the first version's), for what can't be found otherwise."""
        return _derive(self.versions[min(self.versions)], purpose)

    def derived(self, purpose: str, version: int) -> bytes | None:
        """The 32-byte key of a purpose, or nothing if there is no such version."""
        secret = self.versions.get(version)
        return None if secret is None else _derive(secret, purpose)


@cache
def _derive(secret: bytes, purpose: str) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=KEY_BYTES, salt=None, info=b"fuhai/" + purpose.encode()).derive(
        secret
    )


def read_or_make(folder: Path) -> MasterKey:
    """Read the master key in a folder; on the first run make both. Two processes at once make only one."""
    path = folder / FILE_NAME
    if not path.exists():
        write_privately(path, _line(1, new_key()))
    return _parsed(path)


def add_version(folder: Path) -> MasterKey:
    """Add a version that seals from now on, and give all; what older ones sealed can still be opened."""
    path = folder / FILE_NAME
    known = _parsed(path)
    replacement = path.with_name(f"{FILE_NAME}.{secrets.token_hex(4)}")
    write_privately(replacement, path.read_text(encoding="ascii") + _line(known.newest + 1, new_key()))
    replacement.replace(path)
    return _parsed(path)


@cache
def master_key() -> MasterKey:
    """The master key of this process, from the settings' folder of secrets."""
    return read_or_make(load().secrets)


def write_privately(path: Path, text: str) -> bool:
    """Write a new file of mode 0600, whole or not at all; says False, and changes nothing, if there is one already."""
    path.parent.mkdir(mode=_FOLDER_OF_OWNER, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)
    except FileExistsError:
        return False
    finally:
        draft.unlink(missing_ok=True)
    return True


def _line(version: int, key: bytes) -> str:
    return f"{version} {base64.b64encode(key).decode()}\n"


def _parsed(path: Path) -> MasterKey:
    try:
        pairs = [line.split(" ") for line in path.read_text(encoding="ascii").splitlines()]
        versions = {int(version): base64.b64decode(key, validate=True) for version, key in pairs}
    except ValueError:
        versions = {}
    if not versions or any(len(key) != KEY_BYTES for key in versions.values()):
        message = f"the master key in {path} can't be read; restore it from its backup"
        raise MasterKeyBroken(message)
    return MasterKey(versions)
