"""What the Health Commission (卫健委) tells of medical care: institutions, and what is known of a person."""

from datetime import timedelta
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from app.kernel.labels import label
from app.kernel.structs import Code, Line
from app.kernel.words import Words
from integrations.departments.directory import HEALTH
from integrations.departments.registers import Register

Tier = Literal["3A", "3B", "2A", "2B", "1", "none"]
TIERS: Final = {
    "3A": Words(zh="三级甲等", en="Tier 3, grade A"),
    "3B": Words(zh="三级乙等", en="Tier 3, grade B"),
    "2A": Words(zh="二级甲等", en="Tier 2, grade A"),
    "2B": Words(zh="二级乙等", en="Tier 2, grade B"),
    "1": Words(zh="一级", en="Tier 1"),
    "none": Words(zh="未定级", en="Not graded"),
}
"""Grades of hospitals (医院等级)."""


class Institution(msgspec.Struct, frozen=True):
    """A medical institution as it is registered (医疗机构执业登记)."""

    code: Annotated[Code, label("机构代码", "Code")]
    name: Annotated[Line, label("名称", "Name")]
    division_code: Annotated[Code, label("所在区划", "Division")]
    address: Annotated[Line, label("地址", "Address")]
    tier: Annotated[Tier, label("等级", "Grade", TIERS)]
    beds: Annotated[int, Meta(ge=0, le=20_000), label("床位数", "Beds")]
    departments: Annotated[tuple[Line, ...], label("诊疗科目", "Departments")]
    insured: Annotated[bool, label("医保定点", "Takes medical insurance")]
    phone: Annotated[Line, label("电话", "Telephone")]


class Institutions(msgspec.Struct, frozen=True):
    """Every medical institution of the city."""

    items: tuple[Institution, ...]


INSTITUTIONS: Final = Register(
    department=HEALTH,
    service="medical_institutions",
    told=Institutions,
    fresh_for=timedelta(days=1),
    usable_for=timedelta(days=30),
)
