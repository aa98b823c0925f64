"""What the Health Commission (卫健委) tells of pregnancies: fertility registrations, the handbook (母子健康手册), antenatal checks.

The weeks follow 孕前和孕期保健指南（2018） and 国家基本公共卫生服务规范（第三版）; who may be told is in 母婴保健法, art. 14 and 34.
"""

from datetime import date, timedelta
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from app.kernel.labels import label
from app.kernel.structs import Code, Line, PersonName
from app.kernel.words import Words
from integrations.departments.directory import HEALTH
from integrations.departments.orders import Order
from integrations.departments.registers import Register

BirthOrder = Annotated[int, Meta(ge=1, le=20)]
Weeks = Annotated[int, Meta(ge=0, le=45)]
Risk = Literal["green", "yellow", "orange", "red", "purple"]
RISKS: Final = {
    "green": Words(zh="绿色（低风险）", en="Green: low risk"),
    "yellow": Words(zh="黄色（一般风险）", en="Yellow: some risk"),
    "orange": Words(zh="橙色（较高风险）", en="Orange: higher risk"),
    "red": Words(zh="红色（高风险）", en="Red: high risk"),
    "purple": Words(zh="紫色（传染病）", en="Purple: infectious illness"),
}
"""Colours of the risk assessment in pregnancy (妊娠风险评估分级)."""
CheckCode = Literal[
    "first_visit", "nt_scan", "serum_screening", "system_ultrasound", "ogtt", "growth_ultrasound", "gbs", "monitoring"
]
CHECKS: Final = {
    "first_visit": Words(zh="建册和首次检查", en="Handbook and first check"),
    "nt_scan": Words(zh="NT超声", en="Nuchal translucency scan"),
    "serum_screening": Words(zh="血清学筛查", en="Serum screening"),
    "system_ultrasound": Words(zh="系统超声", en="Anomaly scan"),
    "ogtt": Words(zh="糖耐量试验", en="Glucose tolerance test"),
    "growth_ultrasound": Words(zh="生长发育超声", en="Growth scan"),
    "gbs": Words(zh="B族链球菌筛查", en="Group B streptococcus"),
    "monitoring": Words(zh="胎心监护", en="Fetal monitoring"),
}
State = Literal["done", "due", "coming", "missed"]
STATES: Final = {
    "done": Words(zh="已完成", en="Done"),
    "due": Words(zh="现在可做", en="Due now"),
    "coming": Words(zh="未到时间", en="Not yet"),
    "missed": Words(zh="未做", en="Not done"),
}
VisitCode = Literal["home_visit", "day_42"]
VISITS: Final = {
    "home_visit": Words(zh="产后访视", en="Visit at home after birth"),
    "day_42": Words(zh="产后42天检查", en="Check 42 days after birth"),
}


class FertilityRegistration(msgspec.Struct, frozen=True):
    """A registration of a birth (生育登记服务凭证, 人口与计划生育法, art. 18), which both partners made."""

    registration_no: Annotated[Code, label("凭证编号", "Number")]
    registered_on: Annotated[date, label("登记日期", "Registered on")]
    office: Annotated[Line, label("登记机关", "Registered at")]
    partner: Annotated[PersonName | None, label("另一方姓名", "The other partner")]
    order: Annotated[BirthOrder, label("孩次", "Which child of the mother")]
    expected_on: Annotated[date, label("预产期", "Due date")]
    born_on: Annotated[date | None, label("出生日期", "Born on")]


class FertilityRegistrations(msgspec.Struct, frozen=True):
    """A person's registrations, the newest first, and the children that the register knows; both may be none."""

    children: Annotated[int, Meta(ge=0, le=20), label("已生育子女数", "Children born")]
    registrations: Annotated[tuple[FertilityRegistration, ...], label("生育登记", "Registrations")]


class AntenatalCheck(msgspec.Struct, frozen=True):
    """One check of the schedule: its window, and what came of it as the hospital reported."""

    code: Annotated[CheckCode, label("检查", "Check", CHECKS)]
    state: Annotated[State, label("状态", "State", STATES)]
    from_on: Annotated[date, label("最早日期", "From")]
    until_on: Annotated[date, label("最晚日期", "Until")]
    done_on: Annotated[date | None, label("检查日期", "Done on")]
    institution: Annotated[Line | None, label("检查机构", "Done at")]
    report: Annotated[Line | None, label("检查结果", "Report")]


class AntenatalCare(msgspec.Struct, frozen=True):
    """A pregnancy as of today, and its checks (产前检查, 母婴保健法, art. 14) in the order of the weeks."""

    weeks: Annotated[Weeks, label("孕周（满周）", "Full weeks of pregnancy")]
    due_on: Annotated[date, label("预产期", "Due date")]
    born_on: Annotated[date | None, label("分娩日期", "Delivered on")]
    checks: Annotated[tuple[AntenatalCheck, ...], label("检查项目", "Checks")]


class PostnatalVisit(msgspec.Struct, frozen=True):
    """A visit after the birth: the day by which it is made, and when it was."""

    code: Annotated[VisitCode, label("服务", "Visit", VISITS)]
    state: Annotated[State, label("状态", "State", STATES)]
    planned_on: Annotated[date, label("应完成日期", "Planned by")]
    done_on: Annotated[date | None, label("完成日期", "Done on")]


class Handbook(msgspec.Struct, frozen=True):
    """A mother-and-child health handbook (母子健康手册); the visits begin with the birth."""

    handbook_no: Annotated[Code, label("手册编号", "Number")]
    centre: Annotated[Line, label("建册机构", "Opened at")]
    opened_on: Annotated[date, label("建册日期", "Opened on")]
    last_period_on: Annotated[date, label("末次月经", "Last period")]
    due_on: Annotated[date, label("预产期", "Due date")]
    risk: Annotated[Risk, label("妊娠风险分级", "Risk class", RISKS)]
    born_on: Annotated[date | None, label("分娩日期", "Delivered on")]
    visits: Annotated[tuple[PostnatalVisit, ...], label("产后服务", "After the birth")]


class FertilityRegistered(msgspec.Struct, frozen=True):
    """A pregnancy or a planned birth was registered: under which number, and when."""

    registration_no: Code
    registered_on: date


REGISTER_FERTILITY: Final = Order(HEALTH, "register_fertility", FertilityRegistered)
FERTILITY_REGISTRATIONS: Final = Register(
    department=HEALTH,
    service="fertility_registrations",
    told=FertilityRegistrations,
    fresh_for=timedelta(hours=12),
    usable_for=timedelta(days=30),
)
ANTENATAL_CARE: Final = Register(
    department=HEALTH,
    service="antenatal_care",
    told=AntenatalCare,
    fresh_for=timedelta(hours=6),
    usable_for=timedelta(days=7),
)
HANDBOOK: Final = Register(
    department=HEALTH,
    service="maternal_handbook",
    told=Handbook,
    fresh_for=timedelta(hours=12),
    usable_for=timedelta(days=30),
)
