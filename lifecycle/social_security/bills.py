"""What residents pay for next year's medical insurance, within the yearly window (集中缴费期)."""

from collections.abc import Iterable
from typing import Any, Final

from app.kernel.words import Words
from app.records.kinds import RecordKind
from integrations.departments.health_insurance import INSURED_AS, MEDICAL_INSURANCE, MedicalInsurance
from lifecycle.bills.billing import Bill, Billing

_INSURANCE: Final = "城乡居民基本医疗保险"


def premiums(told: MedicalInsurance) -> Iterable[Bill]:
    """Next year's premium; a newborn's first one is another matter (`birth.bills`)."""
    for one in told.premiums:
        if one.insured_as != "newborn":
            insured_as, year = INSURED_AS[one.insured_as], one.covers_from.year
            yield Bill(
                reference=one.bill_no,
                title=Words(
                    zh=f"{year}年居民医保费（{insured_as.zh}）",
                    en=f"Residents' medical insurance, {year} ({insured_as.en})",
                ),
                account=_INSURANCE,
                period_start=one.covers_from,
                period_end=one.covers_until,
                amount_fen=one.amount_fen,
                due_on=one.due_on,
                paid=one.standing == "paid",
            )


BILLINGS: Final[tuple[Billing[Any], ...]] = (
    Billing("medical_insurance", MEDICAL_INSURANCE, premiums, RecordKind.HEALTH),
)
