"""To whom the services of social security are open: insurance, injuries at work, assistance, children's homes, and care. Pure."""

from datetime import timedelta
from typing import Final

from app.kernel.words import Words
from lifecycle.entitlements.combining import noting
from lifecycle.entitlements.conditions import lives_here
from lifecycle.entitlements.households import household
from lifecycle.entitlements.opening import anyone, from_age, service
from lifecycle.entitlements.rules import EntitlementRule
from lifecycle.entitlements.verdicts import Verdict, drawn, no, yes
from lifecycle.entitlements.work_and_home import IN_WORK, has_reached, is_in_work
from lifecycle.rules.ages import Span
from lifecycle.rules.declared_kinds import INJURED_ON, WORK_INJURY
from lifecycle.rules.fact_kinds import CHILDREN, GUARDIANS, MEDICAL_INSURED
from lifecycle.rules.looking import Looking
from lifecycle.rules.told_kinds import INSURANCES, LIVING_ALLOWANCE, MEDICAL_PAID_UNTIL

STAGE: Final = "social_security"
_DAY: Final = timedelta(days=1)
_INSURED: Final = Words(zh="已参保。", en="Insured already.")
_BY_EMPLOYER: Final = Words(
    zh="由用人单位办理参保登记，不用自己办。", en="The employer registers you; there is nothing to do yourself."
)
_PERMIT: Final = Words(
    zh="户籍不在烟台的，凭居住证办理，由经办机构核对。",
    en="Whoever is registered elsewhere needs a residence permit, which the office checks.",
)
_LIVES_HERE: Final = noting(lives_here, _PERMIT)
_EXAMINED: Final = Words(
    zh="是不是工伤由人社部门认定，须有诊断证明和劳动关系证明。",
    en="Whether it is a work injury is decided by Human Resources; a diagnosis and proof of the employment are needed.",
)


def social_insurance(looking: Looking) -> Verdict:
    """Records and registration: of who is insured, who works here, and who lives here."""
    if looking.find(INSURANCES):
        return yes(Words(zh="已参保，可查询和转移。", en="Insured already: records can be read and moved."))
    return _insurable(looking)


def medical_insurance(looking: Looking) -> Verdict:
    """Enrolling for medical insurance: employees, and residents who are registered or live here."""
    until = looking.find(MEDICAL_PAID_UNTIL)
    if until is not None:
        looking.again(until + _DAY)
    if looking.find(MEDICAL_INSURED) and (until is None or looking.as_of <= until):
        return drawn(_INSURED)
    return _insurable(looking)


def work_injury(looking: Looking) -> Verdict:
    """Recognition of an injury at work within a year, and its benefits once it is recognised."""
    injury = looking.need(WORK_INJURY)
    if injury == "none":
        hurt = Words(
            zh="因工作受伤或被诊断为职业病后可申请。",
            en="It could be had after an injury at work or the diagnosis of an occupational disease.",
        )
        return no(Words(zh="没有工伤。", en="There is no injury at work."), hurt)
    if injury == "recognised":
        words = Words(zh="已认定工伤，可申请待遇。", en="A work injury is recognised: its benefits may be claimed.")
        return yes(words, steps=(Words(zh="待遇按鉴定等级核定。", en="They follow the grade that is appraised."),))
    last = Span.read(looking.law.text("work_injury.claimed_within")).after(looking.need(INJURED_ON))
    looking.again(last + _DAY)
    if looking.as_of > last:
        return no(
            Words(zh=f"申请期限{last}已过。", en=f"It could be asked for until {last}."),
            Words(
                zh="因不可抗力等耽误的时间不计在内。", en="Time lost through force majeure and the like isn't counted."
            ),
        )
    days = looking.law.number("work_injury.employer_days")
    employer = Words(zh=f"单位应在{days}日内先提出申请。", en=f"The employer should apply first, within {days} days.")
    words = Words(zh=f"可在{last}前申请工伤认定。", en=f"Recognition may be asked for until {last}.")
    return yes(words, until=last, steps=(employer, _EXAMINED))


