"""What the old are entitled to: the old-age allowance, and pensions at each age. Pure."""

from datetime import date
from typing import Final

from app.kernel.words import Words
from lifecycle.entitlements.rules import EntitlementRule
from lifecycle.entitlements.verdicts import Amount, Verdict, drawn, need_all, no, yes, yes_from
from lifecycle.entitlements.work_and_home import is_of_working_age
from lifecycle.rules import pension
from lifecycle.rules.ages import birthday_on
from lifecycle.rules.declared_kinds import RESIDENT_PENSION_MONTHS
from lifecycle.rules.fact_kinds import (
    ALLOWANCES,
    BIRTH_DATE,
    DIVISION,
    INSURED,
    JOB,
    PENSION_SINCE,
    REGISTERED,
    SEX,
)
from lifecycle.rules.granted import granted
from lifecycle.rules.looking import Looking
from lifecycle.rules.retirement_kinds import need_kind
from lifecycle.social_security import old_age_rules as old
from lifecycle.social_security.old_age_allowance import MATTER as WELFARE

STAGE: Final = "social_security"
PENSION: Final = "pension_insurance"
ELSEWHERE: Final = Words(zh="户籍不在烟台。", en="Not registered in Yantai.")
MOVE_HERE: Final = Words(zh="户籍迁入烟台后可享受。", en="It could be had once registered in Yantai.")
_TOO_YOUNG: Final = Words(
    zh="未到法定劳动年龄，尚未参加职工养老保险。", en="Under working age, so not insured for a pension yet."
)
_DRAWN: Final = Words(zh="已在领取养老金。", en="A pension is drawn already.")


def old_age_allowance(looking: Looking) -> Verdict:
    """The allowance of who is registered here, by steps of age; the first birthday on which it is had."""
    need_all(looking, BIRTH_DATE, DIVISION, REGISTERED)
    born, law = looking.need(BIRTH_DATE), looking.law
    if not looking.need(REGISTERED) or not old.is_here(looking.need(DIVISION)):
        return no(ELSEWHERE, MOVE_HERE)
    for step in old.steps(law):
        looking.again(birthday_on(born, step.from_age, law))
    now, first = old.step(born, law), old.steps(law)[0]
    if now is None:
        age = first.from_age
        words = Words(zh=f"满{age}周岁起享受。", en=f"It begins at {age}.")
        return yes_from(birthday_on(born, age, law), words, amount=Amount(first.monthly_fen, "month"))
    if any(one.kind == "senior" for one in looking.find(ALLOWANCES) or ()) or granted(looking, WELFARE):
        return drawn(Words(zh="已在领取高龄津贴。", en="The old-age allowance is drawn already."))
    return yes(old.note(now), amount=Amount(now.monthly_fen, "month"), period=str(now.from_age))


def at_statutory_age(looking: Looking) -> Verdict:
    """An employee's pension at the statutory age, by what was paid in so far."""
    if looking.find(PENSION_SINCE) is not None:
        return drawn(_DRAWN)
    if not is_of_working_age(looking):
        return no(_TOO_YOUNG)
    span = _window(looking)
    on = span.statutory_on
    return _by_contributions(looking, on, pension.minimum_months(on.year, looking.law))


def earlier(looking: Looking) -> Verdict:
    """Retiring earlier by choice, up to three years, with the months of the year chosen."""
    if looking.find(PENSION_SINCE) is not None:
        return drawn(_DRAWN)
    if not is_of_working_age(looking):
        return no(_TOO_YOUNG)
    span = _window(looking)
    if looking.as_of >= span.statutory_on:
        return no(
            Words(zh="已到法定退休年龄，不再适用提前退休。", en="The statutory age is reached; nothing is earlier.")
        )
    looking.again(span.statutory_on)
    year = max(looking.as_of, span.earliest_on).year
    return _by_contributions(looking, span.earliest_on, pension.minimum_months(year, looking.law))


def later(looking: Looking) -> Verdict:
    """Retiring later, up to three years, as the employer agrees."""
    if looking.find(PENSION_SINCE) is not None:
        return no(_DRAWN)
    if not is_of_working_age(looking):
        return no(_TOO_YOUNG)
    span, job = _window(looking), looking.need(JOB)
    agreed = Words(zh="须与用人单位协商一致，书面确认。", en="The employer must agree, in writing.")
    if job.until is not None and job.until <= looking.as_of:
        return no(Words(zh="目前没有用人单位。", en="There is no employer now."), agreed)
    if looking.as_of >= span.latest_on:
        return no(Words(zh="已到最晚退休日期。", en="The latest day is past."))
    looking.again(span.latest_on)
    words = Words(
        zh=f"最晚可延至{span.latest_on}退休。", en=f"Retirement may wait until {span.latest_on} at the latest."
    )
    if looking.as_of < span.statutory_on:
        return yes_from(span.statutory_on, words, steps=(agreed,))
    return yes(words, until=span.latest_on, steps=(agreed,))


