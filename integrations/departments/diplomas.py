"""What is registered of somebody's diplomas (学历证书): on CHSI (学信网) since 2001, otherwise with the Education Bureau (教育局)."""

from datetime import date, timedelta
from typing import Annotated, Final, Literal

import msgspec

from app.kernel.labels import label
from app.kernel.structs import Code, Line
from app.kernel.words import Words
from integrations.departments.registers import Register
from integrations.departments.schooling import JYJ, LEVELS, Level

Channel = Literal["chsi", "by_hand", "bureau"]
CHANNELS: Final = {
    "chsi": Words(zh="学信网在线查询，即时生成备案表", en="CHSI, at once"),
    "by_hand": Words(zh="学信网人工核查", en="CHSI, checked by hand"),
    "bureau": Words(zh="教育部门核实中等学历", en="Confirmed by the education bureau"),
}
"""How a diploma is verified: higher education since 2001 is on CHSI, older ones are checked by hand (高等教育法 art. 20)."""


class Diploma(msgspec.Struct, frozen=True):
    """A diploma as it is registered."""

    level: Annotated[Level, label("学历层次", "Level", LEVELS)]
    school: Annotated[Line, label("毕业学校", "School")]
    number: Annotated[Code, label("证书编号", "Number")]
    entered_on: Annotated[date, label("入学日期", "Entered on")]
    graduated_on: Annotated[date, label("毕业日期", "Graduated on")]
    channel: Annotated[Channel, label("认证方式", "How it is verified", CHANNELS)]


class Diplomas(msgspec.Struct, frozen=True):
    """Somebody's diplomas from senior secondary school on, the highest first."""

    diplomas: Annotated[tuple[Diploma, ...], label("学历证书", "Diplomas")]


DIPLOMAS: Final = Register(
    department=JYJ,
    service="diplomas",
    told=Diplomas,
    fresh_for=timedelta(days=1),
    usable_for=timedelta(days=90),
)
