"""What the Health Commission (卫健委) tells of a child's subsidy (育儿补贴), and how it is told to grant one."""

from datetime import date, timedelta
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from app.kernel.labels import label
from integrations.departments.directory import HEALTH
from integrations.departments.orders import Order
from integrations.departments.registers import Register
from integrations.departments.social_security import Fen


class SubsidyPaid(msgspec.Struct, frozen=True):
    """A payment that was made."""

    paid_on: Annotated[date, label("发放日期", "Paid on")]
    amount_fen: Annotated[Fen, label("金额（分）", "Amount (fen)")]


class ChildcareSubsidy(msgspec.Struct, frozen=True):
    """A child's subsidy: since when it is granted, if it is, and what was paid."""

    granted_on: Annotated[date | None, label("确认日期", "Granted on")]
    payments: Annotated[tuple[SubsidyPaid, ...], label("发放记录", "Payments")]


class SubsidyGranted(msgspec.Struct, frozen=True):
    """The subsidy was granted: on which day, and what will be paid until the third birthday."""

    granted_on: date
    total_fen: Fen
    payments: Annotated[int, Meta(ge=1, le=10)]


CHILDCARE_SUBSIDY: Final = Register(
    department=HEALTH,
    service="childcare_subsidy",
    told=ChildcareSubsidy,
    fresh_for=timedelta(hours=1),
    usable_for=timedelta(days=30),
)
GRANT_CHILDCARE_SUBSIDY: Final = Order(HEALTH, "grant_childcare_subsidy", SubsidyGranted)
