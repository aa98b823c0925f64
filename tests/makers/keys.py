"""Master keys and people for tests of the keys."""

import secrets
from pathlib import Path

from app.keys.master import MasterKey
from app.keys.provider import FileKeys


def a_master_key(*versions: int) -> MasterKey:
    """A random master key with these versions (1 if none is named)."""
    return MasterKey({version: secrets.token_bytes(32) for version in versions or (1,)})


def some_file_keys(folder: Path) -> FileKeys:
    """A provider over an empty folder."""
    return FileKeys(folder / "keys", a_master_key())
