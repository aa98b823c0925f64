"""`/v1/officer/desk` and `/v1/officer/cases`."""

from datetime import date
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Controller, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from app.kernel.actors import NoRight, Officer, SameOfficer
from app.kernel.idempotency import Once
from app.kernel.paging import Cursor, CursorWrong, Limit, Page
from app.kernel.problems import BodyUnreadable, BodyWrong, ParameterWrong, field_problem, problems
from app.kernel.structs import Slug
from lifecycle.cases import decisions, desk
from lifecycle.cases.desk_errors import OpinionAwaited, SecondOfficerDecides
from lifecycle.cases.desk_lists import DeskFilter, DivisionPrefix, Order
from lifecycle.cases.errors import (
    BarredNow,
    CaseChanged,
    CaseClaimedByAnother,
    CaseNotClaimed,
    CaseNotFound,
    FactsChanged,
    FactsUnchecked,
    FieldsWrong,
    NotInPerson,
    StepNotAllowed,
    TooEarlyToDecide,
    TooLateToDecide,
)
from lifecycle.cases.states import State, Step
from lifecycle.cases.structs import CaseRef, CorrectionAsked, DeskCase, DeskItem, Refusing

CaseState = Annotated[State | None, QueryParameter(name="state", description="Only cases in this state.")]
OnlyOverdue = Annotated[
    bool, QueryParameter(name="overdue", description="Only those whose last day is over for the office.")
]
OnlyMine = Annotated[bool, QueryParameter(name="mine", description="Only those that you have claimed.")]
OnlyProposed = Annotated[
    bool, QueryParameter(name="proposed", description="Only those that wait for a second officer.")
]
OnlyEscalated = Annotated[
    bool, QueryParameter(name="escalated", description="Long undecided cases of the whole department, for supervisors.")
]
By = Annotated[
    Order,
    QueryParameter(name="order", description="The longest waiting first, or what the office must do first by a day."),
]
_SEEING = (CaseNotFound, NoRight, ParameterWrong)
_STEPPING = (*_SEEING, CaseClaimedByAnother, StepNotAllowed)
_DECIDING = (*_STEPPING, CaseNotClaimed, SameOfficer, NotInPerson, TooEarlyToDecide, TooLateToDecide, BarredNow)
_BODY = (BodyUnreadable, BodyWrong)


class Only(msgspec.Struct, frozen=True):
    """What a list is narrowed to, and its order."""

    overdue: bool
    mine: bool
    proposed: bool
    escalated: bool
    order: Order


def _only(
    overdue: OnlyOverdue = False,  # noqa: FBT002 - a query parameter
    mine: OnlyMine = False,  # noqa: FBT002 - a query parameter
    proposed: OnlyProposed = False,  # noqa: FBT002 - a query parameter
    escalated: OnlyEscalated = False,  # noqa: FBT002 - a query parameter
    order: By = "submitted",
) -> Only:
    return Only(overdue, mine, proposed, escalated, order)


def _wanted(
    only: NamedDependency[Only],
    matter: FromQuery[Slug | None] = None,
    division: FromQuery[DivisionPrefix | None] = None,
    case_state: CaseState = None,
    due_by: FromQuery[date | None] = None,
) -> DeskFilter:
    """Read the filter; what a dependency is given isn't checked against its limits, so that is done here."""
    said = {"matter": matter, "division": division, "state": case_state, "due_by": due_by}
    try:
        return msgspec.convert(said | msgspec.structs.asdict(only), DeskFilter)
    except msgspec.ValidationError as error:
        raise ParameterWrong(errors=(field_problem(error),)) from error


class DeskController(Controller):
    """What waits for an officer."""

    path = "/v1/officer/desk"
    tags = ("Desk",)

    @get(
        "/",
        operation_id="listDesk",
        dependencies={
            "only": Provide(_only, sync_to_thread=False),
            "wanted": Provide(_wanted, sync_to_thread=False),
        },
        responses=problems(CursorWrong, ParameterWrong, NoRight),
    )
    async def desk(
        self,
        officer: NamedDependency[Officer],
        wanted: NamedDependency[DeskFilter],
        cursor: FromQuery[Cursor | None] = None,
        limit: FromQuery[Limit] = 20,
    ) -> Page[DeskItem]:
        """List the open cases that you may handle, the one that has waited longest first."""
        return await desk.desk(officer, wanted, cursor, limit)


