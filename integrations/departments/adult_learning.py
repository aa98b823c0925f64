"""What the Education Bureau (教育局) tells of learning beside school: courses for adults, and proficiency exams."""

from datetime import date, timedelta
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from app.kernel.labels import label
from app.kernel.structs import Code, Line
from app.kernel.words import Words
from integrations.departments.admission import Url
from integrations.departments.registers import Register
from integrations.departments.schooling import JYJ, Fen

Programme = Literal["adult_entrance", "self_study", "open_university", "elders", "professional_hours"]
PROGRAMMES: Final = {
    "adult_entrance": Words(zh="成人高考", en="Adult entrance exam"),
    "self_study": Words(zh="高等教育自学考试", en="Self-study exams"),
    "open_university": Words(zh="开放大学", en="Open university"),
    "elders": Words(zh="老年大学", en="Courses for elders"),
    "professional_hours": Words(zh="专业技术人员继续教育", en="Hours of professionals"),
}
Field = Literal["english", "computer", "mandarin", "arts", "teaching"]
FIELDS: Final = {
    "english": Words(zh="外语", en="Languages"),
    "computer": Words(zh="计算机", en="Computers"),
    "mandarin": Words(zh="普通话", en="Mandarin"),
    "arts": Words(zh="艺术", en="Arts"),
    "teaching": Words(zh="教师资格", en="Teaching"),
}
Hours = Annotated[int, Meta(ge=0, le=5000)]


class Course(msgspec.Struct, frozen=True):
    """A course, or an exam that leads to a diploma; some have no entrance exam, some ask for an earlier diploma."""

    code: Annotated[Code, label("课程代码", "Code")]
    name: Annotated[Line, label("课程或专业", "Course")]
    programme: Annotated[Programme, label("项目", "Programme", PROGRAMMES)]
    provider: Annotated[Line, label("办学或主办单位", "Provider")]
    place: Annotated[Line, label("地点", "Place")]
    for_whom: Annotated[Line, label("对象", "For whom")]
    entrance_exam: Annotated[bool, label("需要考试", "Has an exam")]
    hours: Annotated[Hours, label("学时", "Hours")]
    register_from: Annotated[date, label("报名开始", "Registration opens")]
    register_until: Annotated[date, label("报名截止", "Registration ends")]
    starts_on: Annotated[date, label("开课或考试日期", "Starts or exam on")]
    fee_fen: Annotated[Fen, label("费用（分）", "Fee (fen)")]


class Courses(msgspec.Struct, frozen=True):
    """Every course of the city, or of one programme."""

    items: tuple[Course, ...]


class ProficiencyExam(msgspec.Struct, frozen=True, kw_only=True):
    """A proficiency exam (等级考试): its days, who may take it, and the organiser's page, where one registers and sees the marks."""

    code: Annotated[Code, label("考试代码", "Code")]
    name: Annotated[Line, label("考试", "Exam")]
    field: Annotated[Field, label("类别", "Field", FIELDS)]
    organiser: Annotated[Line, label("主办机构", "Organiser")]
    for_whom: Annotated[Line, label("报考对象", "For whom")]
    places: Annotated[int, Meta(ge=0, le=1_000_000), label("烟台考点名额", "Places in Yantai")]
    register_from: Annotated[date, label("报名开始", "Registration opens")]
    register_until: Annotated[date, label("报名截止", "Registration ends")]
    exam_on: Annotated[date, label("考试日期", "Exam on")]
    result_on: Annotated[date, label("成绩公布", "Result appears on")]
    fee_fen: Annotated[Fen, label("考试费（分）", "Fee (fen)")]
    official_page: Annotated[Url | None, label("官方页面", "Official page")] = None


class ProficiencyExams(msgspec.Struct, frozen=True):
    """Every proficiency exam of the coming year, or those of one field."""

    items: tuple[ProficiencyExam, ...]


COURSES: Final = Register(
    department=JYJ,
    service="adult_courses",
    told=Courses,
    fresh_for=timedelta(hours=12),
    usable_for=timedelta(days=30),
)
PROFICIENCY_EXAMS: Final = Register(
    department=JYJ,
    service="proficiency_exams",
    told=ProficiencyExams,
    fresh_for=timedelta(hours=12),
    usable_for=timedelta(days=30),
)
