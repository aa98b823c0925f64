"""`/v1/officer/licences`: suspending licences, and ending them by two officers."""

from typing import Final

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody

from app.kernel.actors import NoRight, Officer, SameOfficer
from app.kernel.errors import Refusal
from app.kernel.idempotency import Once
from app.kernel.paging import Cursor, CursorWrong, Limit, Page
from app.kernel.problems import BodyUnreadable, BodyWrong, ParameterWrong, problems
from lifecycle.licences import ending
from lifecycle.licences.ending_structs import Deciding, LicenceFile, ProposalItem, Proposing, Stepping
from lifecycle.licences.errors import (
    EndProposedAlready,
    GroundDoesNotFit,
    LicenceNotFound,
    LicenceStateDiffers,
    NoEndProposed,
)
from lifecycle.licences.states import Step

_LOOK: Final[tuple[type[Refusal], ...]] = (LicenceNotFound, NoRight)
_STEP: Final[tuple[type[Refusal], ...]] = (*_LOOK, SameOfficer, LicenceStateDiffers, BodyUnreadable, BodyWrong)


class LicenceDeskController(Controller):
    """Licences of the officer's department."""

    path = "/v1/officer/licences"
    tags = ("Desk",)

    @get("/proposals", operation_id="listLicenceProposals", responses=problems(CursorWrong, ParameterWrong))
    async def proposals(
        self, officer: NamedDependency[Officer], cursor: FromQuery[Cursor | None] = None, limit: FromQuery[Limit] = 20
    ) -> Page[ProposalItem]:
        """List the licences whose end awaits a second officer, newest first; nobody is named."""
        return await ending.proposals(officer, cursor, limit)

    @get("/{number:str}", operation_id="lookAtLicence", responses=problems(*_LOOK))
    async def look(self, officer: NamedDependency[Officer], number: FromPath[str]) -> Response[LicenceFile]:
        """Show how a licence stands and what was done with it; that you looked stands in its holder's log."""
        return Response(await ending.look(officer, number), headers={"Cache-Control": "private, no-store"})

    @post(
        "/{number:str}/suspend",
        operation_id="suspendLicence",
        status_code=200,
        responses=problems(*_STEP, GroundDoesNotFit),
    )
    async def suspend(
        self,
        officer: NamedDependency[Officer],
        number: FromPath[str],
        data: JSONBody[Stepping],
        once: NamedDependency[Once],
    ) -> LicenceFile:
        """Suspend a licence; it doesn't hold until it is resumed, and its holder is told why."""
        return await once(officer, LicenceFile, lambda: ending.move(officer, number, Step.SUSPEND, data))

    @post(
        "/{number:str}/resume",
        operation_id="resumeLicence",
        status_code=200,
        responses=problems(*_STEP, GroundDoesNotFit),
    )
    async def resume(
        self,
        officer: NamedDependency[Officer],
        number: FromPath[str],
        data: JSONBody[Stepping],
        once: NamedDependency[Once],
    ) -> LicenceFile:
        """Let a suspended licence hold again."""
        return await once(officer, LicenceFile, lambda: ending.move(officer, number, Step.RESUME, data))

    @post(
        "/{number:str}/proposal",
        operation_id="proposeLicenceEnd",
        status_code=200,
        responses=problems(*_STEP, GroundDoesNotFit, EndProposedAlready),
    )
    async def propose(
        self,
        officer: NamedDependency[Officer],
        number: FromPath[str],
        data: JSONBody[Proposing],
        once: NamedDependency[Once],
    ) -> LicenceFile:
        """Propose that a licence is revoked (注销) or annulled (撤销); a second officer confirms it."""
        return await once(officer, LicenceFile, lambda: ending.propose(officer, number, data))

    @post(
        "/{number:str}/decision",
        operation_id="decideLicenceEnd",
        status_code=200,
        responses=problems(*_STEP, NoEndProposed),
    )
    async def decide(
        self,
        officer: NamedDependency[Officer],
        number: FromPath[str],
        data: JSONBody[Deciding],
        once: NamedDependency[Once],
    ) -> LicenceFile:
        """Confirm that a licence ends, for good, or refuse it."""
        return await once(officer, LicenceFile, lambda: ending.decide(officer, number, data))
