"""`/v1/bills`."""

from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from litestar import Controller, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from app.card.charges import CHARGE_REFUSALS
from app.card.errors import PayerFrozen
from app.kernel.actors import NONCE_NEEDED, AssuranceTooLow, Citizen, PersonNotYours
from app.kernel.assurance import BY_NAME, DATA, LEVEL
from app.kernel.errors import Refusal
from app.kernel.idempotency import IdempotencyKeyMissing, IdempotencyKeyReused, Once
from app.kernel.paging import Cursor, CursorWrong, Limit
from app.kernel.problems import BodyUnreadable, BodyWrong, ParameterWrong, field_problem, problems
from app.kernel.structs import Slug
from integrations.exchange.errors import DepartmentAnsweredWrongly, DepartmentRefused, DepartmentUnavailable
from lifecycle.bills import paying, reading
from lifecycle.bills.errors import BillBeingPaid, BillChanged, BillPaidAlready, BillUnknown, MatterNotPayable
from lifecycle.bills.reading import Standing, Wanted
from lifecycle.bills.structs import BillsView, BillToPay, BillView
from lifecycle.catalogue.errors import MatterUnknown
from lifecycle.queries.errors import AskedTooOften

_PAYING: Final[tuple[type[Refusal], ...]] = (
    *CHARGE_REFUSALS,
    MatterUnknown,
    MatterNotPayable,
    PersonNotYours,
    AssuranceTooLow,
    BillUnknown,
    BillChanged,
    BillPaidAlready,
    BillBeingPaid,
    PayerFrozen,
    DepartmentUnavailable,
    DepartmentAnsweredWrongly,
    DepartmentRefused,
    AskedTooOften,
    IdempotencyKeyMissing,
    IdempotencyKeyReused,
    BodyUnreadable,
    BodyWrong,
)


def _wanted(
    matter: Annotated[
        Slug | None, QueryParameter(name="matter", description="The matter's code; all, if none.")
    ] = None,
    standing: Annotated[
        Standing, QueryParameter(name="standing", description="What is open, or what you have paid here.")
    ] = "open",
    person_id: FromQuery[UUID | None] = None,
) -> Wanted:
    """Read what is looked for; what a dependency is given isn't checked against its limits, so that is done here."""
    told: dict[str, Any] = {"matter": matter, "standing": standing, "person_id": person_id}
    try:
        return msgspec.convert(told, Wanted)
    except msgspec.ValidationError as error:
        raise ParameterWrong(errors=(field_problem(error),)) from error


class BillController(Controller):
    """Bills of departments and of the city's companies."""

    path = "/v1/bills"
    tags = ("Bills",)
    opt = {LEVEL: BY_NAME, DATA: ("identity", "contact", "money")}  # noqa: RUF012 - litestar's own shape
    response_headers = {"Cache-Control": "private, no-store"}  # noqa: RUF012 - litestar's own shape

    @get(
        "/",
        operation_id="listBills",
        dependencies={"wanted": Provide(_wanted, sync_to_thread=False)},
        responses=problems(
            CursorWrong, ParameterWrong, MatterUnknown, MatterNotPayable, PersonNotYours, AssuranceTooLow, AskedTooOften
        ),
    )
    async def bills(
        self,
        citizen: NamedDependency[Citizen],
        wanted: NamedDependency[Wanted],
        cursor: FromQuery[Cursor | None] = None,
        limit: FromQuery[Limit] = 20,
    ) -> BillsView:
        """List what you and your wards have to pay, the first one due first; or what you have paid here, the newest first."""
        return await reading.bills(citizen, wanted, cursor, limit)

    @get("/{payment_id:uuid}", operation_id="getBillPayment", responses=problems(BillUnknown))
    async def payment(self, citizen: NamedDependency[Citizen], payment_id: FromPath[UUID]) -> BillView:
        """Get a bill that you paid: how far it is, and its receipts."""
        return await reading.payment_of(citizen, payment_id)

    @post(
        "/pay",
        operation_id="payBill",
        status_code=201,
        opt={NONCE_NEEDED: True},
        responses=problems(*_PAYING),
    )
    async def pay(
        self,
        citizen: NamedDependency[Citizen],
        data: JSONBody[BillToPay],
        once: NamedDependency[Once],
    ) -> BillView:
        """Pay a bill of yours or of a ward from your citizen card. Its department is asked anew; the amount must be what you saw."""
        return await paying.pay(citizen, data, once)
