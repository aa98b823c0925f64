"""What the Education Bureau (教育局) has of somebody in the school roll (学籍), and whom it admits to compulsory schooling."""

from datetime import date, timedelta
from typing import Annotated, Final, Literal

import msgspec

from app.kernel.labels import label
from app.kernel.structs import Code
from integrations.departments.orders import Order
from integrations.departments.registers import Register
from integrations.departments.schooling import JYJ, STAGES, Grade, School, Stage, Year

Compulsory = Literal["primary", "junior"]
COMPULSORY: Final = {one: STAGES[one] for one in ("primary", "junior")}
"""The stages of compulsory schooling (义务教育法 art. 2)."""


class Enrolled(msgspec.Struct, frozen=True):
    """Where somebody learns now."""

    school: Annotated[School, label("学校", "School")]
    stage: Annotated[Stage, label("学段", "Stage", STAGES)]
    year_of_stage: Annotated[Grade, label("年级", "Grade")]
    since: Annotated[date, label("入学日期", "Since")]
    student_no: Annotated[Code, label("学籍号", "Student number")]


class Admitted(msgspec.Struct, frozen=True):
    """A place at a school that somebody was given (入学通知书), by its number."""

    notice_no: Annotated[Code, label("通知书编号", "Notice no.")]
    school: Annotated[School, label("录取学校", "School")]
    stage: Annotated[Compulsory, label("学段", "Stage", COMPULSORY)]
    entry_year: Annotated[Year, label("入学年份", "Year of entry")]
    starts_on: Annotated[date, label("报到日期", "Starts on")]
    student_no: Annotated[Code, label("学籍号", "Student number")]


class SchoolRoll(msgspec.Struct, frozen=True):
    """Somebody in the roll: where they learn, and where they will."""

    enrolled: Annotated[Enrolled | None, label("在读", "Learns at")]
    admitted: Annotated[Admitted | None, label("已录取", "Admitted to")]


SCHOOL_ROLL: Final = Register(
    department=JYJ,
    service="school_roll",
    told=SchoolRoll,
    fresh_for=timedelta(hours=1),
    usable_for=timedelta(days=30),
)
ADMIT_PUPIL: Final = Order(JYJ, "admit_pupil", Admitted)
"""Give a child a place at a school of compulsory education."""
