"""By which rules and figures an agenda was worked out: when either changes, every agenda is looked at anew."""

import hashlib
from functools import cache
from typing import Final

from lifecycle.agenda.items import agenda_rules
from lifecycle.rules.parameters import FOLDER

RULES: Final = 1
"""Counted up when a rule's own code changes what it says."""


@cache
def _figures() -> bytes:
    digest = hashlib.sha256()
    for path in sorted(FOLDER.glob("*.toml")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.digest()


def edition() -> str:
    """The present edition, sixteen hexadecimal digits."""
    return _edition(",".join(sorted(rule.name for rule in agenda_rules())))


@cache
def _edition(names: str) -> str:
    return hashlib.sha256(f"{RULES}\0{names}\0".encode() + _figures()).hexdigest()[:16]
