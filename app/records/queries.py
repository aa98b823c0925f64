"""Reading the timeline."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from app.audit.ward_looks import note_ward_look
from app.kernel.actors import Citizen
from app.kernel.database import Row, fetch_all, fetch_one, transaction
from app.kernel.ids import shard_of
from app.kernel.paging import Page, encode_cursor
from app.keys.persons import keys_unless_erased, person_key
from app.privacy.deciding import refuse_unless_deciding
from app.records import searching
from app.records.entries import COLUMNS, JOINS, shown
from app.records.errors import RecordNotFound, WordsTooShort
from app.records.kinds import RecordKind
from app.records.ordered import ORDERED, ordered
from app.records.structs import TimelineEntry
from app.records.tokens import sought
from app.records.wanted import Place, Span, Wanted, people_of, span

_LISTED: Final = {
    by: f"SELECT {COLUMNS} FROM ({newest}) l {JOINS} ORDER BY l.happened_at DESC, l.id DESC"
    for by, newest in ORDERED.items()
}
_ONE: Final = f"""
SELECT {COLUMNS} FROM timeline_line l {JOINS} WHERE l.shard = $1 AND l.id = $2 AND l.citizen_id = ANY ($3::uuid[])
"""


async def timeline(
    citizen: Citizen, person_id: UUID | None, kind: RecordKind | None, cursor: str | None, limit: int
) -> Page[TimelineEntry]:
    """What happened to the citizen (or to a ward of theirs), newest first, without what is hidden."""
    return await entries(citizen, Wanted(person_id=person_id, kind=kind), cursor, limit)


async def entries(citizen: Citizen, wanted: Wanted, cursor: str | None, limit: int) -> Page[TimelineEntry]:
    """What happened to the citizen, a ward or the family, as far as it is wanted, newest first.

    A search that has looked through enough for one page may give fewer than `limit`, or none, and go on with the next.
    Refuses what `people_of` and `span` refuse, and `WordsTooShort`.
    """
    within = span(wanted, cursor)
    words = None if wanted.words is None else sought(wanted.words)
    if words is not None and not words.grams:
        raise WordsTooShort
    async with transaction(citizen):
        people = await people_of(citizen, wanted)
        for person in people:
            await note_ward_look(citizen, person)
        keys = await keys_unless_erased(people)
        if words is None:
            rows = await _listed(list(keys), wanted, within, limit + 1)
            end = _end(rows, limit)
        else:
            asked = searching.Asked(wanted=wanted, words=words, within=within, limit=limit)
            rows, end = await searching.search(asked, keys)
        items = await shown(citizen, rows[:limit], keys)
    return Page(items=items, next=None if end is None else encode_cursor(end))


async def entry(citizen: Citizen, entry_id: UUID) -> TimelineEntry:
    """One entry of the citizen's or a ward's; a hidden one for whoever decides about it. Refuses `RecordNotFound` and `DecidesThemselves`."""
    async with transaction(citizen):
        row = await found(citizen, entry_id)
        if row["hidden"]:
            if citizen.acting is not None:
                raise RecordNotFound
            await refuse_unless_deciding(citizen, row["citizen_id"])
        await note_ward_look(citizen, row["citizen_id"])
        return await as_shown(citizen, row)


async def found(citizen: Citizen, entry_id: UUID) -> Row:
    """An entry's row, in the transaction in progress; refuses (`RecordNotFound`) a stranger's."""
    row = await fetch_one(_ONE, shard_of(entry_id), entry_id, list(citizen.people))
    if row is None:
        raise RecordNotFound
    return row


async def as_shown(citizen: Citizen, row: Row) -> TimelineEntry:
    """An entry's row as the citizen sees it."""
    person = row["citizen_id"]
    (shown_entry,) = await shown(citizen, [row], {person: await person_key(person)})
    return shown_entry


async def _listed(people: Sequence[UUID], wanted: Wanted, within: Span, most: int) -> list[Row]:
    by, arguments = ordered(people, wanted, within, most)
    return await fetch_all(_LISTED[by], *arguments)


def _end(rows: Sequence[Row], limit: int) -> Place | None:
    return Place(rows[limit - 1]["happened_at"], rows[limit - 1]["id"]) if len(rows) > limit else None
