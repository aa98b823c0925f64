"""Choosing about items: putting off, hiding, saying that it is done, and adding items of one's own. All of it can be undone."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

import msgspec

from app.kernel import clock
from app.kernel.actors import Citizen, own_person
from app.kernel.database import execute, fetch_one, transaction
from app.kernel.ids import new_id, shard_of
from app.keys.fields import place_of
from app.keys.persons import person_key
from lifecycle.agenda.bookkeeping import KEEPER, TABLE, choices_of, look_at, touch
from lifecycle.agenda.choices import Choices, Mark, OwnItem
from lifecycle.agenda.errors import DayPast, ItemUnknown, TooManyOwnItems
from lifecycle.agenda.limits import LIMITS
from lifecycle.agenda.outlook import OWN
from lifecycle.agenda.reading import agendas, item_of
from lifecycle.agenda.structs import AgendaItem, ItemChoice, NewItem, PutOff


async def put_off(citizen: Citizen, asked: PutOff) -> AgendaItem:
    """Put an item out of sight until a day, or bring it back. Refuses `DayPast`, `ItemUnknown`, `PersonNotYours`."""
    if asked.until is not None and asked.until <= clock.today():
        raise DayPast
    return await _mark(citizen, asked.person_id, asked.code, lambda mark: replaced(mark, until=asked.until))


async def hide(citizen: Citizen, asked: ItemChoice, *, hidden: bool) -> AgendaItem:
    """Hide an item for good, or show it again. Refuses `ItemUnknown`, `PersonNotYours`."""
    return await _mark(citizen, asked.person_id, asked.code, lambda mark: replaced(mark, hidden=hidden))


async def say_done(citizen: Citizen, asked: ItemChoice, *, done: bool) -> AgendaItem:
    """Say that an item is done, here or elsewhere, or take that back. Refuses `ItemUnknown`, `PersonNotYours`."""
    day = clock.today() if done else None
    return await _mark(citizen, asked.person_id, asked.code, lambda mark: replaced(mark, done_on=day))


async def add(citizen: Citizen, wanted: NewItem) -> AgendaItem:
    """Add an item of one's own, about oneself or a ward. Refuses `DayPast`, `TooManyOwnItems`, `PersonNotYours`."""
    person = own_person(citizen, wanted.person_id)
    if any(day is not None and day < clock.today() for day in (wanted.due_on, wanted.remind_on)):
        raise DayPast
    own = OwnItem(
        id=new_id(citizen.id),
        person_id=person,
        title=wanted.title,
        note=wanted.note,
        due=wanted.due_on,
        remind_on=wanted.remind_on,
    )

    most = LIMITS.today("own_items_most")

    def added(choices: Choices) -> Choices:
        if len(choices.own) >= most:
            raise TooManyOwnItems(most=most)
        return msgspec.structs.replace(choices, own=(*choices.own, own))

    await _change(citizen, added)
    return await item_of(citizen, person, f"{OWN}.{own.id}")


async def remove(citizen: Citizen, code: str) -> None:
    """Take an own item away; refuses `ItemUnknown`, also where it was taken away before."""

    def removed(choices: Choices) -> Choices:
        rest = tuple(one for one in choices.own if f"{OWN}.{one.id}" != code)
        if len(rest) == len(choices.own):
            raise ItemUnknown
        return msgspec.structs.replace(choices, own=rest)

    await _change(citizen, removed)


def replaced(mark: Mark, *, until: date | None = None, hidden: bool = False, done_on: date | None = None) -> Mark:
    """A choice about the same item that replaces the one before: an item is put off, or hidden, or done."""
    return Mark(person_id=mark.person_id, code=mark.code, until=until, hidden=hidden, done_on=done_on)


async def _mark(citizen: Citizen, person_id: UUID | None, code: str, change: Callable[[Mark], Mark]) -> AgendaItem:
    person = own_person(citizen, person_id)
    await item_of(citizen, person, code)

    def marked(choices: Choices) -> Choices:
        return choices.marked(change(choices.mark(person, code)))

    await _change(citizen, marked)
    return await item_of(citizen, person, code)


async def _change(citizen: Citizen, change: Callable[[Choices], Choices]) -> None:
    """Change what a citizen chose, one change after the other."""
    await agendas(citizen)
    async with transaction(KEEPER):
        row = await fetch_one(
            "SELECT * FROM agenda_book WHERE shard = $1 AND id = $2 FOR UPDATE", shard_of(citizen.id), citizen.id
        )
        if row is None:
            raise ItemUnknown
        key = await person_key(citizen.id)
        before = choices_of(row, key)
        after = change(before)
        await execute(
            "UPDATE agenda_book SET choices = $3 WHERE shard = $1 AND id = $2",
            *(
                shard_of(citizen.id),
                citizen.id,
                key.seal(place_of(TABLE, "choices", citizen.id), msgspec.json.encode(after)),
            ),
        )
        if after.own != before.own:
            await touch([citizen.id])
    if after.own != before.own:
        await look_at(citizen.id)
