"""What Civil Affairs (民政局) tells of a person's assistance (社会救助) and allowances (福利津贴)."""

from datetime import date, timedelta
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from app.kernel.labels import label
from app.kernel.structs import Line
from app.kernel.words import Words
from integrations.departments.directory import CIVIL_AFFAIRS
from integrations.departments.orders import Order
from integrations.departments.registers import Register
from integrations.departments.social_security import Fen

AllowanceKind = Literal["senior", "disabled_living", "disabled_care", "orphan"]
ALLOWANCES: Final = {
    "senior": Words(zh="高龄津贴", en="Old-age allowance"),
    "disabled_living": Words(zh="困难残疾人生活补贴", en="Living subsidy for disabled people in hardship"),
    "disabled_care": Words(zh="重度残疾人护理补贴", en="Care subsidy for severe disability"),
    "orphan": Words(zh="孤儿基本生活费", en="Orphan's living allowance"),
}


class AssistancePaid(msgspec.Struct, frozen=True):
    """A month's payment."""

    month: Annotated[date, label("发放月份（当月1日）", "Month, by its first day")]
    amount_fen: Annotated[Fen, label("金额（分）", "Amount (fen)")]


class LivingAllowance(msgspec.Struct, frozen=True):
    """A household's minimum living allowance (低保): what it lacks to the standard (社会救助法 art. 18)."""

    people: Annotated[int, Meta(ge=1, le=50), label("保障人口", "People")]
    income_fen: Annotated[Fen, label("家庭月收入（分）", "Household's monthly income (fen)")]
    monthly_fen: Annotated[Fen, label("月低保金（分）", "Allowance a month (fen)")]
    granted_on: Annotated[date, label("确认日期", "Granted on")]
    review_on: Annotated[date, label("下次复核日期", "Next review on")]
    payments: Annotated[tuple[AssistancePaid, ...], label("今年发放记录", "Payments of this year")]


class SocialAssistance(msgspec.Struct, frozen=True):
    """What assistance a person's household gets. Without an allowance nothing of its means is told."""

    standard_fen: Annotated[Fen, label("低保标准（分/人·月）", "Standard, a person and month (fen)")]
    living_allowance: Annotated[LivingAllowance | None, label("最低生活保障", "Minimum living allowance")]


class Allowance(msgspec.Struct, frozen=True):
    """An allowance as it is paid."""

    kind: Annotated[AllowanceKind, label("津贴或补贴", "Allowance", ALLOWANCES)]
    monthly_fen: Annotated[Fen, label("每月金额（分）", "Amount a month (fen)")]
    since: Annotated[date | None, label("享受起始日期", "Since")]
    basis: Annotated[Line, label("依据", "Rule")]


class WelfareAllowances(msgspec.Struct, frozen=True):
    """Every allowance of a person; most people have none."""

    allowances: Annotated[tuple[Allowance, ...], label("津贴和补贴", "Allowances")]


class OldAgeAllowanceGranted(msgspec.Struct, frozen=True):
    """The old-age allowance was granted: how much a month at present, and from which month on (its first day)."""

    monthly_fen: Fen
    since: date


SOCIAL_ASSISTANCE: Final = Register(
    department=CIVIL_AFFAIRS,
    service="social_assistance",
    told=SocialAssistance,
    fresh_for=timedelta(hours=6),
    usable_for=timedelta(days=30),
)
WELFARE_ALLOWANCES: Final = Register(
    department=CIVIL_AFFAIRS,
    service="welfare_allowances",
    told=WelfareAllowances,
    fresh_for=timedelta(hours=6),
    usable_for=timedelta(days=30),
)
GRANT_OLD_AGE_ALLOWANCE: Final = Order(CIVIL_AFFAIRS, "grant_old_age_allowance", OldAgeAllowanceGranted)
