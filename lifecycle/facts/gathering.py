"""Putting together what is known of one person, from local data only: no department is asked here."""

from collections.abc import Awaitable, Callable, Iterable
from typing import Any, Final
from uuid import UUID

from lifecycle.rules.facts import Facts, Said

FactSource = Callable[[UUID], Awaitable[Iterable[Said[Any]]]]
_sources: Final[dict[str, FactSource]] = {}


def register_fact_source(name: str, source: FactSource) -> None:
    """Let a room say what it knows of a person, in the system transaction in progress; called from wiring."""
    _sources[name] = source


async def facts_about(person_id: UUID) -> Facts:
    """What is known of a person; in a system transaction."""
    return Facts([said for source in _sources.values() for said in await source(person_id)])
