"""Keeping agendas: looked at when something new is known, and on the day on which they may change by themselves.

Whatever changes a fact calls `outdate` or `touch` in its own transaction: the agenda is stale from that moment, and whoever reads it before
the worker came round has it looked at first.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Final
from uuid import UUID

import msgspec

from app.kernel import clock
from app.kernel.actors import System
from app.kernel.database import Row, execute, fetch_one, fetch_value, transaction
from app.kernel.ids import shard_of
from app.kernel.jobs import enqueue
from app.keys.fields import place_of
from app.keys.persons import DataKey, key_unless_erased
from app.notices import live
from lifecycle.agenda.book import Book, progress
from lifecycle.agenda.choices import Choices, decode_choices, with_own
from lifecycle.agenda.edition import edition
from lifecycle.agenda.failures import note
from lifecycle.agenda.items import Item, agenda_rules
from lifecycle.agenda.outlook import Before, look
from lifecycle.agenda.reminding import Due, remind
from lifecycle.facts.gathering import facts_about
from lifecycle.facts.of_departments import fresh_until
from lifecycle.rules.fact_kinds import GUARDIANS
from lifecycle.rules.facts import Facts, decode, encode

KEEPER: Final = System("agenda")
Listener = Callable[[Mapping[UUID, Facts], date], Awaitable[None]]
_listeners: Final[list[Listener]] = []
LOOK: Final = "agenda.look"
TABLE: Final = "agenda_book"
_TOUCH: Final = """
INSERT INTO agenda_book (id, shard, stale_at) VALUES ($1, $2, $3)
ON CONFLICT (shard, id) DO UPDATE SET stale_at = coalesce(agenda_book.stale_at, excluded.stale_at)
"""
_WRITE: Final = """
UPDATE agenda_book SET looked_on = $3, look_on = $4, stale_at = NULL, edition = $5, book = $6, facts = $7
WHERE shard = $1 AND id = $2
"""


class ToLookAt(msgspec.Struct, frozen=True):
    """Whose agenda is to be looked at."""

    person_id: UUID


def when_looked_at(listener: Listener) -> None:
    """Have somebody told, in the same transaction, whose agendas were looked at, by which facts; called from wiring."""
    if listener not in _listeners:
        _listeners.append(listener)


async def tell_looked_at(people: Mapping[UUID, Facts], today: date) -> None:
    """Tell every listener, in the transaction in progress."""
    for listener in _listeners if people else ():
        await listener(people, today)


async def outdate(people: Iterable[UUID]) -> None:
    """Let the agendas of some people be stale, in the transaction in progress; whoever reads one has it looked at first."""
    async with transaction(KEEPER):
        for person_id in sorted(set(people)):
            await execute(_TOUCH, person_id, shard_of(person_id), clock.now())


async def touch(people: Iterable[UUID]) -> None:
    """Let agendas be stale, and have the worker look at them soon."""
    wanted = set(people)
    await outdate(wanted)
    async with transaction(KEEPER):
        for person_id in sorted(wanted):
            await enqueue(LOOK, ToLookAt(person_id), once=f"{LOOK}:{person_id}")


async def look_again(job: ToLookAt) -> None:
    """Look at a stale agenda; a job."""
    await look_if_stale(job.person_id)


async def look_if_stale(person_id: UUID) -> None:
    """Look at an agenda unless somebody did since it was told to be stale."""
    async with transaction(KEEPER):
        stale = await fetch_value(
            "SELECT stale_at FROM agenda_book WHERE shard = $1 AND id = $2", shard_of(person_id), person_id
        )
        if stale is not None:
            await look_at(person_id)


async def look_at(person_id: UUID) -> None:
    """Work a person's agenda out anew from all that is known of them, and remind of what has fallen due.

    Of who is erased nothing is kept. Two lookers wait for each other; the second finds nothing to do but the same again.
    """
    today = clock.today()
    async with transaction(KEEPER):
        await execute(_TOUCH, person_id, shard_of(person_id), clock.now())
        row = await fetch_one(
            "SELECT * FROM agenda_book WHERE shard = $1 AND id = $2 FOR UPDATE", shard_of(person_id), person_id
        )
        key = await key_unless_erased(person_id)
        if row is None or key is None:
            await execute("DELETE FROM agenda_book WHERE shard = $1 AND id = $2", shard_of(person_id), person_id)
            return
        facts, choices = await facts_about(person_id), choices_of(row, key)
        known = book_of(row, key)
        outlook = with_own(look(agenda_rules(), facts, today, before=_before(row, key, known, facts)), choices)
        note(outlook.failed)
        book, reminders = progress(known, outlook, today)
        book = msgspec.structs.replace(book, fresh_until=await fresh_until(person_id))
        sealed = key.seal(place_of(TABLE, "facts", person_id), encode(facts))
        await execute(_WRITE, shard_of(person_id), person_id, *written(person_id, key, book), sealed)
        await remind([Due(person_id, facts, reminder) for reminder in reminders], today)
        if known is not None and _open_items(known) != _open_items(book):
            await _tell_readers(person_id, facts)
        await tell_looked_at({person_id: facts}, today)


async def _tell_readers(person_id: UUID, facts: Facts) -> None:
    """Tell the open streams of a person and their guardians that the agenda is another now."""
    guardians = (guardian.id for guardian in facts.value(GUARDIANS) or ())
    for reader in sorted({person_id, *guardians}):
        await live.wake_of_change(reader)


def _open_items(book: Book) -> list[Item]:
    return [one.item for one in book.open()]


def is_current(row: Row, today: date) -> bool:
    """Whether a row holds for a day as it is: looked at by the present rules, and nothing new or due since."""
    due = row["look_on"] is not None and row["look_on"] <= today
    return row["book"] is not None and row["stale_at"] is None and not due and row["edition"] == edition()


def book_of(row: Row, key: DataKey) -> Book | None:
    """A row's agenda, opened; nothing where nobody looked yet, or it is in a shape of long ago."""
    if row["book"] is None:
        return None
    try:
        return msgspec.json.decode(key.open(place_of(TABLE, "book", row["id"]), row["book"]), type=Book)
    except msgspec.ValidationError:
        return None


def _before(row: Row, key: DataKey, book: Book | None, facts: Facts) -> Before | None:
    """What the last look saw; nothing where other rules or figures saw it."""
    if book is None or row["edition"] != edition():
        return None
    return book.before(facts.differing(facts_of(row, key)))


def choices_of(row: Row, key: DataKey) -> Choices:
    """What the person chose, opened."""
    sealed = row["choices"]
    return Choices() if sealed is None else decode_choices(key.open(place_of(TABLE, "choices", row["id"]), sealed))


def facts_of(row: Row, key: DataKey) -> Facts:
    """The facts that a row's agenda was worked out from."""
    return Facts() if row["facts"] is None else decode(key.open(place_of(TABLE, "facts", row["id"]), row["facts"]))


def written(person_id: UUID, key: DataKey, book: Book) -> Sequence[object]:
    """An agenda as its row has it: looked_on, look_on, edition, book."""
    sealed = key.seal(place_of(TABLE, "book", person_id), msgspec.json.encode(book))
    return (book.looked_on, book.look_on, edition(), sealed)
