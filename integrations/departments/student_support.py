"""What the Education Bureau (教育局) tells of money at school: what may be charged (教育收费), and student aid (学生资助)."""

from datetime import date, timedelta
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from app.kernel.labels import label
from app.kernel.structs import Code, Line
from app.kernel.words import Words
from integrations.departments.bills import BillNo
from integrations.departments.household_bills import STANDINGS, Standing
from integrations.departments.orders import Order
from integrations.departments.registers import Register
from integrations.departments.schooling import JYJ, OWNERSHIPS, STAGES, Fen, Ownership, Stage

Situation = Literal["low_income", "destitute", "disabled", "orphan", "monitored", "other_hardship", "merit", "anybody"]
SITUATIONS: Final = {
    "low_income": Words(zh="低保家庭", en="Subsistence allowance"),
    "destitute": Words(zh="特困供养", en="Destitute support"),
    "disabled": Words(zh="残疾学生或残疾人子女", en="Disabled, or a child of disabled people"),
    "orphan": Words(zh="孤儿、事实无人抚养儿童", en="Orphan, or a child without care"),
    "monitored": Words(zh="防返贫监测对象", en="Monitored against poverty"),
    "other_hardship": Words(zh="其他经济困难家庭", en="Other hardship"),
    "merit": Words(zh="成绩或表现优秀", en="Merit"),
    "anybody": Words(zh="不限家庭情况", en="Anybody"),
}
"""Whom aid is for. The question takes what the citizen says of themselves; no register of need is looked at."""
AidKind = Literal["grant", "scholarship", "loan", "waiver", "textbooks", "meals"]
AID_KINDS: Final = {
    "grant": Words(zh="助学金", en="Grant"),
    "scholarship": Words(zh="奖学金", en="Scholarship"),
    "loan": Words(zh="助学贷款", en="Student loan"),
    "waiver": Words(zh="减免学费或保教费", en="Waiver of fees"),
    "textbooks": Words(zh="免费教科书", en="Free textbooks"),
    "meals": Words(zh="生活或营养补助", en="Help with living or meals"),
}
FeeKind = Literal["tuition", "care", "boarding", "for_others", "service"]
FEE_KINDS: Final = {
    "tuition": Words(zh="学费", en="Tuition"),
    "care": Words(zh="保育教育费", en="Care and education"),
    "boarding": Words(zh="住宿费", en="Boarding"),
    "for_others": Words(zh="代收费", en="Collected for others"),
    "service": Words(zh="服务性收费", en="For a service, of one's free will"),
}
"""Kinds of school fees (收费项目); `for_others` and `service` are voluntary."""
Per = Literal["month", "term", "year", "time"]
PERS: Final = {
    "month": Words(zh="每月", en="A month"),
    "term": Words(zh="每学期", en="A term"),
    "year": Words(zh="每学年", en="A year"),
    "time": Words(zh="每次，据实结算", en="Each time, at cost"),
}


class Aid(msgspec.Struct, frozen=True, kw_only=True):
    """Something that helps a pupil or student (教育法 art. 38). `amount_fen` is a year's, none where a fee is waived as it is."""

    code: Annotated[Code, label("代码", "Code")]
    name: Annotated[Line, label("资助项目", "Aid")]
    kind: Annotated[AidKind, label("类型", "Kind", AID_KINDS)]
    stages: Annotated[tuple[Annotated[Stage, label("学段", "Stage", STAGES)], ...], label("适用学段", "Stages")]
    situations: Annotated[
        tuple[Annotated[Situation, label("家庭情况", "Situation", SITUATIONS)], ...], label("资助对象", "For whom")
    ]
    amount_fen: Annotated[Fen | None, label("标准（分/年）", "Sum (fen a year)")] = None
    is_most: Annotated[bool, label("为最高额", "The sum is the most")]
    how: Annotated[Line, label("如何办理", "How to get it")]
    source: Annotated[Line, label("依据", "Source")]
    verified_on: Annotated[date | None, label("核对日期（空为未核对）", "Verified on (none if it wasn't)")] = None


class Aids(msgspec.Struct, frozen=True):
    """The aid that there is, or what may fit a stage and a situation."""

    items: tuple[Aid, ...]


