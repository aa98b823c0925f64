"""What the Health Commission (卫健委) has of a driver's health: the form (身体条件证明) that a hospital sent in after its check."""

from datetime import date, timedelta
from typing import Annotated, Final

import msgspec

from app.kernel.labels import label
from app.kernel.structs import Line
from integrations.departments.directory import HEALTH
from integrations.departments.registers import Register


class DriverHealthForm(msgspec.Struct, frozen=True):
    """The newest form of somebody who drives: when and where they were checked, and whether their health allows driving."""

    examined_on: Annotated[date, label("体检日期", "Checked on")]
    institution: Annotated[Line, label("医疗机构", "Checked at")]
    fit: Annotated[bool, label("符合驾驶许可的身体条件", "Health allows driving")]


DRIVER_HEALTH_FORM: Final = Register(
    department=HEALTH,
    service="driver_health_form",
    told=DriverHealthForm,
    fresh_for=timedelta(hours=1),
    usable_for=timedelta(days=7),
)
