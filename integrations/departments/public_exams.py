"""What Human Resources and Social Security (人社局) publishes of examinations: posts to be filled, and skill levels."""

from datetime import date, timedelta
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from app.kernel.labels import label
from app.kernel.structs import Code, Line
from app.kernel.words import Words
from integrations.departments.registers import Register
from integrations.departments.social_security import RSJ, Fen
from integrations.departments.vacancies import LEVELS, Level

RecruitmentKind = Literal["civil_service", "institution", "teacher"]
RECRUITMENTS: Final = {
    "civil_service": Words(zh="公务员", en="Civil service"),
    "institution": Words(zh="事业单位", en="Public institution"),
    "teacher": Words(zh="教师", en="Teachers"),
}
Registration = Literal["not_open", "open", "closed"]
REGISTRATIONS: Final = {
    "not_open": Words(zh="未开始", en="Not open yet"),
    "open": Words(zh="报名中", en="Open"),
    "closed": Words(zh="已截止", en="Closed"),
}
SkillLevel = Literal["5", "4", "3", "2", "1"]
SKILL_LEVELS: Final = {
    "5": Words(zh="五级（初级工）", en="Level 5 (lowest)"),
    "4": Words(zh="四级（中级工）", en="Level 4"),
    "3": Words(zh="三级（高级工）", en="Level 3"),
    "2": Words(zh="二级（技师）", en="Level 2"),
    "1": Words(zh="一级（高级技师）", en="Level 1 (highest)"),
}
"""Vocational skill levels (职业技能等级)."""


class Post(msgspec.Struct, frozen=True):
    """A post to be filled by examination, with the dates and the fee of its notice (公务员法 art. 23; 事业单位人事管理条例 art. 8)."""

    code: Annotated[Code, label("岗位代码", "Code")]
    kind: Annotated[RecruitmentKind, label("招考类别", "Kind", RECRUITMENTS)]
    notice: Annotated[Line, label("公告", "Notice")]
    unit: Annotated[Line, label("招录单位", "Unit")]
    title: Annotated[Line, label("岗位", "Post")]
    division_code: Annotated[Code, label("所在区划", "Division")]
    headcount: Annotated[int, Meta(ge=1, le=1_000), label("招录人数", "Posts")]
    level_code: Annotated[Level, label("最低学历", "Least education", LEVELS)]
    subject: Annotated[Line, label("专业要求", "Subject")]
    oldest: Annotated[int, Meta(ge=18, le=65), label("年龄上限（周岁）", "Oldest age")]
    register_from: Annotated[date, label("报名开始", "Registration from")]
    register_until: Annotated[date, label("报名截止", "Registration until")]
    registration: Annotated[Registration, label("报名状态", "Registration", REGISTRATIONS)]
    card_from: Annotated[date, label("准考证打印日期", "Admission card from")]
    exam_on: Annotated[date, label("笔试日期", "Written test on")]
    result_on: Annotated[date, label("成绩公布日期", "Result on")]
    fee_fen: Annotated[Fen, label("考试费（分）", "Fee (fen)")]


class Posts(msgspec.Struct, frozen=True):
    """Every post of the notices of this season."""

    items: tuple[Post, ...]


class SkillTest(msgspec.Struct, frozen=True):
    """A test of vocational skill by a body on the public list (职业教育法 art. 51; 职业技能等级认定)."""

    code: Annotated[Code, label("计划编号", "Code")]
    body: Annotated[Line, label("评价机构", "Assessment body")]
    body_code: Annotated[Code, label("机构备案号", "Body's number on the list")]
    division_code: Annotated[Code, label("所在区划", "Division")]
    occupation: Annotated[Line, label("职业（工种）", "Occupation")]
    level: Annotated[SkillLevel, label("等级", "Level", SKILL_LEVELS)]
    register_from: Annotated[date, label("报名开始", "Registration from")]
    register_until: Annotated[date, label("报名截止", "Registration until")]
    registration: Annotated[Registration, label("报名状态", "Registration", REGISTRATIONS)]
    test_on: Annotated[date, label("考核日期", "Test on")]
    result_on: Annotated[date, label("成绩公布日期", "Result on")]
    fee_fen: Annotated[Fen, label("收费（分）", "Fee (fen)")]
    phone: Annotated[Line, label("电话", "Telephone")]


class SkillTests(msgspec.Struct, frozen=True):
    """The tests that are planned."""

    items: tuple[SkillTest, ...]


POSTS: Final = Register(
    department=RSJ, service="posts", told=Posts, fresh_for=timedelta(hours=1), usable_for=timedelta(days=7)
)
SKILL_TESTS: Final = Register(
    department=RSJ, service="skill_tests", told=SkillTests, fresh_for=timedelta(hours=6), usable_for=timedelta(days=7)
)
