"""`GET /v1/me/data`, and requests for correction on both sides of the desk."""

from typing import Annotated
from uuid import UUID

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from app.kernel.actors import Citizen, CustodyElsewhere, NoRight, Officer, SameOfficer
from app.kernel.assurance import BY_NAME, BY_PHONE, DATA, LEVEL
from app.kernel.errors import Unauthorized
from app.kernel.idempotency import IdempotencyKeyReused, IdempotencyKeyWrong, Once, StillRunning
from app.kernel.paging import Cursor, CursorWrong, Limit, Page
from app.kernel.problems import ParameterWrong, problems
from app.privacy import corrections, errors, why
from app.privacy.structs import (
    CorrectionDecision,
    CorrectionForOfficer,
    CorrectionItem,
    CorrectionList,
    CorrectionView,
    DataView,
    NewCorrection,
)

TableName = Annotated[str | None, QueryParameter(name="table", max_length=64, description="One kind of data only.")]
_FOR_WHOM = (errors.NotYoursToDecide, errors.DecidesThemselves)
_REPEATING = (IdempotencyKeyWrong, IdempotencyKeyReused, StillRunning)


class DataController(Controller):
    """What the portal holds about you, and why."""

    path = "/v1/me/data"
    tags = ("Rights",)
    opt = {LEVEL: BY_PHONE}  # noqa: RUF012 - litestar's own shape

    @get("/", operation_id="getMyData", responses=problems(Unauthorized, errors.DataUnknown))
    async def data(self, citizen: NamedDependency[Citizen], table: TableName = None) -> DataView:
        """See field by field what is held of you (masked), from whom, what for, by which law and how long."""
        return await why.my_data(citizen, table)


class CorrectionController(Controller):
    """Having what is wrong corrected by the department that it came from."""

    path = "/v1/me/corrections"
    tags = ("Rights",)
    opt = {LEVEL: BY_NAME, DATA: ("identity",)}  # noqa: RUF012 - litestar's own shape

    @post(
        "/",
        operation_id="askCorrection",
        status_code=202,
        responses=problems(
            *(Unauthorized, errors.FieldNotCorrectable, errors.CorrectionAskedAlready, *_FOR_WHOM, CustodyElsewhere),
            *_REPEATING,
        ),
    )
    async def ask(
        self, citizen: NamedDependency[Citizen], data: JSONBody[NewCorrection], once: NamedDependency[Once]
    ) -> CorrectionView:
        """Ask the source of a field to correct it, also for a child below 14; you are told of the answer, by `due_on` at the latest."""
        return await once(citizen, CorrectionView, lambda: corrections.ask(citizen, data))

    @get("/", operation_id="listCorrections", responses=problems(Unauthorized, ParameterWrong, *_FOR_WHOM))
    async def mine(self, citizen: NamedDependency[Citizen], person_id: FromQuery[UUID | None] = None) -> CorrectionList:
        """List your requests, or those for a child below 14, newest first."""
        return await corrections.mine(citizen, person_id)

    @get(
        "/{request_id:uuid}",
        operation_id="getCorrection",
        responses=problems(Unauthorized, errors.CorrectionNotFound, errors.DecidesThemselves),
    )
    async def one(self, citizen: NamedDependency[Citizen], request_id: FromPath[UUID]) -> CorrectionView:
        """See how a request stands, and its answer."""
        return await corrections.one(citizen, request_id)

    @post(
        "/{request_id:uuid}/withdraw",
        operation_id="withdrawCorrection",
        status_code=200,
        responses=problems(
            *(Unauthorized, errors.CorrectionNotFound, errors.CorrectionDecidedAlready),
            *(errors.DecidesThemselves, CustodyElsewhere),
            *_REPEATING,
        ),
    )
    async def withdraw(
        self, citizen: NamedDependency[Citizen], request_id: FromPath[UUID], once: NamedDependency[Once]
    ) -> CorrectionView:
        """Take a request back while it is open."""
        return await once(citizen, CorrectionView, lambda: corrections.withdraw(citizen, request_id))


class OfficerCorrectionController(Controller):
    """Requests for correction to your department."""

    path = "/v1/officer/corrections"
    tags = ("Officers",)

    @get("/", operation_id="listCorrectionsToDecide", responses=problems(Unauthorized, NoRight, CursorWrong))
    async def desk(
        self, officer: NamedDependency[Officer], cursor: FromQuery[Cursor | None] = None, limit: Limit = 20
    ) -> Page[CorrectionItem]:
        """List the open requests to your department, the first due first."""
        return await corrections.desk(officer, cursor, limit)

    @get(
        "/{request_id:uuid}",
        operation_id="lookAtCorrection",
        responses=problems(Unauthorized, NoRight, errors.CorrectionNotFound),
    )
    async def look(self, officer: NamedDependency[Officer], request_id: FromPath[UUID]) -> CorrectionForOfficer:
        """Read a request; the person sees that you did."""
        return await corrections.look(officer, request_id)

    @post(
        "/{request_id:uuid}/decide",
        operation_id="decideCorrection",
        status_code=200,
        responses=problems(
            Unauthorized, NoRight, SameOfficer, errors.CorrectionNotFound, errors.CorrectionDecidedAlready, *_REPEATING
        ),
    )
    async def decide(
        self,
        officer: NamedDependency[Officer],
        request_id: FromPath[UUID],
        data: JSONBody[CorrectionDecision],
        once: NamedDependency[Once],
    ) -> CorrectionForOfficer:
        """Decide a request and say why; the person is told."""
        return await once(officer, CorrectionForOfficer, lambda: corrections.decide(officer, request_id, data))