def medical_assistance(looking: Looking) -> Verdict:
    """Help with costs of illness for who is insured and recognised as being in hardship."""
    if not looking.need(MEDICAL_INSURED):
        return no(
            Words(zh="未参加基本医保。", en="Not insured for medical costs."),
            Words(
                zh="先参加基本医保；困难人员的参保费由政府资助。",
                en="It could be had once insured; government helps people in hardship to pay for it.",
            ),
        )
    share = Words(
        zh="救助比例和限额由医保部门按认定的类别核定。", en="The share follows the group in which one is recognised."
    )
    if looking.find(LIVING_ALLOWANCE) is not None:
        return yes(
            Words(zh="低保家庭成员，已参保。", en="Insured, and on the minimum living allowance."), steps=(share,)
        )
    if household(looking).below:
        return no(
            Words(
                zh="家庭收入低于低保标准，但尚未认定。",
                en="The household's income is low, but that isn't recognised yet.",
            ),
            Words(zh="先申请低保，认定后可享受。", en="It could be had once the minimum living allowance is granted."),
        )
    return no(
        Words(zh="家庭收入不低于低保标准。", en="The household's income isn't below the minimum."),
        Words(
            zh="被认定为低保边缘家庭或大额必需支出困难家庭后可享受。",
            en="It could be had once recognised as just above the minimum, or as burdened by large unavoidable costs.",
        ),
    )


def adoption(looking: Looking) -> Verdict:
    """Adopting from the age of the law; a child is taken in of whom no guardian is known."""
    if not has_reached(looking, "age.capacity_full"):
        return _of_a_child(looking)
    most, agrees = looking.law.number("opening.adopter_children"), looking.law.number("opening.adopted_consents")
    steps = [
        Words(
            zh="抚养能力、健康、有无不利于被收养人的违法犯罪记录，由民政部门评估。",
            en="Civil Affairs assesses means, health, and whether there is a record that bars it.",
        ),
        Words(zh=f"收养{agrees}周岁以上的孩子，须本人同意。", en=f"A child of {agrees} or over must agree."),
    ]
    children = looking.find(CHILDREN)
    if children is not None and len(children) > most:
        steps.insert(
            0,
            Words(
                zh=f"已有子女超过{most}名，只能收养孤儿、残疾未成年人或福利机构抚养的查找不到生父母的孩子。",
                en=f"With more than {most} child of one's own, only orphans, disabled minors, and foundlings in a home may be adopted.",
            ),
        )
    return from_age(looking, "opening.adopter_age", *steps)


def elderly_care(looking: Looking) -> Verdict:
    """News of care: of the old, and of adults who look after them."""
    if has_reached(looking, "life_event.age_elder"):
        age = looking.law.number("life_event.age_elder")
        return yes(Words(zh=f"已满{age}周岁。", en=f"Aged {age} or over."))
    family = Words(zh="可以替家中的老人订阅。", en="An adult may have it for the old in the family.")
    return from_age(looking, "age.capacity_full", family)


def _insurable(looking: Looking) -> Verdict:
    if is_in_work(looking):
        return yes(IN_WORK, steps=(_BY_EMPLOYER,))
    return _LIVES_HERE(looking)


def _of_a_child(looking: Looking) -> Verdict:
    guardians = [one for one in looking.need(GUARDIANS) if one.until is None or looking.as_of < one.until]
    for one in guardians:
        looking.again(one.until)
    if guardians:
        return no(
            Words(zh="有监护人。", en="There is a guardian."),
            Words(
                zh="成为孤儿或事实无人抚养后可由福利机构收留。",
                en="A home could take the child in if it were an orphan, or nobody could raise it.",
            ),
        )
    looked_at = Words(
        zh="是否无人抚养，由民政部门查明。", en="Whether nobody can raise the child is looked into by Civil Affairs."
    )
    return yes(Words(zh="没有登记的监护人。", en="No guardian is registered."), steps=(looked_at,))


RULES: Final = (
    service("social_insurance_info", STAGE, social_insurance),
    service("medical_insurance", STAGE, medical_insurance),
    service("work_injury_insurance", STAGE, work_injury),
    EntitlementRule(
        name="medical_assistance",
        matter="medical_assistance",
        stage=STAGE,
        title=Words(zh="医疗救助", en="Medical assistance"),
        law=Words(
            zh="社会救助法第二十四条、第三十七条至第四十八条", en="Social Assistance Law, articles 24 and 37 to 48"
        ),
        work=medical_assistance,
    ),
    service("child_welfare_institution", STAGE, adoption),
    service("insurance_knowledge_push", STAGE, anyone),
    service("elderly_care_push", STAGE, elderly_care),
    service("nursing_home_info_push", STAGE, anyone),
)
