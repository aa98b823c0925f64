"""Kinds of fact that no register of today tells, and that somebody may therefore say themselves. Pure."""

from datetime import date
from typing import Final, Literal

from app.kernel.words import Words
from lifecycle.rules.facts import FactKind, fact_kind

ResidenceArea = Literal["urban", "rural"]
JobEnded = Literal["against_my_will", "resigned", "employer_at_fault"]
MedicalScheme = Literal["employee", "resident"]
Diploma = Literal["none", "secondary", "higher"]
HomeTenure = Literal["owner", "tenant", "other"]
WorkInjury = Literal["none", "not_recognised", "recognised"]

HOME_TENURE: Final[FactKind[HomeTenure]] = fact_kind(
    "home_tenure",
    HomeTenure,
    Words(zh="住房是自有、租住或其他", en="living in an own home, a rented one, or another's"),
    "property_registration",
)
WORK_INJURY: Final[FactKind[WorkInjury]] = fact_kind(
    "work_injury",
    WorkInjury,
    Words(
        zh="工伤或职业病（无/未认定/已认定）",
        en="injury at work or occupational disease: none, not recognised, recognised",
    ),
    "labour_capacity_appraisal",
)
INJURED_ON: Final[FactKind[date]] = fact_kind(
    "injured_on",
    date,
    Words(zh="受伤或职业病诊断日期", en="day of the injury at work, or of the diagnosis"),
    "work_injury_insurance",
)
RUNS_BUSINESS: Final[FactKind[bool]] = fact_kind(
    "runs_business",
    bool,
    Words(zh="是否在烟台办企业或经营", en="whether running a business in Yantai"),
    "business_registration",
)
EARNED_LAST_YEAR: Final[FactKind[bool]] = fact_kind(
    "earned_last_year",
    bool,
    Words(zh="上一年有无工资、劳务等综合所得", en="whether wages, fees or royalties were earned in the year before"),
    "online_tax_filing",
)
"""Of the year before that in which it was said."""
RESIDENCE_AREA: Final[FactKind[ResidenceArea]] = fact_kind(
    "residence_area",
    ResidenceArea,
    Words(zh="居住地为城镇或农村", en="living in town or in the country"),
    "social_assistance_info",
)
JOB_ENDED: Final[FactKind[JobEnded]] = fact_kind(
    "job_ended", JobEnded, Words(zh="离职原因", en="how work ended"), "unemployment_insurance"
)
MEDICAL_SCHEME: Final[FactKind[MedicalScheme]] = fact_kind(
    "medical_scheme",
    MedicalScheme,
    Words(zh="医保类别（职工/居民）", en="medical insurance: employees' or residents'"),
    "medical_insurance",
)
RESIDENT_PENSION_MONTHS: Final[FactKind[int]] = fact_kind(
    "resident_pension_months",
    int,
    Words(zh="居民养老保险缴费月数", en="months paid in for the residents' pension"),
    "pension_insurance",
)
FUND_MONTHS: Final[FactKind[int]] = fact_kind(
    "fund_months",
    int,
    Words(zh="公积金连续缴存月数", en="months paid into the provident fund without a break"),
    "provident_fund_query",
)
DIPLOMA: Final[FactKind[Diploma]] = fact_kind(
    "diploma",
    Diploma,
    Words(
        zh="最高学历（初中及以下/高中或中专/大专及以上）",
        en="highest diploma: none above junior school, secondary, or higher",
    ),
    "diploma_verification",
)
GRADUATED_ON: Final[FactKind[date]] = fact_kind(
    "graduated_on", date, Words(zh="高校毕业日期", en="day of graduating from university"), "diploma_verification"
)
