"""How the city's departments answer from their registers: about a person, or with what is everybody's to know."""

import tomllib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Final, TypeVar

import msgspec

from app.kernel.structs import IdNumber
from integrations.city.outcomes import NOT_FOUND, Outcome, question
from integrations.city.people import Person
from integrations.city.world import City

Q = TypeVar("Q", bound=msgspec.Struct)
L = TypeVar("L", bound=msgspec.Struct)
Told = msgspec.Struct | dict[str, object]
"""What is told: a struct, or JSON where the format is somebody else's."""
Service = Callable[[City, msgspec.Raw], Outcome]
_LISTS: Final = Path(__file__).parent / "lists"


class AboutPerson(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What does the register say of this person? A subclass asks for more."""

    id_number: IdNumber


class Nothing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A question that has no parts."""


def of_person(tell: Callable[[City, Person], Told | None]) -> Service:
    """A service about one person; `tell` gives None where the register has nobody of the kind."""
    return of_person_asked(AboutPerson, lambda city, person, _: tell(city, person))


def of_person_asked(kind: type[Q], tell: Callable[[City, Person, Q], Told | None]) -> Service:
    """A service about one person whose question has further parts; `kind` is a subclass of `AboutPerson`."""

    def serve(city: City, body: msgspec.Raw) -> Outcome:
        asked = question(body, kind)
        person = city.person(asked.id_number)  # type: ignore[attr-defined]
        told = tell(city, person, asked)
        return NOT_FOUND if told is None else Outcome("ok", {"id_number": person.id_number, "told": told})

    return serve


def of_everybody(tell: Callable[[City], msgspec.Struct]) -> Service:
    """A service that tells everybody the same."""
    return of_everybody_asked(Nothing, lambda city, _: tell(city))


def of_everybody_asked(kind: type[Q], tell: Callable[[City, Q], msgspec.Struct | None]) -> Service:
    """A service that tells everybody who asks the same question the same."""

    def serve(city: City, body: msgspec.Raw) -> Outcome:
        told = tell(city, question(body, kind))
        return NOT_FOUND if told is None else Outcome("ok", told)

    return serve


@cache
def listed(name: str, kind: type[L]) -> L:
    """A list of the city, from `lists/<name>.toml`: its keys are the fields of `kind`."""
    return msgspec.convert(tomllib.loads((_LISTS / f"{name}.toml").read_text(encoding="utf-8")), kind)
