"""What Human Resources and Social Security (人社局) tells of a person's pension insurance (养老保险)."""

from datetime import date, timedelta
from typing import Annotated, Final, Literal

import msgspec

from app.kernel.labels import label
from app.kernel.words import Words
from integrations.departments.registers import Register
from integrations.departments.social_security import INSURANCES, RSJ, Fen, Months

PensionCode = Literal["110", "120", "170"]
PENSIONS: Final = {code: INSURANCES[code] for code in ("110", "120", "170")}
PensionStanding = Literal["paying", "paused", "drawing"]
STANDINGS: Final = {
    "paying": Words(zh="正常缴费", en="Contributions are paid"),
    "paused": Words(zh="暂停缴费", en="Contributions are paused"),
    "drawing": Words(zh="领取待遇", en="The pension is drawn"),
}


class MonthPaid(msgspec.Struct, frozen=True):
    """What was paid for a month; a resident's yearly amount stands in the month in which it was paid."""

    month: Annotated[date, label("费款所属期（当月1日）", "Month, by its first day")]
    base_fen: Annotated[Fen, label("缴费基数（分）", "Base (fen)")]
    own_fen: Annotated[Fen, label("个人缴费（分）", "Paid by oneself (fen)")]
    employer_fen: Annotated[Fen, label("单位缴费（分）", "Paid by the employer (fen)")]


class PensionDrawn(msgspec.Struct, frozen=True):
    """A pension as it is paid."""

    since: Annotated[date, label("领取起始日期", "Drawn since")]
    monthly_fen: Annotated[Fen, label("月养老金（分）", "Pension a month (fen)")]


class PensionRecord(msgspec.Struct, frozen=True):
    """A person's contributions, account and pension (社会保险法 art. 15-16). What isn't drawn yet is not estimated here."""

    code: Annotated[PensionCode, label("险种", "Insurance", PENSIONS)]
    standing: Annotated[PensionStanding, label("参保状态", "Standing", STANDINGS)]
    months: Annotated[Months, label("实际缴费月数", "Months paid")]
    deemed_months: Annotated[Months, label("视同缴费月数", "Months deemed paid")]
    account_fen: Annotated[Fen | None, label("个人账户储存额（分）", "Balance of the personal account (fen)")]
    claims_from: Annotated[date, label("法定领取年龄到达日", "Statutory age reached on")]
    months_needed: Annotated[Months, label("最低缴费月数", "Least months of contributions")]
    payments: Annotated[tuple[MonthPaid, ...], label("今年缴费记录", "Payments of this year")]
    pension: Annotated[PensionDrawn | None, label("养老金", "Pension")]


PENSION_RECORD: Final = Register(
    department=RSJ, service="pension", told=PensionRecord, fresh_for=timedelta(hours=12), usable_for=timedelta(days=30)
)
