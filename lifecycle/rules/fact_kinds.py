"""The kinds of fact that rules read, with the shapes of their values. Pure.

A kind is what is so, never what somebody is entitled to: that is worked out. Amounts are in fen, dates are civil dates.
"""

from datetime import date, datetime
from typing import Final, Literal
from uuid import UUID

import msgspec

from app.kernel.words import Words
from lifecycle.rules.facts import FactKind, fact_kind
from lifecycle.rules.immunisation import Given
from lifecycle.rules.retirement_age import RetirementKind
from lifecycle.rules.vehicle_inspection import Kind as VehicleKind

SexCode = Literal["male", "female"]
MaritalStatus = Literal["single", "married", "divorced", "widowed"]
SchoolStage = Literal["kindergarten", "primary", "junior", "senior", "university"]


class Child(msgspec.Struct, frozen=True, order=True):
    """A child of a parent."""

    birth_date: date
    id: UUID


class Guardian(msgspec.Struct, frozen=True):
    """A guardian of the person, and the first day on which they no longer are."""

    id: UUID
    until: date | None


class Pregnancy(msgspec.Struct, frozen=True):
    """A pregnancy: the first day of the last menstrual period (末次月经), and when it ended, by birth or otherwise."""

    last_period_on: date
    ended_on: date | None = None


class Driving(msgspec.Struct, frozen=True):
    """A driving licence: since when, until when (none: for good), and the points of the present cycle."""

    first_issued_on: date
    expires_on: date | None
    licence_class: str
    points: int = 0
    unsettled: int = 0
    """Offences that aren't dealt with."""


class Vehicle(msgspec.Struct, frozen=True, order=True):
    """A vehicle: when it was registered first, of which kind, its plate, and through which day it is inspected, if that is told."""

    registered_on: date
    kind: VehicleKind
    plate: str
    inspected_to: date | None = None


class HeldLicence(msgspec.Struct, frozen=True):
    """A licence (证照) that ends."""

    id: UUID
    type_code: str
    title: Words
    number: str
    valid_to: date
    matter: str


class Expected(msgspec.Struct, frozen=True):
    """An appointment to come: where, and for which purposes; `pay_until` where its place is held until it is paid for."""

    id: UUID
    matter: str
    title: Words
    where: Words
    on: date
    made_on: date
    purposes: tuple[str, ...] = ()
    pay_until: datetime | None = None
    fee_fen: int = 0


class OpenBill(msgspec.Struct, frozen=True):
    """A bill that nobody has paid."""

    matter: str
    department: str
    reference: str
    title: Words
    account: str
    amount_fen: int
    due_on: date
    told_at: datetime
    level: int


class CaseStanding(msgspec.Struct, frozen=True):
    """A case of the person's: open, or done on a day."""

    id: UUID
    matter: str
    open: bool
    changed_on: date
    issued: bool


class Insured(msgspec.Struct, frozen=True):
    """Months paid in for the pension (职工养老) in all, up to the month that the bureau has booked; months left out of the last two years."""

    months: int
    booked_to: date
    left_out: tuple[date, ...] = ()


class Job(msgspec.Struct, frozen=True):
    """Work with an employer: since when, and until when; `contract_until` is the end of a contract for a fixed term."""

    since: date
    until: date | None = None
    contract_until: date | None = None


class Schooling(msgspec.Struct, frozen=True):
    """A school that somebody attends: which stage, since when, and when it ends."""

    stage: SchoolStage
    since: date
    until: date


class Allowance(msgspec.Struct, frozen=True, order=True):
    """An allowance that is drawn (`senior`, `childcare`, `disability_living` …)."""

    kind: str
    monthly_fen: int


class Home(msgspec.Struct, frozen=True):
    """A home that somebody owns; `owner_died` where a co-owner has died and nobody inherited yet."""

    address: str
    owner_died: bool
    as_of: date


class Heating(msgspec.Struct, frozen=True):
    """A contract for heat: whether it is stopped for the coming season, and which seasons are stopped, by their first year."""

    account: str
    stopped: bool
    stopped_seasons: tuple[int, ...] = ()


