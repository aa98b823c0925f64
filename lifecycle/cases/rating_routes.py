"""`/v1/cases/{case_id}/rate` and `…/rating`, and what officers see of ratings."""

from typing import Annotated, Final
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from app.kernel.actors import Citizen, NoRight, Officer, SameOfficer
from app.kernel.assurance import BY_NAME, DATA, LEVEL
from app.kernel.errors import Refusal
from app.kernel.idempotency import Once
from app.kernel.paging import Cursor, CursorWrong, Limit, Page
from app.kernel.problems import BodyUnreadable, BodyWrong, ParameterWrong, problems
from lifecycle.cases import ratings
from lifecycle.cases.errors import CaseNotFound, NotTheApplicant, NotToRateYet, RatingAnswered, RatingUnknown
from lifecycle.cases.rating_structs import NewRating, RatingAnswer, RatingItem, RatingSummary, RatingView, Wanted

Which = Annotated[
    Wanted, QueryParameter(name="which", description="All, the bad ones (1 or 2 stars), or those unanswered.")
]
_RATING: Final[tuple[type[Refusal], ...]] = (CaseNotFound, NotTheApplicant, NotToRateYet, RatingAnswered)
_READING: Final[tuple[type[Refusal], ...]] = (CaseNotFound, RatingUnknown, ParameterWrong)


class RatingController(Controller):
    """How a case was handled, as its applicant says."""

    path = "/v1/cases/{case_id:uuid}"
    tags = ("Cases",)
    opt = {LEVEL: BY_NAME, DATA: ("identity",)}  # noqa: RUF012 - litestar's own shape

    @post(
        "/rate",
        operation_id="rateCase",
        status_code=200,
        responses=problems(*_RATING, BodyUnreadable, BodyWrong, ParameterWrong),
    )
    async def rate(
        self,
        citizen: NamedDependency[Citizen],
        case_id: FromPath[UUID],
        data: JSONBody[NewRating],
        once: NamedDependency[Once],
    ) -> RatingView:
        """Rate how a case was handled, once it has come to its end; until the office answers you may change it."""
        return await once(citizen, RatingView, lambda: ratings.rate(citizen, case_id, data))

    @get("/rating", operation_id="getCaseRating", responses=problems(*_READING))
    async def rating(self, citizen: NamedDependency[Citizen], case_id: FromPath[UUID]) -> Response[RatingView]:
        """Show what was said of a case, and what the office answered."""
        return Response(await ratings.own(citizen, case_id), headers={"Cache-Control": "private, no-store"})


class DeskRatingController(Controller):
    """What is said of a department's cases."""

    path = "/v1/officer"
    tags = ("Desk",)

    @get("/ratings", operation_id="listRatings", responses=problems(CursorWrong, ParameterWrong))
    async def listed(
        self,
        officer: NamedDependency[Officer],
        which: Which = "all",
        cursor: FromQuery[Cursor | None] = None,
        limit: FromQuery[Limit] = 20,
    ) -> Page[RatingItem]:
        """List the ratings of cases that you may handle, newest first, without personal data."""
        return await ratings.listed(officer, which, cursor, limit)

    @get("/ratings/summary", operation_id="getRatingSummary")
    async def summary(self, officer: NamedDependency[Officer]) -> RatingSummary:
        """Count the ratings of each matter that you may handle, by stars."""
        return await ratings.summary(officer)

    @get("/cases/{case_id:uuid}/rating", operation_id="readRating", responses=problems(*_READING, NoRight))
    async def read(self, officer: NamedDependency[Officer], case_id: FromPath[UUID]) -> Response[RatingView]:
        """Read what was said of a case; that you did stands in the citizen's log."""
        return Response(await ratings.read(officer, case_id), headers={"Cache-Control": "private, no-store"})

    @post(
        "/cases/{case_id:uuid}/rating/answer",
        operation_id="answerRating",
        status_code=200,
        responses=problems(*_READING, NoRight, SameOfficer, RatingAnswered, BodyUnreadable, BodyWrong),
    )
    async def answer(
        self,
        officer: NamedDependency[Officer],
        case_id: FromPath[UUID],
        data: JSONBody[RatingAnswer],
        once: NamedDependency[Once],
    ) -> RatingView:
        """Answer a rating, once; whoever handled the case leaves it to somebody else."""
        return await once(officer, RatingView, lambda: ratings.answer(officer, case_id, data))
