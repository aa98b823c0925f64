"""What is known of somebody before a calculator asks them, and which fields of its question that fills in. Pure."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final, Protocol, get_type_hints
from uuid import UUID

import msgspec

from app.kernel.structs import Body
from app.kernel.words import Words

YANTAIS_DIVISIONS: Final = "3706"
_DIVISION_DIGITS: Final = 6


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is known: of whom, from where, and as of when."""

    value: Any
    person_id: UUID
    source: Words
    as_of: datetime

    def read(self, value: Any) -> "Told | None":
        """The same source's word for something else; nothing, where it says nothing of it."""
        return None if value is None else msgspec.structs.replace(self, value=value)


class RecalledFact(Protocol):
    """A fact that departments are asked for, by its name."""

    @property
    def name(self) -> str:
        """The fact's name."""


class KnownPerson(msgspec.Struct, frozen=True, kw_only=True):
    """What the residents' register knows of somebody."""

    id: UUID
    birth_date: Told | None
    sex: Told | None
    division_code: Told | None


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of the person asked about, of their children (the youngest first), and what departments said of them before.

    `is_ward` says that somebody else asks, as guardian. `answers` are by person and name of the fact.
    """

    person: KnownPerson
    is_ward: bool
    children: tuple[KnownPerson, ...]
    answers: Mapping[tuple[UUID, str], Told]

    @property
    def child(self) -> KnownPerson | None:
        """The child whom a question about a child means: the ward asked about, or else the youngest child."""
        if self.is_ward:
            return self.person
        return self.children[0] if self.children else None

    @property
    def division(self) -> Told | None:
        """The division of Yantai where the person is registered, by its six digits; none, where that lies elsewhere."""
        told = self.person.division_code
        if told is None or not told.value.startswith(YANTAIS_DIVISIONS):
            return None
        return told.read(told.value[:_DIVISION_DIGITS])

    def said(self, fact: RecalledFact, read: Callable[[Any], Any], of: UUID | None = None) -> Told | None:
        """What a department's earlier answer about the person (or another) says of something; none, if nothing of it is kept."""
        told = self.answers.get((of or self.person.id, fact.name))
        return None if told is None else told.read(read(told.value))


Filled = Mapping[str, Told | None]
"""Fields of a question that are known; a field of a part is named with a dot: `one.sex`."""
Prefill = Callable[[Known], Filled]


def nothing(_known: Known) -> Filled:
    """The mapping of a calculator that nothing is known for."""
    return {}


def of_birth(known: Known) -> Filled:
    """The mapping of a calculator that only asks for the day of birth."""
    return {"birth_date": known.person.birth_date}


def fitting(question: type[Body], filled: Filled) -> dict[str, Told]:
    """Those fields whose values the question would take."""
    return {path: told for path, told in filled.items() if told is not None and _takes(question, path, told.value)}


def as_question(filled: Mapping[str, Told]) -> dict[str, Any]:
    """The part of the question that is known, as JSON has it."""
    found: dict[str, Any] = {}
    for path, told in filled.items():
        *parts, field = path.split(".")
        place = found
        for part in parts:
            place = place.setdefault(part, {})
        place[field] = msgspec.to_builtins(told.value)
    return found


def missing(question: type[Body], filled: Mapping[str, Told], prefix: str = "") -> Iterator[str]:
    """The fields that must be answered and aren't known."""
    hints = get_type_hints(question)
    for field in msgspec.structs.fields(question):
        path, kind = f"{prefix}{field.name}", hints[field.name]
        if not field.required or path in filled:
            continue
        if isinstance(kind, type) and issubclass(kind, Body):
            yield from missing(kind, filled, f"{path}.")
        else:
            yield path


def _takes(question: type[Body], path: str, value: Any) -> bool:
    kind: Any = question
    for part in path.split("."):
        kind = get_type_hints(kind, include_extras=True)[part]
    try:
        msgspec.convert(msgspec.to_builtins(value), kind)
    except msgspec.ValidationError:
        return False
    return True
