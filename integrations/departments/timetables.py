"""What is published of longer ways: coach lines and carriers, trains, ferries (交通运输局), and flights (机场)."""

from datetime import date, timedelta
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from app.kernel.labels import label
from app.kernel.structs import Code, Instant, Line
from app.kernel.words import Words
from integrations.departments.registers import Register

JTJ: Final = "JTJ"
AIRPORT: Final = "AIRPORT"
ClockTime = Annotated[str, Meta(pattern=r"\A([01][0-9]|2[0-3]):[0-5][0-9]\Z", description="Time of day, HH:MM.")]
Fen = Annotated[int, Meta(ge=0, le=10**8)]
Minutes = Annotated[int, Meta(ge=1, le=6_000)]
Beaufort = Annotated[int, Meta(ge=0, le=17)]
CarrierKind = Literal["coach_station", "coach", "freight", "ride_hailing", "taxi"]
CARRIER_KINDS: Final = {
    "coach_station": Words(zh="客运站", en="Coach station"),
    "coach": Words(zh="道路客运班线", en="Coach line"),
    "freight": Words(zh="道路货物运输", en="Freight carrier"),
    "ride_hailing": Words(zh="网络预约出租汽车平台", en="Ride-hailing platform"),
    "taxi": Words(zh="巡游出租汽车", en="Taxis"),
}
PermitState = Literal["valid", "expired", "suspended"]
PERMIT_STATES: Final = {
    "valid": Words(zh="有效", en="Valid"),
    "expired": Words(zh="已过期", en="Expired"),
    "suspended": Words(zh="停业整顿", en="Suspended"),
}
SailingState = Literal["running", "suspended", "departed"]
SAILING_STATES: Final = {
    "running": Words(zh="正常开航", en="Runs"),
    "suspended": Words(zh="大风停航", en="Suspended for wind"),
    "departed": Words(zh="已开航", en="Departed"),
}
FlightWay = Literal["departure", "arrival"]
FLIGHT_WAYS: Final = {"departure": Words(zh="出港", en="Departure"), "arrival": Words(zh="进港", en="Arrival")}
FlightState = Literal["scheduled", "delayed", "boarding", "departed", "landed", "cancelled"]
FLIGHT_STATES: Final = {
    "scheduled": Words(zh="计划", en="Scheduled"),
    "delayed": Words(zh="延误", en="Delayed"),
    "boarding": Words(zh="正在登机", en="Boarding"),
    "departed": Words(zh="已起飞", en="Departed"),
    "landed": Words(zh="已到达", en="Landed"),
    "cancelled": Words(zh="取消", en="Cancelled"),
}


class CoachLine(msgspec.Struct, frozen=True):
    """A coach line: from and to which station, when and for how much."""

    origin: Annotated[Line, label("始发站", "From")]
    destination: Annotated[Line, label("终点站", "To")]
    departures: Annotated[tuple[ClockTime, ...], label("发车时间", "Departures")]
    minutes: Annotated[Minutes, label("行程分钟", "Minutes")]
    fare_fen: Annotated[Fen, label("票价（分）", "Fare (fen)")]


class Carrier(msgspec.Struct, frozen=True, kw_only=True):
    """A station, a coach line, or a carrier with its licence (道路运输条例; 网络预约出租汽车经营服务管理暂行办法)."""

    kind: Annotated[CarrierKind, label("类别", "Kind", CARRIER_KINDS)]
    name: Annotated[Line, label("名称", "Name")]
    operator: Annotated[Line, label("经营者", "Operator")]
    division_code: Annotated[Code, label("所在区划", "Division")]
    permit_no: Annotated[Line, label("经营许可证号", "Licence")]
    permitted_until: Annotated[date, label("许可有效期至", "Licensed until")]
    state: Annotated[PermitState, label("许可状态", "State", PERMIT_STATES)]
    address: Annotated[Line | None, label("地址", "Address")] = None
    phone: Annotated[Line | None, label("电话", "Telephone")] = None
    line: Annotated[CoachLine | None, label("班线", "Line")] = None


class Carriers(msgspec.Struct, frozen=True):
    """Who carries people and goods."""

    items: tuple[Carrier, ...]