def of_residents(looking: Looking) -> Verdict:
    """The residents' pension of who isn't paid an employees' one."""
    need_all(looking, BIRTH_DATE, DIVISION)
    law = pension.residents(looking.law)
    if not old.is_here(looking.need(DIVISION)):
        return no(ELSEWHERE, MOVE_HERE)
    if looking.find(PENSION_SINCE) is not None:
        return no(Words(zh="已在领取职工养老金，不重复享受。", en="An employees' pension is drawn; there aren't two."))
    if not is_of_working_age(looking):
        return no(Words(zh="未满参保年龄。", en="Too young to be insured."))
    paid, on = looking.need(RESIDENT_PENSION_MONTHS), birthday_on(looking.need(BIRTH_DATE), law.age, looking.law)
    if paid < law.months:
        return no(_short(paid, law.months), _pay_on(law.months - paid))
    words = Words(
        zh=f"满{law.age}周岁且缴费满{law.months}个月。", en=f"Aged {law.age}, with {law.months} months paid in."
    )
    amount = Amount(looking.law.number("pension.residents_basic_fen"), "month")
    return yes(words, amount=amount) if looking.as_of >= on else yes_from(on, words, amount=amount)


def _window(looking: Looking) -> pension.Window:
    need_all(looking, BIRTH_DATE, SEX)
    return pension.window(looking.need(BIRTH_DATE), need_kind(looking), looking.law)


def _by_contributions(looking: Looking, on: date, minimum: int) -> Verdict:
    paid = looking.need(INSURED).months
    if paid < minimum:
        return no(_short(paid, minimum), _pay_on(minimum - paid))
    words = Words(
        zh=f"{on}到龄，缴费{paid}个月，要求{minimum}个月。",
        en=f"Of age on {on}; {paid} months paid in, {minimum} are needed.",
    )
    return yes(words) if looking.as_of >= on else yes_from(on, words)


def _short(paid: int, minimum: int) -> Words:
    return Words(zh=f"已缴费{paid}个月，不足{minimum}个月。", en=f"{paid} months paid in of {minimum}.")


def _pay_on(months: int) -> Words:
    return Words(zh=f"再缴费{months}个月后可领取。", en=f"It could be had after {months} more months of contributions.")


RULES: Final = (
    EntitlementRule(
        name="old_age_allowance",
        matter=WELFARE,
        stage=STAGE,
        title=Words(zh="高龄津贴", en="Old-age allowance"),
        law=Words(zh="老年人权益保障法第三十三条", en="Law on the Rights of the Elderly, article 33"),
        work=old_age_allowance,
        without_application=True,
    ),
    EntitlementRule(
        name="pension_at_statutory_age",
        matter=PENSION,
        stage=STAGE,
        title=Words(zh="职工养老金（法定年龄）", en="Employees' pension at the statutory age"),
        law=Words(
            zh="社会保险法第十六条；关于实施渐进式延迟法定退休年龄的决定第一条至第三条",
            en="Social Insurance Law, article 16; Decision on the gradual rise of the retirement age, articles 1 to 3",
        ),
        work=at_statutory_age,
    ),
    EntitlementRule(
        name="pension_earlier",
        matter=PENSION,
        stage=STAGE,
        title=Words(zh="弹性提前退休", en="Retiring earlier"),
        law=Words(
            zh="关于实施渐进式延迟法定退休年龄的决定第三条",
            en="Decision on the gradual rise of the retirement age, article 3",
        ),
        work=earlier,
    ),
    EntitlementRule(
        name="pension_later",
        matter=PENSION,
        stage=STAGE,
        title=Words(zh="弹性延迟退休", en="Retiring later"),
        law=Words(
            zh="关于实施渐进式延迟法定退休年龄的决定第三条",
            en="Decision on the gradual rise of the retirement age, article 3",
        ),
        work=later,
    ),
    EntitlementRule(
        name="pension_of_residents",
        matter=PENSION,
        stage=STAGE,
        title=Words(zh="城乡居民养老金", en="Residents' pension"),
        law=Words(zh="社会保险法第二十条至第二十二条；国发〔2014〕8号", en="Social Insurance Law, articles 20 to 22"),
        work=of_residents,
    ),
)
