"""`/v1/card/…`: disputing what was paid by one's card."""

from typing import Final
from uuid import UUID

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody

from app.card.errors import TransactionUnknown
from app.disputes import opening
from app.disputes.errors import (
    DisputedAlready,
    DisputeNotFound,
    DisputeStepNotAllowed,
    DisputeTooLate,
    NotDisputable,
    NothingToGiveBack,
)
from app.disputes.structs import DisputeView, NewDispute
from app.kernel.actors import Citizen, Scope
from app.kernel.assurance import BY_NAME, DATA, LEVEL
from app.kernel.idempotency import Once
from app.kernel.paging import Cursor, CursorWrong, Limit, Page
from app.kernel.problems import ParameterWrong, problems

_FOR_WARDS: Final = {"acting_for": Scope.CASES}
_READ_FOR_OTHERS: Final = {"acting_for": Scope.CARD_READ}


class DisputeController(Controller):
    """Payments that I dispute."""

    path = "/v1/card"
    tags = ("Card",)
    opt = {LEVEL: BY_NAME, DATA: ("money",)}  # noqa: RUF012 - litestar's own shape
    response_headers = {"Cache-Control": "private, no-store"}  # noqa: RUF012 - litestar's own shape

    @post(
        "/transactions/{transaction_id:uuid}/dispute",
        operation_id="disputeTransaction",
        opt=_FOR_WARDS,
        responses=problems(TransactionUnknown, NotDisputable, DisputeTooLate, NothingToGiveBack, DisputedAlready),
    )
    async def dispute(
        self,
        citizen: NamedDependency[Citizen],
        transaction_id: FromPath[UUID],
        data: JSONBody[NewDispute],
        once: NamedDependency[Once],
    ) -> DisputeView:
        """Dispute a payment: the card's office asks the merchant, and two officers decide."""
        return await once(citizen, DisputeView, lambda: opening.dispute(citizen, transaction_id, data))

    @get(
        "/disputes", operation_id="listDisputes", opt=_READ_FOR_OTHERS, responses=problems(CursorWrong, ParameterWrong)
    )
    async def disputes(
        self, citizen: NamedDependency[Citizen], cursor: FromQuery[Cursor | None] = None, limit: FromQuery[Limit] = 20
    ) -> Page[DisputeView]:
        """List your disputes with what was done about each, newest first."""
        return await opening.disputes(citizen, cursor, limit)

    @get(
        "/disputes/{dispute_id:uuid}",
        operation_id="getDispute",
        opt=_READ_FOR_OTHERS,
        responses=problems(DisputeNotFound),
    )
    async def one(self, citizen: NamedDependency[Citizen], dispute_id: FromPath[UUID]) -> DisputeView:
        """Get one of your disputes."""
        return await opening.one(citizen, dispute_id)

    @post(
        "/disputes/{dispute_id:uuid}/withdraw",
        status_code=200,
        operation_id="withdrawDispute",
        opt=_FOR_WARDS,
        responses=problems(DisputeNotFound, DisputeStepNotAllowed),
    )
    async def withdraw(
        self, citizen: NamedDependency[Citizen], dispute_id: FromPath[UUID], once: NamedDependency[Once]
    ) -> DisputeView:
        """Withdraw a dispute that isn't decided yet."""
        return await once(citizen, DisputeView, lambda: opening.withdraw(citizen, dispute_id))
