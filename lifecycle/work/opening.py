"""To whom the services of work are open: vacancies, examinations, graduates, starting up, and moving for work. Pure."""

from datetime import date, timedelta
from typing import Final

from app.kernel.words import Words
from lifecycle.entitlements.conditions import lives_here
from lifecycle.entitlements.opening import aged, anyone, from_age, part, service
from lifecycle.entitlements.verdicts import NeedsMore, Verdict, need_all, no, yes, yes_from
from lifecycle.entitlements.work_and_home import has_reached, is_in_work
from lifecycle.rules.ages import Span
from lifecycle.rules.declared_kinds import GRADUATED_ON, RUNS_BUSINESS
from lifecycle.rules.divisions import is_here
from lifecycle.rules.fact_kinds import (
    BIRTH_DATE,
    DISABILITY_GRADE,
    DIVISION,
    HOMES,
    JOB,
    REGISTERED,
    SCHOOLING,
    UNEMPLOYED_SINCE,
)
from lifecycle.rules.looking import Looking
from lifecycle.work import opening_out_of_work as out_of_work

STAGE: Final = "work"
_DAY: Final = timedelta(days=1)
_BY_NOTICE: Final = Words(
    zh="学历、专业、年龄上限等以公告的岗位条件为准，由招考机关审查。",
    en="Degree, subject and upper age are as the notice of the post says; the examining authority judges them.",
)
_BARRED: Final = Words(
    zh="是否有不得任职的情形，由登记机关核对。",
    en="Whether something bars you from office is checked by the registrar.",
)
_BY_TRADE: Final = Words(
    zh="工作年限或学习条件按所报工种和等级，由评价机构审查。",
    en="Years of work or training are as the trade and level ask; the assessor judges them.",
)
_HERE_ALREADY: Final = Words(zh="户籍已在烟台。", en="Registered in Yantai already.")
_YEARLY: Final = Words(
    zh="各项扶持的条件以当年公布为准，由经办机构审核；贷款由银行决定。",
    en="Each kind of support has the conditions of its year, which the office judges; loans are the bank's to grant.",
)
_POLICE: Final = Words(
    zh="是否合法稳定，由公安机关审核。", en="Whether it is lawful and steady is judged by the police."
)


def graduates(looking: Looking) -> Verdict:
    """Services for who has graduated, for some years from the day of graduation."""
    at = looking.find(SCHOOLING)
    if looking.find(GRADUATED_ON) is None and at is not None:
        looking.again(at.until)
        if at.stage != "university" and looking.as_of < at.until:
            later = Words(zh="高校毕业后可享受。", en="It could be had after graduating from university.")
            return no(Words(zh="在中小学或幼儿园就读。", en="At school."), later)
        if at.stage == "university" and looking.as_of < at.until:
            return yes_from(at.until, Words(zh=f"{at.until}毕业。", en=f"Graduates on {at.until}."))
    ends = _graduate_until(looking)
    if ends is None:
        looking.need(GRADUATED_ON)
    elif looking.as_of < ends:
        looking.again(ends)
        return yes(Words(zh="在择业期内。", en="Within the years after graduation."), until=ends - _DAY)
    return no(Words(zh="择业期已过。", en="The years after graduation that count are over."))


def starting_up(looking: Looking) -> Verdict:
    """Support for who starts up and belongs to a group that is supported, as far as facts say."""
    if not has_reached(looking, "age.capacity_full"):
        return no(Words(zh="未成年。", en="Not of age."), Words(zh="成年后可申请。", en="It could be had by an adult."))
    ends = _graduate_until(looking)
    if ends is not None:
        looking.again(ends)
    works = is_in_work(looking)
    unemployed = not works and looking.find(UNEMPLOYED_SINCE) is not None
    groups = (
        (looking.find(DISABILITY_GRADE) is not None, Words(zh="残疾人。", en="Disabled.")),
        (unemployed, Words(zh="登记失业人员。", en="Registered as unemployed.")),
        (ends is not None and looking.as_of < ends, Words(zh="毕业生。", en="A graduate.")),
    )
    for belongs, words in groups:
        if belongs:
            return yes(words, steps=(_YEARLY,))
    if works or ends is not None:
        return no(
            Words(zh="不属于已知的扶持对象。", en="None of the groups that are supported is known."),
            Words(
                zh="办理失业登记后可申请；返乡创业、退役军人等其他对象由经办机构认定。",
                en="It could be had once registered as unemployed; returners to their villages, veterans and others are recognised by the office.",
            ),
        )
    raise NeedsMore((UNEMPLOYED_SINCE, GRADUATED_ON))


