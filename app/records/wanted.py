"""What a list of the timeline is narrowed to, and whose timelines it may be."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from uuid import UUID

import msgspec

from app.kernel import clock
from app.kernel.actors import Citizen, PowerLacksScope, Scope, own_person
from app.kernel.paging import CursorWrong, decode_cursor
from app.kernel.structs import Instant
from app.privacy.deciding import deciding_for, refuse_unless_deciding
from app.records.errors import PeriodReversed
from app.records.kinds import RecordKind

EARLIEST: Final = datetime(1, 1, 2, tzinfo=UTC)
LATEST: Final = datetime(9999, 12, 30, tzinfo=UTC)
_NOBODY: Final = UUID(int=0)


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """Whose entries, of which kind and source, of which days (both included, in Shanghai); shown ones, or only the hidden."""

    person_id: UUID | None = None
    family: bool = False
    kind: RecordKind | None = None
    source: str | None = None
    first: date | None = None
    last: date | None = None
    hidden: bool = False
    words: str | None = None


class Place(msgspec.Struct, frozen=True, array_like=True):
    """Where a page of the timeline ends."""

    happened_at: Instant
    id: UUID


class Span(msgspec.Struct, frozen=True):
    """From an instant on, and before a place: what a page may hold."""

    since: datetime
    before: Place


def span(wanted: Wanted, cursor: str | None) -> Span:
    """What the next page may hold; refuses `PeriodReversed` and `CursorWrong`."""
    if wanted.first is not None and wanted.last is not None and wanted.first > wanted.last:
        raise PeriodReversed
    since = EARLIEST if wanted.first is None else max(EARLIEST, _midnight(wanted.first))
    end = LATEST if wanted.last is None or wanted.last >= LATEST.date() else _midnight(wanted.last + timedelta(days=1))
    before = Place(end, _NOBODY)
    if cursor is None:
        return Span(since, before)
    after = decode_cursor(cursor, Place)
    if not EARLIEST <= after.happened_at <= LATEST:
        raise CursorWrong
    return Span(since, min(before, after, key=lambda place: (place.happened_at, place.id)))


async def people_of(citizen: Citizen, wanted: Wanted) -> tuple[UUID, ...]:
    """Whose entries are meant: a person's, or the whole family's; in the transaction in progress.

    Refuses `PersonNotYours`. What is hidden is shown to whoever decides about the person's data (`DecidesThemselves`; a family's list
    leaves others out), and to nobody who acts for them (`PowerLacksScope`).
    """
    if wanted.hidden and citizen.acting is not None:
        raise PowerLacksScope(scope=Scope.RECORDS_READ.value)
    if wanted.family:
        people = citizen.people
        return tuple([one for one in people if not wanted.hidden or await _decides(citizen, one)])
    person = own_person(citizen, wanted.person_id)
    if wanted.hidden:
        await refuse_unless_deciding(citizen, person)
    return (person,)


async def _decides(citizen: Citizen, person: UUID) -> bool:
    return person == citizen.id or citizen.id in await deciding_for(person)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), clock.SHANGHAI)
