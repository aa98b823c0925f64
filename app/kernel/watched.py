"""A file that somebody may replace, noticed without a look at the disk for each use.

What this process replaces itself is noticed at once, what another one replaces within a twentieth of a second.
"""

import os
from pathlib import Path
from time import monotonic
from typing import Final

LOOKS_EVERY_SECONDS: Final = 0.05
_replaced: Final = [0]


def note_replaced() -> None:
    """Have every watched file of this process looked at again at its next use."""
    _replaced[0] += 1


class Watched:
    """One file, which needn't be there yet."""

    def __init__(self, path: Path) -> None:
        self._name = str(path)
        self._seen: tuple[int, int] | None = None
        self._looked_until = 0.0
        self._noted = -1

    def changed(self) -> bool:
        """Whether the file was replaced since this was last asked; yes when it is asked for the first time."""
        at = monotonic()
        if at < self._looked_until and self._noted == _replaced[0]:
            return False
        self._noted = _replaced[0]
        before, self._seen = self._seen, self._look()
        self._looked_until = at + LOOKS_EVERY_SECONDS
        return self._seen != before

    def _look(self) -> tuple[int, int]:
        try:
            found = os.stat(self._name)  # noqa: PTH116 - a path object takes five times as long
        except FileNotFoundError:
            return (0, 0)
        return (found.st_ino, found.st_mtime_ns)