BIRTH_DATE: Final[FactKind[date]] = fact_kind("birth_date", date, Words(zh="出生日期", en="date of birth"))
SEX: Final[FactKind[SexCode]] = fact_kind("sex", SexCode, Words(zh="性别", en="sex"))
DIED_ON: Final[FactKind[date]] = fact_kind("died_on", date, Words(zh="死亡日期", en="date of death"))
DIVISION: Final[FactKind[str]] = fact_kind("division", str, Words(zh="户籍地", en="place of household registration"))
REGISTERED: Final[FactKind[bool]] = fact_kind(
    "registered", bool, Words(zh="是否已登记户口", en="whether registered in a household")
)
ADDRESS_SINCE: Final[FactKind[date]] = fact_kind(
    "residence_since", date, Words(zh="来烟居住起始日", en="living in Yantai since"), "recruit_transfer_hukou_migration"
)
MARITAL_STATUS: Final[FactKind[MaritalStatus]] = fact_kind(
    "marital_status", MaritalStatus, Words(zh="婚姻状况", en="marital status"), "marriage_registration"
)
MARRIED_ON: Final[FactKind[date]] = fact_kind(
    "married_on", date, Words(zh="结婚登记日期", en="day of the marriage"), "marriage_registration"
)
CHILDREN: Final[FactKind[tuple[Child, ...]]] = fact_kind("children", tuple[Child, ...], Words(zh="子女", en="children"))
GUARDIANS: Final[FactKind[tuple[Guardian, ...]]] = fact_kind(
    "guardians", tuple[Guardian, ...], Words(zh="监护人", en="guardians")
)
PREGNANCY: Final[FactKind[Pregnancy]] = fact_kind(
    "pregnancy", Pregnancy, Words(zh="孕期（末次月经）", en="pregnancy (last period)"), "antenatal_exam"
)
DOSES: Final[FactKind[tuple[Given, ...]]] = fact_kind(
    "doses", tuple[Given, ...], Words(zh="预防接种记录", en="vaccinations given"), "infant_immunization"
)
SCHOOLING: Final[FactKind[Schooling]] = fact_kind(
    "schooling", Schooling, Words(zh="就读学校", en="school attended"), "school_admission"
)
STUDYING: Final[FactKind[bool]] = fact_kind("studying", bool, Words(zh="是否在读", en="whether studying"))
JOB: Final[FactKind[Job]] = fact_kind("job", Job, Words(zh="就业", en="employment"), "labour_employment_info")
WORKER_KIND: Final[FactKind[RetirementKind]] = fact_kind(
    "worker_kind",
    RetirementKind,
    Words(zh="退休类别（工人/干部）", en="kind of worker, for retirement"),
    "pension_insurance",
)
INSURED: Final[FactKind[Insured]] = fact_kind(
    "insured", Insured, Words(zh="养老保险缴费月数", en="months paid in for the pension"), "pension_insurance"
)
UNEMPLOYED_SINCE: Final[FactKind[date]] = fact_kind(
    "unemployed_since", date, Words(zh="失业登记日期", en="registered unemployed since"), "unemployment_insurance"
)
UNEMPLOYMENT_MONTHS: Final[FactKind[int]] = fact_kind(
    "unemployment_months",
    int,
    Words(zh="失业保险缴费月数", en="months paid in for unemployment"),
    "unemployment_insurance",
)
PENSION_SINCE: Final[FactKind[date]] = fact_kind(
    "pension_since", date, Words(zh="领取养老金起始日", en="drawing a pension since"), "pension_insurance"
)
MEDICAL_INSURED: Final[FactKind[bool]] = fact_kind(
    "medical_insured", bool, Words(zh="是否参加基本医保", en="whether insured for medical costs"), "medical_insurance"
)
ALLOWANCES: Final[FactKind[tuple[Allowance, ...]]] = fact_kind(
    "allowances", tuple[Allowance, ...], Words(zh="已领补贴", en="allowances drawn"), "social_welfare_info"
)
CHILDCARE_PAID_YEARS: Final[FactKind[tuple[int, ...]]] = fact_kind(
    "childcare_paid_years",
    tuple[int, ...],
    Words(zh="已领育儿补贴年度", en="years of childcare subsidy paid"),
    "childcare_subsidy",
)
DISABILITY_GRADE: Final[FactKind[int]] = fact_kind(
    "disability_grade", int, Words(zh="残疾等级", en="grade of disability"), "social_welfare_info"
)
HOUSEHOLD_INCOME_FEN: Final[FactKind[int]] = fact_kind(
    "household_income_fen", int, Words(zh="家庭月收入", en="the household's monthly income"), "social_assistance_info"
)
HOUSEHOLD_PERSONS: Final[FactKind[int]] = fact_kind(
    "household_persons", int, Words(zh="家庭人口", en="persons in the household"), "social_assistance_info"
)
WAGE_FEN: Final[FactKind[int]] = fact_kind(
    "wage_fen", int, Words(zh="月工资", en="monthly wage"), "labour_employment_info"
)
SELF_PAID_FEN: Final[FactKind[int]] = fact_kind(
    "self_paid_fen",
    int,
    Words(zh="本年度个人负担的合规医疗费", en="compliant medical costs borne this year"),
    "medical_insurance_reimbursement",
)
DRIVING: Final[FactKind[Driving]] = fact_kind(
    "driving", Driving, Words(zh="驾驶证", en="driving licence"), "driver_info_query"
)
VEHICLES: Final[FactKind[tuple[Vehicle, ...]]] = fact_kind(
    "vehicles", tuple[Vehicle, ...], Words(zh="机动车", en="vehicles"), "vehicle_violation_query"
)
HOMES: Final[FactKind[tuple[Home, ...]]] = fact_kind(
    "homes", tuple[Home, ...], Words(zh="不动产", en="homes owned"), "property_registration"
)
HEATING: Final[FactKind[Heating]] = fact_kind(
    "heating", Heating, Words(zh="供热合同", en="contract for heat"), "heating_service"
)
LICENCES: Final[FactKind[tuple[HeldLicence, ...]]] = fact_kind(
    "licences", tuple[HeldLicence, ...], Words(zh="电子证照", en="licences held")
)
ID_CARD_UNTIL: Final[FactKind[date]] = fact_kind(
    "id_card_until", date, Words(zh="居民身份证有效期", en="identity card valid to")
)
APPOINTMENTS: Final[FactKind[tuple[Expected, ...]]] = fact_kind(
    "appointments", tuple[Expected, ...], Words(zh="预约", en="appointments")
)
BILLS: Final[FactKind[tuple[OpenBill, ...]]] = fact_kind(
    "bills", tuple[OpenBill, ...], Words(zh="待缴账单", en="open bills")
)
CASES: Final[FactKind[tuple[CaseStanding, ...]]] = fact_kind(
    "cases", tuple[CaseStanding, ...], Words(zh="办件", en="cases")
)
EVENTS: Final[FactKind[tuple[tuple[str, date], ...]]] = fact_kind(
    "life_events", tuple[tuple[str, date], ...], Words(zh="人生事件", en="life events")
)


class Residence(msgspec.Struct, frozen=True):
    """Where somebody lives (not where they are registered): the division, and since when."""

    division: str
    since: date


RESIDENCE: Final[FactKind[Residence]] = fact_kind(
    "residence", Residence, Words(zh="现居住地", en="where they live"), "recruit_transfer_hukou_migration"
)
