"""What a child's or student's school asks (教育收费): the fees of the list that aren't voluntary."""

from collections.abc import Iterable
from typing import Any, Final

from app.kernel.words import Words
from app.records.kinds import RecordKind
from integrations.departments.student_support import FEE_KINDS, SCHOOL_BILLS, SchoolBills
from lifecycle.bills.billing import Bill, Billing


def fees(told: SchoolBills) -> Iterable[Bill]:
    """The school's bills."""
    for one in told.bills:
        month = f"{one.period_start:%Y-%m}"
        yield Bill(
            reference=one.bill_no,
            title=Words(zh=f"{one.name}（{month}起）", en=f"{FEE_KINDS[one.kind].en}, from {month}"),
            account=told.school,
            period_start=one.period_start,
            period_end=one.period_end,
            amount_fen=one.amount_fen,
            due_on=one.due_on,
            paid=one.standing == "paid",
        )


BILLINGS: Final[tuple[Billing[Any], ...]] = (Billing("education_fee", SCHOOL_BILLS, fees, RecordKind.EDUCATION),)
