"""Which matters can be queried: stages register theirs."""

from collections.abc import Awaitable, Callable
from typing import Any, Final

import msgspec

from app.kernel import clock
from app.kernel.actors import Citizen, DataClass, require_level
from app.kernel.bodies import decode_strictly
from app.kernel.structs import Body
from lifecycle.catalogue import published
from lifecycle.queries.errors import QueryUnknown
from lifecycle.queries.remembered import Remembered
from lifecycle.queries.structs import QueryAnswer, SourceView


class Found(msgspec.Struct, frozen=True):
    """What a query found, and what departments said for it."""

    result: msgspec.Struct
    sources: tuple[Remembered[Any], ...]


class LiveQuery(msgspec.Struct, frozen=True):
    """A matter's query: the question's own type, an async function that asks departments outside every transaction, and what it shows."""

    matter: str
    question: type[Body]
    answer: Callable[[Citizen, Any], Awaitable[Found]]
    data_classes: frozenset[DataClass]


_queries: Final[dict[str, LiveQuery]] = {}


def register_query(query: LiveQuery) -> None:
    """Offer a query; called from wiring."""
    _queries[query.matter] = query


def query_of(code: str) -> LiveQuery:
    """A matter's query; refuses `MatterUnknown`, `QueryUnknown`."""
    found = _queries.get(published.matter(code).code)
    if found is None:
        raise QueryUnknown(matter=code)
    return found


async def ask(citizen: Citizen, code: str, raw: bytes) -> QueryAnswer:
    """Answer a question given as JSON, which is decoded strictly into the query's own type. Refuses too low a level."""
    query = query_of(code)
    require_level(citizen, published.matter(code).level)
    found = await query.answer(citizen, decode_strictly(raw, query.question))
    return QueryAnswer(code, clock.now(), [_source(one) for one in found.sources], found.result)


def _source(said: Remembered[Any]) -> SourceView:
    name = published.catalogue().department(said.department).name
    return SourceView(said.department, name, said.as_of, "live" if said.live else "remembered")