class TrainCall(msgspec.Struct, frozen=True):
    """A station where a train calls."""

    station: Annotated[Line, label("车站", "Station")]
    arrives: Annotated[ClockTime | None, label("到达", "Arrives")] = None
    departs: Annotated[ClockTime | None, label("开出", "Departs")] = None


class Train(msgspec.Struct, frozen=True):
    """A train to or from Yantai; seats, fares and tickets are on 12306 alone, to which it links."""

    train_no: Annotated[Code, label("车次", "Train")]
    origin: Annotated[Line, label("始发站", "From")]
    destination: Annotated[Line, label("终点站", "To")]
    departs: Annotated[ClockTime, label("始发时间", "Departs")]
    arrives: Annotated[ClockTime, label("终到时间", "Arrives")]
    minutes: Annotated[Minutes, label("全程分钟", "Minutes")]
    calls: Annotated[tuple[TrainCall, ...], label("停站", "Calls at")]
    tickets_at: Annotated[Line, label("余票和购票（铁路12306）", "Seats and tickets (railway 12306)")]


class Trains(msgspec.Struct, frozen=True):
    """Every train of the timetable."""

    items: tuple[Train, ...]


class Sailing(msgspec.Struct, frozen=True):
    """A ferry's sailing on a day; at the limit of wind it doesn't run (水路旅客运输规则; 海事部门禁限航规定)."""

    sailing_no: Annotated[Code, label("航班号", "Sailing")]
    origin: Annotated[Line, label("出发港", "From")]
    destination: Annotated[Line, label("到达港", "To")]
    vessel: Annotated[Line, label("船名", "Vessel")]
    operator: Annotated[Line, label("航运企业", "Shipping company")]
    departs_at: Annotated[Instant, label("开航时间", "Departs")]
    arrives_at: Annotated[Instant, label("到港时间", "Arrives")]
    fare_fen: Annotated[Fen, label("最低票价（分）", "Lowest fare (fen)")]
    takes_vehicles: Annotated[bool, label("可带车", "Takes vehicles")]
    state: Annotated[SailingState, label("状态", "State", SAILING_STATES)]
    wind_force: Annotated[Beaufort, label("预报风力（级）", "Wind forecast (Beaufort)")]
    wind_limit: Annotated[Beaufort, label("停航风力（级）", "Suspended from (Beaufort)")]
    resumes_on: Annotated[date | None, label("预计复航日期", "Runs again on")]


class Sailings(msgspec.Struct, frozen=True):
    """Every sailing of a day."""

    items: tuple[Sailing, ...]


class Flight(msgspec.Struct, frozen=True):
    """A flight at Yantai Penglai airport (YNT) on a day."""

    flight_no: Annotated[Code, label("航班号", "Flight")]
    airline: Annotated[Line, label("航空公司", "Airline")]
    way: Annotated[FlightWay, label("进出港", "Way", FLIGHT_WAYS)]
    city: Annotated[Line, label("始发地或目的地", "From or to")]
    scheduled_at: Annotated[Instant, label("计划时间", "Scheduled")]
    expected_at: Annotated[Instant | None, label("预计时间（空为取消）", "Expected (none: cancelled)")]
    state: Annotated[FlightState, label("状态", "State", FLIGHT_STATES)]
    terminal: Annotated[Code, label("航站楼", "Terminal")]
    gate: Annotated[Code | None, label("登机口", "Gate")]


class Flights(msgspec.Struct, frozen=True):
    """Every flight of a day, in the order of their times."""

    items: tuple[Flight, ...]


CARRIERS: Final = Register(
    department=JTJ, service="carriers", told=Carriers, fresh_for=timedelta(hours=12), usable_for=timedelta(days=30)
)
TRAINS: Final = Register(
    department=JTJ, service="trains", told=Trains, fresh_for=timedelta(hours=12), usable_for=timedelta(days=7)
)
SAILINGS: Final = Register(
    department=JTJ, service="sailings", told=Sailings, fresh_for=timedelta(minutes=2), usable_for=timedelta(hours=6)
)
FLIGHTS: Final = Register(
    department=AIRPORT, service="flights", told=Flights, fresh_for=timedelta(minutes=1), usable_for=timedelta(hours=1)
)
