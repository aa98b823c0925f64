"""Kinds of fact that no register of today tells, and that somebody may therefore say themselves. Pure."""

from datetime import date
from typing import Final, Literal

from app.kernel.words import Words
from lifecycle.rules.facts import FactKind, fact_kind

ResidenceArea = Literal["urban", "rural"]
JobEnded = Literal["against_my_will", "resigned", "employer_at_fault"]
MedicalScheme = Literal["employee", "resident"]
Diploma = Literal["none", "secondary", "higher"]

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
