"""What the Education Bureau (教育局) tells a pupil of the step to the next school: junior, senior, university."""

from datetime import date, timedelta
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from app.kernel.labels import label
from app.kernel.structs import Code, Line
from app.kernel.words import Words
from integrations.departments.registers import Register
from integrations.departments.schooling import JYJ, STAGES, Grade, Mark, Points, School, Seats, Stage, Year

Url = Annotated[str, Meta(max_length=200, pattern=r"\Ahttps://[A-Za-z0-9./_-]+\Z")]
Outcome = Literal["before_exam", "admitted", "not_admitted"]
OUTCOMES: Final = {
    "before_exam": Words(zh="尚未考试", en="Before the exam"),
    "admitted": Words(zh="已录取", en="Admitted"),
    "not_admitted": Words(zh="未录取", en="Not admitted"),
}
"""Where an admission stands (录取状态)."""


class Day(msgspec.Struct, frozen=True):
    """A day or period of the timetable (日程)."""

    what: Annotated[Line, label("事项", "What")]
    since: Annotated[date, label("开始", "From")]
    until: Annotated[date, label("结束", "Until")]


class JuniorEntry(msgspec.Struct, frozen=True):
    """A primary pupil's way to junior secondary school: without a test, nearby (义务教育法 art. 12).

    The windows are none until the plan of the year of entry is published.
    """

    primary: Annotated[School, label("就读小学", "Primary school")]
    year_of_stage: Annotated[Grade, label("年级", "Grade")]
    class_no: Annotated[int, Meta(ge=1, le=200), label("班级", "Class")]
    record_since: Annotated[date, label("小学学籍建立日期", "On record since")]
    junior: Annotated[School, label("对应初中", "Junior secondary school")]
    entry_on: Annotated[date, label("升入初中日期", "Starts there on")]
    register_from: Annotated[date | None, label("报名或确认开始", "Registration opens")]
    register_until: Annotated[date | None, label("报名或确认截止", "Registration ends")]
    result_on: Annotated[date | None, label("公布结果", "Result appears on")]


class SchoolPlaces(msgspec.Struct, frozen=True):
    """How many a school takes in the year (招生计划)."""

    code: Annotated[Code, label("学校代码", "Code")]
    name: Annotated[Line, label("学校名称", "Name")]
    stage: Annotated[Stage, label("学段", "Stage", STAGES)]
    places: Annotated[Seats, label("计划招生", "Places")]


class SeniorAdmission(msgspec.Struct, frozen=True):
    """A pupil's entrance exam to senior secondary school (中考): timetable and places before it, marks and result after it."""

    exam_number: Annotated[Code, label("准考证号", "Exam number")]
    exam_year: Annotated[Year, label("中考年份", "Year of the exam")]
    junior: Annotated[School, label("毕业初中", "Junior secondary school")]
    timetable: Annotated[tuple[Day, ...], label("日程", "Timetable")]
    places: Annotated[tuple[SchoolPlaces, ...], label("本区市招生计划", "Places in the division")]
    choices: Annotated[tuple[Line, ...], label("志愿", "Choices")]
    marks: Annotated[tuple[Mark, ...], label("成绩", "Marks")]
    total: Annotated[Points | None, label("总分", "Total")]
    line: Annotated[Points | None, label("普通高中录取线", "Line of senior secondary schools")]
    outcome: Annotated[Outcome, label("录取状态", "Result", OUTCOMES)]
    admitted_to: Annotated[School | None, label("录取学校", "Admitted to")]


class UniversityAdmission(msgspec.Struct, frozen=True):
    """A candidate's national entrance exam (高考), as the provincial examination authority (省教育招生考试院) has it.

    Choices are made in its own system only, to which `official_page` leads.
    """

    candidate_number: Annotated[Code, label("考生号", "Candidate number")]
    exam_year: Annotated[Year, label("高考年份", "Year of the exam")]
    timetable: Annotated[tuple[Day, ...], label("日程", "Timetable")]
    marks: Annotated[tuple[Mark, ...], label("成绩", "Marks")]
    total: Annotated[Points | None, label("总分", "Total")]
    first_line: Annotated[Points | None, label("一段线", "Line of the first round")]
    second_line: Annotated[Points | None, label("二段线", "Line of the second round")]
    outcome: Annotated[Outcome, label("录取状态", "Result", OUTCOMES)]
    admitted_to: Annotated[School | None, label("录取院校", "Admitted to")]
    official_page: Annotated[Url, label("官方查询页面", "Official page")]


JUNIOR_ENTRY: Final = Register(
    department=JYJ,
    service="junior_entry",
    told=JuniorEntry,
    fresh_for=timedelta(hours=12),
    usable_for=timedelta(days=30),
)
SENIOR_ADMISSION: Final = Register(
    department=JYJ,
    service="senior_admission",
    told=SeniorAdmission,
    fresh_for=timedelta(hours=1),
    usable_for=timedelta(days=30),
)
UNIVERSITY_ADMISSION: Final = Register(
    department=JYJ,
    service="university_admission",
    told=UniversityAdmission,
    fresh_for=timedelta(hours=1),
    usable_for=timedelta(days=30),
)
