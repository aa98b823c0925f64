"""What is known of a person: each value with who says so, since when, and how sure that is. Pure.

A rule reads facts through a `Looking`, which remembers what was read. What isn't known is never guessed: the rule stops with
`FactMissing`, and where two equally good sources disagree with `FactDisputed`, so that its answer names what is needed.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Final, Generic, Literal, TypeVar, cast

import msgspec

from app.kernel.words import Words

T = TypeVar("T")
Confidence = Literal["registered", "told", "declared"]
_SURENESS: Final[dict[Confidence, int]] = {"declared": 0, "told": 1, "registered": 2}
_KINDS: Final[dict[str, "FactKind[Any]"]] = {}


class FactKind(msgspec.Struct, Generic[T], frozen=True):
    """One kind of fact: its name, the type of its value, what people call it, and which matter or department can tell it."""

    name: str
    type: Any
    title: Words
    asked_by: str = ""
    """The matter whose query or form brings the fact, for who lacks it."""


class Said(msgspec.Struct, Generic[T], frozen=True):
    """A value of a kind: who says so (a department's code or a room's name), on which day it held, and how sure it is.

    `registered` is what a basic register decides (police, civil affairs), `told` what a department holds of somebody, `declared`
    what they say themselves.
    """

    kind: str
    value: T
    source: str
    as_of: date
    confidence: Confidence = "told"


class FactMissing(Exception):  # noqa: N818 - named as a fact
    """A rule needs what isn't known."""

    def __init__(self, kind: FactKind[Any]) -> None:
        super().__init__(kind.name)
        self.kind = kind


class FactDisputed(Exception):  # noqa: N818 - named as a fact
    """Two sources of the same weight say different things."""

    def __init__(self, kind: FactKind[Any], said: Sequence[Said[Any]]) -> None:
        super().__init__(kind.name)
        self.kind = kind
        self.said = tuple(said)


def fact_kind(name: str, type_: type[T] | Any, title: Words, asked_by: str = "") -> FactKind[T]:
    """Declare a kind of fact; each has a name of its own."""
    if name in _KINDS:
        raise ValueError(f"{name} is a kind of fact already")
    kind: FactKind[T] = FactKind(name, type_, title, asked_by)
    _KINDS[name] = kind
    return kind


def known_kinds() -> dict[str, FactKind[Any]]:
    """Every kind of fact by its name."""
    return dict(_KINDS)


class Facts:
    """What is known of one person. It never changes; `also` gives another with more."""

    def __init__(self, said: Iterable[Said[Any]] = ()) -> None:
        """Take what sources say; a source's newer word replaces its older one."""
        newest: dict[tuple[str, str], Said[Any]] = {}
        for one in said:
            known = newest.get((one.kind, one.source))
            if known is None or known.as_of <= one.as_of:
                newest[one.kind, one.source] = one
        self._said: dict[str, list[Said[Any]]] = defaultdict(list)
        for one in newest.values():
            self._said[one.kind].append(one)
        for several in self._said.values():
            several.sort(key=lambda one: (_SURENESS[one.confidence], one.as_of), reverse=True)

    def all(self, kind: FactKind[T]) -> tuple[Said[T], ...]:
        """Everything that is said of a kind, the surest first."""
        return tuple(self._said.get(kind.name, ()))

    def said(self) -> tuple[Said[Any], ...]:
        """Everything that is said."""
        return tuple(one for several in self._said.values() for one in several)

    def best(self, kind: FactKind[T]) -> Said[T] | None:
        """What holds: the surest source's word; nothing where none says anything. Refuses `FactDisputed` among equals."""
        said = self.all(kind)
        if not said:
            return None
        equal = [one for one in said if one.confidence == said[0].confidence]
        if any(one.value != equal[0].value for one in equal):
            raise FactDisputed(kind, equal)
        return said[0]

    def value(self, kind: FactKind[T]) -> T | None:
        """The value that holds, if anything is known."""
        best = self.best(kind)
        return None if best is None else best.value

    def disagree(self, kind: FactKind[Any]) -> bool:
        """Whether sources say different things, however sure each is."""
        return len({msgspec.json.encode(one.value) for one in self.all(kind)}) > 1

    def differing(self, other: "Facts") -> frozenset[str]:
        """The kinds of which two say different things, as of whichever day."""
        if self is other:
            return frozenset()
        ours, theirs = self._words(), other._words()  # noqa: SLF001 - another of the same class
        return frozenset(kind for kind in ours.keys() | theirs.keys() if ours.get(kind) != theirs.get(kind))

    def _words(self) -> dict[str, list[tuple[str, str, Any]]]:
        return {
            kind: sorted(((one.source, one.confidence, one.value) for one in several), key=lambda one: one[:2])
            for kind, several in self._said.items()
        }

    def also(self, *said: Said[Any]) -> "Facts":
        """These facts and more."""
        return Facts((*self.said(), *said))

    def without(self, kind: FactKind[Any]) -> "Facts":
        """These facts, but nothing of one kind."""
        return Facts(one for one in self.said() if one.kind != kind.name)


def encode(facts: Facts) -> bytes:
    """Facts as they are stored (before they are sealed)."""
    return msgspec.json.encode(facts.said())


class _Stored(msgspec.Struct, frozen=True):
    kind: str
    value: msgspec.Raw
    source: str
    as_of: date
    confidence: Confidence


def decode(stored: bytes) -> Facts:
    """Facts as `encode` stored them; what is of a kind or shape that is no longer known is left out, as if it weren't known."""
    found = []
    for one in msgspec.json.decode(stored, type=list[_Stored]):
        kind = _KINDS.get(one.kind)
        if kind is not None:
            try:
                value = msgspec.json.decode(one.value, type=kind.type)
            except msgspec.ValidationError:
                continue
            found.append(Said(one.kind, cast("Any", value), one.source, one.as_of, one.confidence))
    return Facts(found)
