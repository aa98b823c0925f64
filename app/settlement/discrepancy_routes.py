"""`/v1/officer/discrepancies` and `/v1/officer/settlements`: the card's operator sees what differs, and resolves it by two officers."""

from datetime import date
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
from app.settlement import discrepancies
from app.settlement.discrepancies import Wanted
from app.settlement.discrepancy_structs import (
    DiscrepancyFile,
    DiscrepancyItem,
    Proposal,
    Remark,
    SettlementOverview,
    State,
)
from app.settlement.errors import (
    ClaimedByAnother,
    DayUnknown,
    DiscrepancyNotFound,
    DiscrepancyStateDiffers,
    ResolutionDoesNotFit,
    ResolutionImpossible,
)
from app.settlement.overview import overview

StateQuery = Annotated[State | None, QueryParameter(name="state", description="How far it is.")]
KindQuery = Annotated[
    str | None, QueryParameter(max_length=64, pattern=r"\A[a-z][a-z0-9_]*\Z", description="The kind's code.")
]
MerchantQuery = Annotated[
    str | None,
    QueryParameter(max_length=64, pattern=r"\A[A-Za-z0-9][A-Za-z0-9._-]*\Z", description="The merchant's code."),
]
_LOOK: Final[tuple[type[Refusal], ...]] = (DiscrepancyNotFound, NoRight)
_STEP: Final[tuple[type[Refusal], ...]] = (*_LOOK, DiscrepancyStateDiffers)
_BODY: Final[tuple[type[Refusal], ...]] = (BodyUnreadable, BodyWrong)
_FRESH: Final = {"Cache-Control": "private, no-store"}


class DiscrepancyController(Controller):
    """What differs between the books."""

    path = "/v1/officer/discrepancies"
    tags = ("Settlement",)

    @get("/", operation_id="listDiscrepancies", responses=problems(NoRight, CursorWrong, ParameterWrong))
    async def listed(  # noqa: PLR0913, PLR0917 - each is a query parameter
        self,
        officer: NamedDependency[Officer],
        day: FromQuery[date | None] = None,
        in_state: StateQuery = None,
        kind: KindQuery = None,
        merchant: MerchantQuery = None,
        cursor: FromQuery[Cursor | None] = None,
        limit: FromQuery[Limit] = 20,
    ) -> Page[DiscrepancyItem]:
        """List discrepancies, newest first, by day, state, kind or merchant; nobody is named."""
        return await discrepancies.listed(officer, Wanted(day, in_state, kind, merchant), cursor, limit)

    @get("/{discrepancy_id:uuid}", operation_id="getDiscrepancy", responses=problems(*_LOOK))
    async def read(
        self, officer: NamedDependency[Officer], discrepancy_id: FromPath[UUID]
    ) -> Response[DiscrepancyFile]:
        """Show a discrepancy: what each side says, what it holds, what was done with it, and how it can be resolved."""
        return Response(await discrepancies.read(officer, discrepancy_id), headers=_FRESH)

    @post(
        "/{discrepancy_id:uuid}/claim",
        operation_id="claimDiscrepancy",
        status_code=200,
        responses=problems(*_STEP, ClaimedByAnother),
    )
    async def claim(
        self, officer: NamedDependency[Officer], discrepancy_id: FromPath[UUID], once: NamedDependency[Once]
    ) -> DiscrepancyFile:
        """Take a discrepancy to deal with."""
        return await once(officer, DiscrepancyFile, lambda: discrepancies.claim(officer, discrepancy_id))

    @post(
        "/{discrepancy_id:uuid}/propose",
        operation_id="proposeResolution",
        status_code=200,
        responses=problems(*_STEP, *_BODY, ClaimedByAnother, ResolutionDoesNotFit),
    )
    async def propose(
        self,
        officer: NamedDependency[Officer],
        discrepancy_id: FromPath[UUID],
        data: JSONBody[Proposal],
        once: NamedDependency[Once],
    ) -> DiscrepancyFile:
        """Propose how a discrepancy that you have claimed is resolved; a second officer approves it."""
        return await once(officer, DiscrepancyFile, lambda: discrepancies.propose(officer, discrepancy_id, data))

    @post(
        "/{discrepancy_id:uuid}/approve",
        operation_id="approveResolution",
        status_code=200,
        responses=problems(*_STEP, SameOfficer, ResolutionImpossible),
    )
    async def approve(
        self, officer: NamedDependency[Officer], discrepancy_id: FromPath[UUID], once: NamedDependency[Once]
    ) -> DiscrepancyFile:
        """Approve what another officer proposed: it is carried out, and what was held is settled with the next day."""
        return await once(officer, DiscrepancyFile, lambda: discrepancies.approve(officer, discrepancy_id))

    @post(
        "/{discrepancy_id:uuid}/return",
        operation_id="returnResolution",
        status_code=200,
        responses=problems(*_STEP, *_BODY, SameOfficer),
    )
    async def give_back(
        self,
        officer: NamedDependency[Officer],
        discrepancy_id: FromPath[UUID],
        data: JSONBody[Remark],
        once: NamedDependency[Once],
    ) -> DiscrepancyFile:
        """Return a proposal to the officer who made it, with the reason."""
        return await once(officer, DiscrepancyFile, lambda: discrepancies.give_back(officer, discrepancy_id, data))


class SettlementController(Controller):
    """Settled days."""

    path = "/v1/officer/settlements"
    tags = ("Settlement",)

    @get(
        "/{day:str}",
        operation_id="getSettlement",
        responses=problems(NoRight, DayUnknown, CursorWrong, ParameterWrong),
    )
    async def overview(
        self,
        officer: NamedDependency[Officer],
        day: FromPath[str],
        cursor: FromQuery[Cursor | None] = None,
        limit: FromQuery[Limit] = 20,
    ) -> Response[SettlementOverview]:
        """Show a business day's settlement: how far it is, fees, payouts, what is held and what differs, merchant by merchant."""
        return Response(await overview(officer, day, cursor, limit), headers=_FRESH)
