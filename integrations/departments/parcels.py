"""How far a parcel has come, as couriers tell the Postal Administration (邮政管理局; 快递暂行条例).

Who asks gives the tracking number and the end of the receiver's phone number; whose parcel it is, is neither asked nor told.
"""

from datetime import timedelta
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from app.kernel.labels import label
from app.kernel.structs import Instant, Line, ShortLine
from app.kernel.words import Words
from integrations.departments.registers import Register

TrackingNumber = Annotated[
    str, Meta(pattern=r"\A[A-Z]{2}[0-9]{8,20}\Z", description="Two capital letters and 8 to 20 digits.")
]
PhoneTail = Annotated[str, Meta(pattern=r"\A[0-9]{4}\Z", description="The last four digits of a phone number.")]
ParcelState = Literal["accepted", "in_transit", "at_station", "out_for_delivery", "delivered"]
PARCEL_STATES: Final = {
    "accepted": Words(zh="已收件", en="Accepted"),
    "in_transit": Words(zh="运输中", en="In transit"),
    "at_station": Words(zh="已到派送网点", en="At the delivering office"),
    "out_for_delivery": Words(zh="派送中", en="Out for delivery"),
    "delivered": Words(zh="已签收", en="Delivered"),
}


class ParcelEvent(msgspec.Struct, frozen=True):
    """A step on a parcel's way."""

    at: Annotated[Instant, label("时间", "At")]
    place: Annotated[ShortLine, label("地点", "Place")]
    state: Annotated[ParcelState, label("状态", "State", PARCEL_STATES)]


class Parcel(msgspec.Struct, frozen=True):
    """A parcel's way up to now, the newest step first."""

    tracking_no: Annotated[TrackingNumber, label("快递单号", "Tracking number")]
    courier: Annotated[Line, label("快递企业", "Courier")]
    state: Annotated[ParcelState, label("当前状态", "State", PARCEL_STATES)]
    delivering_office: Annotated[Line, label("派送网点", "Delivering office")]
    trace: Annotated[tuple[ParcelEvent, ...], label("轨迹", "Trace")]


PARCEL: Final = Register(
    department="YZJ",
    service="parcel",
    told=Parcel,
    fresh_for=timedelta(minutes=10),
    usable_for=timedelta(days=1),
)
