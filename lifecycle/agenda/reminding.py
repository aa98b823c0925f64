"""Reminding of what has fallen due: the person, or their guardians while they have some.

It goes to who switched reminders of public services on (and, of an own item, to who added it). It comes once, says why, and
isn't sent to who put the item off or hid it.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final
from uuid import UUID

import msgspec

from app.kernel.database import fetch_all
from app.kernel.ids import shard_of
from app.kernel.phrases import Phrase
from app.kernel.words import Words
from app.keys.fields import place_of
from app.keys.persons import person_keys
from app.notices.bulk import deliver_all
from app.notices.inbox import NewNotice
from app.privacy.consents import given_by
from app.privacy.purposes import PUSH_PUBLIC
from app.residents.people import names_of
from lifecycle.agenda.book import Reminder
from lifecycle.agenda.choices import Choices, decode_choices
from lifecycle.agenda.outlook import OWN
from lifecycle.rules.fact_kinds import GUARDIANS
from lifecycle.rules.facts import Facts

PHRASES: Final = {
    "agenda.reminder": Phrase(
        Words(zh="日程提醒：{title}", en="On your agenda: {title}"), Words(zh="为什么：{why}", en="Why: {why}")
    ),
    "agenda.reminder_by": Phrase(
        Words(zh="日程提醒：{title}", en="On your agenda: {title}"),
        Words(zh="请在{due}前办理。{why}", en="Please see to it by {due}. {why}"),
    ),
}


class Due(msgspec.Struct, frozen=True):
    """A reminder of an item in a person's agenda."""

    person_id: UUID
    facts: Facts
    reminder: Reminder


def receivers(due: Due, today: date) -> tuple[UUID, ...]:
    """Who is reminded: of an own item who added it, else the guardians of who has some today, or the person."""
    if is_own(due):
        return (due.person_id,)
    guardians = due.facts.value(GUARDIANS) or ()
    found = tuple(one.id for one in guardians if one.until is None or today < one.until)
    return found or (due.person_id,)


def is_own(due: Due) -> bool:
    """Whether it is a reminder that the person asked for by an item of their own."""
    return due.reminder.item.code.startswith(f"{OWN}.")


async def remind(dues: Sequence[Due], today: date) -> int:
    """Put reminders into inboxes, in the system transaction in progress; says how many those were."""
    wanted = [(who, due) for due in dues for who in receivers(due, today)]
    if not wanted:
        return 0
    willing = await given_by({who for who, _ in wanted}, PUSH_PUBLIC)
    wanted = [(who, due) for who, due in wanted if who in willing or is_own(due)]
    chosen = await choices_of({who for who, _ in wanted})
    names = await names_of({due.person_id for who, due in wanted if who != due.person_id})
    notices = [
        _notice(who, due, names.get(due.person_id) if who != due.person_id else None)
        for who, due in wanted
        if not chosen.get(who, Choices()).is_quiet(due.person_id, due.reminder.item.code, today)
    ]
    return await deliver_all(notices)


async def choices_of(people: Iterable[UUID]) -> Mapping[UUID, Choices]:
    """What some people chose about their agendas; in a system transaction."""
    wanted = sorted(set(people))
    rows = await fetch_all(
        "SELECT b.id, b.choices FROM unnest($1::int4[], $2::uuid[]) AS wanted (shard, id) "
        "JOIN agenda_book b ON b.shard = wanted.shard AND b.id = wanted.id WHERE b.choices IS NOT NULL",
        *([shard_of(person) for person in wanted], wanted),
    )
    keys = await person_keys([row["id"] for row in rows]) if rows else {}
    return {
        row["id"]: decode_choices(keys[row["id"]].open(place_of("agenda_book", "choices", row["id"]), row["choices"]))
        for row in rows
        if row["id"] in keys
    }


def _notice(who: UUID, due: Due, name: str | None) -> NewNotice:
    """A reminder; one about somebody else says about whom."""
    item, title = due.reminder.item, due.reminder.item.title
    if name is not None:
        title = Words(zh=f"{name}：{title.zh}", en=f"{name}: {title.en}")
    by = item.due is not None and due.reminder.day <= item.due
    facts: dict[str, str | Words] = {"title": title, "why": item.why}
    return NewNotice(
        citizen_id=who,
        phrase="agenda.reminder_by" if by else "agenda.reminder",
        facts=facts | ({"due": item.due.isoformat()} if by and item.due else {}),
        source_ref=f"agenda:{due.person_id}:{item.code}:{due.reminder.day}",
        about_id=due.person_id,
    )
