"""`GET /v1/me/access-log`."""

from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.params import FromQuery

from app.audit import queries
from app.audit.structs import AccessLogEntry
from app.kernel.actors import WHILE_FROZEN, Citizen
from app.kernel.paging import Cursor, CursorWrong, Limit, Page
from app.kernel.problems import problems


class AccessLogController(Controller):
    """Who looked at my data."""

    path = "/v1/me/access-log"
    tags = ("Access log",)
    opt = {WHILE_FROZEN: True}  # noqa: RUF012 - litestar's own shape

    @get("/", operation_id="listAccessLog", responses=problems(CursorWrong))
    async def access_log(
        self, citizen: NamedDependency[Citizen], cursor: FromQuery[Cursor | None] = None, limit: FromQuery[Limit] = 20
    ) -> Page[AccessLogEntry]:
        """List who looked at your data or your wards', or acted on it, newest first."""
        return await queries.access_log(citizen, cursor, limit)
