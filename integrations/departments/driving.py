"""What the traffic police (公安局交警支队) tell of a driver and of a vehicle's owner.

道路交通安全法; 道路交通安全违法行为记分管理办法 (Order 163); 机动车驾驶证申领和使用规定.
"""

from datetime import date, timedelta
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from app.kernel.labels import label
from app.kernel.structs import Instant, Line
from app.kernel.words import Words
from integrations.departments.bills import BillNo
from integrations.departments.directory import POLICE
from integrations.departments.orders import Order
from integrations.departments.registers import Register

Fen = Annotated[int, Meta(ge=0, le=10**9)]
Points = Annotated[int, Meta(ge=0, le=12)]
Plate = Annotated[str, Meta(pattern=r"\A鲁[FY][0-9A-Z]{5,6}\Z")]
LicenceClass = Literal["C1", "C2", "B1", "B2", "A2", "E", "F"]
LICENCE_CLASSES: Final = {
    "C1": Words(zh="小型汽车", en="Cars"),
    "C2": Words(zh="小型自动挡汽车", en="Cars with automatic gears"),
    "B1": Words(zh="中型客车", en="Medium coaches"),
    "B2": Words(zh="大型货车", en="Lorries"),
    "A2": Words(zh="重型牵引挂车", en="Articulated lorries"),
    "E": Words(zh="普通二轮摩托车", en="Motorcycles"),
    "F": Words(zh="轻便摩托车", en="Mopeds"),
}
"""Classes of vehicles that may be driven (准驾车型)."""
LicenceState = Literal["valid", "renewable", "expired", "held"]
LICENCE_STATES: Final = {
    "valid": Words(zh="正常", en="Valid"),
    "renewable": Words(zh="有效，可换证", en="Valid, may be renewed"),
    "expired": Words(zh="已超过有效期", en="Expired"),
    "held": Words(zh="记满12分，扣留", en="Held: 12 points"),
}
OffenceCode = Literal[
    "plate_obscured",
    "red_light",
    "speeding_over_50",
    "speeding_20_to_50",
    "pedestrians_not_let_pass",
    "telephone",
    "wrong_way",
    "no_seat_belt",
    "sign_disobeyed",
    "lights_misused",
    "illegal_parking",
]
OFFENCES: Final = {
    "plate_obscured": Words(zh="故意遮挡、污损号牌", en="Plate obscured on purpose"),
    "red_light": Words(zh="不按交通信号灯指示通行", en="Red light passed"),
    "speeding_over_50": Words(zh="普通道路超速50%以上", en="50 % or more too fast, on an ordinary road"),
    "speeding_20_to_50": Words(zh="普通道路超速20%以上未达50%", en="20 to 50 % too fast, on an ordinary road"),
    "pedestrians_not_let_pass": Words(zh="行经人行横道不按规定避让行人", en="Pedestrians not let pass at a crossing"),
    "telephone": Words(zh="驾车拨打、接听手持电话", en="Telephone in the hand"),
    "wrong_way": Words(zh="逆向行驶", en="Driving on the wrong side"),
    "no_seat_belt": Words(zh="不按规定使用安全带", en="Seat belt not worn"),
    "sign_disobeyed": Words(zh="违反禁令标志、禁止标线指示", en="Prohibition sign or marking disobeyed"),
    "lights_misused": Words(zh="不按规定使用灯光", en="Lights misused"),
    "illegal_parking": Words(zh="违反规定停放车辆", en="Illegal parking"),
}
OffenceState = Literal["recorded", "fined", "overdue", "paid"]
OFFENCE_STATES: Final = {
    "recorded": Words(zh="电子监控记录，未处理", en="Recorded by camera, not dealt with"),
    "fined": Words(zh="已处罚，未缴款", en="Fined, not paid"),
    "overdue": Words(zh="已处罚，逾期未缴", en="Fined, overdue"),
    "paid": Words(zh="已缴款", en="Paid"),
}
DriverMatter = Literal["renewal", "health_check", "review", "points_reduction"]
DRIVER_MATTERS: Final = {
    "renewal": Words(zh="期满换证", en="Renewal"),
    "health_check": Words(zh="提交身体条件证明", en="Health check"),
    "review": Words(zh="审验", en="Review"),
    "points_reduction": Words(zh="学法减分", en="Taking points off by training"),
}
MatterState = Literal["open", "not_yet", "overdue", "barred"]
MATTER_STATES: Final = {
    "open": Words(zh="现在可办", en="Can be done now"),
    "not_yet": Words(zh="未到办理时间", en="Not yet"),
    "overdue": Words(zh="已逾期，请尽快办理", en="Overdue"),
    "barred": Words(zh="暂不能办", en="Not possible now"),
}


