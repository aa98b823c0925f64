"""`/v1/me/timeline`: reading it, and memories."""

from datetime import date
from typing import Annotated, Final
from uuid import UUID

import msgspec
from litestar import Controller, delete, get, patch, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from app.kernel.actors import Citizen, PersonNotYours, PowerLacksScope, Scope
from app.kernel.assurance import BY_NAME, DATA, LEVEL
from app.kernel.idempotency import IdempotencyKeyReused, IdempotencyKeyWrong, Once, StillRunning
from app.kernel.paging import Cursor, CursorWrong, Limit, Page
from app.kernel.problems import BodyUnreadable, BodyWrong, ParameterWrong, problems
from app.privacy.errors import DecidesThemselves, NotYoursToDecide
from app.records import buckets, memories, queries
from app.records.buckets import By
from app.records.errors import (
    AttachmentsTooMany,
    FileNotAttachable,
    MemoryDayWrong,
    NotYourMemory,
    PeriodReversed,
    RecordNotFound,
    WordsTooShort,
)
from app.records.kinds import RecordKind
from app.records.structs import Buckets, MemoryChange, NewMemory, TimelineEntry
from app.records.wanted import Wanted

Source = Annotated[
    str | None,
    QueryParameter(
        name="source",
        max_length=64,
        pattern=r"\A[A-Za-z0-9][A-Za-z0-9._-]*\Z",
        description="Only what this department's code or part of Fuhai says; `self` for memories.",
    ),
]
FirstDay = Annotated[date | None, QueryParameter(name="from", description="The first day, in Asia/Shanghai.")]
LastDay = Annotated[date | None, QueryParameter(name="to", description="The last day, in Asia/Shanghai.")]
Words = Annotated[
    str | None,
    QueryParameter(
        name="q",
        max_length=60,
        pattern=r"\A[^\x00-\x1f\x7f]*\Z",
        description="Words that stand in the entry: two Chinese characters in a row, whole words or numbers.",
    ),
]
IsHidden = Annotated[bool, QueryParameter(name="hidden", description="Only what is hidden, which else isn't listed.")]
IsFamily = Annotated[bool, QueryParameter(name="family", description="Yours and your wards' as one list.")]
ByWhat = Annotated[By, QueryParameter(name="by", description="By year or by month.")]
OfYear = Annotated[int | None, QueryParameter(name="year", ge=1900, le=9999, description="Months of this year only.")]
_READ_FOR_OTHERS: Final = {"acting_for": Scope.RECORDS_READ}
_REPEATING: Final = (IdempotencyKeyWrong, IdempotencyKeyReused, StillRunning)
_BODY: Final = (BodyUnreadable, BodyWrong)
_TOUCHING: Final = (RecordNotFound, DecidesThemselves)
_FILES: Final = (FileNotAttachable, AttachmentsTooMany)
_SEEING: Final = (PersonNotYours, PowerLacksScope, DecidesThemselves, ParameterWrong)


class Whose(msgspec.Struct, frozen=True):
    """Whose timeline, and which half of it."""

    person_id: UUID | None
    family: bool
    hidden: bool


def _whose(
    person_id: FromQuery[UUID | None] = None,
    family: IsFamily = False,  # noqa: FBT002 - a query parameter
    hidden: IsHidden = False,  # noqa: FBT002 - a query parameter
) -> Whose:
    return Whose(person_id, family, hidden)


def _wanted(
    whose: NamedDependency[Whose],
    kind: FromQuery[RecordKind | None] = None,
    source: Source = None,
    first: FirstDay = None,
    last: LastDay = None,
) -> Wanted:
    said = msgspec.structs.asdict(whose)
    return Wanted(**said, kind=kind, source=source, first=first, last=last)


class TimelineController(Controller):
    """The lifelong record."""

    path = "/v1/me/timeline"
    tags = ("Life",)
    opt = {LEVEL: BY_NAME, DATA: ("family", "health", "identity")}  # noqa: RUF012 - litestar's own shape

    @get(
        "/",
        operation_id="listTimeline",
        opt=_READ_FOR_OTHERS,
        dependencies={"whose": Provide(_whose, sync_to_thread=False), "wanted": Provide(_wanted, sync_to_thread=False)},
        responses=problems(CursorWrong, PeriodReversed, WordsTooShort, *_SEEING),
    )
    async def timeline(
        self,
        citizen: NamedDependency[Citizen],
        wanted: NamedDependency[Wanted],
        q: Words = None,
        cursor: FromQuery[Cursor | None] = None,
        limit: FromQuery[Limit] = 20,
    ) -> Page[TimelineEntry]:
        """List what happened in your life, in that of a child in your care or in your family, newest first.

        A search (`q`) may give fewer entries than `limit`, or none, while `next` goes on.
        """
        return await queries.entries(citizen, msgspec.structs.replace(wanted, words=q), cursor, limit)

    @get(
        "/buckets",
        operation_id="countTimeline",
        opt=_READ_FOR_OTHERS,
        dependencies={"whose": Provide(_whose, sync_to_thread=False)},
        responses=problems(*_SEEING),
    )
    async def buckets(
        self,
        citizen: NamedDependency[Citizen],
        whose: NamedDependency[Whose],
        by: ByWhat = "year",
        year: OfYear = None,
    ) -> Buckets:
        """Show which years or months hold entries, and how many of each kind."""
        return await buckets.buckets(citizen, Wanted(**msgspec.structs.asdict(whose)), by, year)

    @get(
        "/{entry_id:uuid}",
        operation_id="getTimelineEntry",
        opt=_READ_FOR_OTHERS,
        responses=problems(RecordNotFound, DecidesThemselves),
    )
    async def entry(self, citizen: NamedDependency[Citizen], entry_id: FromPath[UUID]) -> TimelineEntry:
        """Show one entry, with its attachments and corrections."""
        return await queries.entry(citizen, entry_id)

    @post(
        "/",
        operation_id="addMemory",
        responses=problems(*(NotYoursToDecide, DecidesThemselves, MemoryDayWrong, *_FILES), *_BODY, *_REPEATING),
    )
    async def remember(
        self, citizen: NamedDependency[Citizen], data: JSONBody[NewMemory], once: NamedDependency[Once]
    ) -> TimelineEntry:
        """Write a memory into your timeline, or into that of a child below 14 in your care."""
        return await once(citizen, TimelineEntry, lambda: memories.remember(citizen, data))

    @patch(
        "/{entry_id:uuid}",
        operation_id="changeMemory",
        responses=problems(*_TOUCHING, NotYourMemory, MemoryDayWrong, *_BODY),
    )
    async def change(
        self, citizen: NamedDependency[Citizen], entry_id: FromPath[UUID], data: JSONBody[MemoryChange]
    ) -> TimelineEntry:
        """Change a memory; what isn't said stays."""
        return await memories.change(citizen, entry_id, data)

    @delete(
        "/{entry_id:uuid}",
        operation_id="deleteMemory",
        status_code=204,
        responses=problems(*_TOUCHING, NotYourMemory),
    )
    async def forget(self, citizen: NamedDependency[Citizen], entry_id: FromPath[UUID]) -> None:
        """Delete a memory; files beside it stay in the disk."""
        await memories.forget(citizen, entry_id)
