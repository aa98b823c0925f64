"""Officers' looks at people, and break-glass."""

from uuid import UUID

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody

from app.audit.basis import NoBasis
from app.identity import break_glass, looks
from app.identity.look_structs import BreakGlassAsked, BreakGlassView, PersonLook, PersonProfile
from app.identity.officer_errors import BreakGlassDecided, BreakGlassLapsed, BreakGlassUnknown, DailyCapReached
from app.kernel.actors import NoRight, Officer, SameOfficer
from app.kernel.idempotency import Once
from app.kernel.paging import Cursor, CursorWrong, Limit, Page
from app.kernel.problems import BodyWrong, problems
from app.keys.persons import PersonErased


class PeopleController(Controller):
    """Looking at a person."""

    path = "/v1/officer/people"
    tags = ("Looks",)

    @post(
        "/look",
        operation_id="lookAtPerson",
        status_code=200,
        responses=problems(BodyWrong, NoRight, NoBasis, DailyCapReached, PersonErased),
    )
    async def look(self, officer: NamedDependency[Officer], data: JSONBody[PersonLook]) -> PersonProfile:
        """Look at a person with whom you have an open case or a break-glass request; they see that you did. Each call is a look."""
        return await looks.look(officer, data)


class BreakGlassController(Controller):
    """Looking without a case, seen by a second officer."""

    path = "/v1/officer/break-glass"
    tags = ("Looks",)

    @get("/", operation_id="listBreakGlass", responses=problems(CursorWrong))
    async def requests(
        self, officer: NamedDependency[Officer], cursor: FromQuery[Cursor | None] = None, limit: FromQuery[Limit] = 20
    ) -> Page[BreakGlassView]:
        """List your requests, and those that you may approve, newest first. That you read what others wrote stands in the persons' logs."""
        return await break_glass.requests(officer, cursor, limit)

    @post("/", operation_id="askBreakGlass", responses=problems(NoRight))
    async def ask(
        self, officer: NamedDependency[Officer], data: JSONBody[BreakGlassAsked], once: NamedDependency[Once]
    ) -> BreakGlassView:
        """Ask to look at somebody without a case; where a life is in danger it is open at once, and seen afterwards."""
        return await once(officer, BreakGlassView, lambda: break_glass.ask(officer, data))

    @post(
        "/{request_id:uuid}/approve",
        operation_id="approveBreakGlass",
        status_code=200,
        responses=problems(NoRight, SameOfficer, BreakGlassUnknown, BreakGlassDecided, BreakGlassLapsed),
    )
    async def approve(self, officer: NamedDependency[Officer], request_id: FromPath[UUID]) -> BreakGlassView:
        """Approve another officer's request, or say that one which was open at once was right. Again it changes nothing."""
        return await break_glass.approve(officer, request_id)

    @post(
        "/{request_id:uuid}/refuse",
        operation_id="refuseBreakGlass",
        status_code=200,
        responses=problems(NoRight, SameOfficer, BreakGlassUnknown, BreakGlassDecided),
    )
    async def refuse(self, officer: NamedDependency[Officer], request_id: FromPath[UUID]) -> BreakGlassView:
        """Refuse another officer's request; one that was open at once is closed, and who audits is told."""
        return await break_glass.refuse(officer, request_id)
