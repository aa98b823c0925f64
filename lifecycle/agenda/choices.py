"""What a citizen chose about items: put off, hidden, done elsewhere; and the items that are their own. Pure.

A guardian's choice about a ward's item is the guardian's own: the other guardian still sees it.
"""

from datetime import date
from uuid import UUID

import msgspec

from app.kernel.words import Words
from lifecycle.agenda.items import Item
from lifecycle.agenda.outlook import OWN, Outlook, Seen


class Mark(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A choice about one item of one person: not before a day, not at all, or said to be done."""

    person_id: UUID
    code: str
    until: date | None = None
    hidden: bool = False
    done_on: date | None = None

    @property
    def says_nothing(self) -> bool:
        """Whether the item is as if nothing had been chosen."""
        return self.until is None and not self.hidden and self.done_on is None


class OwnItem(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An item that the citizen added: for whom, what, by when, and on which day to be reminded."""

    id: UUID
    person_id: UUID
    title: str
    note: str = ""
    due: date | None = None
    remind_on: date | None = None
    done_on: date | None = None


class Choices(msgspec.Struct, frozen=True, omit_defaults=True):
    """All that one citizen chose."""

    marks: tuple[Mark, ...] = ()
    own: tuple[OwnItem, ...] = ()

    def mark(self, person_id: UUID, code: str) -> Mark:
        """The choice about an item; one that says nothing where none was made."""
        found = (one for one in self.marks if one.person_id == person_id and one.code == code)
        return next(found, Mark(person_id=person_id, code=code))

    def marked(self, mark: Mark) -> "Choices":
        """These choices with another about an item."""
        rest = tuple(one for one in self.marks if (one.person_id, one.code) != (mark.person_id, mark.code))
        return msgspec.structs.replace(self, marks=rest if mark.says_nothing else (*rest, mark))

    def is_quiet(self, person_id: UUID, code: str, on: date) -> bool:
        """Whether an item is put off, hidden or done on a day, so that nobody is reminded of it."""
        mark = self.mark(person_id, code)
        return mark.hidden or mark.done_on is not None or (mark.until is not None and on < mark.until)


def decode_choices(stored: bytes | None) -> Choices:
    """Choices as they are stored (opened); none where nothing was ever chosen."""
    return Choices() if stored is None else msgspec.json.decode(stored, type=Choices)


def with_own(outlook: Outlook, choices: Choices) -> Outlook:
    """What the rules see, and the items that the citizen added."""
    return msgspec.structs.replace(outlook, seen=(*outlook.seen, *(_seen(own) for own in choices.own)))


def _seen(own: OwnItem) -> Seen:
    item = Item(
        code=f"{OWN}.{own.id}",
        matter=None,
        title=Words(zh=own.title, en=own.title),
        why=Words(zh=own.note, en=own.note),
        opens=own.remind_on,
        due=own.due,
        done_on=own.done_on,
        remind=() if own.remind_on is None else (own.remind_on,),
    )
    return Seen(item=item, rule=OWN, about=own.person_id)