class DriverLicence(msgspec.Struct, frozen=True):
    """A driver's licence and points (own only: 个人信息保护法 art. 45); of the number only the ends are told."""

    licence_no: Annotated[Line, label("证号", "Number")]
    licence_class: Annotated[LicenceClass, label("准驾车型", "May drive", LICENCE_CLASSES)]
    state: Annotated[LicenceState, label("状态", "State", LICENCE_STATES)]
    first_issued_on: Annotated[date, label("初次领证日期", "First issued on")]
    valid_from: Annotated[date, label("有效期起始日期", "Valid from")]
    expires_on: Annotated[date | None, label("有效期至（空为长期）", "Expires on (none: for good)")]
    full_in_term: Annotated[bool, label("本有效期内曾记满12分", "12 points reached in this term")]
    points: Annotated[Points, label("本周期记分", "Points in this cycle")]
    unsettled: Annotated[int, Meta(ge=0, le=1_000), label("未处理完毕的违法（起）", "Offences not settled")]
    unsettled_fen: Annotated[Fen, label("未缴罚款（分）", "Fines not paid (fen)")]
    cycle_started_on: Annotated[date, label("记分周期开始", "Cycle began on")]
    cycle_ends_on: Annotated[date, label("记分周期最后一天", "Last day of the cycle")]


class LicenceRenewed(msgspec.Struct, frozen=True):
    """A licence was renewed: for which class, and for how long; none means for good."""

    renewed_on: date
    licence_class: LicenceClass
    first_issued_on: date
    valid_from: date
    expires_on: date | None


class PointsEntry(msgspec.Struct, frozen=True):
    """An offence that counts in the present cycle; points attach on the day of the decision (记分管理办法 art. 13)."""

    offence: Annotated[OffenceCode, label("违法行为", "Offence", OFFENCES)]
    decided_on: Annotated[date, label("处罚决定日期", "Decided on")]
    points: Annotated[Points, label("记分", "Points")]
    carried_over: Annotated[bool, label("上周期逾期未缴转入", "Carried over, fine overdue")]


class DriverTask(msgspec.Struct, frozen=True):
    """Something that a driver has to do or may do, and when."""

    matter: Annotated[DriverMatter, label("业务", "Matter", DRIVER_MATTERS)]
    state: Annotated[MatterState, label("办理状态", "State", MATTER_STATES)]
    opens_on: Annotated[date | None, label("开始日期", "From")]
    due_by: Annotated[date | None, label("截止日期", "By")]


class DriverAffairs(msgspec.Struct, frozen=True):
    """What a driver has to see to, and which offences the points come from."""

    licence_class: Annotated[LicenceClass, label("准驾车型", "May drive", LICENCE_CLASSES)]
    probation_until: Annotated[date | None, label("实习期至", "Probation until")]
    points: Annotated[Points, label("本周期记分", "Points in this cycle")]
    points_left: Annotated[Points, label("距12分还剩", "Points left before 12")]
    reducible_points: Annotated[Points, label("可学习减免分数", "Points that training can take off")]
    entries: Annotated[tuple[PointsEntry, ...], label("记分明细", "Where the points come from")]
    tasks: Annotated[tuple[DriverTask, ...], label("待办业务", "To be done")]


class Offence(msgspec.Struct, frozen=True):
    """An offence recorded for a vehicle; the fine is in the range of 道路交通安全法 art. 90, 93 and 99, a late one grows (art. 109)."""

    plate: Annotated[Plate, label("号牌", "Plate")]
    at: Annotated[Instant, label("违法时间", "When")]
    place: Annotated[Line, label("违法地点", "Where")]
    offence: Annotated[OffenceCode, label("违法行为", "Offence", OFFENCES)]
    state: Annotated[OffenceState, label("处理状态", "State", OFFENCE_STATES)]
    fine_fen: Annotated[Fen, label("罚款（分）", "Fine (fen)")]
    points: Annotated[Points, label("记分", "Points")]
    decided_on: Annotated[date | None, label("处罚决定日期", "Decided on")]
    pay_by: Annotated[date | None, label("缴款期限", "Pay by")]
    late_fen: Annotated[Fen, label("加处罚款（分）", "Added for lateness (fen)")]
    decision_no: Annotated[BillNo | None, label("处罚决定书编号", "Number of the decision")] = None


class OwnedVehicle(msgspec.Struct, frozen=True):
    """A vehicle in somebody's name."""

    plate: Annotated[Plate, label("号牌", "Plate")]
    brand: Annotated[Line, label("品牌", "Make")]
    registered_on: Annotated[date, label("注册日期", "Registered on")]
    inspection_valid_until: Annotated[date, label("检验有效期至", "Inspection valid until")]


class Offences(msgspec.Struct, frozen=True):
    """Somebody's vehicles, and what was recorded for them, the newest first."""

    vehicles: Annotated[tuple[OwnedVehicle, ...], label("名下车辆", "Your vehicles")]
    offences: Annotated[tuple[Offence, ...], label("违法记录", "Offences")]
    unpaid_fen: Annotated[Fen, label("待缴合计（分）", "To be paid (fen)")]


DRIVER_LICENCE: Final = Register(
    department=POLICE,
    service="driver_licence",
    told=DriverLicence,
    fresh_for=timedelta(hours=1),
    usable_for=timedelta(days=7),
)
DRIVER_AFFAIRS: Final = Register(
    department=POLICE,
    service="driver_affairs",
    told=DriverAffairs,
    fresh_for=timedelta(hours=1),
    usable_for=timedelta(days=7),
)
VEHICLE_OFFENCES: Final = Register(
    department=POLICE,
    service="vehicle_offences",
    told=Offences,
    fresh_for=timedelta(minutes=10),
    usable_for=timedelta(days=3),
)
RENEW_LICENCE: Final = Order(POLICE, "renew_licence", LicenceRenewed)
