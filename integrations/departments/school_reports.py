"""What schools tell a pupil's guardians of marks, through the Education Bureau (教育局)."""

from datetime import date, timedelta
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from app.kernel.labels import label
from app.kernel.structs import Line
from app.kernel.words import Words
from integrations.departments.registers import Register
from integrations.departments.schooling import JYJ, SUBJECTS, Grade, Points, School, Subject

Band = Literal["A", "B", "C", "D"]
BANDS: Final = {
    "A": Words(zh="优秀", en="Excellent"),
    "B": Words(zh="良好", en="Good"),
    "C": Words(zh="合格", en="Pass"),
    "D": Words(zh="待提高", en="To be improved"),
}
"""Grades (等级) in which marks are told; compulsory schooling tells no points (教育部 2021, 义务教育学校考试管理)."""
Standing = Literal["strong", "even", "weak"]
STANDINGS: Final = {
    "strong": Words(zh="较强", en="Strong"),
    "even": Words(zh="相当", en="As most"),
    "weak": Words(zh="较弱", en="Weak"),
}
Change = Literal["first", "up", "same", "down"]
CHANGES: Final = {
    "first": Words(zh="首次", en="First exam"),
    "up": Words(zh="上升", en="Up"),
    "same": Words(zh="持平", en="Same"),
    "down": Words(zh="下降", en="Down"),
}
Percent = Annotated[int, Meta(ge=0, le=100)]


class Shares(msgspec.Struct, frozen=True):
    """How many in a hundred of all pupils of the grade reached each band; nobody can be seen in it."""

    excellent: Annotated[Percent, label("优秀（%）", "Excellent (%)")]
    good: Annotated[Percent, label("良好（%）", "Good (%)")]
    passed: Annotated[Percent, label("合格（%）", "Pass (%)")]
    to_improve: Annotated[Percent, label("待提高（%）", "To be improved (%)")]


class SubjectReport(msgspec.Struct, frozen=True):
    """A pupil's subject: the band, points where the stage tells them, beside all pupils and the exam before."""

    subject: Annotated[Subject, label("学科", "Subject", SUBJECTS)]
    band: Annotated[Band, label("等级", "Band", BANDS)]
    points: Annotated[Points | None, label("得分", "Points")]
    full_points: Annotated[Points | None, label("满分", "Out of")]
    all_pupils: Annotated[Shares, label("全年级分布", "All pupils of the grade")]
    standing: Annotated[Standing, label("与整体相比", "Beside all pupils", STANDINGS)]
    change: Annotated[Change, label("与上次相比", "Since the exam before", CHANGES)]


class ExamReport(msgspec.Struct, frozen=True):
    """One exam of a pupil."""

    name: Annotated[Line, label("考试", "Exam")]
    held_on: Annotated[date, label("考试日期", "Held on")]
    year_of_stage: Annotated[Grade, label("当时年级", "Grade at the time")]
    subjects: Annotated[tuple[SubjectReport, ...], label("各学科", "Subjects")]


class MarksReport(msgspec.Struct, frozen=True):
    """A pupil's exams at the present school, the newest first; nothing is ranked (未成年人学校保护规定)."""

    school: Annotated[School, label("学校", "School")]
    year_of_stage: Annotated[Grade, label("年级", "Grade")]
    exams: Annotated[tuple[ExamReport, ...], label("考试", "Exams")]


MARKS_REPORT: Final = Register(
    department=JYJ,
    service="marks_report",
    told=MarksReport,
    fresh_for=timedelta(hours=12),
    usable_for=timedelta(days=7),
)
