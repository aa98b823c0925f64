"""What Human Resources and Social Security (人社局) tells from its registers."""

from datetime import date, timedelta
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from app.kernel.labels import label
from app.kernel.structs import Line
from app.kernel.words import Words
from integrations.departments.registers import Register

RSJ: Final = "RSJ"
Months = Annotated[int, Meta(ge=0, le=1200)]
Fen = Annotated[int, Meta(ge=0, le=10**12)]
InsuranceCode = Literal["110", "120", "170", "210", "310", "410", "510"]
INSURANCES: Final = {
    "110": Words(zh="企业职工基本养老保险", en="Pension insurance of employees"),
    "120": Words(zh="机关事业单位基本养老保险", en="Pension insurance of public bodies"),
    "170": Words(zh="城乡居民基本养老保险", en="Pension insurance of residents"),
    "210": Words(zh="失业保险", en="Unemployment insurance"),
    "310": Words(zh="职工基本医疗保险", en="Medical insurance of employees"),
    "410": Words(zh="工伤保险", en="Work injury insurance"),
    "510": Words(zh="生育保险", en="Maternity insurance"),
}
"""Kinds of insurance (险种)."""


class Insurance(msgspec.Struct, frozen=True):
    """One insurance of a person: how long it was paid, and on which monthly base (0 where a flat amount is paid)."""

    code: Annotated[InsuranceCode, label("险种", "Insurance", INSURANCES)]
    months: Annotated[Months, label("累计缴费月数", "Months paid")]
    base_fen: Annotated[Fen, label("缴费基数（分）", "Monthly base (fen)")]


class SocialInsurance(msgspec.Struct, frozen=True):
    """A person's social insurance (社会保险法 art. 74: everybody may look at what was paid for them)."""

    employer: Annotated[Line | None, label("参保单位", "Employer")]
    insured_since: Annotated[date | None, label("现单位参保日期", "Insured there since")]
    insurances: Annotated[tuple[Insurance, ...], label("参保险种", "Insurances")]


SOCIAL_INSURANCE: Final = Register(
    department=RSJ,
    service="social_insurance",
    told=SocialInsurance,
    fresh_for=timedelta(hours=12),
    usable_for=timedelta(days=30),
)
