"""Which matters can be queried: stages register theirs."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Final, Literal

import msgspec

from app.kernel import clock, quotas
from app.kernel.actors import Citizen, DataClass, require_level
from app.kernel.assurance import LEVEL_TO_READ
from app.kernel.bodies import decode_strictly
from app.kernel.limits import Limits
from app.kernel.structs import Body
from integrations.exchange.errors import DepartmentAnswersLater
from integrations.exchange.structs import Awaited
from lifecycle.catalogue import published
from lifecycle.queries.errors import AskedTooOften, QueryUnknown
from lifecycle.queries.remembered import Remembered
from lifecycle.queries.structs import PromisedView, QueryAnswer, QueryDescription, SourceView


class Found(msgspec.Struct, frozen=True):
    """What a query found, and what departments said for it."""

    result: msgspec.Struct
    sources: tuple[Remembered[Any], ...]


class LiveQuery(msgspec.Struct, frozen=True):
    """A matter's query: its question, what asks departments (outside every transaction), the kinds of data that it shows, its result."""

    matter: str
    question: type[Body]
    answer: Callable[[Citizen, Any], Awaitable[Found]]
    data_classes: frozenset[DataClass]
    result: type[msgspec.Struct]


LIMITS: Final = Limits(Path(__file__).with_name("limits.toml"))
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


def queries() -> tuple[LiveQuery, ...]:
    """Every query that is offered."""
    return tuple(_queries.values())


def described(code: str) -> QueryDescription:
    """What a matter's query asks and gives, as JSON Schema with words; refuses `MatterUnknown`, `QueryUnknown`."""
    query = query_of(code)
    return QueryDescription(
        matter_code=code,
        question=msgspec.json.schema(query.question),
        result=msgspec.json.schema(query.result),
        shows=sorted(query.data_classes),
    )


async def ask(citizen: Citizen, code: str, raw: bytes) -> QueryAnswer:
    """Answer a question given as JSON, which is decoded strictly into the query's own type.

    What a department has only promised is answered as that. Refuses too low a level, and `AskedTooOften`.
    """
    query = query_of(code)
    require_level(citizen, max(published.matter(code).level, *(LEVEL_TO_READ[one] for one in query.data_classes), 0))
    question = decode_strictly(raw, query.question)
    await quotas.count(quotas.quota("questions_of_citizen", LIMITS.today), str(citizen.hand), AskedTooOften)
    try:
        found = await query.answer(citizen, question)
    except DepartmentAnswersLater as later:
        return QueryAnswer(code, clock.now(), [_awaited(later.awaited)], None)
    return QueryAnswer(code, clock.now(), [_source(one) for one in found.sources], found.result)


def _source(said: Remembered[Any]) -> SourceView:
    name = published.catalogue().department(said.department).name
    promised = None if said.awaited is None else _promised(said.awaited)
    standing: Literal["live", "remembered"] = "live" if said.live else "remembered"
    return SourceView(said.department, name, said.as_of, standing, promised, said.changed_at)


def _awaited(awaited: Awaited) -> SourceView:
    name = published.catalogue().department(awaited.department).name
    return SourceView(awaited.department, name, None, "awaited", _promised(awaited), None)


def _promised(awaited: Awaited) -> PromisedView:
    return PromisedView(awaited.asked_at, awaited.expected_by, awaited.is_overdue)
