"""What Human Resources and Social Security (人社局) tells of professional qualifications (职业资格): who may take which exam, certificates."""

from datetime import date, timedelta
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from app.kernel.labels import label
from app.kernel.structs import Code, Line
from app.kernel.words import Words
from integrations.departments.registers import Register
from integrations.departments.schooling import LEVELS, Level
from integrations.departments.social_security import RSJ

Years = Annotated[int, Meta(ge=0, le=60)]
Kind = Literal["entry", "level"]
KINDS: Final = {"entry": Words(zh="准入类", en="Needed for the work"), "level": Words(zh="水平评价类", en="Of skill")}
"""Kinds of the national catalogue (国家职业资格目录)."""


class Condition(msgspec.Struct, frozen=True):
    """A way to be admitted: with at least this diploma, after so many years of work."""

    level: Annotated[Level, label("学历", "Diploma", LEVELS)]
    years: Annotated[Years, label("工作年限", "Years of work")]


class QualificationExam(msgspec.Struct, frozen=True):
    """An exam, and whether one's diploma and years of work meet a condition; the subject of study is declared by oneself."""

    code: Annotated[Code, label("资格代码", "Code")]
    name: Annotated[Line, label("职业资格", "Qualification")]
    kind: Annotated[Kind, label("资格类别", "Kind", KINDS)]
    exam_on: Annotated[date, label("考试日期", "Exam on")]
    register_from: Annotated[date, label("报名开始", "Registration opens")]
    register_until: Annotated[date, label("报名截止", "Registration ends")]
    conditions: Annotated[tuple[Condition, ...], label("报考条件", "Conditions")]
    may_take: Annotated[bool, label("学历和年限符合", "Diploma and years are enough")]


class Certificate(msgspec.Struct, frozen=True):
    """A certificate of qualification that somebody holds."""

    name: Annotated[Line, label("职业资格", "Qualification")]
    number: Annotated[Code, label("证书编号", "Number")]
    issued_on: Annotated[date, label("批准日期", "Issued on")]


class Qualifications(msgspec.Struct, frozen=True):
    """Which exams somebody may take by the diploma and years of work that are on record, and the certificates that they hold."""

    level: Annotated[Level | None, label("最高学历", "Highest diploma", LEVELS)]
    months_worked: Annotated[int, Meta(ge=0, le=1200), label("参保工作月数", "Months of work insured")]
    exams: Annotated[tuple[QualificationExam, ...], label("考试", "Exams")]
    certificates: Annotated[tuple[Certificate, ...], label("已取得证书", "Certificates")]


QUALIFICATIONS: Final = Register(
    department=RSJ,
    service="qualifications",
    told=Qualifications,
    fresh_for=timedelta(hours=12),
    usable_for=timedelta(days=30),
)
