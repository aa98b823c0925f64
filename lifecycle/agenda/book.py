"""The book of a person's agenda: every item that was ever in sight, until long after it ended. Pure.

`progress` moves a book to a day: new items come in, what is done, lapsed or no longer needed is closed, and reminders fall due.
No item is lost: whatever leaves the outlook stands closed in the book, with why. Only an own item that was taken away is gone.
"""

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from typing import Final, Literal

import msgspec

from lifecycle.agenda.items import Item
from lifecycle.agenda.outlook import OWN, Before, Outlook, RuleMemory, Seen, Unseen

Ending = Literal["done", "lapsed", "not_needed", "unknown"]
KEPT_AFTER_END: Final = timedelta(days=400)
_LONG_TERM: Final = timedelta(days=21)
_LAST_CALL: Final = timedelta(days=7)


class Kept(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An item in the book: since when it is in sight, how and when it ended, and through which day reminders were given."""

    seen: Seen
    since: date
    reminded_through: date
    ended: Ending | None = None
    ended_on: date | None = None

    @property
    def item(self) -> Item:
        """The item itself."""
        return self.seen.item


class Book(msgspec.Struct, frozen=True, omit_defaults=True):
    """A person's agenda as it was on a day, and the next day on which to look."""

    looked_on: date
    kept: tuple[Kept, ...] = ()
    unseen: tuple[Unseen, ...] = ()
    look_on: date | None = None
    sources: tuple[tuple[str, date], ...] = ()
    """Who said what it rests on, and as of which day at the latest."""
    rules: tuple[RuleMemory, ...] = ()
    """When each rule has to look again."""
    fresh_until: datetime | None = None
    """Until when nobody need be asked again; none where nobody was asked."""

    def open(self) -> tuple[Kept, ...]:
        """The items that haven't ended."""
        return tuple(one for one in self.kept if one.ended is None)

    def before(self, changed: frozenset[str] = frozenset()) -> Before:
        """What the next look needs to know of this one, and which kinds of facts have changed since."""
        seen = tuple(one.seen for one in self.kept if one.ended in {None, "done"} and one.seen.rule != OWN)
        return Before(seen, self.unseen, self.rules, changed)


class Reminder(msgspec.Struct, frozen=True):
    """A reminder that has fallen due: of which item, and for which day."""

    item: Item
    day: date


def progress(book: Book | None, outlook: Outlook, as_of: date) -> tuple[Book, tuple[Reminder, ...]]:
    """Move a book to a day by what the rules see on it. Looking twice on a day changes nothing, and reminds of nothing twice.

    What was open already when it came into sight isn't reminded of: it stands on the page.
    """
    before = {one.item.code: one for one in book.kept} if book else {}
    after = [_met(before.pop(seen.item.code, None), seen, as_of) for seen in outlook.seen]
    blind, failed = {one.rule for one in outlook.unseen}, {one.rule for one in outlook.failed}
    after += [_left(one, as_of, blind, failed) for one in before.values() if one.seen.rule != OWN]
    kept, reminders = [], []
    for one in after:
        if one.ended_on is not None and one.ended_on + KEPT_AFTER_END < as_of:
            continue
        due = [day for day in reminders_of(one.item) if one.reminded_through < day <= as_of]
        if due and one.ended is None and not one.item.under_way:
            reminders.append(Reminder(one.item, due[-1]))
        kept.append(msgspec.structs.replace(one, reminded_through=max(as_of, one.reminded_through)) if due else one)
    look_on = _next_look(kept, outlook.again, as_of)
    return Book(as_of, tuple(kept), outlook.unseen, look_on, outlook.sources, outlook.rules), tuple(reminders)


def reminders_of(item: Item) -> tuple[date, ...]:
    """The days on which an item reminds, in their order: none where it is quiet, its own, or else when it opens and a week before it should be done."""
    if item.quiet:
        return ()
    if item.remind:
        return tuple(sorted(set(item.remind)))
    days = {item.opens} if item.opens is not None else set()
    if item.due is not None and (item.opens is None or item.due - item.opens >= _LONG_TERM):
        days.add(item.due - _LAST_CALL)
    return tuple(sorted(days))


def _met(known: Kept | None, seen: Seen, as_of: date) -> Kept:
    """An item that is in sight, as it is now; one that ended and is in sight again opens anew, unless it is done."""
    since = known.since if known else as_of
    through = known.reminded_through if known else as_of
    done_on = seen.item.done_on
    if done_on is not None:
        return Kept(seen=seen, since=since, reminded_through=through, ended="done", ended_on=done_on)
    return Kept(seen=seen, since=since, reminded_through=through)


def _left(one: Kept, as_of: date, blind: Collection[str], failed: Collection[str]) -> Kept:
    """An item out of sight: its time is over, or its rule lacks what it rests on, or what is known now needs it no more.

    Where its rule failed it stays as it was.
    """
    lapsed = one.item.lapses is not None and one.item.lapses <= as_of
    if one.ended is not None or (one.seen.rule in failed and not lapsed):
        return one
    ending: Ending = "lapsed" if lapsed else "unknown" if one.seen.rule in blind else "not_needed"
    return msgspec.structs.replace(one, ended=ending, ended_on=as_of)


def _next_look(kept: Iterable[Kept], again: date | None, as_of: date) -> date | None:
    """The next day on which a reminder falls due, an item lapses or a rule may say otherwise."""
    days = [] if again is None else [again]
    for one in kept:
        if one.ended is None:
            days += [day for day in reminders_of(one.item) if day > max(as_of, one.reminded_through)]
            days += [one.item.lapses] if one.item.lapses is not None else []
    return min((day for day in days if day > as_of), default=None)
