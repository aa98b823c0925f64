"""Which facts rules above look for and don't find: a missing fact is asked or named, never guessed."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, Final

from lifecycle.rules.facts import FactKind, Facts

Wants = Callable[[Facts, date], Iterable[tuple[FactKind[Any], str | None]]]
_wants: Final[dict[str, Wants]] = {}


def register_wants(name: str, wants: Wants) -> None:
    """Let a room above say, by a pure function, what its rules lack; called from wiring. Doing it again replaces it."""
    _wants[name] = wants


def missing(facts: Facts, as_of: date) -> list[tuple[FactKind[Any], tuple[str, ...]]]:
    """What any rule lacks of a person on a day, by name of the kind, with the matters for which it is looked for."""
    found: dict[str, tuple[FactKind[Any], set[str]]] = {}
    for wants in _wants.values():
        for kind, matter in wants(facts, as_of):
            _, matters = found.setdefault(kind.name, (kind, set()))
            if matter is not None:
                matters.add(matter)
    return [(found[name][0], tuple(sorted(found[name][1]))) for name in sorted(found)]
