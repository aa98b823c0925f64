"""To whom the matters of education are open. Pure."""

from datetime import timedelta
from functools import partial
from typing import Final

from app.kernel.words import Words
from lifecycle.education.agenda import KINDERGARTEN, SENIOR, UNIVERSITY, seasons
from lifecycle.education.entitlements import STAGE, in_window, school_admission
from lifecycle.entitlements.combining import Work, every, noting, open_to
from lifecycle.entitlements.conditions import ADULT, FOR_A_CHILD, is_enrolled, learns_at
from lifecycle.entitlements.opening import anyone, service
from lifecycle.entitlements.rules import EntitlementRule
from lifecycle.entitlements.verdicts import Verdict, drawn, need_all, no, yes, yes_from
from lifecycle.rules.ages import Span
from lifecycle.rules.declared_kinds import DIPLOMA, GRADUATED_ON
from lifecycle.rules.fact_kinds import BIRTH_DATE, DISABILITY_GRADE, SCHOOLING, Schooling
from lifecycle.rules.looking import Looking
from lifecycle.rules.school_entry import intake, is_at, milestones, starts_on

_DAY: Final = timedelta(days=1)
_LOOK_UP: Final = Words(zh="任何人都可以查询。", en="Anyone may look things up.")
_DISTRICT: Final = Words(
    zh="报名时间和录取以所在区市当年公告为准。", en="Your district's notice of the year decides on days and places."
)
_ADMISSION: Final = Words(
    zh="能报哪些学校，按当年招生文件执行。", en="Which schools may be chosen is set by the year's admission rules."
)
_CANDIDATES: Final = Words(
    zh="已报名高考的考生凭考生号查本人的结果，由考试院核对。",
    en="Own results are for registered candidates, by their number; the exam authority looks at it.",
)
_PROSPECTUS: Final = Words(
    zh="自考不限年龄和学历；其他项目的条件由学校按招生简章审核。",
    en="Self-study exams are open to all; for other programmes the school looks at the conditions of its prospectus.",
)
_CERTIFIED: Final = Words(
    zh="国（境）外学历学位认证由本人向教育部留学服务中心申请，由其审核。",
    en="You apply yourself for the certification of a foreign degree; the ministry's service centre judges it.",
)
_MATCHED: Final = Words(
    zh="能否享受资助见“学生资助”的答复。", en="Whether aid is due is answered by the rule of student aid."
)
_REASON: Final = Words(
    zh="户口、住房或父母工作变动，由学校和教育部门核实。",
    en="The school and the authority look at the change of registration, home or work.",
)
_ILLNESS: Final = Words(
    zh="因病或特殊原因由学校凭医院证明等审核。", en="The school judges the illness or reason, by the hospital's papers."
)
_NOTICE: Final = Words(
    zh="各项考试的报考条件以考试公告为准，由考试机构审核；有的只面向在校生。",
    en="Each exam's conditions are in its notice and judged by its authority; some are only for students.",
)
_DEGREE: Final = Words(
    zh="学历和工作年限是否符合，由人事考试机构按该项考试的规定审核。",
    en="The exam authority judges whether degree and years of work fit the exam.",
)
_PARENTS: Final = Words(
    zh="由监护人查看并同意，须证明监护关系。", en="The guardian looks at it and consents; the guardianship is proved."
)
_LAST_YEAR: Final = Words(zh="毕业年级一般不办理转学。", en="There are usually no transfers in the final year.")
_GRADUATES_ONLY: Final = Words(
    zh="面向在校大学生和毕业不久的高校毕业生。", en="For university students and recent graduates."
)
_AT_UNIVERSITY: Final = Words(zh="上大学后可订阅。", en="It could be had at university.")


def kindergarten(looking: Looking) -> Verdict:
    """A kindergarten place: from the season of the year in which the child is three by the cut-off, until school begins."""
    born, at = looking.need(BIRTH_DATE), looking.find(SCHOOLING)
    years = milestones(born, looking.law)
    school_begins = starts_on(years.primary, looking.law)
    if at is not None and is_at("kindergarten", at.stage):
        return drawn(Words(zh="已入园或已入学。", en="At a kindergarten or school already."))
    if looking.as_of >= school_begins:
        return no(Words(zh="已到小学入学年龄。", en="It is primary school's turn."))
    looking.again(school_begins)
    opens, _ = seasons(looking).kindergarten.in_year(years.kindergarten)
    words = Words(
        zh=f"{years.kindergarten}年秋季可入园，报名一般自{opens}起。",
        en=f"May enter in autumn {years.kindergarten}; registration usually opens on {opens}.",
    )
    return yes_from(opens, words) if looking.as_of < opens else yes(words, until=school_begins - _DAY)


def senior_secondary(looking: Looking) -> Verdict:
    """Admission after junior school: from the exam's registration in the year of leaving on."""
    at = looking.find(SCHOOLING)
    if at is None or at.stage in {"kindergarten", "primary"}:
        return _before_junior(looking)
    if is_at("senior", at.stage):
        return drawn(Words(zh="已在高中或更高阶段就读。", en="At a senior secondary school already, or beyond."))
    opens, _ = seasons(looking).senior_exam.in_year(at.until.year)
    words = Words(
        zh=f"{at.until.year}年初中毕业，中考报名一般自{opens}起。",
        en=f"Junior school ends in {at.until.year}; the exam's registration usually opens on {opens}.",
    )
    return yes(words) if looking.as_of >= opens else yes_from(opens, words)


