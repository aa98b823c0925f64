"""What crosses the wire of bills. Amounts are integer fen."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta

from app.kernel.structs import Body, Slug, View
from app.kernel.words import Words
from integrations.departments.bills import BillNo

AmountFen = Annotated[
    int, Meta(ge=1, le=10**10, description="Amount in fen, a whole number: what you saw on the bill.")
]
BillStanding = Literal["due", "overdue", "paid", "settled", "returned"]


class BillToPay(Body, frozen=True):
    """Which bill of which matter is paid, and how much is on it; whose it is: yours, or a ward's."""

    matter: Slug
    reference: BillNo
    amount_fen: AmountFen
    person_id: UUID | None = None


class BillView(View, frozen=True, kw_only=True):
    """A bill: whose it is, what for, how much, by when; and its payment, where there is one.

    `account` is the home's account, the line, the car or the school. `id` names the payment. `standing`: `due` and `overdue` are
    open; `paid` means that your money was taken and the department is being told, `settled` that it has confirmed, `returned` that
    it refused and your money is back (`why` says so). Receipts are read at `GET /v1/card/transactions/{id}/receipt`. `as_of` is
    when the department told it, and of a payment when it was made.
    """

    id: UUID | None
    matter_code: str
    matter_name: Words
    department: str
    payee: Words
    company: str | None
    reference: str
    title: Words
    person_id: UUID
    person_name: str | None
    account: str
    period_start: date | None
    period_end: date | None
    amount_fen: int
    due_on: date | None
    standing: BillStanding
    as_of: datetime
    paid_at: datetime | None
    ended_at: datetime | None
    receipt_id: UUID | None
    return_receipt_id: UUID | None
    why: Words | None


class SilentDepartment(View, frozen=True):
    """A department that doesn't answer just now; its bills are those that it told before (`as_of`), or none."""

    code: str
    name: Words


class BillsView(View, frozen=True):
    """A page of bills, and whose may be missing or old."""

    items: list[BillView]
    silent: list[SilentDepartment]
    next: str | None
