"""What the Education Bureau (教育局) explains: policies with questions and answers, and studying abroad."""

from datetime import date, timedelta
from typing import Annotated, Final, Literal

import msgspec

from app.kernel.labels import label
from app.kernel.structs import Code, Line, Text
from app.kernel.words import Words
from integrations.departments.admission import Url
from integrations.departments.registers import Register
from integrations.departments.schooling import DIVISIONS, JYJ, STAGES, Division, Stage

Topic = Literal["admission", "exam", "aid", "fees", "burden", "safety"]
TOPICS: Final = {
    "admission": Words(zh="招生入学", en="Admission"),
    "exam": Words(zh="考试", en="Exams"),
    "aid": Words(zh="资助", en="Aid"),
    "fees": Words(zh="收费", en="Fees"),
    "burden": Words(zh="减负", en="Less homework and tutoring"),
    "safety": Words(zh="安全", en="Safety"),
}
Moment = Literal["before_going", "while_abroad", "after_returning", "exchange"]
MOMENTS: Final = {
    "before_going": Words(zh="出国（境）前", en="Before going"),
    "while_abroad": Words(zh="在外期间", en="While abroad"),
    "after_returning": Words(zh="回国后", en="After returning"),
    "exchange": Words(zh="交流项目", en="Exchanges"),
}


class PolicyArticle(msgspec.Struct, frozen=True, kw_only=True):
    """A short article or an answer; the published original decides."""

    code: Annotated[Code, label("编号", "Number")]
    title: Annotated[Line, label("标题", "Title")]
    topic: Annotated[Topic, label("主题", "Topic", TOPICS)]
    stages: Annotated[tuple[Annotated[Stage, label("学段", "Stage", STAGES)], ...], label("学段", "Stages")]
    division_code: Annotated[Division | None, label("区市（空为全市）", "Division (none is all)", DIVISIONS)] = None
    published_on: Annotated[date, label("发布日期", "Published on")]
    body: Annotated[Text, label("正文", "Text")]
    basis: Annotated[Line, label("依据", "Basis")]


class PolicyArticles(msgspec.Struct, frozen=True):
    """Articles and answers, the newest first."""

    items: tuple[PolicyArticle, ...]


class StudyAbroadStep(msgspec.Struct, frozen=True, kw_only=True):
    """Something to arrange around studying abroad, who does it, and what it needs; or an exchange that schools offer."""

    code: Annotated[Code, label("编号", "Number")]
    name: Annotated[Line, label("事项", "What")]
    moment: Annotated[Moment, label("阶段", "When", MOMENTS)]
    by_whom: Annotated[Line, label("办理机构", "Who does it")]
    needs: Annotated[tuple[Line, ...], label("需要准备", "What it needs")]
    takes: Annotated[Line, label("办理时间", "How long it takes")]
    advice: Annotated[Line, label("说明", "Advice")]
    official_page: Annotated[Url | None, label("官方页面", "Official page")] = None


class StudyAbroadSteps(msgspec.Struct, frozen=True):
    """Every step, in the order in which they come."""

    items: tuple[StudyAbroadStep, ...]


POLICIES: Final = Register(
    department=JYJ,
    service="education_policies",
    told=PolicyArticles,
    fresh_for=timedelta(hours=6),
    usable_for=timedelta(days=30),
)
STUDY_ABROAD: Final = Register(
    department=JYJ,
    service="study_abroad",
    told=StudyAbroadSteps,
    fresh_for=timedelta(days=1),
    usable_for=timedelta(days=30),
)
