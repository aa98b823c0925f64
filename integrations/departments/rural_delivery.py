"""Delivery to villages (乡村物流配送), as the Commerce Bureau (商务局) tells of it: the station that serves somebody's home, and the freight."""

from datetime import timedelta
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from app.kernel.labels import label
from app.kernel.structs import Line, ShortLine
from app.kernel.words import Words
from integrations.departments.registers import Register
from integrations.departments.supermarkets import COMMERCE

FreightFen = Annotated[int, Meta(ge=0, le=10**6)]
Days = Annotated[int, Meta(ge=1, le=60)]
Zone = Literal["city", "province", "country", "far"]
ZONES: Final = {
    "city": Words(zh="烟台市内", en="Within Yantai"),
    "province": Words(zh="山东省内", en="Within Shandong"),
    "country": Words(zh="省外", en="Other provinces"),
    "far": Words(zh="边远地区", en="Remote regions"),
}


class Station(msgspec.Struct, frozen=True):
    """A village's or town's station (村级寄递物流站点), and when it is open."""

    name: Annotated[Line, label("站点", "Station")]
    address: Annotated[Line, label("地址", "Address")]
    hours: Annotated[ShortLine, label("营业时间", "Open")]
    carrier: Annotated[Line, label("承运企业", "Carrier")]


class Freight(msgspec.Struct, frozen=True):
    """What it costs to send something to a zone, by the kilogram begun, and about how many days it takes."""

    zone: Annotated[Zone, label("寄往", "To", ZONES)]
    first_kg_fen: Annotated[FreightFen, label("首重1千克（分）", "First kilogram (fen)")]
    further_kg_fen: Annotated[FreightFen, label("续重每千克（分）", "Each further kilogram (fen)")]
    least_days: Annotated[Days, label("最快天数", "Days at the least")]
    most_days: Annotated[Days, label("最慢天数", "Days at the most")]


class RuralDelivery(msgspec.Struct, frozen=True):
    """Which station serves somebody's home. Where the village has none, or the home is in no village, it is the nearest one."""

    village: Annotated[ShortLine | None, label("所在村", "Village")]
    covered: Annotated[bool, label("本村有站点", "The village has a station")]
    station: Annotated[Station, label("服务站点", "Station")]
    freight: Annotated[tuple[Freight, ...], label("运费和时限", "Freight and time")]


RURAL_DELIVERY: Final = Register(
    department=COMMERCE,
    service="rural_delivery",
    told=RuralDelivery,
    fresh_for=timedelta(days=1),
    usable_for=timedelta(days=14),
)