def settling_by_business(looking: Looking) -> Verdict:
    """Moving the household register for an own business."""
    if is_here(looking.need(DIVISION)):
        return no(_HERE_ALREADY)
    need_all(looking, RUNS_BUSINESS)
    if not looking.need(RUNS_BUSINESS):
        return no(
            Words(zh="没有在烟台办企业或经营。", en="No business is run in Yantai."),
            Words(zh="在烟台投资或创业后可申请。", en="It could be had after investing or starting up in Yantai."),
        )
    living = lives_here(looking)
    if living.answer != "yes":
        return living
    words = Words(zh="在烟台经营并居住。", en="Runs a business in Yantai and lives here.")
    return yes(words, steps=(_POLICE,))


def settling_by_work(looking: Looking) -> Verdict:
    """Moving the household register for steady work, or a home."""
    if is_here(looking.need(DIVISION)):
        return no(_HERE_ALREADY)
    if is_in_work(looking):
        return yes(Words(zh="在烟台就业。", en="In work in Yantai."), steps=(_POLICE,))
    if looking.find(HOMES):
        return yes(Words(zh="在烟台有住房。", en="Owns a home in Yantai."), steps=(_POLICE,))
    need_all(looking, JOB, HOMES)
    return no(
        Words(zh="没有在职，也没有自有住房。", en="Neither in work nor owning a home."),
        Words(
            zh="在烟台合法稳定就业，或有合法稳定住所（含租住）后可申请。",
            en="It could be had with lawful, steady work or a lawful, steady home, also a rented one.",
        ),
    )


def foreigners(looking: Looking) -> Verdict:
    """A permit to work for foreigners of the age of the law; whoever has an identity number needs none."""
    need_all(looking, BIRTH_DATE, REGISTERED)
    if looking.need(REGISTERED):
        return no(
            Words(
                zh="持居民身份证、港澳台居民居住证或外国人永久居留身份证的，就业不需要许可。",
                en="With an identity card, a residence permit of Hong Kong, Macao or Taiwan, or a permanent residence card, no permit is needed.",
            )
        )
    steps = (
        Words(zh="由聘用单位提出申请。", en="The employer applies."),
        Words(
            zh="是否符合A、B、C类条件由审批部门评定。", en="Whether class A, B or C fits is judged by the authority."
        ),
    )
    return from_age(looking, "opening.foreign_worker_age", *steps)


def _graduate_until(looking: Looking) -> date | None:
    on = looking.find(GRADUATED_ON)
    if on is None:
        at = looking.find(SCHOOLING)
        if at is not None and at.stage == "university":
            looking.again(at.until)
            on = at.until if at.until <= looking.as_of else None
    return None if on is None else Span.read(looking.law.text("opening.graduate_period")).after(on)


RULES: Final = (
    service("job_vacancy_query", STAGE, anyone),
    part("job_vacancy_query", STAGE, "hired", Words(zh="应聘", en="Being hired"), aged("age.work")),
    service("labour_employment_info", STAGE, aged("age.work")),
    service("personnel_exam", STAGE, aged("opening.public_exam_age", _BY_NOTICE)),
    service("business_registration", STAGE, aged("age.capacity_full", _BARRED)),
    service("organization_code_application", STAGE, anyone),
    service("graduate_employment", STAGE, graduates),
    service("startup_incubation", STAGE, starting_up),
    service("investment_settlement", STAGE, settling_by_business),
    service("foreigner_hmt_employment", STAGE, foreigners),
    service("recruit_transfer_hukou_migration", STAGE, settling_by_work),
    service("employment_unemployment_cert", STAGE, out_of_work.registration),
    service("reemployment_preferential_cert", STAGE, out_of_work.hardship),
    service("labour_capacity_appraisal", STAGE, out_of_work.appraisal),
    service("vocational_skill_appraisal", STAGE, aged("age.work", _BY_TRADE)),
    service("recruitment_push", STAGE, aged("age.work")),
    service("employment_policy_push", STAGE, anyone),
    service("labour_market_stats_push", STAGE, anyone),
)
