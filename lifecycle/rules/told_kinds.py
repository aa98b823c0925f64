"""Further kinds of fact, which only a department or this portal can tell. Pure.

They belong to `fact_kinds`, and stand apart so that either file can be taken in at a glance.
"""

from datetime import date
from typing import Final, Literal

import msgspec

from app.kernel.words import Words
from lifecycle.rules.facts import FactKind, fact_kind

PensionScheme = Literal["employee", "resident"]
CardState = Literal["none", "issued", "active", "lost"]


class LastJobEnded(msgspec.Struct, frozen=True):
    """The end of somebody's last work, and whether they resigned."""

    on: date
    resigned: bool


class DivorceApplication(msgspec.Struct, frozen=True):
    """An application for divorce by agreement that is under way: its days, as the registry counts them."""

    accepted_on: date
    withdraw_until: date
    claim_from: date
    claim_until: date


class LivingAllowance(msgspec.Struct, frozen=True):
    """The minimum living allowance (低保) of a household: fen a month, and the next review."""

    monthly_fen: int
    review_on: date


CITIZEN_CARD: Final[FactKind[CardState]] = fact_kind(
    "citizen_card",
    CardState,
    Words(zh="市民卡（未开通/待激活/正常/已挂失）", en="citizen card: none, not activated, in use or reported lost"),
)
CHILDCARE_GRANTED_ON: Final[FactKind[date]] = fact_kind(
    "childcare_granted_on", date, Words(zh="育儿补贴确认日期", en="childcare subsidy granted on"), "childcare_subsidy"
)
INSURANCES: Final[FactKind[tuple[str, ...]]] = fact_kind(
    "insurances", tuple[str, ...], Words(zh="参保险种", en="kinds of social insurance"), "social_insurance_info"
)
EMPLOYEES_PENSION: Final = "110"
OFFICES_PENSION: Final = "120"
RESIDENTS_PENSION: Final = "170"
UNEMPLOYMENT: Final = "210"
EMPLOYEES_MEDICAL: Final = "310"
MATERNITY: Final = "510"
"""Kinds of social insurance, by the bureau's codes."""
MEDICAL_PAID_UNTIL: Final[FactKind[date]] = fact_kind(
    "medical_paid_until", date, Words(zh="医保待遇享受至", en="medical insurance paid until"), "medical_insurance"
)
PENSION_SCHEME: Final[FactKind[PensionScheme]] = fact_kind(
    "pension_scheme", PensionScheme, Words(zh="养老保险类型", en="kind of pension insurance"), "pension_insurance"
)
RETIRES_ON: Final[FactKind[date]] = fact_kind(
    "retires_on", date, Words(zh="法定领取年龄到达日", en="statutory age reached on"), "pension_insurance"
)
LAST_JOB_ENDED: Final[FactKind[LastJobEnded]] = fact_kind(
    "last_job_ended", LastJobEnded, Words(zh="终止就业", en="end of the last work"), "employment_unemployment_cert"
)
UNEMPLOYMENT_PAID_UNTIL: Final[FactKind[date]] = fact_kind(
    "unemployment_paid_until",
    date,
    Words(zh="失业金期满日期", en="unemployment benefit until"),
    "employment_unemployment_cert",
)
DIVORCE_APPLICATION: Final[FactKind[DivorceApplication]] = fact_kind(
    "divorce_application",
    DivorceApplication,
    Words(zh="离婚登记申请", en="application for divorce"),
    "divorce_registration",
)
LIVING_ALLOWANCE: Final[FactKind[LivingAllowance]] = fact_kind(
    "living_allowance",
    LivingAllowance,
    Words(zh="最低生活保障", en="minimum living allowance"),
    "social_assistance_info",
)
ANTENATAL_DONE: Final[FactKind[tuple[tuple[str, date], ...]]] = fact_kind(
    "antenatal_done",
    tuple[tuple[str, date], ...],
    Words(zh="已做的产前检查", en="antenatal checks done"),
    "antenatal_exam",
)
MATERNAL_CARE: Final[FactKind[tuple[tuple[str, date], ...]]] = fact_kind(
    "maternal_care",
    tuple[tuple[str, date], ...],
    Words(zh="建册和产后服务", en="handbook and visits after birth"),
    "perinatal_care",
)
