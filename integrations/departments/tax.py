"""What the Tax Service (税务局) tells: rules in force for everybody, and a person's income tax (个人所得税)."""

from datetime import date, timedelta
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from app.kernel.labels import label
from app.kernel.structs import Code, Line, Text
from app.kernel.words import Words
from integrations.departments.registers import Register
from integrations.departments.social_security import Fen

SWJ: Final = "SWJ"
Year = Annotated[int, Meta(ge=2023, le=2099)]
"""Years whose deductions are those of 2023 (国发〔2023〕13号) on; older ones stand in no register here."""
MonthsOfYear = Annotated[int, Meta(ge=0, le=12)]
TaxKind = Literal["income", "value_added", "deed", "vehicle_purchase", "vehicle", "stamp", "collection"]
TAX_KINDS: Final = {
    "income": Words(zh="个人所得税", en="Individual income tax"),
    "value_added": Words(zh="增值税", en="Value-added tax"),
    "deed": Words(zh="契税", en="Deed tax"),
    "vehicle_purchase": Words(zh="车辆购置税", en="Vehicle purchase tax"),
    "vehicle": Words(zh="车船税", en="Vehicle and vessel tax"),
    "stamp": Words(zh="印花税", en="Stamp duty"),
    "collection": Words(zh="征收管理", en="Collection and administration"),
}
DeductionKind = Literal["child_education", "infant_care", "elderly", "loan_interest", "rent"]
DEDUCTIONS: Final = {
    "child_education": Words(zh="子女教育", en="Children's education"),
    "infant_care": Words(zh="3岁以下婴幼儿照护", en="Care of infants under 3"),
    "elderly": Words(zh="赡养老人", en="Support of the elderly"),
    "loan_interest": Words(zh="住房贷款利息", en="Interest on a home loan"),
    "rent": Words(zh="住房租金", en="Rent of a home"),
}
"""Special additional deductions (专项附加扣除) that the register knows."""
Settlement = Literal["not_open", "open", "closed"]
SETTLEMENTS: Final = {
    "not_open": Words(zh="未到办理时间", en="Not open yet"),
    "open": Words(zh="办理中", en="Open"),
    "closed": Words(zh="已截止", en="Closed"),
}


class TaxPolicy(msgspec.Struct, frozen=True):
    """A question that people ask, the answer, the rule that it rests on, and how long that holds."""

    code: Annotated[Code, label("编号", "Code")]
    tax: Annotated[TaxKind, label("税种", "Tax", TAX_KINDS)]
    question: Annotated[Line, label("问题", "Question")]
    answer: Annotated[Text, label("解答", "Answer")]
    question_en: Annotated[Line, label("问题（英文）", "Question in English")]
    answer_en: Annotated[Text, label("解答（英文）", "Answer in English")]
    basis: Annotated[Line, label("依据", "Rule")]
    valid_from: Annotated[date, label("执行起始", "In force from")]
    valid_to: Annotated[date | None, label("执行截止", "In force until")] = None


class TaxPolicies(msgspec.Struct, frozen=True):
    """The rules in force with their questions (税收征收管理法 art. 7: the service explains tax law free of charge)."""

    items: tuple[TaxPolicy, ...]


class Withholding(msgspec.Struct, frozen=True):
    """What an employer paid and withheld in a year, as withholding agent (扣缴义务人)."""

    agent: Annotated[Line, label("扣缴义务人", "Withholding agent")]
    uscc: Annotated[Code, label("统一社会信用代码", "Unified social credit code")]
    months: Annotated[MonthsOfYear, label("发薪月数", "Months paid")]
    income_fen: Annotated[Fen, label("收入额（分）", "Income (fen)")]
    withheld_fen: Annotated[Fen, label("已预扣税额（分）", "Tax withheld (fen)")]


class Deduction(msgspec.Struct, frozen=True):
    """What may be deducted in a year for one reason."""

    kind: Annotated[DeductionKind, label("专项附加扣除项目", "Deduction", DEDUCTIONS)]
    amount_fen: Annotated[Fen, label("全年扣除额（分）", "Amount of the year (fen)")]


class TaxYear(msgspec.Struct, frozen=True):
    """The comprehensive income (综合所得) of a year as the service knows it, and how it is settled (个人所得税法 art. 6, 10, 11).

    Income from other sources than wages, bonuses and deductions that only the taxpayer knows aren't in it.
    """

    year: Annotated[Year, label("纳税年度", "Tax year")]
    incomes: Annotated[tuple[Withholding, ...], label("工资薪金", "Wages")]
    basic_deduction_fen: Annotated[Fen, label("基本减除费用（分）", "Basic deduction (fen)")]
    insurance_fen: Annotated[Fen, label("个人缴纳的社会保险费（分）", "Social insurance paid by oneself (fen)")]
    housing_fund_fen: Annotated[Fen, label("个人缴存的住房公积金（分）", "Housing fund paid by oneself (fen)")]
    deductions: Annotated[tuple[Deduction, ...], label("专项附加扣除", "Special additional deductions")]
    taxable_fen: Annotated[Fen, label("应纳税所得额（分）", "Taxable income (fen)")]
    tax_fen: Annotated[Fen, label("应纳税额（分）", "Tax of the year (fen)")]
    withheld_fen: Annotated[Fen, label("已预扣税额（分）", "Tax withheld (fen)")]
    refund_fen: Annotated[Fen, label("预计应退税额（分）", "Refund to expect (fen)")]
    due_fen: Annotated[Fen, label("预计应补税额（分）", "Tax still due (fen)")]
    settled_from: Annotated[date, label("汇算开始", "Settlement from")]
    settled_until: Annotated[date, label("汇算截止", "Settlement until")]
    settlement: Annotated[Settlement, label("汇算状态", "Settlement", SETTLEMENTS)]
    filed_on: Annotated[date | None, label("申报日期", "Filed on")]


class TaxPaid(msgspec.Struct, frozen=True):
    """A month of the income tax record."""

    month: Annotated[date, label("税款所属期（当月1日）", "Month, by its first day")]
    agent: Annotated[Line, label("扣缴义务人", "Withholding agent")]
    uscc: Annotated[Code, label("统一社会信用代码", "Unified social credit code")]
    income_fen: Annotated[Fen, label("收入（分）", "Income (fen)")]
    tax_fen: Annotated[Fen, label("实缴税额（分）", "Tax paid (fen)")]


class TaxRecord(msgspec.Struct, frozen=True):
    """The income tax record (个人所得税纳税记录) of a year; whoever gets it checks it by the code."""

    year: Annotated[Year, label("纳税年度", "Tax year")]
    check_code: Annotated[Code, label("验证码", "Check code")]
    payments: Annotated[tuple[TaxPaid, ...], label("缴税记录", "Payments")]
    total_fen: Annotated[Fen, label("合计（分）", "Total (fen)")]


TAX_POLICIES: Final = Register(
    department=SWJ,
    service="tax_policies",
    told=TaxPolicies,
    fresh_for=timedelta(days=1),
    usable_for=timedelta(days=30),
)
TAX_YEAR: Final = Register(
    department=SWJ, service="tax_year", told=TaxYear, fresh_for=timedelta(hours=1), usable_for=timedelta(days=7)
)
TAX_RECORD: Final = Register(
    department=SWJ, service="tax_record", told=TaxRecord, fresh_for=timedelta(hours=12), usable_for=timedelta(days=30)
)
