"""What the Education Bureau (教育局) tells everybody of schools: cards, kindergartens, catchment areas."""

from datetime import date, timedelta
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from app.kernel.labels import label
from app.kernel.structs import Code, Line
from app.kernel.words import Words
from integrations.departments.registers import Register
from integrations.departments.schooling import (
    DIVISIONS,
    JYJ,
    OWNERSHIPS,
    STAGES,
    Division,
    Fen,
    Ownership,
    Seats,
    Stage,
    Year,
)

TownCode = Annotated[str, Meta(pattern=r"\A[0-9]{3}\Z")]
"""The last three of the nine digits of a street (街道) or town (镇)."""
Rating = Literal["provincial", "class1", "class2", "class3"]
RATINGS: Final = {
    "provincial": Words(zh="省级示范", en="Provincial model"),
    "class1": Words(zh="一类", en="Class 1"),
    "class2": Words(zh="二类", en="Class 2"),
    "class3": Words(zh="三类", en="Class 3"),
}
"""Classes by which kindergartens may charge (办园类别)."""


class SchoolCard(msgspec.Struct, frozen=True):
    """A kindergarten, school or university as the bureau keeps it: no rating, no ranking."""

    code: Annotated[Code, label("学校代码", "Code")]
    name: Annotated[Line, label("学校名称", "Name")]
    stage: Annotated[Stage, label("学段", "Stage", STAGES)]
    ownership: Annotated[Ownership, label("办学性质", "Public or private", OWNERSHIPS)]
    division_code: Annotated[Division, label("所在区市", "Division", DIVISIONS)]
    address: Annotated[Line, label("地址", "Address")]
    admits_from: Annotated[Line, label("招生范围", "Admits from")]
    phone: Annotated[Line, label("电话", "Telephone")]


class SchoolCards(msgspec.Struct, frozen=True):
    """Every kindergarten and school of the city."""

    items: tuple[SchoolCard, ...]


class Kindergarten(msgspec.Struct, frozen=True):
    """A kindergarten: places of the coming autumn, fees, and whether it is publicly supported (普惠性幼儿园, 学前教育法)."""

    code: Annotated[Code, label("幼儿园代码", "Code")]
    name: Annotated[Line, label("名称", "Name")]
    ownership: Annotated[Ownership, label("办园性质", "Public or private", OWNERSHIPS)]
    supported: Annotated[bool, label("普惠性", "Publicly supported")]
    rating: Annotated[Rating, label("办园类别", "Class", RATINGS)]
    division_code: Annotated[Division, label("所在区市", "Division", DIVISIONS)]
    address: Annotated[Line, label("地址", "Address")]
    places: Annotated[Seats, label("小班计划学位", "Places of the first year")]
    vacant_now: Annotated[Seats, label("当前空余学位", "Vacant now")]
    monthly_fee_fen: Annotated[Fen, label("保育教育费（分/月）", "Monthly fee (fen)")]
    monthly_meals_fen: Annotated[Fen, label("伙食费（分/月，据实）", "Monthly meals (fen, at cost)")]
    last_year_free: Annotated[bool, label("大班免保育教育费", "Last year free of the fee")]
    register_from: Annotated[date, label("报名开始", "Registration opens")]
    register_until: Annotated[date, label("报名截止", "Registration ends")]
    phone: Annotated[Line, label("电话", "Telephone")]


class Kindergartens(msgspec.Struct, frozen=True):
    """Every kindergarten of the city, or of one division."""

    items: tuple[Kindergarten, ...]


class PrimarySchool(msgspec.Struct, frozen=True):
    """A primary school: from where it takes children (义务教育法 art. 12), and this year's places and timetable.

    `born_from` and `born_until` are the birthdays of who starts in the year (art. 11: six by 31 August).
    """

    code: Annotated[Code, label("学校代码", "Code")]
    name: Annotated[Line, label("学校名称", "Name")]
    ownership: Annotated[Ownership, label("办学性质", "Public or private", OWNERSHIPS)]
    division_code: Annotated[Division, label("所在区市", "Division", DIVISIONS)]
    admits_from: Annotated[Line, label("招生范围", "Catchment area")]
    places: Annotated[Seats, label("一年级计划学位", "Places of the first grade")]
    entry_on: Annotated[date, label("入学日期", "Starts on")]
    born_from: Annotated[date, label("适龄儿童出生日期自", "Born from")]
    born_until: Annotated[date, label("适龄儿童出生日期至", "Born until")]
    register_from: Annotated[date, label("报名开始", "Registration opens")]
    register_until: Annotated[date, label("报名截止", "Registration ends")]
    result_on: Annotated[date, label("公布结果", "Result appears on")]
    phone: Annotated[Line, label("电话", "Telephone")]


class PrimarySchools(msgspec.Struct, frozen=True):
    """Every primary school of the city, or of one division."""

    items: tuple[PrimarySchool, ...]


class District(msgspec.Struct, frozen=True):
    """A school district (学区): a street or town, and the schools that its children go to. It is no admission."""

    division_code: Annotated[Division, label("区市", "Division", DIVISIONS)]
    town_code: Annotated[TownCode, label("街道（镇）代码", "Street or town code")]
    town: Annotated[Line, label("街道（镇）", "Street or town")]
    area: Annotated[Line, label("学区范围", "Area")]
    primary_code: Annotated[Code, label("对应小学代码", "Code of the primary school")]
    primary_name: Annotated[Line, label("对应小学", "Primary school")]
    junior_code: Annotated[Code, label("对应初中代码", "Code of the junior secondary school")]
    junior_name: Annotated[Line, label("对应初中", "Junior secondary school")]
    plan_year: Annotated[Year, label("方案年度", "Year of the plan")]


class Districts(msgspec.Struct, frozen=True):
    """The districts that an address or place lies in; none for one outside of Yantai."""

    items: tuple[District, ...]


SCHOOLS: Final = Register(
    department=JYJ,
    service="schools",
    told=SchoolCards,
    fresh_for=timedelta(days=1),
    usable_for=timedelta(days=30),
)
KINDERGARTENS: Final = Register(
    department=JYJ,
    service="kindergartens",
    told=Kindergartens,
    fresh_for=timedelta(hours=1),
    usable_for=timedelta(days=7),
)
PRIMARY_SCHOOLS: Final = Register(
    department=JYJ,
    service="primary_schools",
    told=PrimarySchools,
    fresh_for=timedelta(hours=12),
    usable_for=timedelta(days=30),
)
DISTRICTS: Final = Register(
    department=JYJ,
    service="school_districts",
    told=Districts,
    fresh_for=timedelta(days=1),
    usable_for=timedelta(days=30),
)
