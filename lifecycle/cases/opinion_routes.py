"""`/v1/officer/opinions`: what one's department is asked by others."""

from typing import Annotated, Final
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from app.kernel.actors import NoRight, Officer, SameOfficer
from app.kernel.errors import Refusal
from app.kernel.idempotency import Once
from app.kernel.paging import Cursor, CursorWrong, Limit, Page
from app.kernel.problems import BodyUnreadable, BodyWrong, ParameterWrong, problems
from lifecycle.cases import opinions
from lifecycle.cases.desk_errors import OpinionClosed, OpinionUnknown
from lifecycle.cases.desk_structs import OpinionAnswer, OpinionAsked, OpinionItem, OpinionRef
from lifecycle.cases.errors import CaseClaimedByAnother, CaseNotClaimed

OnlyOverdue = Annotated[bool, QueryParameter(name="overdue", description="Only those whose last day is over.")]
_ASKED: Final[tuple[type[Refusal], ...]] = (OpinionUnknown, NoRight, SameOfficer, OpinionClosed, ParameterWrong)


class OpinionController(Controller):
    """Opinions that other departments ask for."""

    path = "/v1/officer/opinions"
    tags = ("Desk",)

    @get("/", operation_id="listOpinions", responses=problems(CursorWrong, ParameterWrong))
    async def listed(
        self,
        officer: NamedDependency[Officer],
        overdue: OnlyOverdue = False,  # noqa: FBT002 - a query parameter
        cursor: FromQuery[Cursor | None] = None,
        limit: FromQuery[Limit] = 20,
    ) -> Page[OpinionItem]:
        """List what your department is asked and you may answer (right `advise`), the one that has waited longest first."""
        return await opinions.listed(officer, overdue=overdue, cursor=cursor, limit=limit)

    @get("/{opinion_id:uuid}", operation_id="readOpinion", responses=problems(*_ASKED))
    async def read(self, officer: NamedDependency[Officer], opinion_id: FromPath[UUID]) -> Response[OpinionAsked]:
        """Read what your department is asked, with what was passed on; that you did stands in the citizen's log."""
        return Response(await opinions.look_at(officer, opinion_id), headers={"Cache-Control": "private, no-store"})

    @post(
        "/{opinion_id:uuid}/answer",
        operation_id="giveOpinion",
        status_code=200,
        responses=problems(*_ASKED, BodyUnreadable, BodyWrong),
    )
    async def answer(
        self,
        officer: NamedDependency[Officer],
        opinion_id: FromPath[UUID],
        data: JSONBody[OpinionAnswer],
        once: NamedDependency[Once],
    ) -> OpinionRef:
        """Give your department's opinion, once."""
        return await once(officer, OpinionRef, lambda: opinions.answer(officer, opinion_id, data))

    @post(
        "/{opinion_id:uuid}/withdraw",
        operation_id="withdrawOpinion",
        status_code=200,
        responses=problems(*_ASKED, CaseClaimedByAnother, CaseNotClaimed),
    )
    async def withdraw(
        self, officer: NamedDependency[Officer], opinion_id: FromPath[UUID], once: NamedDependency[Once]
    ) -> OpinionRef:
        """Take a question back, as whoever holds the case."""
        return await once(officer, OpinionRef, lambda: opinions.withdraw(officer, opinion_id))
