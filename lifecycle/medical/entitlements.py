"""Catastrophic cover of a year's medical costs (大病保险、大额医疗费用补助), and what is free by age: the HPV vaccine and the yearly check. Pure."""

from datetime import date, timedelta
from functools import partial
from typing import Final

from app.kernel.identity_numbers import Sex
from app.kernel.money import yuan
from app.kernel.words import Words
from lifecycle.entitlements.combining import every
from lifecycle.entitlements.conditions import lives_here
from lifecycle.entitlements.opening import from_age
from lifecycle.entitlements.rules import EntitlementRule
from lifecycle.entitlements.verdicts import Amount, Verdict, drawn, need_all, no, yes, yes_from
from lifecycle.rules.ages import Span
from lifecycle.rules.declared_kinds import MEDICAL_SCHEME
from lifecycle.rules.fact_kinds import BIRTH_DATE, DOSES, SELF_PAID_FEN, SEX
from lifecycle.rules.immunisation_programme import SeriesRule
from lifecycle.rules.looking import Looking
from lifecycle.rules.medical_reimbursement import catastrophic_fen, catastrophic_from_fen

STAGE: Final = "medical"
_DAY: Final = timedelta(days=1)
_NOT_FOR: Final = Words(
    zh="免费HPV疫苗只面向规定日期以后出生的女孩。",
    en="The free HPV vaccine is for girls born after the day set for it.",
)
_TOO_LATE: Final = Words(
    zh="没有在规定年龄前接种第一剂，或已过补种年龄。",
    en="The first dose wasn't given before the age set for it, or the age for catching up is past.",
)
_CLINIC: Final = Words(zh="健康是否合适由接种医生判断。", en="The doctor judges whether health allows it.")


def catastrophic_cover(looking: Looking) -> Verdict:
    """What is paid of the year's compliant self-pay above the line, by insurance."""
    need_all(looking, MEDICAL_SCHEME, SELF_PAID_FEN)
    scheme, paid = looking.need(MEDICAL_SCHEME), looking.need(SELF_PAID_FEN)
    line, due = catastrophic_from_fen(scheme, looking.law), catastrophic_fen(scheme, paid, looking.law)
    last = date(looking.as_of.year, 12, 31)
    looking.again(last + timedelta(days=1))
    words = Words(
        zh=f"本年度合规自付{yuan(paid)}元，起付线{yuan(line)}元。",
        en=f"{yuan(paid)} yuan borne this year; the line is {yuan(line)}.",
    )
    if due == 0:
        above = Words(zh=f"合规自付超过{yuan(line)}元后可享受。", en=f"It could be had above {yuan(line)} yuan.")
        return no(words, above)
    return yes(words, amount=Amount(due, "once"), until=last, period=str(looking.as_of.year))


def free_hpv(looking: Looking) -> Verdict:
    """The programme's HPV vaccine: of girls born after a day, the first dose within a year of age, the second after its interval."""
    need_all(looking, BIRTH_DATE, SEX)
    born, law = looking.need(BIRTH_DATE), looking.law
    series = law.get("immunisation.series.hpv", SeriesRule)
    over = Span.read(law.text("immunisation.catch_up_until")).after(born)
    if not series.meant_for(born, Sex(looking.need(SEX))):
        return no(_NOT_FOR)
    if looking.as_of >= over:
        return no(_TOO_LATE)
    looking.again(over)
    given = sorted(dose.on for dose in looking.need(DOSES) if dose.vaccine in series.counts)
    if len(given) >= len(series.doses):
        return drawn(Words(zh="已全程接种。", en="All doses were given."))
    return _next_dose(series, born, given, looking, over)


def _next_dose(series: SeriesRule, born: date, given: list[date], looking: Looking, over: date) -> Verdict:
    """The first dose that is missing, from when to when."""
    rule = series.doses[len(given)]
    opens = max(
        Span.read(rule.min_age).after(born),
        *(Span.read(wait.interval).after(given[wait.dose - 1]) for wait in rule.after),
        looking.as_of.min,
    )
    ends = min(over, Span.read(rule.given_before).after(born)) if rule.given_before else over
    if max(opens, looking.as_of) >= ends:
        return no(_TOO_LATE)
    looking.again(ends)
    words = Words(
        zh=f"第{rule.number}剂{opens}起、{ends}前免费接种。",
        en=f"Dose {rule.number} is free from {opens} on, before {ends}.",
    )
    if looking.as_of < opens:
        return yes_from(opens, words, steps=(_CLINIC,))
    return yes(words, until=ends - _DAY, steps=(_CLINIC,))


RULES: Final = (
    EntitlementRule(
        name="catastrophic_cover",
        matter="medical_insurance_reimbursement",
        stage=STAGE,
        title=Words(zh="大病保险和大额医疗费用补助", en="Catastrophic cover"),
        law=Words(
            zh="社会保险法第二十八条至第三十条；烟政办发〔2022〕23号", en="Social Insurance Law, articles 28 to 30"
        ),
        work=catastrophic_cover,
        without_application=True,
    ),
    EntitlementRule(
        name="free_hpv_vaccine",
        matter="adult_vaccination",
        stage=STAGE,
        title=Words(zh="免费HPV疫苗", en="Free HPV vaccine"),
        law=Words(zh="疫苗管理法第四十九条；国家免疫规划", en="Vaccine Administration Law, article 49"),
        work=free_hpv,
    ),
    EntitlementRule(
        name="elderly_check_up",
        matter="checkup_institution",
        stage=STAGE,
        title=Words(zh="老年人年度免费体检", en="Free yearly check-up of the elderly"),
        law=Words(
            zh="老年人权益保障法第五十条；国家基本公共卫生服务规范（第三版）",
            en="Law on the Rights and Interests of the Elderly, article 50; national public health standard, third edition",
        ),
        work=every(partial(from_age, key="elderly.checked_from"), lives_here),
    ),
)
