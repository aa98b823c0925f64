"""Queries that are answered by one register of one department: of a person, or of what is everybody's to know.

A stage declares its queries as data: the matter, the register that is asked, and what kind of data it shows.
"""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Annotated, Any, Final, Generic, TypeVar
from uuid import UUID

import msgspec
from msgspec import Meta

from app.audit.ward_looks import note_ward_look
from app.kernel.actors import Citizen, DataClass
from app.kernel.database import transaction
from app.kernel.labels import label
from app.kernel.paging import LARGEST_PAGE, Cursor, decode_cursor, encode_cursor
from app.kernel.structs import Body, ShortLine, View
from app.kernel.text import normalised
from app.residents.people import resident
from integrations.departments.directory import NAMES
from integrations.departments.registers import Register, Registers
from integrations.exchange.errors import NotKnownToDepartment
from integrations.exchange.structs import Answered, Asking, Basis, EndUser
from lifecycle.cases.forms import citizen_user
from lifecycle.queries import everybodys, remembered
from lifecycle.queries.errors import PersonUnknown
from lifecycle.queries.late import keep_register
from lifecycle.queries.registry import Found, LiveQuery, register_query
from lifecycle.queries.remembered import fact_of

T = TypeVar("T", bound=msgspec.Struct)
Place = Annotated[int, Meta(ge=0, le=1_000_000)]
"""How many items were shown before: lists are kept whole, so a page is a slice of one."""
_PORTAL: Final = EndUser("system", "portal")
_OWN_PARTS: Final = frozenset({"person_id", "text", "cursor", "limit"})
"""Parts of a question that the department never sees."""


class PersonQuestion(Body, frozen=True):
    """About whom: oneself, or a ward. Further fields of a subclass go to the department."""

    person_id: Annotated[UUID | None, label("查询对象", "About whom")] = None


class EverybodysQuestion(Body, frozen=True):
    """A page of a list, of what has a text in it. Further fields of a subclass go to the department."""

    text: Annotated[ShortLine | None, label("关键词", "Text to find")] = None
    cursor: Annotated[Cursor | None, label("分页游标", "Cursor")] = None
    limit: Annotated[int, Meta(ge=1, le=LARGEST_PAGE), label("每页条数", "Items a page")] = 20


class Listed(View, frozen=True):
    """A page of what was found, and how much that is altogether."""

    items: tuple[Any, ...]
    found: int
    next: str | None


class Shown(msgspec.Struct, Generic[T], frozen=True):
    """How an answer is shown whose form on the wire isn't for people: by a pure function, as what it gives."""

    by: Callable[[T], msgspec.Struct]
    result: type[msgspec.Struct]


class OfPerson(msgspec.Struct, Generic[T], frozen=True):
    """A matter's query about a person; `shows` are the kinds of data in the answer, which is `shown` as it is told, or otherwise."""

    matter: str
    register: Register[T]
    shows: frozenset[DataClass]
    question: type[PersonQuestion] = PersonQuestion
    shown: Shown[T] | None = None
    own_only: bool = False
    """Told to nobody but the person, not even to a guardian."""

    @property
    def result(self) -> type[msgspec.Struct]:
        """What a citizen is shown."""
        return self.shown.result if self.shown else self.register.told

    def live(self, registers: Registers) -> LiveQuery:
        """The query, asked through the port."""
        return LiveQuery(self.matter, self.question, partial(_of_person, registers, self), self.shows, self.result)


class OfEverybody(msgspec.Struct, Generic[T], frozen=True):
    """A matter's query about what is everybody's to know. Where `told` has `items`, they are searched and paged."""

    matter: str
    register: Register[T]
    question: type[EverybodysQuestion] = EverybodysQuestion

    def live(self, registers: Registers) -> LiveQuery:
        """The query, asked through the port."""
        return LiveQuery(
            self.matter, self.question, partial(_of_everybody, registers, self), frozenset(), self.register.told
        )


def register_queries(registers: Registers, *queries: OfPerson[Any] | OfEverybody[Any]) -> None:
    """Offer a stage's queries; called from wiring."""
    for query in queries:
        register_query(query.live(registers))
        keep_register(query.register)


async def _of_person(registers: Registers, query: OfPerson[T], citizen: Citizen, asked: PersonQuestion) -> Found:
    """Ask now. Refuses `PersonUnknown` for anybody but oneself and one's wards (where told of), and who has no number as not known there."""
    person_id = asked.person_id or citizen.id
    if person_id not in citizen.people or (query.own_only and person_id != citizen.id):
        raise PersonUnknown
    async with transaction(citizen):
        await note_ward_look(citizen, person_id)
        number = (await resident(person_id)).id_number
    register = query.register
    if number is None:
        raise NotKnownToDepartment(department=NAMES[register.department], department_code=register.department)
    parts = _for_department(asked)
    basis = Basis("account" if person_id == citizen.id else "guardianship", str(citizen.id))
    asking = Asking(person_id, query.matter, basis, citizen_user(citizen.id))
    fact = fact_of(register, parts)

    async def ask() -> Answered[T]:
        return await registers.about(asking, register, number, parts)

    said = await remembered.ask(citizen, person_id, fact, ask)
    return Found(query.shown.by(said.body) if query.shown else said.body, (said,))


async def _of_everybody(
    registers: Registers, query: OfEverybody[T], citizen: Citizen, asked: EverybodysQuestion
) -> Found:
    asking = Asking(citizen.id, query.matter, Basis("directory", query.matter), _PORTAL)
    said = await everybodys.ask(registers, query.register, asking, _for_department(asked))
    items = getattr(said.body, "items", None)
    return Found(said.body if items is None else listed(items, asked), (said,))


def _for_department(asked: Body) -> dict[str, Any]:
    return {name: value for name, value in msgspec.to_builtins(asked).items() if name not in _OWN_PARTS}


def listed(items: tuple[msgspec.Struct, ...], asked: EverybodysQuestion) -> Listed:
    """The page after a cursor, of what has the text in one of its fields."""
    wanted = normalised(asked.text).casefold() if asked.text else ""
    found = [item for item in items if any(wanted in text.casefold() for text in _texts(item))]
    start = decode_cursor(asked.cursor, Place) if asked.cursor else 0
    rest = found[start : start + asked.limit]
    after = start + len(rest)
    return Listed(tuple(rest), len(found), encode_cursor(after) if after < len(found) else None)


def _texts(told: object) -> Iterator[str]:
    """An item's texts, also those in its parts; one is empty, so that everything has the empty text in it."""
    if isinstance(told, msgspec.Struct):
        yield ""
        told = msgspec.structs.astuple(told)
    if isinstance(told, str):
        yield told
    elif isinstance(told, tuple):
        for part in told:
            yield from _texts(part)
