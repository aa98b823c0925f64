"""What a terminal keeps on its disk: keys, and a journal of what it did, so that killing it loses nothing.

Every line of the journal is on the disk before the next thing happens; a last line that was cut off never happened. One process at
a time has a folder.
"""

import fcntl
import json
import os
import secrets
from pathlib import Path
from typing import Any, Final, Self

from demo.keys import Key
from demo.report import Hindered

Entry = dict[str, Any]
_JOURNAL: Final = "journal.jsonl"


class Folder:
    """A terminal's folder, held until it is left."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __enter__(self) -> Self:
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._lock = (self.path / "lock").open("w")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            self._lock.close()
            raise Hindered(f"another process plays the terminal in {self.path}") from error
        self.entries = _read(self.path / _JOURNAL)
        self._journal = (self.path / _JOURNAL).open("ab", 0)
        return self

    def __exit__(self, *_error: object) -> None:
        self._journal.close()
        self._lock.close()

    def write(self, did: str, **facts: Any) -> Entry:
        """Write down what happened; on return it is on the disk."""
        entry = {"did": did, **facts}
        self._journal.write(json.dumps(entry, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
        os.fsync(self._journal.fileno())
        self.entries.append(entry)
        return entry

    def key(self, name: str) -> Key:
        """The private key of a name, made if there is none yet; a key that was made is there before it is used."""
        path = self.path / f"{name}.pem"
        if not path.exists():
            draft = path.with_name(f".{name}.{secrets.token_hex(4)}")
            Key.new().save(draft)
            draft.replace(path)
        return Key.read(path.read_bytes())

    def keep(self, name: str, content: bytes) -> None:
        """Keep a file as a whole."""
        draft = self.path / f".{name}.{secrets.token_hex(4)}"
        draft.write_bytes(content)
        draft.replace(self.path / name)

    def kept(self, name: str) -> bytes | None:
        """A file that was kept, if it was."""
        path = self.path / name
        return path.read_bytes() if path.exists() else None


def _read(path: Path) -> list[Entry]:
    """The whole lines of a journal; what was cut off is cut away, so that nothing is written behind it."""
    if not path.exists():
        return []
    whole, newline, rest = path.read_bytes().rpartition(b"\n")
    if rest:
        with path.open("r+b") as journal:
            journal.truncate(len(whole + newline))
    return [json.loads(line) for line in whole.splitlines()]
