"""What Human Resources and Social Security (人社局) tells of a person's work: as reported by the employer, and as lost."""

from datetime import date, timedelta
from typing import Annotated, Final, Literal

import msgspec

from app.kernel.labels import label
from app.kernel.structs import Code, Line, Text
from app.kernel.words import Words
from integrations.departments.orders import Order
from integrations.departments.registers import Register
from integrations.departments.social_security import RSJ, Fen, Insurance, Months
from integrations.departments.vacancies import LEVELS, Level

WorkStatus = Literal["employee", "flexible", "farmer", "unemployed", "homemaker", "retired", "student"]
WORK_STATUSES: Final = {
    "employee": Words(zh="单位就业", en="Employed"),
    "flexible": Words(zh="灵活就业", en="Flexible work"),
    "farmer": Words(zh="务农", en="Farming"),
    "unemployed": Words(zh="未就业", en="Out of work"),
    "homemaker": Words(zh="料理家务", en="Keeping house"),
    "retired": Words(zh="已退休", en="Retired"),
    "student": Words(zh="在校", en="At school or university"),
}
ContractKind = Literal["fixed_term", "open_ended", "staffing", "civil_service"]
CONTRACTS: Final = {
    "fixed_term": Words(zh="固定期限劳动合同", en="Fixed-term labour contract"),
    "open_ended": Words(zh="无固定期限劳动合同", en="Open-ended labour contract"),
    "staffing": Words(zh="事业单位聘用合同", en="Contract of a public institution"),
    "civil_service": Words(zh="公务员录用（不订劳动合同）", en="Civil service (no labour contract)"),
}
"""How somebody is bound to an employer (劳动合同法 art. 12, 14; 事业单位人事管理条例 art. 12; 公务员法)."""
EndReason = Literal["contract_expired", "dismissed", "redundancy", "resigned"]
END_REASONS: Final = {
    "contract_expired": Words(zh="合同期满终止", en="The contract ended"),
    "dismissed": Words(zh="单位解除", en="The employer ended it"),
    "redundancy": Words(zh="经济性裁员", en="Redundancy"),
    "resigned": Words(zh="本人辞职", en="The worker resigned"),
}
Ground = Literal["age", "no_one_works", "long_unemployed", "disabled", "living_allowance"]
GROUNDS: Final = {
    "age": Words(zh="女满40周岁或男满50周岁", en="A woman of 40, or a man of 50, or over"),
    "no_one_works": Words(zh="零就业家庭成员", en="Nobody in the household works"),
    "long_unemployed": Words(zh="连续失业一年以上", en="Out of work for a year or more"),
    "disabled": Words(zh="残疾人", en="Disabled"),
    "living_allowance": Words(zh="低保对象", en="On the minimum living allowance"),
}
"""Why somebody counts as having difficulty in finding work (就业促进法 art. 52)."""


class Job(msgspec.Struct, frozen=True):
    """A job as the employer reported it (就业登记), and the contract on record (劳动合同备案)."""

    employer: Annotated[Line, label("用人单位", "Employer")]
    uscc: Annotated[Code, label("统一社会信用代码", "Unified social credit code")]
    since: Annotated[date, label("用工起始日期", "Hired on")]
    reported_on: Annotated[date, label("就业登记日期", "Reported on")]
    contract: Annotated[ContractKind, label("合同类型", "Contract", CONTRACTS)]
    contract_from: Annotated[date | None, label("现合同起始", "Present contract from")]
    contract_until: Annotated[date | None, label("现合同终止", "Present contract until")]


class LabourRule(msgspec.Struct, frozen=True):
    """A rule that workers ask about."""

    title: Annotated[Line, label("政策", "Rule")]
    text: Annotated[Text, label("内容", "What it says")]
    text_en: Annotated[Text, label("内容（英文）", "What it says, in English")]
    basis: Annotated[Line, label("依据", "Law")]


class LabourRecord(msgspec.Struct, frozen=True):
    """What employers have reported of a person of 16 or over, with the rules that apply."""

    status: Annotated[WorkStatus, label("就业状态", "Status", WORK_STATUSES)]
    job: Annotated[Job | None, label("就业登记", "Job")]
    insurances: Annotated[tuple[Insurance, ...], label("参保情况", "Insurances")]
    rules: Annotated[tuple[LabourRule, ...], label("劳动政策", "Rules")]


