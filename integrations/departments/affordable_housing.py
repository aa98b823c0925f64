"""What Housing and Urban-Rural Development (住建局) tells an applicant for affordable housing (保障性住房)."""

from datetime import date, timedelta
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from app.kernel.labels import label
from app.kernel.structs import Code, Line
from app.kernel.words import Words
from integrations.departments.housing_market import ZJJ, Fen
from integrations.departments.registers import Register

ApplicationState = Literal["reviewing", "waiting", "offered", "housed"]
APPLICATION_STATES: Final = {
    "reviewing": Words(zh="审核中", en="Under review"),
    "waiting": Words(zh="轮候中", en="Waiting"),
    "offered": Words(zh="已配租，待签约", en="A home is offered"),
    "housed": Words(zh="已入住", en="Housed"),
}


class OfferedHome(msgspec.Struct, frozen=True):
    """The home that is offered or let: its rent is fixed below the market's (公共租赁住房管理办法 art. 19)."""

    address: Annotated[Line, label("房屋地址", "Address")]
    area_dm2: Annotated[int, Meta(ge=1), label("建筑面积（0.01平方米）", "Floor area (0.01 m²)")]
    rent_fen: Annotated[Fen, label("月租金（分）", "Monthly rent (fen)")]
    sign_by: Annotated[date | None, label("签约截止日期", "Sign by")]
    leased_until: Annotated[date | None, label("租赁期至", "Leased until")]


class HousingApplication(msgspec.Struct, frozen=True):
    """A family's application: how far it has come, and its place in the queue (公共租赁住房管理办法 art. 7-12)."""

    application_no: Annotated[Code, label("申请编号", "Application")]
    division_code: Annotated[Code, label("受理区划", "Division")]
    applied_on: Annotated[date, label("申请日期", "Applied on")]
    persons: Annotated[int, Meta(ge=1, le=50), label("家庭人数", "Persons")]
    state: Annotated[ApplicationState, label("进度", "State", APPLICATION_STATES)]
    families_ahead: Annotated[int | None, label("前面轮候户数", "Families ahead")]
    home: Annotated[OfferedHome | None, label("配租房源", "Home")]


AFFORDABLE_HOUSING: Final = Register(
    department=ZJJ,
    service="affordable_housing",
    told=HousingApplication,
    fresh_for=timedelta(hours=6),
    usable_for=timedelta(days=30),
)
