"""What the Health Commission (卫健委) publishes: inspected places with licences, grades and penalties, and its alerts to consumers.

政府信息公开条例, art. 20; 公共场所卫生管理条例实施细则 gives the fines; 基本医疗卫生与健康促进法, art. 94.
"""

from datetime import date, timedelta
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from app.kernel.labels import label
from app.kernel.structs import Code, Line
from app.kernel.words import Words
from integrations.departments.directory import HEALTH
from integrations.departments.registers import Register

Fen = Annotated[int, Meta(ge=0, le=10**9)]
PlaceKind = Literal["hotel", "barber", "pool", "bath", "mall", "clinic", "dental_clinic"]
PLACE_KINDS: Final = {
    "hotel": Words(zh="宾馆旅店", en="Hotel"),
    "barber": Words(zh="理发美容店", en="Barber or beauty salon"),
    "pool": Words(zh="游泳场馆", en="Swimming pool"),
    "bath": Words(zh="公共浴室", en="Public bath"),
    "mall": Words(zh="商场超市", en="Mall or supermarket"),
    "clinic": Words(zh="诊所", en="Clinic"),
    "dental_clinic": Words(zh="口腔诊所", en="Dental clinic"),
}
LicenceState = Literal["valid", "expired", "revoked", "none"]
LICENCE_STATES: Final = {
    "valid": Words(zh="有效", en="Valid"),
    "expired": Words(zh="已过期", en="Expired"),
    "revoked": Words(zh="已吊销", en="Revoked"),
    "none": Words(zh="无许可", en="No licence"),
}
Grade = Literal["A", "B", "C", "ungraded"]
GRADES: Final = {
    "A": Words(zh="A级（优秀）", en="A: excellent"),
    "B": Words(zh="B级（良好）", en="B: good"),
    "C": Words(zh="C级（一般）", en="C: fair"),
    "ungraded": Words(zh="未评级", en="Not graded"),
}
"""Hygiene grades of public places (卫生监督量化分级)."""
Topic = Literal["wild_food", "food_poisoning", "disinfectant", "supplement", "product", "season"]
TOPICS: Final = {
    "wild_food": Words(zh="野生动植物中毒", en="Poisonous wild plants and animals"),
    "food_poisoning": Words(zh="食物中毒", en="Food poisoning"),
    "disinfectant": Words(zh="消毒产品", en="Disinfectants"),
    "supplement": Words(zh="保健食品和养老骗局", en="Supplements and frauds on the old"),
    "product": Words(zh="有害产品", en="Harmful products"),
    "season": Words(zh="季节性健康提醒", en="Dangers of the season"),
}
Publisher = Literal["WJW", "SCJG"]
PUBLISHERS: Final = {
    "WJW": Words(zh="烟台市卫生健康委员会", en="Yantai Municipal Health Commission"),
    "SCJG": Words(zh="烟台市市场监督管理局", en="Yantai Market Regulation Bureau"),
}


class Penalty(msgspec.Struct, frozen=True):
    """A penalty that was imposed (行政处罚); a fine of 0 is a warning."""

    decided_on: Annotated[date, label("处罚日期", "Decided on")]
    matter: Annotated[Line, label("违法事实", "For what")]
    measure: Annotated[Line, label("处罚内容", "Penalty")]
    fine_fen: Annotated[Fen, label("罚款（分）", "Fine (fen)")]


class InspectedPlace(msgspec.Struct, frozen=True):
    """A public place or a medical institution as it was last inspected."""

    code: Annotated[Code, label("编号", "Number")]
    name: Annotated[Line, label("名称", "Name")]
    kind: Annotated[PlaceKind, label("类别", "Kind", PLACE_KINDS)]
    division_code: Annotated[Code, label("所在区划", "Division")]
    address: Annotated[Line, label("地址", "Address")]
    licence_state: Annotated[LicenceState, label("许可状态", "Licence", LICENCE_STATES)]
    grade: Annotated[Grade, label("卫生等级", "Grade", GRADES)]
    inspected_on: Annotated[date, label("最近检查日期", "Last inspected on")]
    penalties: Annotated[tuple[Penalty, ...], label("行政处罚", "Penalties")]
    licence_no: Annotated[Line | None, label("许可证号", "Licence number")] = None
    licence_until: Annotated[date | None, label("许可有效期至", "Licence valid until")] = None


class InspectedPlaces(msgspec.Struct, frozen=True):
    """Every inspected place of the city."""

    items: tuple[InspectedPlace, ...]


class HealthAlert(msgspec.Struct, frozen=True):
    """An official warning (卫生消费警示): what it is, what the danger is, what to do."""

    code: Annotated[Code, label("编号", "Number")]
    publisher: Annotated[Publisher, label("发布部门", "Published by", PUBLISHERS)]
    published_on: Annotated[date, label("发布日期", "Published on")]
    topic: Annotated[Topic, label("主题", "Topic", TOPICS)]
    title: Annotated[Line, label("标题", "Title")]
    danger: Annotated[Line, label("危险", "Danger")]
    advice: Annotated[Line, label("怎么办", "What to do")]
    division_code: Annotated[Code | None, label("涉及区划（空为全市）", "Division (none: everywhere)")] = None


class HealthAlerts(msgspec.Struct, frozen=True):
    """Every warning, the newest first."""

    items: tuple[HealthAlert, ...]


INSPECTED_PLACES: Final = Register(
    department=HEALTH,
    service="inspected_places",
    told=InspectedPlaces,
    fresh_for=timedelta(days=1),
    usable_for=timedelta(days=30),
)
HEALTH_ALERTS: Final = Register(
    department=HEALTH,
    service="health_alerts",
    told=HealthAlerts,
    fresh_for=timedelta(minutes=30),
    usable_for=timedelta(days=7),
)
