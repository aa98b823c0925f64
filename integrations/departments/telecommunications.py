"""What the cable network and the telecom operators (电信条例) tell of their subscribers' packages and bills."""

from datetime import date, timedelta
from typing import Annotated, Final, Literal

import msgspec

from app.kernel.labels import label
from app.kernel.structs import Code, Line
from app.kernel.words import Words
from integrations.departments.bills import BillNo
from integrations.departments.household_bills import STANDINGS, Fen, Standing
from integrations.departments.registers import Register

Reception = Literal["on", "ended"]
RECEPTIONS: Final = {
    "on": Words(zh="正常收看", en="On"),
    "ended": Words(zh="已到期停机", en="Ended"),
}
LineKind = Literal["mobile", "broadband"]
LINE_KINDS: Final = {
    "mobile": Words(zh="手机号", en="Mobile number"),
    "broadband": Words(zh="宽带", en="Broadband"),
}


class CableYear(msgspec.Struct, frozen=True):
    """The bill of another year: the one that is asked for, or one that was paid here."""

    bill_no: Annotated[BillNo, label("账单编号", "Bill number")]
    period_start: Annotated[date, label("起始日", "From")]
    period_end: Annotated[date, label("截止日", "Until")]
    amount_fen: Annotated[Fen, label("金额（分）", "Amount (fen)")]
    due_on: Annotated[date, label("最晚缴费日", "Due by")]
    standing: Annotated[Standing, label("缴费状态", "Standing", STANDINGS)]


class CableTelevision(msgspec.Struct, frozen=True):
    """A household's cable television: paid for a year ahead; the next year can be paid for shortly before this one ends."""

    account_no: Annotated[Code, label("用户号", "Account number")]
    company: Annotated[Line, label("网络企业", "Network")]
    package: Annotated[Line, label("套餐", "Package")]
    month_fen: Annotated[Fen, label("月费（分）", "Price a month (fen)")]
    ends_on: Annotated[date, label("到期日", "Paid until")]
    reception: Annotated[Reception, label("收视状态", "Reception", RECEPTIONS)]
    owed_fen: Annotated[Fen, label("应缴（分）", "Owed (fen)")]
    bills: Annotated[tuple[CableYear, ...], label("年费账单", "Bills of further years")]


class LineBill(msgspec.Struct, frozen=True):
    """A month's bill of a line; what goes beyond the package is part of the amount."""

    bill_no: Annotated[BillNo, label("账单编号", "Bill number")]
    period_start: Annotated[date, label("计费起始日", "From")]
    period_end: Annotated[date, label("计费截止日", "Until")]
    amount_fen: Annotated[Fen, label("金额（分）", "Amount (fen)")]
    beyond_package_fen: Annotated[Fen, label("其中套餐外费用（分）", "Of that beyond the package (fen)")]
    due_on: Annotated[date, label("最晚缴费日", "Due by")]
    standing: Annotated[Standing, label("缴费状态", "Standing", STANDINGS)]


class PhoneLine(msgspec.Struct, frozen=True):
    """A line that is registered to somebody by their real name; of a mobile number its first three and last four digits."""

    kind: Annotated[LineKind, label("线路种类", "Kind", LINE_KINDS)]
    number: Annotated[Line, label("号码或账号", "Number")]
    operator: Annotated[Line, label("运营企业", "Operator")]
    package: Annotated[Line, label("套餐", "Package")]
    month_fen: Annotated[Fen, label("月费（分）", "Price a month (fen)")]
    balance_fen: Annotated[Fen, label("余额（分）", "Balance (fen)")]
    owed_fen: Annotated[Fen, label("欠费（分）", "Owed (fen)")]
    bills: Annotated[tuple[LineBill, ...], label("账单", "Bills")]


class PhoneLines(msgspec.Struct, frozen=True):
    """Somebody's own lines."""

    lines: Annotated[tuple[PhoneLine, ...], label("号码和宽带", "Lines")]


CABLE_TELEVISION: Final = Register(
    department="UT-TV",
    service="cable_television",
    told=CableTelevision,
    fresh_for=timedelta(hours=6),
    usable_for=timedelta(days=14),
)
PHONE_LINES: Final = Register(
    department="UT-T",
    service="phone_lines",
    told=PhoneLines,
    fresh_for=timedelta(minutes=15),
    usable_for=timedelta(days=7),
)
