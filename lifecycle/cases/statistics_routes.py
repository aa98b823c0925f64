"""`/v1/officer/desk/…`: many cases at once, and numbers."""

from datetime import date
from typing import Annotated

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody, QueryParameter

from app.kernel.actors import Officer
from app.kernel.idempotency import IdempotencyKeyMissing, Once
from app.kernel.problems import BodyUnreadable, BodyWrong, ParameterWrong, problems
from lifecycle.cases import bulk, statistics
from lifecycle.cases.desk_errors import PeriodWrong
from lifecycle.cases.desk_structs import Bulk, BulkAnswer
from lifecycle.cases.statistics_structs import DeskSummary, Throughput

Since = Annotated[date, QueryParameter(name="since", description="The first day.")]
Until = Annotated[date, QueryParameter(name="until", description="The last day; a year after the first at the most.")]


class DeskOverviewController(Controller):
    """Many cases of a desk together."""

    path = "/v1/officer/desk"
    tags = ("Desk",)

    @post(
        "/bulk",
        operation_id="takeBulkStep",
        status_code=200,
        responses=problems(IdempotencyKeyMissing, BodyUnreadable, BodyWrong),
    )
    async def bulk(
        self, officer: NamedDependency[Officer], data: JSONBody[Bulk], once: NamedDependency[Once]
    ) -> BulkAnswer:
        """Take one step with up to 100 cases, each by itself: the answer says of each that it is done, or why it isn't."""
        return await bulk.take(officer, data, once)

    @get("/summary", operation_id="getDeskSummary")
    async def summary(self, officer: NamedDependency[Officer]) -> DeskSummary:
        """Count what waits of each matter that you may handle: by state, what is due, and what is late."""
        return await statistics.summary(officer)

    @get("/throughput", operation_id="getDeskThroughput", responses=problems(PeriodWrong, ParameterWrong))
    async def throughput(self, officer: NamedDependency[Officer], since: Since, until: Until) -> Throughput:
        """Say how fast the matters that you may handle were decided, and how many in time. Nobody is counted by officer."""
        return await statistics.throughput(officer, since, until)
