"""What happened, told to whoever registered for it.

An event carries ids only, never personal data. It is written to the outbox in the business transaction and delivered by the
worker: at least once, in order within its stream (its citizen, or its subject where there is none). A subscriber writes to
the database only, in the transaction that takes the event out of the outbox, so what it does happens once; slow or outside work becomes a
job from there.
"""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import ClassVar, Final, TypeVar, cast
from uuid import UUID

import msgspec
import structlog

from app.kernel import clock
from app.kernel.actors import System
from app.kernel.database import Row, current_transaction, execute, fetch_all, fetch_one, transaction
from app.kernel.ids import new_id, shard_of

_log = structlog.get_logger()
_RELAY: Final = System("relay")
_BATCH: Final = 200
_SLOWEST_RETRY: Final = timedelta(minutes=5)


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """Base of every event: who it is about (if a citizen) and what it is about.

    `id` and `at` are filled in when it is told, and `actor` unless it is named.
    """

    kind: ClassVar[str]
    version: ClassVar[int] = 1

    subject_id: UUID
    citizen_id: UUID | None = None
    cause_id: UUID | None = None
    actor: str = ""
    id: UUID | None = None
    at: datetime | None = None


class EventUnknown(LookupError):  # noqa: N818 - named as a fact
    """An event of a kind that this process has no class for: it was told by a newer one."""


E = TypeVar("E", bound=Event)
Subscriber = Callable[[E], Awaitable[None]]

Witness = Callable[[Event], Awaitable[None]]
_kinds: dict[str, type[Event]] = {}
_witnesses: dict[str, list[Witness]] = defaultdict(list)
_subscribers: dict[str, list[Subscriber[Event]]] = defaultdict(list)


def subscribe(event: type[E], *subscribers: Subscriber[E]) -> None:
    """Have subscribers told of an event; they run in this order, and a repeat must not harm."""
    _kinds[event.kind] = event
    for subscriber in subscribers:
        if subscriber not in _subscribers[event.kind]:
            _subscribers[event.kind].append(cast("Subscriber[Event]", subscriber))


def witness(event: type[Event], *witnesses: Witness) -> None:
    """Have somebody present where an event is told: in the business transaction itself, so that who reads next sees what it did.

    A witness does little and refuses nothing; what takes time is a subscriber's.
    """
    for one in witnesses:
        if one not in _witnesses[event.kind]:
            _witnesses[event.kind].append(one)


_TELL: Final = """
INSERT INTO outbox (id, shard, at, stream, citizen_id, kind, version, subject_id, actor, cause_id, try_at)
SELECT id, shard, at, stream, citizen_id, kind, version, subject_id, actor, cause_id, at
FROM unnest($1::uuid[], $2::int4[], $3::timestamptz[], $4::uuid[], $5::uuid[], $6::text[], $7::int4[], $8::uuid[], $9::text[], $10::uuid[])
  AS told (id, shard, at, stream, citizen_id, kind, version, subject_id, actor, cause_id)
"""


async def tell(event: Event) -> UUID:
    """Write an event to the outbox of the transaction in progress."""
    return (await tell_all([event]))[0]


async def tell_all(events: Sequence[Event]) -> list[UUID]:
    """Write events to the outbox in one statement; the actor is the transaction's where the event names none."""
    at, told_by = clock.now(), current_transaction().actor.principal
    rows = [_row(event, at, event.actor or told_by) for event in events]
    if rows:
        await execute(_TELL, *map(list, zip(*rows, strict=True)))
    for event in events:
        for one in _witnesses[event.kind]:
            await one(event)
    return [cast("UUID", row[0]) for row in rows]


def _row(event: Event, at: datetime, actor: str) -> tuple[object, ...]:
    stream = event.citizen_id or event.subject_id
    event_id = new_id(stream)
    return (
        *(event_id, shard_of(event_id), at, stream, event.citizen_id, event.kind, event.version, event.subject_id),
        *(actor, event.cause_id),
    )


def _never() -> bool:
    return False


_WAITING: Final = """
SELECT o.id, o.stream FROM outbox o
WHERE o.id > $1 AND NOT EXISTS (
  SELECT 1 FROM outbox f WHERE f.shard = o.shard AND f.stream = o.stream AND f.attempts > 0 AND f.try_at > $2)
ORDER BY o.id LIMIT $3
"""
_BEFORE_ALL: Final = UUID(int=0)


async def deliver_pending(is_over: Callable[[], bool] = _never) -> int:
    """Deliver what waits in the outbox, until nothing does or it `is_over`; say how many events were delivered.

    A stream that fails holds up no other.
    """
    delivered = 0
    while passed := await _deliver_each(is_over):
        delivered += passed
        if is_over():
            break
    return delivered


async def _deliver_each(is_over: Callable[[], bool]) -> int:
    """Deliver each event that waits, in the order of their ids; say how many.

    After one that fails, or that another relay is delivering, the rest of its stream waits for the next time.
    """
    delivered, held, last = 0, set[UUID](), _BEFORE_ALL
    begun_at = clock.now()  # for all that is read: of what is due only later, nothing that follows it may come before
    while True:
        async with transaction(_RELAY):
            rows = await fetch_all(_WAITING, last, begun_at, _BATCH)
        for row in rows:
            if row["stream"] in held:
                continue
            if await _deliver(row["id"]):
                delivered += 1
            else:
                held.add(row["stream"])
        if len(rows) < _BATCH or is_over():
            return delivered
        last = rows[-1]["id"]


async def _deliver(event_id: UUID) -> bool:
    """Deliver a waiting event, if it is its time and nobody else is about it."""
    row: Row | None = None
    try:
        async with transaction(_RELAY):
            row = await fetch_one(
                "SELECT * FROM outbox WHERE shard = $1 AND id = $2 FOR UPDATE SKIP LOCKED",
                *(shard_of(event_id), event_id),
            )
            if row is None or row["try_at"] > clock.now():
                return False
            event = _event(row)
            for subscriber in _subscribers[row["kind"]]:
                await subscriber(event)
            await execute("DELETE FROM outbox WHERE shard = $1 AND id = $2", row["shard"], row["id"])
    except Exception:
        if row is None:
            raise
        _log.exception("event_not_delivered", id=str(row["id"]), kind=row["kind"], attempts=row["attempts"] + 1)
        await _try_later(row)
        return False
    return True


def _event(row: Row) -> Event:
    """The event of a row. A kind that this process doesn't know is left to one that does."""
    if row["kind"] not in _kinds:
        _kinds.update({kind.kind: kind for kind in _known_kinds(Event)})
    if row["kind"] not in _kinds:
        raise EventUnknown(row["kind"])
    return _kinds[row["kind"]](
        subject_id=row["subject_id"],
        citizen_id=row["citizen_id"],
        cause_id=row["cause_id"],
        actor=row["actor"],
        id=row["id"],
        at=row["at"],
    )


def _known_kinds(base: type[Event]) -> Iterator[type[Event]]:
    for kind in base.__subclasses__():
        yield kind
        yield from _known_kinds(kind)


async def _try_later(row: Row) -> None:
    pause = min(timedelta(seconds=2 ** min(row["attempts"], 10)), _SLOWEST_RETRY)
    async with transaction(_RELAY):
        await execute(
            "UPDATE outbox SET attempts = attempts + 1, try_at = $3 WHERE shard = $1 AND id = $2",
            *(row["shard"], row["id"], clock.now() + pause),
        )
