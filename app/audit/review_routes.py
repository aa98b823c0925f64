"""`GET /v1/officer/access-review`."""

from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.params import FromQuery

from app.audit import findings
from app.audit.findings import FindingKind, FindingView
from app.kernel.actors import NoRight, Officer
from app.kernel.paging import Cursor, CursorWrong, Limit, Page
from app.kernel.problems import ParameterWrong, problems


class AccessReviewController(Controller):
    """Looks that somebody should ask about."""

    path = "/v1/officer/access-review"
    tags = ("Administration",)

    @get("/", operation_id="listAccessFindings", responses=problems(NoRight, CursorWrong, ParameterWrong))
    async def access_review(
        self,
        officer: NamedDependency[Officer],
        kind: FromQuery[FindingKind | None] = None,
        cursor: FromQuery[Cursor | None] = None,
        limit: FromQuery[Limit] = 20,
    ) -> Page[FindingView]:
        """List looks without a basis, at closed cases, beyond the cap, at oneself, family or colleagues, or at unusual hours."""
        return await findings.findings(officer, kind, cursor, limit)
