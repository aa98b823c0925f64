"""Passwords and keys made on first run and kept in a folder that only its owner can read."""

import os
import secrets
from pathlib import Path
from typing import Final

_BYTES: Final = 24


def keep(folder: Path, name: str) -> str:
    """Give the password of that name; the first call makes it (32 URL-safe characters, file mode 0600)."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / name
    if not path.exists():
        _write_once(path, secrets.token_urlsafe(_BYTES))
    return path.read_text()


def _write_once(path: Path, password: str) -> None:
    """Write it whole or not at all, and never over another one."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(password)
    try:
        os.link(draft, path)
    except FileExistsError:
        pass  # somebody else was first: theirs is the one
    finally:
        draft.unlink()
