"""What Healthcare Security (医保局) tells of a person: insurance (基本医疗保险), and assistance with what it leaves to pay (医疗救助)."""

from datetime import date, timedelta
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from app.kernel.labels import label
from app.kernel.structs import Line
from app.kernel.words import Words
from integrations.departments.bills import BillNo
from integrations.departments.household_bills import STANDINGS, Standing
from integrations.departments.orders import Order
from integrations.departments.pensions import MonthPaid
from integrations.departments.registers import Register
from integrations.departments.social_security import Fen, Months

YBJ: Final = "YBJ"
Percent = Annotated[int, Meta(ge=0, le=100)]
InsuredAs = Literal[
    "employee_active", "employee_retired", "flexible", "student_child", "newborn", "resident_plan1", "resident_plan2"
]
INSURED_AS: Final = {
    "employee_active": Words(zh="在职职工", en="Employee"),
    "employee_retired": Words(zh="退休职工", en="Retired employee"),
    "flexible": Words(zh="灵活就业人员", en="In flexible work"),
    "student_child": Words(zh="学生儿童", en="Pupil, student or child"),
    "newborn": Words(zh="新生儿", en="Newborn"),
    "resident_plan1": Words(zh="居民一档", en="Resident, plan 1"),
    "resident_plan2": Words(zh="居民二档", en="Resident, plan 2"),
}
SchemeCode = Literal["310", "390"]
SCHEMES: Final = {
    "310": Words(zh="职工基本医疗保险", en="Medical insurance of employees"),
    "390": Words(zh="城乡居民基本医疗保险", en="Medical insurance of residents"),
}
Hardship = Literal["living_allowance", "orphan"]
HARDSHIPS: Final = {
    "living_allowance": Words(zh="低保对象", en="On the minimum living allowance"),
    "orphan": Words(zh="孤儿", en="Orphan"),
}


class Premium(msgspec.Struct, frozen=True):
    """What a resident's insurance costs for a time of cover: next year's within the window for it, or a newborn's first."""

    bill_no: Annotated[BillNo, label("账单编号", "Bill number")]
    insured_as: Annotated[InsuredAs, label("参保身份", "Insured as", INSURED_AS)]
    covers_from: Annotated[date, label("待遇起始日", "Covers from")]
    covers_until: Annotated[date, label("待遇截止日", "Covers until")]
    amount_fen: Annotated[Fen, label("金额（分）", "Amount (fen)")]
    due_on: Annotated[date, label("最晚缴费日", "Due by")]
    standing: Annotated[Standing, label("缴费状态", "Standing", STANDINGS)]


class MedicalInsurance(msgspec.Struct, frozen=True):
    """How a person is insured (社会保险法 art. 23, 25, 27). Retired employees pay nothing, and residents have no account."""

    insured_as: Annotated[InsuredAs, label("参保身份", "Insured as", INSURED_AS)]
    scheme_code: Annotated[SchemeCode, label("险种", "Insurance", SCHEMES)]
    covered_until: Annotated[date | None, label("待遇享受至（退休职工不设期限）", "Covered until (retired: for life)")]
    months: Annotated[Months, label("职工医保累计缴费月数", "Months paid to the employees' insurance")]
    account_fen: Annotated[Fen | None, label("个人账户余额（分）", "Balance of the personal account (fen)")]
    payments: Annotated[tuple[MonthPaid, ...], label("今年缴费记录", "Payments of this year")]
    next_year_paid: Annotated[bool | None, label("明年居民医保已缴费", "Next year's residents' insurance is paid")]
    due_fen: Annotated[Fen, label("应缴未缴（分）", "Due and not yet paid (fen)")]
    premiums: Annotated[tuple[Premium, ...], label("居民医保账单", "Bills of the residents' insurance")]


class NewbornEnrolled(msgspec.Struct, frozen=True):
    """A newborn was enrolled with the residents' insurance: covered from and until when, and what is due for it."""

    covered_from: date
    covered_until: date
    due_fen: Fen


class Settlement(msgspec.Struct, frozen=True):
    """A bill settled in one go (一站式结算): who paid what of it."""

    settled_on: Annotated[date, label("结算日期", "Settled on")]
    institution: Annotated[Line, label("医疗机构", "Institution")]
    cost_fen: Annotated[Fen, label("总费用（分）", "Cost (fen)")]
    insurance_fen: Annotated[Fen, label("医保支付（分）", "Paid by the insurance (fen)")]
    assistance_fen: Annotated[Fen, label("医疗救助支付（分）", "Paid as assistance (fen)")]
    own_fen: Annotated[Fen, label("个人负担（分）", "Left to pay (fen)")]


class MedicalAssistance(msgspec.Struct, frozen=True):
    """Whether a person is recognised as in hardship, and what assistance paid since (社会救助法 art. 24)."""

    hardship: Annotated[Hardship | None, label("救助对象类别", "Recognised as", HARDSHIPS)]
    since: Annotated[date | None, label("认定日期", "Recognised on")]
    paid_percent: Annotated[Percent | None, label("救助比例（%）", "Share that assistance pays (%)")]
    settlements: Annotated[tuple[Settlement, ...], label("近两年结算", "Settlements of the last two years")]


MEDICAL_INSURANCE: Final = Register(
    department=YBJ,
    service="medical_insurance",
    told=MedicalInsurance,
    fresh_for=timedelta(hours=12),
    usable_for=timedelta(days=30),
)
MEDICAL_ASSISTANCE: Final = Register(
    department=YBJ,
    service="medical_assistance",
    told=MedicalAssistance,
    fresh_for=timedelta(hours=6),
    usable_for=timedelta(days=30),
)
ENROL_NEWBORN: Final = Order(YBJ, "enrol_newborn", NewbornEnrolled)
