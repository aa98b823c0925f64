"""What the Health Commission's booking platform (预约诊疗平台) tells: doctors' hours and the places that are left in them."""

from datetime import date, timedelta
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from app.kernel.labels import label
from app.kernel.structs import Code, Line
from app.kernel.words import Words
from integrations.departments.directory import HEALTH
from integrations.departments.registers import Register

Places = Annotated[int, Meta(ge=0, le=500)]
Fen = Annotated[int, Meta(ge=0, le=1_000_000)]
Title = Literal["chief", "associate_chief", "attending", "general"]
TITLES: Final = {
    "chief": Words(zh="主任医师", en="Chief physician"),
    "associate_chief": Words(zh="副主任医师", en="Associate chief physician"),
    "attending": Words(zh="主治医师", en="Attending physician"),
    "general": Words(zh="普通门诊", en="General clinic"),
}
Session = Literal["morning", "afternoon"]
SESSIONS: Final = {
    "morning": Words(zh="上午", en="Morning"),
    "afternoon": Words(zh="下午", en="Afternoon"),
}


class Clinic(msgspec.Struct, frozen=True):
    """A doctor's half day at a hospital (出诊安排), what it costs (诊察费), and its places (号源)."""

    code: Annotated[Code, label("号源编号", "Number")]
    institution_code: Annotated[Code, label("机构代码", "Institution's code")]
    institution: Annotated[Line, label("医疗机构", "Institution")]
    division_code: Annotated[Code, label("所在区划", "Division")]
    department: Annotated[Line, label("科室", "Department")]
    doctor: Annotated[Line | None, label("医生", "Doctor")]
    title: Annotated[Title, label("职称", "Title", TITLES)]
    day: Annotated[date, label("出诊日期", "Day")]
    session: Annotated[Session, label("时段", "Half day", SESSIONS)]
    fee_fen: Annotated[Fen, label("诊察费（分）", "Fee (fen)")]
    places: Annotated[Places, label("号源总数", "Places")]
    left: Annotated[Places, label("剩余号源", "Places left")]


class Clinics(msgspec.Struct, frozen=True):
    """A day's clinics."""

    items: tuple[Clinic, ...]


CLINICS: Final = Register(
    department=HEALTH,
    service="outpatient_clinics",
    told=Clinics,
    fresh_for=timedelta(minutes=1),
    usable_for=timedelta(hours=1),
)
