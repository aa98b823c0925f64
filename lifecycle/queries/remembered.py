"""Asking a department about one fact of one person, and falling back on what it said before.

The record is the only cache: an answer is kept sealed with its "as of", and shown again while the department is away, for as long
as its operation says that it is usable.
"""

from collections.abc import Awaitable, Callable, Collection, Mapping
from datetime import datetime, timedelta
from typing import Any, Final, Generic, TypeVar
from uuid import UUID

import msgspec

from app.kernel import clock
from app.kernel.actors import Actor, System
from app.kernel.database import Row, execute, fetch_all, fetch_one, transaction
from app.kernel.ids import new_id, shard_of
from app.keys.persons import open_for_person, seal_for_person
from app.privacy import consents
from app.privacy.events import ConsentEnded
from integrations.departments.registers import Register
from integrations.exchange.errors import DepartmentAnsweredWrongly, DepartmentAnswersLater, DepartmentUnavailable
from integrations.exchange.structs import Answered, Awaited

T = TypeVar("T")
Listener = Callable[[UUID], Awaitable[None]]
_FORGETTING: Final = System("queries")
_listeners: Final[list[Listener]] = []
_TABLE: Final = "remembered_answer"
_UPSERT: Final = """
INSERT INTO remembered_answer (id, shard, citizen_id, fact, department, as_of, asked_at, answer)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT ON CONSTRAINT remembered_answer_fact DO UPDATE
SET department = excluded.department, as_of = excluded.as_of, asked_at = excluded.asked_at, answer = excluded.answer
WHERE remembered_answer.as_of <= excluded.as_of
"""


def when_changed(listener: Listener) -> None:
    """Have somebody told, in the same transaction, that another answer is remembered of a person, or none; called from wiring."""
    if listener not in _listeners:
        _listeners.append(listener)


class Remembered(msgspec.Struct, Generic[T], frozen=True):
    """What a department says or said: `live` if it was asked just now."""

    body: T
    department: str
    as_of: datetime
    asked_at: datetime
    live: bool
    changed_at: datetime | None = None
    """Since when the department says otherwise, where it told so, and how isn't known yet."""
    awaited: Awaited | None = None
    """The answer that the department has promised meanwhile."""


class Fact(msgspec.Struct, Generic[T], frozen=True):
    """One fact about a person: its name, the shape of the answer, and how long an answer serves (as its operation says)."""

    name: str
    answer: type[T]
    fresh_for: timedelta
    usable_for: timedelta

    def is_fresh(self, kept: Remembered[T]) -> bool:
        """Whether an earlier answer may be taken as it is."""
        return kept.changed_at is None and clock.now() - kept.asked_at < self.fresh_for

    def is_usable(self, kept: Remembered[T]) -> bool:
        """Whether an earlier answer may still be shown."""
        return clock.now() - kept.asked_at < self.usable_for


async def ask(
    actor: Actor, person_id: UUID, fact: Fact[T], question: Callable[[], Awaitable[Answered[T]]]
) -> Remembered[T]:
    """Ask now and remember; if the department doesn't answer, give its earlier answer while that is usable.

    Call it outside every transaction. Refuses what the exchange refuses, where nothing usable is remembered.
    """
    try:
        return await ask_now(actor, person_id, fact, question)
    except (DepartmentUnavailable, DepartmentAnsweredWrongly) as refusal:
        kept = await recall(actor, person_id, fact)
        if kept is None or not fact.is_usable(kept):
            raise
        awaited = refusal.awaited if isinstance(refusal, DepartmentAnswersLater) else None
        return msgspec.structs.replace(kept, awaited=awaited)


async def ask_now(
    actor: Actor, person_id: UUID, fact: Fact[T], question: Callable[[], Awaitable[Answered[T]]]
) -> Remembered[T]:
    """Ask and remember, for what an earlier answer doesn't do. Call it outside every transaction; refuses what the exchange refuses."""
    said = await question()
    found = Remembered(said.body, said.department, said.as_of, clock.now(), live=True)
    await keep(actor, person_id, fact, found)
    return found


async def recall(actor: Actor, person_id: UUID, fact: Fact[T]) -> Remembered[T] | None:
    """What a department said last about a person, if it ever did."""
    async with transaction(actor):
        row = await fetch_one(
            "SELECT * FROM remembered_answer WHERE shard = $1 AND citizen_id = $2 AND fact = $3",
            *(shard_of(person_id), person_id, fact.name),
        )
        if row is None:
            return None
        plain = await opened(row)
    return _read(row, plain, fact.answer)