class UnemploymentRecord(msgspec.Struct, frozen=True):
    """Work that ended, the registration as unemployed and the benefit (就业促进法 art. 35; 社会保险法 art. 45-51)."""

    last_employer: Annotated[Line, label("原单位", "Last employer")]
    ended_on: Annotated[date, label("终止或解除日期", "Ended on")]
    reason: Annotated[EndReason, label("终止原因", "Reason", END_REASONS)]
    registered_on: Annotated[date | None, label("失业登记日期", "Registered on")]
    certificate_no: Annotated[Code | None, label("就业创业证编号", "Employment certificate no.")]
    contributed_months: Annotated[Months, label("失业保险缴费月数", "Months of unemployment insurance")]
    unused_months: Annotated[Months, label("上次未领完月数", "Months left of an earlier claim")]
    benefit_months: Annotated[Months, label("失业金最长期限（月）", "Most months of benefit")]
    benefit_fen: Annotated[Fen, label("本月失业金（分）", "Benefit this month (fen)")]
    benefit_until: Annotated[date | None, label("失业金期满日期", "Benefit ends on")]


class UnemploymentRegistered(msgspec.Struct, frozen=True):
    """Somebody was registered as unemployed: since when, and under which number of the certificate."""

    registered_on: date
    certificate_no: Code


class UnemploymentBenefitGranted(msgspec.Struct, frozen=True):
    """Unemployment benefit was granted: for so many months from a day on, how much a month.

    `goes_on_until` is the day of retirement, where that lies less than a year after the end.
    """

    months: Months
    monthly_fen: Fen
    since: date
    until: date
    goes_on_until: date | None


class HardshipRecord(msgspec.Struct, frozen=True):
    """Whether a registered unemployed person is recognised as having difficulty in finding work (就业困难人员认定)."""

    registered_on: Annotated[date, label("失业登记日期", "Registered as unemployed on")]
    unemployed_months: Annotated[Months, label("连续失业月数", "Months without work")]
    grounds: Annotated[tuple[Annotated[Ground, label("情形", "Ground", GROUNDS)], ...], label("符合的情形", "Grounds")]
    recognised_on: Annotated[date | None, label("认定日期", "Recognised on")]
    certificate_no: Annotated[Code, label("就业创业证编号", "Employment certificate no.")]


class Subsidy(msgspec.Struct, frozen=True):
    """A subsidy for graduates, and whether what the register knows meets its condition."""

    name: Annotated[Line, label("补贴", "Subsidy")]
    amount_fen: Annotated[Fen, label("金额（分）", "Amount (fen)")]
    insured_months: Annotated[Months, label("须参保月数", "Months of insurance needed")]
    met: Annotated[bool, label("参保条件已满足", "Insured for long enough")]


class GraduateRecord(msgspec.Struct, frozen=True):
    """A graduate within the period of choice (择业期): degree, personal file, job and subsidies."""

    level_code: Annotated[Level, label("学历", "Education", LEVELS)]
    graduated_on: Annotated[date, label("毕业日期", "Graduated on")]
    period_until: Annotated[date, label("择业期截止", "Period of choice until")]
    file_at: Annotated[Line, label("档案所在机构", "Personal file kept by")]
    employer: Annotated[Line | None, label("就业单位", "Employer")]
    employed_since: Annotated[date | None, label("就业登记日期", "Employed since")]
    insured_months: Annotated[Months, label("参保月数", "Months insured")]
    subsidies: Annotated[tuple[Subsidy, ...], label("补贴", "Subsidies")]


_DAYS: Final = timedelta(days=30)
LABOUR_RECORD: Final = Register(
    department=RSJ, service="labour_record", told=LabourRecord, fresh_for=timedelta(hours=12), usable_for=_DAYS
)
UNEMPLOYMENT_RECORD: Final = Register(
    department=RSJ,
    service="unemployment_record",
    told=UnemploymentRecord,
    fresh_for=timedelta(hours=1),
    usable_for=_DAYS,
)
HARDSHIP_RECORD: Final = Register(
    department=RSJ, service="hardship_record", told=HardshipRecord, fresh_for=timedelta(hours=1), usable_for=_DAYS
)
GRADUATE_RECORD: Final = Register(
    department=RSJ, service="graduate_record", told=GraduateRecord, fresh_for=timedelta(hours=12), usable_for=_DAYS
)
REGISTER_UNEMPLOYMENT: Final = Order(RSJ, "register_unemployment", UnemploymentRegistered)
GRANT_UNEMPLOYMENT_BENEFIT: Final = Order(RSJ, "grant_unemployment_benefit", UnemploymentBenefitGranted)
