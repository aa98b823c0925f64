"""Reminders: what a stage finds due for somebody who switched a matter on, told once each, at the most one notice a day.

A stage registers how it looks. The round goes by the same condition as campaigns, and asks it again before anything is told.
"""

import hashlib
from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from typing import Final
from uuid import UUID

import msgspec

from app.kernel import clock
from app.kernel.actors import System
from app.kernel.database import Row, execute, fetch_all, fetch_one, transaction
from app.kernel.ids import shard_of
from app.kernel.jobs import enqueue
from app.kernel.phrases import Phrase, register_phrases
from app.kernel.words import Words
from app.notices.audiences import Condition
from app.notices.inbox import PUSHED, NewNotice, deliver
from app.notices.pushing import ALIVE
from app.notices.structs import About
from app.notices.subscribers import FROM_SUBSCRIBERS
from lifecycle.subscriptions.reaching import SwitchedOn

JOB: Final = "subscriptions.remind"
ATTEMPTS: Final = 6
_REMINDER: Final = System("subscriptions")
_SOURCE: Final = FROM_SUBSCRIBERS.format(table=SwitchedOn.table)
_AT_ONCE: Final = 500
_MOST_KEPT: Final = 1000
_LINES: Final = Words(zh="{lines}\n可随时关闭此提醒。", en="{lines}\nYou can switch this off at any time.")


class Subscriber(msgspec.Struct, frozen=True):
    """Somebody who has a matter on, for a person: since when, and what they chose of it."""

    subscription_id: UUID
    person_id: UUID
    since: date
    topics: tuple[str, ...]

    def wants(self, topic: str) -> bool:
        """Whether they chose a topic, or nothing of its kind."""
        kind = topic.partition(".")[0] + "."
        return topic in self.topics or not any(one.startswith(kind) for one in self.topics)


class Reminder(msgspec.Struct, frozen=True):
    """One thing to be told once, in a line; `about` names it among all that is ever told of the matter."""

    about: str
    line: Words


Look = Callable[[Subscriber, date], Awaitable[Sequence[Reminder]]]
"""What is due for somebody on a day; runs outside every transaction, and may ask a department."""
_looks: Final[dict[str, Look]] = {}


class ToRemind(msgspec.Struct, frozen=True):
    """The job of looking for one choice of a matter."""

    matter: str
    subscription_id: UUID


def register_reminders(matter: str, title: Words, look: Look) -> None:
    """Have subscribers of a matter reminded under a title; called from wiring, and again to replace it."""
    _looks[matter] = look
    register_phrases({f"{PUSHED}{matter}": Phrase(title, _LINES)})


async def look_through() -> None:
    """Have every subscriber of every such matter looked for; run daily, and harmless when repeated."""
    for matter in _looks:
        after = (-1, UUID(int=0))
        while True:
            async with transaction(_REMINDER):
                rows = await _next(matter, after)
                for row in rows:
                    await enqueue(JOB, ToRemind(matter, row["id"]), once=f"{JOB}:{row['id']}")
            if len(rows) < _AT_ONCE:
                break
            after = (rows[-1]["shard"], rows[-1]["id"])


async def remind(job: ToRemind) -> None:
    """Look for one subscriber and tell what wasn't told yet; nothing where they aren't reached any more."""
    look = _looks.get(job.matter)
    async with transaction(_REMINDER):
        row = await _reached(job)
    if row is None or look is None:
        return
    subscriber = Subscriber(row["id"], row["citizen_id"], clock.local(row["agreed_at"]).date(), tuple(row["topics"]))
    found = await look(subscriber, clock.today())
    async with transaction(_REMINDER):
        row = await _reached(job, lock=True)
        if row is not None:
            await _tell(job.matter, row, found)


async def _tell(matter: str, row: Row, found: Sequence[Reminder]) -> None:
    told = set(row["reminded"])
    new = {_digest(row["id"], one.about): one.line for one in found if _digest(row["id"], one.about) not in told}
    if not new:
        return
    lines = list(dict.fromkeys((line.zh, line.en) for line in new.values()))
    delivered = await deliver(
        NewNotice(
            citizen_id=row["reader_id"],
            phrase=f"{PUSHED}{matter}",
            facts={"lines": Words(zh="\n".join(zh for zh, _ in lines), en="\n".join(en for _, en in lines))},
            source_ref=f"{PUSHED}{matter}:{row['id']}:{clock.today()}",
            about_id=row["citizen_id"],
        )
    )
    if delivered:
        await execute(
            "UPDATE subscription SET reminded = $3 WHERE shard = $1 AND id = $2",
            *(row["shard"], row["id"], [*row["reminded"], *new][-_MOST_KEPT:]),
        )


def _digest(subscription_id: UUID, about: str) -> str:
    """A name of what was told that says nothing of it."""
    return hashlib.sha256(f"{subscription_id} {about}".encode()).hexdigest()[:24]


async def _next(matter: str, after: tuple[int, UUID]) -> list[Row]:
    where, condition = _condition(matter)
    place = f"(s.shard, s.id) > ({condition.put(after[0])}::int4, {condition.put(after[1])}::uuid)"
    return await fetch_all(
        f"SELECT s.shard, s.id FROM {_SOURCE} WHERE {where} AND {place} ORDER BY s.shard, s.id LIMIT {_AT_ONCE}",
        *condition.arguments,
    )


async def _reached(job: ToRemind, *, lock: bool = False) -> Row | None:
    where, condition = _condition(job.matter)
    one = f"s.shard = {condition.put(shard_of(job.subscription_id))} AND s.id = {condition.put(job.subscription_id)}"
    return await fetch_one(
        f"SELECT s.* FROM {_SOURCE} WHERE {where} AND {one}{' FOR UPDATE OF s' if lock else ''}", *condition.arguments
    )


def _condition(matter: str) -> tuple[str, Condition]:
    condition = Condition(clock.today())
    return f"{SwitchedOn().compiled(About(matter), condition)} AND {ALIVE}", condition
