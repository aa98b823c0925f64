"""What Human Resources and Social Security (人社局) publishes on work by people from abroad (外国人来华工作许可)."""

from datetime import date, timedelta
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from app.kernel.labels import label
from app.kernel.structs import Line, Text
from app.kernel.words import Words
from integrations.departments.registers import Register
from integrations.departments.social_security import RSJ

Points = Annotated[int, Meta(ge=0, le=200)]
PermitClass = Literal["A", "B", "C", "exempt"]
PERMIT_CLASSES: Final = {
    "A": Words(zh="A类：高端人才", en="Class A: high-end talents"),
    "B": Words(zh="B类：专业人才", en="Class B: professionals"),
    "C": Words(zh="C类：其他人员", en="Class C: others"),
    "exempt": Words(zh="不需要工作许可", en="No permit needed"),
}


class PermitRule(msgspec.Struct, frozen=True):
    """Who falls into a class, and what is asked of them (出境入境管理法 art. 41)."""

    permit_class: Annotated[PermitClass, label("类别", "Class", PERMIT_CLASSES)]
    name: Annotated[Line, label("适用人员", "For whom")]
    conditions: Annotated[Text, label("条件", "Conditions")]
    conditions_en: Annotated[Text, label("条件（英文）", "Conditions in English")]
    materials: Annotated[tuple[Line, ...], label("材料", "Documents")]
    basis: Annotated[Line, label("依据", "Rule")]
    valid_from: Annotated[date, label("执行起始", "In force from")]
    least_points: Annotated[Points | None, label("最低积分", "Least points")] = None


class PermitRules(msgspec.Struct, frozen=True):
    """Every class, and who needs no permit."""

    items: tuple[PermitRule, ...]


PERMIT_RULES: Final = Register(
    department=RSJ,
    service="work_permit_rules",
    told=PermitRules,
    fresh_for=timedelta(days=1),
    usable_for=timedelta(days=30),
)
