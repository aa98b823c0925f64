"""The master key: 32 random bytes per version, in one file that only the owner can read.

It is never used itself: each purpose has a key of its own, derived by HKDF-SHA-256. A new version is added for rotation;
values name the version that sealed them, so the older ones open what is not sealed anew yet. Every process sees a changed
file within a moment (`app/kernel/watched.py`). In production the file is put there by the operator's key custody before the first start.
"""

import base64
import fcntl
import os
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Final, TypeVar

import msgspec
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.kernel import clock
from app.kernel.settings import load
from app.kernel.watched import Watched, note_replaced
from app.keys.sealing import KEY_BYTES, new_key

FILE_NAME: Final = "master.key"
BLIND_INDEX: Final = "blind-index"
_LASTING: Final = "lasting"
_OWNER_ONLY: Final = 0o600
_FOLDER_OF_OWNER: Final = 0o700
K = TypeVar("K")


class MasterKeyBroken(ValueError):  # noqa: N818 - a refusal is named as a fact
    """The master key's file isn't lines of `version base64` with 32 bytes each; the message names the file."""


class VersionNeeded(ValueError):  # noqa: N818 - a refusal is named as a fact
    """A version of the master key can't be retired; the message says what still needs it."""


class MasterKey(msgspec.Struct, frozen=True):
    """Every version of the master key that can still open something.

    `lasting` holds the derived keys that outlive the version they came from, by purpose; `added_at` when versions were added.
    """

    versions: Mapping[int, bytes]
    lasting: Mapping[str, bytes] = {}
    added_at: Mapping[int, datetime] = {}

    @property
    def newest(self) -> int:
        """The version that seals from now on."""
        return max(self.versions)

    def sealing(self, purpose: str) -> tuple[int, bytes]:
        """The version that seals from now on with its 32-byte key of a purpose, of one and the same moment: a rotation may come between."""
        versions = _as_of_now(self.versions)
        version = max(versions)
        return version, _derive(versions[version], purpose)

    def newest_key(self, purpose: str) -> bytes:
        """The 32-byte key of a purpose that seals from now on."""
        return self.sealing(purpose)[1]

    def lasting_key(self, purpose: str) -> bytes:
        """The 32-byte key of a purpose that never changes (the first version's), for what can't be found otherwise.

        The versions are read before what lasts: a version that is retired in between has left its lasting key by then.
        """
        versions = _as_of_now(self.versions)
        return _as_of_now(self.lasting).get(purpose) or _derive(versions[min(versions)], purpose)

    def derived(self, purpose: str, version: int) -> bytes | None:
        """The 32-byte key of a purpose, or nothing if there is no such version."""
        secret = _as_of_now(self.versions).get(version)
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
    with _alone(folder):
        known = _parsed(path)
        _replace(path, path.read_text(encoding="ascii") + _line(known.newest + 1, new_key()))
    return _parsed(path)


def retire_version(folder: Path, version: int) -> MasterKey:
    """Destroy a version for good, and give what is left; what it sealed can't be opened any more.

    The blind indexes' key, which is derived from the first version, is kept: rows would be lost without it, and it opens
    nothing. Refuses (`VersionNeeded`) the newest and an unknown version. `rotation.retire` asks first whether it is needed.
    """
    path = folder / FILE_NAME
    with _alone(folder):
        known = _parsed(path)
        if version == known.newest or version not in known.versions:
            message = f"version {version} isn't an older version of the master key"
            raise VersionNeeded(message)
        kept = base64.b64encode(known.lasting_key(BLIND_INDEX)).decode()
        lines = [line for line in path.read_text(encoding="ascii").splitlines() if line.split(" ")[0].isdigit()]
        left = [f"{line}\n" for line in lines if int(line.split(" ")[0]) != version]
        _replace(path, f"{_LASTING} {BLIND_INDEX} {kept}\n" + "".join(left))
    return _parsed(path)


class _File:
    """A master key's file, read again once it was replaced."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._watched = Watched(path)
        read_or_make(path.parent)
        self._content: MasterKey | None = None

    def content(self) -> MasterKey:
        """What the file holds now."""
        if self._watched.changed() or self._content is None:
            self._content = None
            self._content = _parsed(self._path)
        return self._content


class _Live(Mapping[K, bytes]):
    """A mapping that is looked up anew at each use; who uses it twice asks for `now` first, since it may change in between."""

    def __init__(self, now: Callable[[], Mapping[K, bytes]]) -> None:
        self.now = now

    def __getitem__(self, key: K) -> bytes:
        return self.now()[key]

    def __iter__(self) -> Iterator[K]:
        return iter(self.now())

    def __len__(self) -> int:
        return len(self.now())


def _as_of_now(mapping: Mapping[K, bytes]) -> Mapping[K, bytes]:
    # Not isinstance, which takes as long as all the rest: a mapping is an abstract class.
    return mapping.now() if type(mapping) is _Live else mapping


@cache
def master_key() -> MasterKey:
    """The master key of this process, from the settings' folder of secrets; a version that is added later is seen at once."""
    file = _File(load().secrets / FILE_NAME)
    return MasterKey(_Live(lambda: file.content().versions), _Live(lambda: file.content().lasting))


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Let changes of one file follow each other: a version that is overwritten would take with it what it sealed."""
    with (folder / f".{FILE_NAME}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _replace(path: Path, text: str) -> None:
    replacement = path.with_name(f"{FILE_NAME}.{secrets.token_hex(4)}")
    write_privately(replacement, text)
    replacement.replace(path)
    note_replaced()


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
    return f"{version} {base64.b64encode(key).decode()} {clock.epoch_seconds()}\n"


def _parsed(path: Path) -> MasterKey:
    versions: dict[int, bytes] = {}
    lasting: dict[str, bytes] = {}
    added_at: dict[int, datetime] = {}
    try:
        for line in path.read_text(encoding="ascii").splitlines():
            name, second, *third = line.split(" ")
            if name == _LASTING:
                lasting[second] = base64.b64decode(third[0], validate=True)
            else:
                versions[int(name)] = base64.b64decode(second, validate=True)
                added_at |= {int(name): clock.from_epoch(int(third[0]))} if third else {}
    except (ValueError, IndexError):
        versions = {}
    if not versions or any(len(key) != KEY_BYTES for key in (*versions.values(), *lasting.values())):
        message = f"the master key in {path} can't be read; restore it from its backup"
        raise MasterKeyBroken(message)
    return MasterKey(versions, lasting, added_at)
