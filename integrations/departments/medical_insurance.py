"""What Healthcare Security (医保局) tells of somebody's basic medical insurance: what it paid, and how much of the year's limit is left.

社会保险法, art. 28 to 30. The medical insurance system's own codes of schemes are 310 and 390.
"""

from datetime import date, timedelta
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from app.kernel.labels import label
from app.kernel.structs import Code, Line
from app.kernel.words import Words
from integrations.departments.orders import Order
from integrations.departments.registers import Register

YBJ: Final = "YBJ"
Fen = Annotated[int, Meta(ge=0, le=10**12)]
Year = Annotated[int, Meta(ge=2000, le=2100)]
SchemeCode = Literal["310", "390"]
SCHEMES: Final = {
    "310": Words(zh="职工基本医疗保险", en="Medical insurance of employees"),
    "390": Words(zh="城乡居民基本医疗保险", en="Medical insurance of residents"),
}
InsuredAs = Literal[
    "employee_active", "employee_retired", "flexible", "student_child", "newborn", "resident_plan1", "resident_plan2"
]
INSURED_AS: Final = {
    "employee_active": Words(zh="在职职工", en="Employee"),
    "employee_retired": Words(zh="退休职工", en="Retired employee"),
    "flexible": Words(zh="灵活就业人员", en="Flexibly employed"),
    "student_child": Words(zh="学生儿童", en="Student or child"),
    "newborn": Words(zh="新生儿", en="Newborn"),
    "resident_plan1": Words(zh="成年居民一档", en="Resident, plan 1"),
    "resident_plan2": Words(zh="成年居民二档", en="Resident, plan 2"),
}
Tier = Literal["tier1", "tier2", "tier3"]
TIERS: Final = {
    "tier1": Words(zh="一级及以下", en="Tier 1 or community"),
    "tier2": Words(zh="二级", en="Tier 2"),
    "tier3": Words(zh="三级", en="Tier 3"),
}


class Settlement(msgspec.Struct, frozen=True):
    """One settlement (医保结算): what a visit cost, what the fund paid, and what was left to pay."""

    settlement_no: Annotated[Code, label("结算单号", "Number")]
    settled_on: Annotated[date, label("结算日期", "Settled on")]
    institution: Annotated[Line, label("医疗机构", "Institution")]
    tier: Annotated[Tier, label("机构等级", "Tier", TIERS)]
    reason: Annotated[Line, label("诊断名称", "Reason")]
    cost_fen: Annotated[Fen, label("费用总额（分）", "Cost (fen)")]
    paid_fen: Annotated[Fen, label("医保支付（分）", "Paid by insurance (fen)")]
    catastrophic_fen: Annotated[Fen, label("大病保险支付（分）", "Paid by catastrophic cover (fen)")]
    own_fen: Annotated[Fen, label("个人支付（分）", "Paid by you (fen)")]


class Settlements(msgspec.Struct, frozen=True):
    """A year's settlements, the newest first, and what they leave of the year's limit (年度最高支付限额)."""

    scheme_code: Annotated[SchemeCode, label("险种", "Insurance", SCHEMES)]
    insured_as: Annotated[InsuredAs, label("参保身份", "Insured as", INSURED_AS)]
    year: Annotated[Year, label("年度", "Year")]
    paid_fen: Annotated[Fen, label("本年度医保已支付（分）", "Paid by insurance this year (fen)")]
    limit_fen: Annotated[Fen, label("年度最高支付限额（分）", "The year's limit (fen)")]
    left_fen: Annotated[Fen, label("剩余限额（分）", "Left of the limit (fen)")]
    admissions: Annotated[int, Meta(ge=0, le=1000), label("本年度住院次数", "Admissions to hospital this year")]
    outpatient_cost_fen: Annotated[Fen, label("本年度门诊费用（分）", "Outpatient costs this year (fen)")]
    outpatient_paid_fen: Annotated[Fen, label("本年度门诊医保支付（分）", "Paid for outpatient care this year (fen)")]
    compliant_own_fen: Annotated[
        Fen, label("本年度住院合规自付（分）", "Compliant self-pay in hospital this year (fen)")
    ]
    settlements: Annotated[tuple[Settlement, ...], label("结算单", "Settlements")]


Where = Literal["local", "long_term", "referral", "emergency", "unfiled"]
WHERE: Final = {
    "local": Words(zh="烟台本地", en="In Yantai"),
    "long_term": Words(zh="外地，已长期异地备案", en="Elsewhere, filed as living there"),
    "referral": Words(zh="外地，已转诊备案", en="Elsewhere, by a filed referral"),
    "emergency": Words(zh="外地，急诊抢救", en="Elsewhere, in an emergency"),
    "unfiled": Words(zh="外地，未备案", en="Elsewhere, not filed"),
}
"""Where care was had, and whether that was filed with the insurance (异地就医备案)."""


class MedicalBillReimbursed(msgspec.Struct, frozen=True):
    """A bill that was paid in cash was settled (手工报销): what basic insurance and catastrophic cover pay, and what is left."""

    settlement_no: Code
    basic_fen: Fen
    catastrophic_fen: Fen
    own_fen: Fen


SETTLEMENTS: Final = Register(
    department=YBJ,
    service="medical_settlements",
    told=Settlements,
    fresh_for=timedelta(hours=1),
    usable_for=timedelta(days=30),
)
REIMBURSE_MEDICAL_BILL: Final = Order(YBJ, "reimburse_medical_bill", MedicalBillReimbursed)
