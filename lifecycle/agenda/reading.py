"""Reading agendas: one statement where they are current; who isn't current is looked at first."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final
from uuid import UUID

import msgspec

from app.kernel import clock
from app.kernel.actors import Citizen, own_person
from app.kernel.database import Row, fetch_all, transaction
from app.kernel.ids import shard_of
from app.kernel.paging import Page, decode_cursor, page
from app.kernel.structs import Slug
from app.keys.persons import DataKey, unwrap_key
from lifecycle.agenda.book import Book, Kept
from lifecycle.agenda.bookkeeping import book_of, choices_of, is_current, look_at
from lifecycle.agenda.choices import Choices
from lifecycle.agenda.errors import ItemUnknown
from lifecycle.agenda.outlook import OWN
from lifecycle.agenda.refreshing import refresh, wants_asking
from lifecycle.agenda.structs import AgendaItem, Show, Standing

_ORDER: Final[dict[Standing, int]] = {"overdue": 0, "due": 1, "in_progress": 2, "upcoming": 3}
BOOKS: Final = """
SELECT wanted.id, wanted.shard, r.name, b.looked_on, b.look_on, b.stale_at, b.edition, b.book,
    CASE WHEN wanted.id = $3 THEN b.choices END AS choices, k.wrapped_key, k.version
FROM unnest($1::int4[], $2::uuid[]) AS wanted (shard, id)
JOIN resident r ON r.shard = wanted.shard AND r.id = wanted.id
LEFT JOIN agenda_book b ON b.shard = wanted.shard AND b.id = wanted.id
LEFT JOIN person_key k ON k.shard = wanted.shard AND k.id = wanted.id AND k.destroyed_at IS NULL
"""


class Place(msgspec.Struct, frozen=True, array_like=True):
    """Where a page of an agenda ends: at an item of a person."""

    subject_id: UUID
    code: str


class Wanted(msgspec.Struct, frozen=True):
    """Which items: how they stand, of which person, of which matter."""

    show: Show = "open"
    person_id: UUID | None = None
    matter: Slug | None = None


class PersonsBook(msgspec.Struct, frozen=True):
    """A person's agenda as it was read."""

    id: UUID
    name: str | None
    book: Book


class Agendas(msgspec.Struct, frozen=True):
    """The agendas of a citizen and their wards, and what the citizen chose about them."""

    citizen_id: UUID
    level: int
    books: tuple[PersonsBook, ...]
    choices: Choices


async def agendas(citizen: Citizen, rows: Sequence[Row] | None = None) -> Agendas:
    """The agendas of the citizen and their wards, by rows of `BOOKS` where somebody read them already.

    What was stale is looked at first; what is old is asked for behind.
    """
    if rows is None:
        rows = await _rows(citizen)
    rows = await _current(citizen, rows)
    found = opened(citizen, rows)
    books = [one.book for one in found.books]
    if wants_asking(citizen, rows, books) and await refresh(citizen, books):
        found = opened(citizen, await _current(citizen, await _rows(citizen)))
    return found


async def upcoming(citizen: Citizen) -> list[AgendaItem]:
    """What comes next for the citizen and their wards: what is overdue first, then by day."""
    return items(await agendas(citizen), "open", clock.today())


async def listed(citizen: Citizen, wanted: Wanted, cursor: str | None, limit: int) -> Page[AgendaItem]:
    """A page of the agenda, of one person or one matter where they are named. Refuses `PersonNotYours`, `CursorWrong`."""
    person = None if wanted.person_id is None else own_person(citizen, wanted.person_id)
    after = decode_cursor(cursor, Place) if cursor else None
    found = [
        item
        for item in items(await agendas(citizen), wanted.show, clock.today())
        if person in {None, item.subject_id} and wanted.matter in {None, item.matter_code}
    ]
    begins = next((at + 1 for at, item in enumerate(found) if _place_of(item) == after), 0)
    rest = found[begins : begins + limit + 1]
    return page(rest, limit, _place_of(rest[limit - 1]) if len(rest) > limit else None)


async def item_of(citizen: Citizen, person_id: UUID, code: str) -> AgendaItem:
    """One item of the citizen's or a ward's, however it stands; refuses `ItemUnknown`."""
    found, today = await agendas(citizen), clock.today()
    shows: tuple[Show, ...] = ("open", "put_off", "hidden", "ended")
    for show in shows:
        for item in shown(found, show, today):
            if (item.subject_id, item.code) == (person_id, code):
                return item
    raise ItemUnknown


def arguments(citizen: Citizen) -> tuple[object, ...]:
    """What `BOOKS` is asked with."""
    people = sorted(citizen.people)
    return ([shard_of(person) for person in people], people, citizen.id)


