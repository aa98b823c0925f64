"""Bills that are paid here: what a department is told once one was paid, and what it says to that.

The order names the payment (as `case_number`), so a department recognises it: told again it changes nothing and answers as before.
It may refuse: `no_such_bill`, `paid_already`, `amount_differs` from what was due on the day of the payment.
"""

from datetime import date
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from integrations.departments.orders import Order

SERVICE: Final = "settle_bill"
BillNo = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=40,
        pattern=r"\A[A-Za-z0-9][A-Za-z0-9._-]*\Z",
        description="A bill's number, unique at its department; no identity or phone number is part of it.",
    ),
]


class BillSettled(msgspec.Struct, frozen=True):
    """A payment was entered: for which bill, how much, and on which day."""

    bill_no: BillNo
    amount_fen: Annotated[int, Meta(ge=1, le=10**10)]
    entered_on: date


def settle_order(department: str) -> Order[BillSettled]:
    """The order by which a department is told of a payment."""
    return Order(department, SERVICE, BillSettled)
