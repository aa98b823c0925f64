"""What the Education Bureau (教育局) tells of a disabled child's schooling (残疾人教育条例): arrangement, support, special schools."""

from datetime import date, timedelta
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from app.kernel.labels import label
from app.kernel.structs import Code, Line
from app.kernel.words import Words
from integrations.departments.registers import Register
from integrations.departments.schooling import JYJ, School

Disability = Literal["1", "2", "3", "4", "5", "6", "7"]
DISABILITIES: Final = {
    "1": Words(zh="视力残疾", en="Sight"),
    "2": Words(zh="听力残疾", en="Hearing"),
    "3": Words(zh="言语残疾", en="Speech"),
    "4": Words(zh="肢体残疾", en="Limbs"),
    "5": Words(zh="智力残疾", en="Intellect"),
    "6": Words(zh="精神残疾", en="Mind"),
    "7": Words(zh="多重残疾", en="Several"),
}
"""Classes of disability (残疾类别, GB/T 26341)."""
Arrangement = Literal["ordinary_class", "supported_school", "at_home", "not_yet"]
ARRANGEMENTS: Final = {
    "ordinary_class": Words(zh="普通学校随班就读", en="Ordinary class"),
    "supported_school": Words(zh="有资源教室的普通学校", en="Ordinary school that is equipped for it"),
    "at_home": Words(zh="送教上门", en="Taught at home"),
    "not_yet": Words(zh="尚未评估", en="Not yet assessed"),
}
"""Where a child learns (残疾人教育条例 art. 17); a special school is the parents' choice among `special_schools`."""


class SpecialSchool(msgspec.Struct, frozen=True):
    """A special school (特殊教育学校), which also advises the ordinary ones."""

    code: Annotated[Code, label("学校代码", "Code")]
    name: Annotated[Line, label("学校名称", "Name")]
    for_disabilities: Annotated[
        tuple[Annotated[Disability, label("残疾类别", "Class", DISABILITIES)], ...], label("招收类别", "Takes")
    ]
    address: Annotated[Line, label("地址", "Address")]
    phone: Annotated[Line, label("电话", "Telephone")]


class SpecialEducation(msgspec.Struct, frozen=True):
    """A disabled child's schooling: what the card says, what the committee of experts advised, who helps."""

    disability: Annotated[Disability, label("残疾类别", "Class of disability", DISABILITIES)]
    disability_level: Annotated[int, Meta(ge=1, le=4), label("残疾等级", "Level of disability")]
    arrangement: Annotated[Arrangement, label("安置方式", "Arrangement", ARRANGEMENTS)]
    school: Annotated[School | None, label("学籍学校", "School")]
    assessed_on: Annotated[date | None, label("评估日期", "Assessed on")]
    next_assessment_on: Annotated[date | None, label("下次评估", "Next assessment")]
    support: Annotated[tuple[Line, ...], label("支持措施", "Support")]
    special_schools: Annotated[tuple[SpecialSchool, ...], label("可选特殊教育学校", "Special schools")]


SPECIAL_EDUCATION: Final = Register(
    department=JYJ,
    service="special_education",
    told=SpecialEducation,
    fresh_for=timedelta(hours=12),
    usable_for=timedelta(days=30),
)
