"""`/v1/me/benefits`."""

from uuid import UUID

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody

from app.identity.errors import GuardianNeeded
from app.kernel.actors import Citizen, Scope
from app.kernel.assurance import BY_NAME, DATA, LEVEL
from app.kernel.idempotency import Once
from app.kernel.paging import Cursor, CursorWrong, Limit, Page
from app.kernel.problems import BodyUnreadable, BodyWrong, ParameterWrong, problems
from lifecycle.benefits import choosing
from lifecycle.benefits.errors import BenefitNotFound, BenefitNotOffered
from lifecycle.benefits.structs import Account, BenefitView, ConfirmedView, StateWanted
from lifecycle.cases.errors import (
    CaseChanged,
    CaseNotFound,
    CustodyElsewhere,
    FieldsWrong,
    FormIncomplete,
    MatterHasNoForm,
    NotFitFor,
    NotTheApplicant,
    NumberNeeded,
    StepNotAllowed,
    SubjectUnknown,
)

_CHOOSING = (BenefitNotFound, BenefitNotOffered, CustodyElsewhere, ParameterWrong)
_APPLYING = (
    *(CaseChanged, CaseNotFound, FieldsWrong, FormIncomplete, GuardianNeeded, MatterHasNoForm),
    *(NotFitFor, NotTheApplicant, NumberNeeded, StepNotAllowed, SubjectUnknown),
)


class BenefitController(Controller):
    """What you get without an application."""

    path = "/v1/me/benefits"
    tags = ("Benefits",)
    opt = {LEVEL: BY_NAME, DATA: ("identity", "contact", "family", "money", "health"), "acting_for": Scope.CASES}  # noqa: RUF012 - litestar's own shape

    @get("/", operation_id="listBenefits", responses=problems(CursorWrong, ParameterWrong))
    async def benefits(
        self,
        citizen: NamedDependency[Citizen],
        standing: FromQuery[StateWanted | None] = None,
        cursor: FromQuery[Cursor | None] = None,
        limit: FromQuery[Limit] = 20,
    ) -> Page[BenefitView]:
        """List what was offered to you and your wards without an application, the newest first."""
        return await choosing.listed(citizen, standing, cursor, limit)

    @post(
        "/{benefit_id:uuid}/confirm",
        operation_id="confirmBenefit",
        status_code=200,
        responses=problems(*_CHOOSING, *_APPLYING, BodyUnreadable, BodyWrong),
    )
    async def confirm(
        self, citizen: NamedDependency[Citizen], benefit_id: FromPath[UUID], data: JSONBody[Account]
    ) -> ConfirmedView:
        """Confirm a benefit with an account: its case is opened and filled in, and submitted where no signature is needed."""
        return await choosing.confirm(citizen, benefit_id, data)

    @post("/{benefit_id:uuid}/decline", operation_id="declineBenefit", status_code=200, responses=problems(*_CHOOSING))
    async def decline(
        self, citizen: NamedDependency[Citizen], benefit_id: FromPath[UUID], once: NamedDependency[Once]
    ) -> BenefitView:
        """Decline a benefit. It can be taken back until its period ends."""
        return await once(citizen, BenefitView, lambda: choosing.decline(citizen, benefit_id))

    @post("/{benefit_id:uuid}/reopen", operation_id="reopenBenefit", status_code=200, responses=problems(*_CHOOSING))
    async def reopen(
        self, citizen: NamedDependency[Citizen], benefit_id: FromPath[UUID], once: NamedDependency[Once]
    ) -> BenefitView:
        """Take back that you declined a benefit."""
        return await once(citizen, BenefitView, lambda: choosing.reopen(citizen, benefit_id))
