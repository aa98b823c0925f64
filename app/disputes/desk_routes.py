"""`/v1/officer/disputes`: the queue of the card's office, and decisions by two officers."""

from typing import Annotated, Final
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from app.disputes import desk
from app.disputes.desk import QueueFilter
from app.disputes.errors import (
    DisputeClaimedByAnother,
    DisputeNotFound,
    DisputeStepNotAllowed,
    EvidenceAwaited,
    ReturnOverPayment,
)
from app.disputes.states import DisputeState
from app.disputes.structs import (
    DisputeDecision,
    DisputeFile,
    DisputeItem,
    DisputeProposal,
    EvidenceAsked,
    EvidenceGiven,
)
from app.kernel.actors import NoRight, Officer, SameOfficer
from app.kernel.errors import Refusal
from app.kernel.idempotency import Once
from app.kernel.paging import Cursor, CursorWrong, Limit, Page
from app.kernel.problems import BodyUnreadable, BodyWrong, ParameterWrong, problems

_SEEING: Final[tuple[type[Refusal], ...]] = (DisputeNotFound, NoRight, SameOfficer, ParameterWrong)
_STEPPING: Final[tuple[type[Refusal], ...]] = (*_SEEING, DisputeClaimedByAnother, DisputeStepNotAllowed)
_BODY: Final[tuple[type[Refusal], ...]] = (BodyUnreadable, BodyWrong)
State = Annotated[DisputeState | None, QueryParameter(name="state", description="Only disputes in this state.")]
OnlyMine = Annotated[bool, QueryParameter(name="mine", description="Only those that you have claimed.")]


class DisputeDeskController(Controller):
    """Disputes about payments by the citizen card."""

    path = "/v1/officer/disputes"
    tags = ("Desk",)

    @get("/", operation_id="listDisputesToDecide", responses=problems(NoRight, CursorWrong, ParameterWrong))
    async def queue(
        self,
        officer: NamedDependency[Officer],
        only_state: State = None,
        mine: OnlyMine = False,  # noqa: FBT002 - a query parameter
        cursor: FromQuery[Cursor | None] = None,
        limit: FromQuery[Limit] = 20,
    ) -> Page[DisputeItem]:
        """List the undecided disputes, what is due first first; nobody is named."""
        return await desk.queue(officer, QueueFilter(only_state, mine), cursor, limit)

    @get("/{dispute_id:uuid}", operation_id="lookAtDispute", responses=problems(*_SEEING))
    async def look(self, officer: NamedDependency[Officer], dispute_id: FromPath[UUID]) -> Response[DisputeFile]:
        """Show a dispute with what both sides say; that you looked stands in its payer's log."""
        return Response(await desk.look(officer, dispute_id), headers={"Cache-Control": "private, no-store"})

    @post("/{dispute_id:uuid}/claim", operation_id="claimDispute", status_code=200, responses=problems(*_STEPPING))
    async def claim(
        self, officer: NamedDependency[Officer], dispute_id: FromPath[UUID], once: NamedDependency[Once]
    ) -> DisputeFile:
        """Take a dispute over."""
        return await once(officer, DisputeFile, lambda: desk.claim(officer, dispute_id))

    @post("/{dispute_id:uuid}/release", operation_id="releaseDispute", status_code=200, responses=problems(*_STEPPING))
    async def release(
        self, officer: NamedDependency[Officer], dispute_id: FromPath[UUID], once: NamedDependency[Once]
    ) -> DisputeFile:
        """Give a dispute back to the queue."""
        return await once(officer, DisputeFile, lambda: desk.release(officer, dispute_id))

    @post(
        "/{dispute_id:uuid}/evidence-request",
        operation_id="askMerchant",
        status_code=200,
        responses=problems(*_STEPPING, *_BODY),
    )
    async def ask_evidence(
        self,
        officer: NamedDependency[Officer],
        dispute_id: FromPath[UUID],
        data: JSONBody[EvidenceAsked],
        once: NamedDependency[Once],
    ) -> DisputeFile:
        """Note what the merchant is asked, with the day by which they answer; the payer is told."""
        return await once(officer, DisputeFile, lambda: desk.ask_evidence(officer, dispute_id, data.question))

    @post(
        "/{dispute_id:uuid}/evidence",
        operation_id="noteMerchantsAnswer",
        status_code=200,
        responses=problems(*_STEPPING, *_BODY),
    )
    async def give_evidence(
        self,
        officer: NamedDependency[Officer],
        dispute_id: FromPath[UUID],
        data: JSONBody[EvidenceGiven],
        once: NamedDependency[Once],
    ) -> DisputeFile:
        """Note what the merchant says; the payer can read it."""
        return await once(officer, DisputeFile, lambda: desk.give_evidence(officer, dispute_id, data.text))

    @post(
        "/{dispute_id:uuid}/proposal",
        operation_id="proposeDisputeDecision",
        status_code=200,
        responses=problems(*_STEPPING, EvidenceAwaited, ReturnOverPayment, *_BODY),
    )
    async def propose(
        self,
        officer: NamedDependency[Officer],
        dispute_id: FromPath[UUID],
        data: JSONBody[DisputeProposal],
        once: NamedDependency[Once],
    ) -> DisputeFile:
        """Propose to give money back, or not; a second officer decides."""
        return await once(officer, DisputeFile, lambda: desk.propose(officer, dispute_id, data))

    @post(
        "/{dispute_id:uuid}/decision",
        operation_id="decideDispute",
        status_code=200,
        responses=problems(*_SEEING, DisputeStepNotAllowed, ReturnOverPayment, *_BODY),
    )
    async def decide(
        self,
        officer: NamedDependency[Officer],
        dispute_id: FromPath[UUID],
        data: JSONBody[DisputeDecision],
        once: NamedDependency[Once],
    ) -> DisputeFile:
        """Confirm what another officer proposed, or send it back."""
        return await once(officer, DisputeFile, lambda: desk.decide(officer, dispute_id, data))
