"""`GET /v1/me/timeline`."""

from uuid import UUID

from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.params import FromQuery

from app.kernel.actors import Citizen, PersonNotYours, Scope
from app.kernel.assurance import BY_NAME, DATA, LEVEL
from app.kernel.paging import Cursor, CursorWrong, Limit, Page
from app.kernel.problems import problems
from app.records import queries
from app.records.kinds import RecordKind
from app.records.structs import TimelineEntry


class TimelineController(Controller):
    """The lifelong record."""

    path = "/v1/me/timeline"
    tags = ("Life",)
    opt = {LEVEL: BY_NAME, DATA: ("family", "health", "identity"), "acting_for": Scope.RECORDS_READ}  # noqa: RUF012 - litestar's own shape

    @get("/", operation_id="listTimeline", responses=problems(CursorWrong, PersonNotYours))
    async def timeline(
        self,
        citizen: NamedDependency[Citizen],
        person_id: FromQuery[UUID | None] = None,
        kind: FromQuery[RecordKind | None] = None,
        cursor: FromQuery[Cursor | None] = None,
        limit: FromQuery[Limit] = 20,
    ) -> Page[TimelineEntry]:
        """List what happened in your life, or in that of a child in your care, newest first."""
        return await queries.timeline(citizen, person_id, kind, cursor, limit)