class DeskCaseController(Controller):
    """One case in an officer's hands."""

    path = "/v1/officer/cases/{case_id:uuid}"
    tags = ("Desk",)

    @get("/", operation_id="getDeskCase", responses=problems(*_SEEING))
    async def case(self, officer: NamedDependency[Officer], case_id: FromPath[UUID]) -> DeskCase:
        """Show a case; that you looked is recorded, and the citizen sees it."""
        return await desk.look_at(officer, case_id)

    @post("/claim", operation_id="claimCase", status_code=200, responses=problems(*_STEPPING, SameOfficer))
    async def claim(
        self, officer: NamedDependency[Officer], case_id: FromPath[UUID], once: NamedDependency[Once]
    ) -> CaseRef:
        """Claim a case; only you can decide it then."""
        return await once(officer, CaseRef, lambda: decisions.claim(officer, case_id))

    @post("/release", operation_id="releaseCase", status_code=200, responses=problems(*_STEPPING))
    async def release(
        self, officer: NamedDependency[Officer], case_id: FromPath[UUID], once: NamedDependency[Once]
    ) -> CaseRef:
        """Put a claimed case back on the desk."""
        return await once(officer, CaseRef, lambda: decisions.release(officer, case_id))

    @post("/accept", operation_id="acceptCase", status_code=200, responses=problems(*_DECIDING))
    async def accept(
        self, officer: NamedDependency[Officer], case_id: FromPath[UUID], once: NamedDependency[Once]
    ) -> CaseRef:
        """Accept a case (受理)."""
        return await once(officer, CaseRef, lambda: decisions.take(officer, case_id, Step.ACCEPT))

    @post("/decline", operation_id="declineCase", status_code=200, responses=problems(*_DECIDING, *_BODY))
    async def decline(
        self,
        officer: NamedDependency[Officer],
        case_id: FromPath[UUID],
        data: JSONBody[Refusing],
        once: NamedDependency[Once],
    ) -> CaseRef:
        """Don't accept a case (不予受理), with the reason."""
        return await once(officer, CaseRef, lambda: decisions.refuse(officer, case_id, Step.DECLINE, data))

    @post(
        "/request-correction",
        operation_id="requestCorrection",
        status_code=200,
        responses=problems(*_DECIDING, FieldsWrong, *_BODY),
    )
    async def request_correction(
        self,
        officer: NamedDependency[Officer],
        case_id: FromPath[UUID],
        data: JSONBody[CorrectionAsked],
        once: NamedDependency[Once],
    ) -> CaseRef:
        """Ask for a correction (补正): everything at once, field by field. The clock stops."""
        return await once(officer, CaseRef, lambda: decisions.request_correction(officer, case_id, data))

    @post("/review", operation_id="reviewCase", status_code=200, responses=problems(*_DECIDING))
    async def review(
        self, officer: NamedDependency[Officer], case_id: FromPath[UUID], once: NamedDependency[Once]
    ) -> CaseRef:
        """Begin the review of an accepted case."""
        return await once(officer, CaseRef, lambda: decisions.take(officer, case_id, Step.REVIEW))

    @post("/suspend", operation_id="suspendCase", status_code=200, responses=problems(*_DECIDING, *_BODY))
    async def suspend(
        self,
        officer: NamedDependency[Officer],
        case_id: FromPath[UUID],
        data: JSONBody[Refusing],
        once: NamedDependency[Once],
    ) -> CaseRef:
        """Suspend a case (中止), with the reason. The clock stops."""
        return await once(officer, CaseRef, lambda: decisions.refuse(officer, case_id, Step.SUSPEND, data))

    @post("/resume", operation_id="resumeCase", status_code=200, responses=problems(*_DECIDING))
    async def resume(
        self, officer: NamedDependency[Officer], case_id: FromPath[UUID], once: NamedDependency[Once]
    ) -> CaseRef:
        """Go on with a suspended case where it stood."""
        return await once(officer, CaseRef, lambda: decisions.take(officer, case_id, Step.RESUME))

    @post(
        "/approve",
        operation_id="approveCase",
        status_code=200,
        responses=problems(*_DECIDING, CaseChanged, FactsChanged, FactsUnchecked, OpinionAwaited, SecondOfficerDecides),
    )
    async def approve(
        self, officer: NamedDependency[Officer], case_id: FromPath[UUID], once: NamedDependency[Once]
    ) -> CaseRef:
        """Approve a case. The departments' facts are asked for once more before."""
        checked = await decisions.recheck(officer, case_id)
        return await once(officer, CaseRef, lambda: decisions.approve(officer, case_id, checked))

    @post(
        "/reject",
        operation_id="rejectCase",
        status_code=200,
        responses=problems(*_DECIDING, SecondOfficerDecides, *_BODY),
    )
    async def reject(
        self,
        officer: NamedDependency[Officer],
        case_id: FromPath[UUID],
        data: JSONBody[Refusing],
        once: NamedDependency[Once],
    ) -> CaseRef:
        """Reject a case (不予批准), with the reason."""
        return await once(officer, CaseRef, lambda: decisions.refuse(officer, case_id, Step.REJECT, data))

    @post("/withdraw", operation_id="withdrawCaseAtCounter", status_code=200, responses=problems(*_DECIDING, *_BODY))
    async def withdraw(
        self,
        officer: NamedDependency[Officer],
        case_id: FromPath[UUID],
        data: JSONBody[Refusing],
        once: NamedDependency[Once],
    ) -> CaseRef:
        """Note that the other party withdrew at the counter (a spouse during the cooling-off), with who it was."""
        return await once(officer, CaseRef, lambda: decisions.withdraw(officer, case_id, data))