def of_school_age(looking: Looking) -> Verdict:
    """Compulsory schooling, from the registration for primary school to the end of junior school."""
    found = intake(looking.need(BIRTH_DATE), "primary", looking.law)
    due = Words(zh=f"{found.entry_year}年入学。", en=f"Enters school in {found.entry_year}.")
    if found.when == "past":
        return no(Words(zh="已过义务教育阶段。", en="Compulsory schooling is over."))
    looking.again(starts_on(milestones(looking.need(BIRTH_DATE), looking.law).senior, looking.law))
    return yes(due) if found.when == "late" else in_window(found, looking, due)


def is_disabled(looking: Looking) -> Verdict:
    """Having a grade of disability."""
    grade = looking.need(DISABILITY_GRADE)
    return yes(Words(zh=f"残疾等级{grade}级。", en=f"A disability of grade {grade}."))


def before_final_year(looking: Looking) -> Verdict:
    """Not yet in the last year of the present school."""
    final = starts_on(looking.need(SCHOOLING).until.year - 1, looking.law)
    if looking.as_of >= final:
        return no(_LAST_YEAR)
    looking.again(final)
    return yes(Words(zh=f"{final}起为毕业年级。", en=f"The final year begins on {final}."), until=final - _DAY)


def holds_a_diploma(looking: Looking) -> Verdict:
    """Having a diploma above compulsory schooling."""
    if looking.need(DIPLOMA) == "none":
        return no(
            Words(zh="没有高中及以上学历。", en="No diploma above junior school."),
            Words(zh="取得学历证书后可办理。", en="It could be had with a diploma."),
        )
    return yes(Words(zh="有高中及以上学历。", en="Holds a diploma."))


def student_or_recent_graduate(looking: Looking) -> Verdict:
    """A university student, or a graduate within some years."""
    at = looking.find(SCHOOLING)
    if at is not None and _learns(at, looking):
        looking.again(at.until)
        if at.stage != "university":
            return no(_GRADUATES_ONLY, _AT_UNIVERSITY)
        return yes(Words(zh="在校大学生。", en="A university student."))
    on = looking.find(GRADUATED_ON)
    if on is None:
        diploma = looking.find(DIPLOMA)
        if diploma is not None and diploma != "higher":
            return no(_GRADUATES_ONLY, _AT_UNIVERSITY)
        need_all(looking, SCHOOLING, GRADUATED_ON)
    on = looking.need(GRADUATED_ON)
    last = Span.read(looking.law.text("student_startup.graduated_within")).after(on)
    if looking.as_of > last:
        return no(Words(zh=f"{on}毕业，已超过期限。", en=f"Graduated on {on}, which is too long ago."))
    looking.again(last + _DAY)
    return yes(Words(zh=f"{on}高校毕业。", en=f"Graduated on {on}."), until=last)


def _before_junior(looking: Looking) -> Verdict:
    """Who isn't known to be at junior school: too young, or to be asked."""
    year = milestones(looking.need(BIRTH_DATE), looking.law).senior
    opens, _ = seasons(looking).senior_exam.in_year(year)
    if looking.find(SCHOOLING) is None and looking.as_of >= opens:
        looking.need(SCHOOLING)
    looking.again(opens)
    return no(
        Words(zh="尚未初中毕业。", en="Junior school isn't over."),
        Words(
            zh=f"初中毕业当年（按年龄约{year}年）可报名。",
            en=f"It could be had in the year of leaving junior school, about {year} by age.",
        ),
    )


def _learns(at: Schooling, looking: Looking) -> bool:
    return at.since <= looking.as_of < at.until


_PUPIL: Final[Work] = learns_at("primary", "junior", "senior")
RULES: Final[tuple[EntitlementRule, ...]] = (
    service(KINDERGARTEN, STAGE, noting(kindergarten, _DISTRICT, FOR_A_CHILD, _LOOK_UP)),
    service(
        "primary_education_info",
        STAGE,
        noting(partial(school_admission, "primary"), _DISTRICT, FOR_A_CHILD, _LOOK_UP),
    ),
    service("junior_secondary_info", STAGE, noting(partial(school_admission, "junior"), _DISTRICT, FOR_A_CHILD)),
    service(SENIOR, STAGE, noting(senior_secondary, _ADMISSION)),
    service(UNIVERSITY, STAGE, open_to(_LOOK_UP, _CANDIDATES)),
    service("continuing_education_info", STAGE, open_to(_LOOK_UP, _PROSPECTUS)),
    service("special_education_info", STAGE, noting(every(of_school_age, is_disabled), FOR_A_CHILD)),
    service("foreign_exchange_study", STAGE, open_to(_LOOK_UP, _CERTIFIED)),
    service("education_assistance_info", STAGE, open_to(_LOOK_UP, _MATCHED)),
    service("school_district_lookup", STAGE, anyone),
    service("school_transfer", STAGE, noting(every(_PUPIL, before_final_year), _REASON, FOR_A_CHILD)),
    service("study_suspension", STAGE, noting(_PUPIL, _ILLNESS, FOR_A_CHILD)),
    service("diploma_verification", STAGE, holds_a_diploma),
    service("proficiency_grade_exam", STAGE, open_to(_LOOK_UP, _NOTICE)),
    service("vocational_qualification_cert", STAGE, open_to(_LOOK_UP, _DEGREE)),
    service("education_fee", STAGE, noting(is_enrolled, _LOOK_UP, FOR_A_CHILD)),
    service("score_analysis_report", STAGE, noting(_PUPIL, _PARENTS, FOR_A_CHILD)),
    service("student_startup_push", STAGE, student_or_recent_graduate),
    service("study_abroad_agency_push", STAGE, ADULT),
    service("school_info_push", STAGE, anyone),
    service("education_policy_push", STAGE, anyone),
)
