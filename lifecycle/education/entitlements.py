"""School places by age and window, and student aid by stage and hardship. Pure."""

from datetime import timedelta
from functools import partial
from typing import Final

from app.kernel.words import Words
from lifecycle.entitlements.households import household
from lifecycle.entitlements.rules import EntitlementRule
from lifecycle.entitlements.verdicts import Amount, Verdict, drawn, no, yes, yes_from
from lifecycle.rules.fact_kinds import (
    BIRTH_DATE,
    DISABILITY_GRADE,
    SCHOOLING,
)
from lifecycle.rules.looking import Looking
from lifecycle.rules.school_entry import NAMES, Intake, Stage, intake, is_at, milestones, starts_on
from lifecycle.rules.student_aid import term_fen

STAGE: Final = "education"
_DAY: Final = timedelta(days=1)
_LATE: Final = Words(
    zh="报名时间已过或已达入学年龄，可补报名，由教育部门统筹安排。",
    en="The window has closed, or the child should be at school: late registration is possible, and the authority assigns a place.",
)


def school_admission(stage: Stage, looking: Looking) -> Verdict:
    """Registering for a stage of school: by the year of birth, within the window that is published."""
    found = intake(looking.need(BIRTH_DATE), stage, looking.law)
    school, at = NAMES[stage], looking.find(SCHOOLING)
    if at is not None and is_at(stage, at.stage):
        return drawn(Words(zh=f"已在{school.zh}或更高阶段就读。", en=f"At {school.en} already, or beyond."))
    due = Words(zh=f"{found.entry_year}年入{school.zh}。", en=f"Enters {school.en} in {found.entry_year}.")
    if found.when == "past":
        return no(Words(zh="已过义务教育阶段。", en="Compulsory schooling is over."))
    if found.when == "late":
        years = milestones(looking.need(BIRTH_DATE), looking.law)
        looking.again(starts_on(years.junior - 1 if stage == "primary" else years.senior, looking.law))
        over = stage == "primary" and _is_in_junior(looking)
        return no(Words(zh="已到初中阶段。", en="It is junior school's turn.")) if over else yes(_LATE, steps=(due,))
    return in_window(found, looking, due)


def in_window(found: Intake, looking: Looking, due: Words) -> Verdict:
    """What a stage that isn't due yet answers: no until its window is published, then from the day on which that opens."""
    if found.when == "too_young":
        looking.again(starts_on(found.entry_year - 1, looking.law))
        return no(due, Words(zh="到入学年份报名。", en="It could be had in the year of entry."))
    if found.window is None:
        looking.again(starts_on(found.entry_year, looking.law))
        return no(due, Words(zh="报名时间公布后可报名。", en="It could be had once the window is published."))
    looking.again(found.window.closes + _DAY)
    if found.when == "before":
        return yes_from(found.window.opens, due)
    return yes(due, until=found.window.closes)


def _is_in_junior(looking: Looking) -> bool:
    return intake(looking.need(BIRTH_DATE), "junior", looking.law).when != "too_young"


def student_aid(looking: Looking) -> Verdict:
    """Aid of a term for a pupil or student who is disabled or whose household has a low income."""
    at = looking.need(SCHOOLING)
    if not at.since <= looking.as_of < at.until:
        return no(Words(zh="目前不在读。", en="Not at school at present."))
    looking.again(at.until)
    amount = Amount(term_fen(at.stage, looking.law), "term")
    if looking.find(DISABILITY_GRADE) is not None:
        return yes(Words(zh="在读，有残疾等级。", en="At school, with a disability."), amount=amount)
    if household(looking).below:
        return yes(
            Words(zh="在读，家庭收入低于低保标准。", en="At school, in a household of low income."), amount=amount
        )
    return no(
        Words(
            zh="家庭收入不低于低保标准，也没有残疾等级。",
            en="The household's income isn't low, and no disability is known.",
        ),
        Words(
            zh="有其他困难的，可申请由资助机构认定。", en="Other hardship is judged by the aid office on application."
        ),
    )


RULES: Final = (
    EntitlementRule(
        name="primary_school_admission",
        matter="school_admission",
        stage=STAGE,
        title=Words(zh="小学入学报名", en="Registering for primary school"),
        law=Words(zh="义务教育法第二条、第十一条、第十二条", en="Compulsory Education Law, articles 2, 11 and 12"),
        work=partial(school_admission, "primary"),
    ),
    EntitlementRule(
        name="junior_school_admission",
        matter="school_admission",
        stage=STAGE,
        title=Words(zh="初中入学报名", en="Registering for junior school"),
        law=Words(zh="义务教育法第二条、第十一条、第十二条", en="Compulsory Education Law, articles 2, 11 and 12"),
        work=partial(school_admission, "junior"),
    ),
    EntitlementRule(
        name="student_aid",
        matter="education_aid_application",
        stage=STAGE,
        title=Words(zh="学生资助", en="Student aid"),
        law=Words(
            zh="教育法第三十八条；义务教育法第四十四条",
            en="Education Law, article 38; Compulsory Education Law, article 44",
        ),
        work=student_aid,
    ),
)
