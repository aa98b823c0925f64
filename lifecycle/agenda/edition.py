"""By which rules and figures an agenda was worked out: when either changes, every agenda is looked at anew.

The edition follows from the files themselves: the law's figures, the rules of law, and the stages' agenda rules.
"""

import hashlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

from lifecycle.agenda.items import agenda_rules
from lifecycle.rules.parameters import FOLDER

_LIFECYCLE: Final = Path(__file__).parents[1]


def edition() -> str:
    """The present edition, sixteen hexadecimal digits."""
    return _edition(",".join(sorted(rule.name for rule in agenda_rules())))


@cache
def _edition(names: str) -> str:
    digest = hashlib.sha256(names.encode())
    for path in sorted(_files()):
        digest.update(b"\0" + path.relative_to(_LIFECYCLE).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def _files() -> Iterator[Path]:
    yield from FOLDER.glob("*.toml")
    yield from FOLDER.parent.glob("*.py")
    yield from _LIFECYCLE.glob("*/*agenda*.py")
