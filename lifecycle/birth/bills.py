"""A newborn's premium: it is due once the child is enrolled (`newborn_insurance`)."""

from collections.abc import Iterable
from typing import Any, Final

from app.kernel.words import Words
from app.records.kinds import RecordKind
from integrations.departments.health_insurance import MEDICAL_INSURANCE, MedicalInsurance
from lifecycle.bills.billing import Bill, Billing

_INSURANCE: Final = "城乡居民基本医疗保险"


def premiums(told: MedicalInsurance) -> Iterable[Bill]:
    """What a newborn's first cover costs."""
    for one in told.premiums:
        if one.insured_as == "newborn":
            yield Bill(
                reference=one.bill_no,
                title=Words(
                    zh=f"新生儿医保费（{one.covers_from.year}年）",
                    en=f"Newborn's medical insurance ({one.covers_from.year})",
                ),
                account=_INSURANCE,
                period_start=one.covers_from,
                period_end=one.covers_until,
                amount_fen=one.amount_fen,
                due_on=one.due_on,
                paid=one.standing == "paid",
            )


BILLINGS: Final[tuple[Billing[Any], ...]] = (
    Billing("newborn_medical_insurance", MEDICAL_INSURANCE, premiums, RecordKind.HEALTH),
)
