"""What the Health Commission (卫健委) tells a school of a child's vaccinations: whole or not, and what is missing (疫苗管理法 art. 48)."""

from datetime import date, timedelta
from typing import Annotated, Final

import msgspec

from app.kernel.labels import label
from app.kernel.structs import Line
from integrations.departments.directory import HEALTH
from integrations.departments.registers import Register


class VaccinationCheck(msgspec.Struct, frozen=True):
    """Whether a child has had every dose of the national programme that was due by a day (入学接种证查验). It bars nobody from school."""

    checked_on: Annotated[date, label("查验日期", "Checked on")]
    complete: Annotated[bool, label("已全程接种", "Complete")]
    missing: Annotated[tuple[Line, ...], label("待补种", "Missing")]


VACCINATION_CHECK: Final = Register(
    department=HEALTH,
    service="vaccination_check",
    told=VaccinationCheck,
    fresh_for=timedelta(hours=12),
    usable_for=timedelta(days=7),
)