def opened(citizen: Citizen, rows: Iterable[Row]) -> Agendas:
    """Rows of `BOOKS`, opened; who is erased, or was never looked at, has none."""
    books, choices = [], Choices()
    for row in rows:
        if row["wrapped_key"] is None:
            continue
        key = DataKey(unwrap_key(row["id"], row["wrapped_key"]), row["version"])
        book = book_of(row, key)
        if book is not None:
            books.append(PersonsBook(row["id"], row["name"], book))
        if row["id"] == citizen.id:
            choices = choices_of(row, key)
    return Agendas(citizen.id, citizen.level, tuple(books), choices)


def items(found: Agendas, show: Show, today: date) -> list[AgendaItem]:
    """The items of some agendas that are to be shown, in their order: open ones by urgency and day, ended ones the newest first."""
    wanted = shown(found, show, today)
    if show == "ended":
        return sorted(wanted, key=lambda item: (item.ended_on or date.min, item.code), reverse=True)
    return _each_once(sorted(wanted, key=_place))


def shown(found: Agendas, show: Show, today: date) -> list[AgendaItem]:
    """The items of some agendas that belong to a list, in no order, and appointments also where another item names them."""
    return [item for one in found.books for kept in one.book.kept if (item := _shown(found, one, kept, show, today))]


async def _rows(citizen: Citizen) -> list[Row]:
    async with transaction(citizen):
        return await fetch_all(BOOKS, *arguments(citizen))


async def _current(citizen: Citizen, rows: Sequence[Row]) -> Sequence[Row]:
    """Rows that hold today: those given, or read again once who wasn't current was looked at."""
    late = [row["id"] for row in rows if not is_current(row, clock.today())]
    for person_id in late:
        await look_at(person_id)
    return await _rows(citizen) if late else rows


def _place_of(item: AgendaItem) -> Place:
    return Place(item.subject_id, item.code)


def _place(item: AgendaItem) -> tuple[int, date, str]:
    return (_ORDER.get(item.standing, len(_ORDER)), item.due_on or item.from_on or date.max, item.code)


def _each_once(found: list[AgendaItem]) -> list[AgendaItem]:
    """Leave out an appointment that another item already names as what it is done by."""
    named = {item.appointment_id for item in found if item.code != _itself(item)}
    return [item for item in found if item.code != _itself(item) or item.appointment_id not in named]


def _itself(item: AgendaItem) -> str | None:
    """The code of the item that is nothing but this item's appointment."""
    return None if item.appointment_id is None else f"appointment.{item.appointment_id}"


def standing(kept: Kept, today: date) -> Standing:
    """How an item stands on a day; its last day itself is in time."""
    item = kept.item
    if kept.ended is not None:
        return kept.ended
    if item.under_way:
        return "in_progress"
    if item.late or (item.due is not None and today > item.due):
        return "overdue"
    return "upcoming" if item.opens is not None and today < item.opens else "due"


def _shown(found: Agendas, one: PersonsBook, kept: Kept, show: Show, today: date) -> AgendaItem | None:
    """An item, if it is among those to be shown."""
    subject = kept.seen.about or one.id
    if kept.item.level > found.level:
        return None
    mark = found.choices.mark(subject, kept.item.code)
    put_off = mark.until if mark.until is not None and today < mark.until else None
    ended = kept.ended is not None or mark.done_on is not None
    if show != _group(ended=ended, hidden=mark.hidden, put_off=put_off is not None):
        return None
    name = next((other.name for other in found.books if other.id == subject), None)
    return msgspec.structs.replace(
        _view(kept, subject, name, today),
        standing="done" if mark.done_on is not None and kept.ended is None else standing(kept, today),
        ended_on=kept.ended_on or mark.done_on,
        hidden=mark.hidden,
        put_off_until=put_off,
    )


def _view(kept: Kept, subject: UUID, name: str | None, today: date) -> AgendaItem:
    """An item as it stands where nothing was chosen about it."""
    item = kept.item
    return AgendaItem(
        code=item.code,
        matter_code=item.matter,
        bundle_code=item.bundle,
        subject_id=subject,
        subject_name=name,
        title=item.title,
        why=item.why,
        standing=standing(kept, today),
        from_on=item.opens,
        due_on=item.due,
        lapses_on=item.lapses,
        ended_on=kept.ended_on,
        case_id=item.case_id,
        appointment_id=item.appointment_id,
        rule=kept.seen.rule,
        rests_on=kept.seen.facts,
        law=kept.seen.law,
        own=kept.seen.rule == OWN,
        hidden=False,
        put_off_until=None,
    )


def _group(*, ended: bool, hidden: bool, put_off: bool) -> Show:
    if ended:
        return "ended"
    return "hidden" if hidden else "put_off" if put_off else "open"