class FeeItem(msgspec.Struct, frozen=True, kw_only=True):
    """What a school of a stage may charge; `amount_fen` is the most, none where each school displays its own."""

    code: Annotated[Code, label("代码", "Code")]
    name: Annotated[Line, label("收费项目", "Fee")]
    kind: Annotated[FeeKind, label("类别", "Kind", FEE_KINDS)]
    stage: Annotated[Stage, label("学段", "Stage", STAGES)]
    ownership: Annotated[Ownership, label("办学性质", "Public or private", OWNERSHIPS)]
    amount_fen: Annotated[Fen | None, label("最高标准（分）", "At most (fen)")] = None
    per: Annotated[Per, label("计费单位", "Per", PERS)]
    voluntary: Annotated[bool, label("自愿", "Voluntary")]
    basis: Annotated[Line, label("依据", "Basis")]


class FeeItems(msgspec.Struct, frozen=True):
    """What schools may charge, of every stage or of one."""

    items: tuple[FeeItem, ...]


class SchoolBill(msgspec.Struct, frozen=True):
    """What a pupil's or student's school asks for a time; it is a fee of the list, and never a voluntary one."""

    bill_no: Annotated[BillNo, label("账单编号", "Bill number")]
    code: Annotated[Code, label("收费项目代码", "Fee's code")]
    name: Annotated[Line, label("收费项目", "Fee")]
    kind: Annotated[FeeKind, label("类别", "Kind", FEE_KINDS)]
    period_start: Annotated[date, label("起始日", "From")]
    period_end: Annotated[date, label("截止日", "Until")]
    amount_fen: Annotated[Fen, label("金额（分）", "Amount (fen)")]
    due_on: Annotated[date, label("最晚缴费日", "Due by")]
    standing: Annotated[Standing, label("缴费状态", "Standing", STANDINGS)]


class SchoolBills(msgspec.Struct, frozen=True):
    """Somebody's school, and its bills: those that are open first."""

    school: Annotated[Line, label("学校", "School")]
    stage: Annotated[Stage, label("学段", "Stage", STAGES)]
    bills: Annotated[tuple[SchoolBill, ...], label("账单", "Bills")]


Term = Annotated[str, Meta(pattern=r"\A20[0-9]{2}-[12]\Z")]
"""A school year by its autumn, and 1 for the autumn's term or 2 for the spring's."""


class AidGiven(msgspec.Struct, frozen=True):
    """Aid that was granted to a pupil or student for a term."""

    reference: Annotated[Code, label("资助编号", "Reference")]
    term: Annotated[Term, label("学期", "Term")]
    stage: Annotated[Stage, label("学段", "Stage", STAGES)]
    amount_fen: Annotated[Fen, label("资助金额（分）", "Sum (fen)")]
    granted_on: Annotated[date, label("认定日期", "Granted on")]


class AidRecord(msgspec.Struct, frozen=True):
    """The term that runs, and the aid that somebody was granted, the newest first."""

    term: Annotated[Term, label("当前学期", "Term that runs")]
    given: Annotated[tuple[AidGiven, ...], label("资助记录", "Aid granted")]


AID_RECORD: Final = Register(
    department=JYJ,
    service="aid_record",
    told=AidRecord,
    fresh_for=timedelta(hours=1),
    usable_for=timedelta(days=30),
)
GRANT_AID: Final = Order(JYJ, "grant_student_aid", AidGiven)
"""Grant a pupil or student a term's aid, and pay it to an account."""
AIDS: Final = Register(
    department=JYJ,
    service="student_aid",
    told=Aids,
    fresh_for=timedelta(days=1),
    usable_for=timedelta(days=30),
)
SCHOOL_BILLS: Final = Register(
    department=JYJ,
    service="school_bills",
    told=SchoolBills,
    fresh_for=timedelta(hours=1),
    usable_for=timedelta(days=7),
)
FEES: Final = Register(
    department=JYJ,
    service="school_fees",
    told=FeeItems,
    fresh_for=timedelta(days=1),
    usable_for=timedelta(days=30),
)