def _read(row: Row, plain: bytes, shape: type[T]) -> Remembered[T] | None:
    """An answer as it was kept; nothing where it was kept in a shape that is no longer the register's."""
    try:
        body = msgspec.json.decode(plain, type=shape)
    except msgspec.ValidationError:
        return None
    changed_at = row["changed_at"] if row["changed_at"] and row["changed_at"] > row["as_of"] else None
    return Remembered(body, row["department"], row["as_of"], row["asked_at"], live=False, changed_at=changed_at)


async def outdate(person_id: UUID, department: str, service: str, changed_at: datetime) -> int:
    """Note since when a service says otherwise of a person; in the system transaction in progress. Says how many answers that were.

    What was asked later says so itself by its "as of", so an answer that is on its way now isn't outdated by mistake.
    """
    outdated = await execute(
        "UPDATE remembered_answer SET changed_at = greatest(changed_at, $5) WHERE shard = $1 AND citizen_id = $2 "
        "AND department = $3 AND ($4 = fact OR $6 = fact OR starts_with(fact, $6 || ':'))",
        *(shard_of(person_id), person_id, department, service, changed_at, f"{department}:{service}"),
    )
    await _tell(person_id)
    return outdated


async def recall_all(
    actor: Actor, people: Collection[UUID], facts: Collection[Fact[Any]]
) -> dict[tuple[UUID, str], Remembered[Any]]:
    """What departments said last of some people, by person and name of the fact; an answer of an older shape is left out."""
    shapes = {fact.name: fact.answer for fact in facts}
    async with transaction(actor):
        rows = await fetch_all(
            "SELECT * FROM remembered_answer WHERE shard = ANY ($1::int4[]) AND citizen_id = ANY ($2::uuid[]) "
            "AND fact = ANY ($3::text[])",
            *(sorted({shard_of(person) for person in people}), list(people), list(shapes)),
        )
        plain = [(row, await opened(row)) for row in rows]
    found = {(row["citizen_id"], row["fact"]): _read(row, text, shapes[row["fact"]]) for row, text in plain}
    return {place: kept for place, kept in found.items() if kept is not None}


async def forget(person_id: UUID, department: str) -> int:
    """Erase what a department said of a person ahead of need, and say how many answers those were."""
    async with transaction(_FORGETTING):
        forgotten = await execute(
            "DELETE FROM remembered_answer WHERE shard = $1 AND citizen_id = $2 AND department = $3",
            *(shard_of(person_id), person_id, department),
        )
        await _tell(person_id)
    return forgotten


async def _tell(person_id: UUID) -> None:
    for listener in _listeners:
        await listener(person_id)


async def on_consent_ended(event: ConsentEnded) -> None:
    """Erase what was remembered under a consent that has ended; what a decision needs is asked for anew."""
    purpose = await consents.purpose_of(event.subject_id)
    if event.citizen_id is None or purpose is None or not purpose.department:
        return
    if not await consents.is_given(event.citizen_id, purpose):
        await forget(event.citizen_id, purpose.department)


async def opened(row: Row) -> bytes:
    """Open a row's answer, which is JSON."""
    return await open_for_person(row["citizen_id"], _TABLE, row["fact"], row["citizen_id"], row["answer"])


def fact_of(register: Register[Any], parts: Mapping[str, Any]) -> Fact[Any]:
    """What is remembered of a register's answer about a person, by what was asked of it beside the person."""
    name = ":".join((register.department, register.service, *(f"{name}={value}" for name, value in parts.items())))
    return Fact(name, register.told, register.fresh_for, register.usable_for)


async def keep(actor: Actor, person_id: UUID, fact: Fact[T], found: Remembered[T]) -> None:
    """Keep an answer; an older one never replaces a newer. The seal's place is the person and the fact, since the row is replaced."""
    async with transaction(actor):
        row_id = new_id(person_id)
        sealed = await seal_for_person(person_id, _TABLE, fact.name, person_id, msgspec.json.encode(found.body))
        await execute(
            _UPSERT,
            *(row_id, shard_of(row_id), person_id, fact.name, found.department, found.as_of, found.asked_at, sealed),
        )
        await _tell(person_id)
