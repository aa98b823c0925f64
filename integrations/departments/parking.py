"""What Urban Management (城市管理局) shows of car parks: free bays and displayed prices (价格法 art. 13)."""

from datetime import timedelta
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from app.kernel.labels import label
from app.kernel.structs import Code, Instant, Line
from app.kernel.words import Words
from integrations.departments.registers import Register
from integrations.departments.road_traffic import Latitude, Longitude

CGJ: Final = "CGJ"
Fen = Annotated[int, Meta(ge=0, le=100_000)]
Bays = Annotated[int, Meta(ge=0, le=20_000)]
CarParkKind = Literal["public", "roadside", "commercial", "hospital"]
CAR_PARK_KINDS: Final = {
    "public": Words(zh="公共停车场", en="Public car park"),
    "roadside": Words(zh="路内泊位", en="Roadside bays"),
    "commercial": Words(zh="商业配建", en="At shops"),
    "hospital": Words(zh="医院配建", en="At a hospital"),
}


class CarPark(msgspec.Struct, frozen=True):
    """A car park: where it is, what is free, and what it costs."""

    car_park_code: Annotated[Code, label("停车场编号", "Car park")]
    name: Annotated[Line, label("名称", "Name")]
    kind: Annotated[CarParkKind, label("类别", "Kind", CAR_PARK_KINDS)]
    division_code: Annotated[Code, label("所在区划", "Division")]
    address: Annotated[Line, label("地址", "Address")]
    latitude: Annotated[Latitude, label("纬度", "Latitude")]
    longitude: Annotated[Longitude, label("经度", "Longitude")]
    bays: Annotated[Bays, label("车位数", "Bays")]
    free_bays: Annotated[Bays, label("空车位", "Free bays")]
    free_minutes: Annotated[int, Meta(ge=0, le=1440), label("免费时长（分钟）", "Free of charge for (minutes)")]
    first_hour_fen: Annotated[Fen, label("首小时（分）", "First hour (fen)")]
    next_hour_fen: Annotated[Fen, label("以后每小时（分）", "Each further hour (fen)")]
    day_cap_fen: Annotated[Fen, label("24小时最高（分）", "At most in 24 hours (fen)")]
    counted_at: Annotated[Instant, label("空车位更新时间", "Counted at")]


class CarParks(msgspec.Struct, frozen=True):
    """Every car park that is connected."""

    items: tuple[CarPark, ...]


CAR_PARKS: Final = Register(
    department=CGJ, service="car_parks", told=CarParks, fresh_for=timedelta(minutes=1), usable_for=timedelta(minutes=30)
)
