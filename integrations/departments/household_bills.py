"""Bills of a household (公用事业账单): how each is told, and all of them on one page, as the Big Data Bureau (大数据局) puts them together."""

from datetime import date, timedelta
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from app.kernel.labels import label
from app.kernel.structs import Line
from app.kernel.words import Words
from integrations.departments.bills import BillNo
from integrations.departments.registers import Register

BIG_DATA: Final = "BIGDATA"
Fen = Annotated[int, Meta(ge=0, le=10**10)]
Standing = Literal["paid", "due", "overdue"]
STANDINGS: Final = {
    "paid": Words(zh="已缴", en="Paid"),
    "due": Words(zh="待缴", en="Due"),
    "overdue": Words(zh="已逾期", en="Overdue"),
}
BillKind = Literal["water", "electricity", "gas", "heating", "television", "mobile", "broadband"]
BILL_KINDS: Final = {
    "water": Words(zh="水费", en="Water"),
    "electricity": Words(zh="电费", en="Electricity"),
    "gas": Words(zh="燃气费", en="Gas"),
    "heating": Words(zh="热费", en="Heating"),
    "television": Words(zh="有线电视费", en="Cable television"),
    "mobile": Words(zh="话费", en="Mobile phone"),
    "broadband": Words(zh="宽带费", en="Broadband"),
}


class HouseholdBill(msgspec.Struct, frozen=True):
    """One bill of one account."""

    kind: Annotated[BillKind, label("费用种类", "Kind", BILL_KINDS)]
    company: Annotated[Line, label("收费企业", "Company")]
    account_no: Annotated[Line, label("户号或号码", "Account or number")]
    bill_no: Annotated[BillNo, label("账单编号", "Bill number")]
    period_start: Annotated[date, label("计费起始日", "From")]
    period_end: Annotated[date, label("计费截止日", "Until")]
    amount_fen: Annotated[Fen, label("金额（分）", "Amount (fen)")]
    due_on: Annotated[date, label("最晚缴费日", "Due by")]
    standing: Annotated[Standing, label("缴费状态", "Standing", STANDINGS)]


class HouseholdBills(msgspec.Struct, frozen=True):
    """Every bill of the household, and of somebody's own lines: those that are open first, by when they are due."""

    open_bills: Annotated[int, Meta(ge=0, le=1_000), label("未缴笔数", "Open bills")]
    owed_fen: Annotated[Fen, label("应缴合计（分）", "Owed altogether (fen)")]
    due_next: Annotated[date | None, label("最近的缴费期限", "Next day by which one is due")]
    bills: Annotated[tuple[HouseholdBill, ...], label("账单", "Bills")]


HOUSEHOLD_BILLS: Final = Register(
    department=BIG_DATA,
    service="household_bills",
    told=HouseholdBills,
    fresh_for=timedelta(hours=1),
    usable_for=timedelta(days=7),
)
