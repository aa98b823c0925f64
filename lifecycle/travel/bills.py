"""Fines for traffic offences that were decided (罚款缴纳); what a camera only recorded is accepted or disputed first."""

from collections.abc import Iterable
from typing import Any, Final

from app.kernel import clock
from app.kernel.words import Words
from integrations.departments.driving import OFFENCES, VEHICLE_OFFENCES, Offences
from lifecycle.bills.billing import Bill, Billing


def fines(told: Offences) -> Iterable[Bill]:
    """The fines, each with what is added for lateness (道路交通安全法 art. 109)."""
    for one in told.offences:
        if one.decision_no is not None and one.pay_by is not None:
            offence = OFFENCES[one.offence]
            yield Bill(
                reference=one.decision_no,
                title=Words(zh=f"交通违法罚款：{offence.zh}", en=f"Traffic fine: {offence.en}"),
                account=f"{one.plate}，{clock.local(one.at):%Y-%m-%d %H:%M}，{one.place}",
                amount_fen=one.fine_fen + one.late_fen,
                due_on=one.pay_by,
                paid=one.state == "paid",
            )


BILLINGS: Final[tuple[Billing[Any], ...]] = (Billing("vehicle_violation_query", VEHICLE_OFFENCES, fines),)
