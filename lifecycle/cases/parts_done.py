"""What other departments did for an approved case before its own department's turn: kept in the case's history, asked for once. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

import msgspec

PART_DONE: Final = "part_done"
"""The event by which it is kept; what the department said is sealed with it."""
_ANEW: Final = "reopen"


class PartDone(msgspec.Struct, frozen=True):
    """Which department did its part, by which service, and what it said of it."""

    department: str
    service: str
    told: dict[str, Any]


Done = Mapping[str, Mapping[str, Any]]
"""What was said, by service."""


def done_since_reopened(happened: Iterable[tuple[str, PartDone | None]]) -> dict[str, dict[str, Any]]:
    """What of a case's history (what happened, oldest first) still counts: a case that went back to its officer is carried out anew."""
    done: dict[str, dict[str, Any]] = {}
    for what, part in happened:
        if what == _ANEW:
            done = {}
        elif what == PART_DONE and part is not None:
            done[part.service] = part.told
    return done
