"""What who is out of work, poor, disabled or a mother is entitled to. Pure."""

from datetime import date, timedelta
from typing import Final

from app.kernel.money import yuan
from app.kernel.words import Words
from lifecycle.entitlements.households import household
from lifecycle.entitlements.rules import EntitlementRule
from lifecycle.entitlements.verdicts import Amount, Verdict, need_all, no, yes, yes_from
from lifecycle.entitlements.work_and_home import IN_WORK, is_in_work, is_of_working_age
from lifecycle.rules import antenatal, maternity
from lifecycle.rules.ages import Span
from lifecycle.rules.declared_kinds import JOB_ENDED, MEDICAL_SCHEME
from lifecycle.rules.fact_kinds import (
    BIRTH_DATE,
    CHILDREN,
    DISABILITY_GRADE,
    DIVISION,
    HOUSEHOLD_INCOME_FEN,
    PENSION_SINCE,
    PREGNANCY,
    SEX,
    UNEMPLOYED_SINCE,
    UNEMPLOYMENT_MONTHS,
    WAGE_FEN,
)
from lifecycle.rules.looking import Looking
from lifecycle.rules.retirement_age import retires_on
from lifecycle.rules.retirement_kinds import find_kind
from lifecycle.social_security import old_age_rules as old
from lifecycle.social_security import unemployment_rules as unemployment
from lifecycle.social_security.elderly_entitlements import (
    ELSEWHERE,
    MOVE_HERE,
    STAGE,
)
from lifecycle.social_security.old_age_allowance import MATTER as WELFARE

_DAY: Final = timedelta(days=1)


def unemployment_benefit(looking: Looking) -> Verdict:
    """The benefit of who lost work against their will, by what was paid in, from registration on."""
    if not is_of_working_age(looking):
        return no(Words(zh="未到法定劳动年龄。", en="Under working age."))
    if looking.find(PENSION_SINCE) is not None:
        return no(unemployment.RETIRED)
    if is_in_work(looking):
        lose = Words(
            zh="失业并办理失业登记后重新判断。", en="It is judged anew once work has ended and that is registered."
        )
        return no(IN_WORK, lose)
    need_all(looking, UNEMPLOYED_SINCE, UNEMPLOYMENT_MONTHS, JOB_ENDED)
    claim = _claim(looking)
    looking.again(claim.retires_on)
    bars = unemployment.bars(claim, looking.law)
    due = unemployment.benefit(claim, looking.law)
    if due is None:
        return no(bars[0], steps=bars[1:])
    end = due.goes_on_until or due.until
    looking.again(end)
    if looking.as_of >= end:
        return no(Words(zh=f"可领的{due.months}个月已于{end}期满。", en=f"The {due.months} months ended on {end}."))
    steps = tuple(unemployment.notes(claim, looking.law))
    return yes(steps[0], amount=Amount(due.monthly_fen, "month"), until=end - _DAY, steps=steps[1:])


def minimum_living(looking: Looking) -> Verdict:
    """The minimum living allowance, by the household's income; what it owns is looked at by the office."""
    if not old.is_here(looking.need(DIVISION)):
        return no(ELSEWHERE, MOVE_HERE)
    found = household(looking)
    income, line = looking.need(HOUSEHOLD_INCOME_FEN), found.line_fen
    words = Words(
        zh=f"家庭月收入{yuan(income)}元，保障线合计{yuan(line)}元。",
        en=f"The household's month is {yuan(income)} yuan; the line for all of it is {yuan(line)}.",
    )
    owns = Words(zh="家庭财产由民政部门核对。", en="What the household owns is checked by Civil Affairs.")
    if not found.below:
        below = Words(
            zh=f"家庭月收入低于{yuan(line)}元时可申请。", en=f"It could be had below {yuan(line)} yuan a month."
        )
        return no(words, below)
    return yes(words, amount=Amount(found.monthly_fen, "month"), steps=(owns,))


def disability_living(looking: Looking) -> Verdict:
    """The living subsidy of who is disabled and has a low income."""
    grade = looking.need(DISABILITY_GRADE)
    if not old.is_here(looking.need(DIVISION)):
        return no(ELSEWHERE, MOVE_HERE)
    amounts = looking.law.get("entitlement.disability_living_fen", dict[str, int])
    if not household(looking).below:
        words = Words(zh="家庭收入不低于低保标准。", en="The household's income isn't below the minimum.")
        return no(words, Words(zh="纳入低保后可享受。", en="It could be had with the minimum living allowance."))
    if str(grade) not in amounts:
        return no(Words(zh=f"残疾{grade}级不在补贴范围。", en=f"Grade {grade} isn't among those subsidised."))
    words = Words(zh=f"残疾{grade}级，低收入家庭。", en=f"Grade {grade}, in a household of low income.")
    return yes(words, amount=Amount(amounts[str(grade)], "month"))


def disability_care(looking: Looking) -> Verdict:
    """The care subsidy of who is severely disabled."""
    grade = looking.need(DISABILITY_GRADE)
    if not old.is_here(looking.need(DIVISION)):
        return no(ELSEWHERE, MOVE_HERE)
    amounts = looking.law.get("entitlement.disability_care_fen", dict[str, int])
    if str(grade) not in amounts:
        severe = Words(zh="重新评定为重度（一、二级）后可享受。", en="It could be had if found severe (grade 1 or 2).")
        return no(Words(zh=f"残疾{grade}级，不属于重度。", en=f"Grade {grade} isn't severe."), severe)
    return yes(Words(zh=f"残疾{grade}级。", en=f"Grade {grade}."), amount=Amount(amounts[str(grade)], "month"))


def maternity_allowance(looking: Looking) -> Verdict:
    """The allowance of an insured mother: from the leave before birth on, until the claim's window closes."""
    if looking.need(SEX) == "male":
        return no(Words(zh="生育津贴发给生育的女职工。", en="The allowance is the mother's."))
    starts, ends = _leave_around(looking)
    if starts is None or ends is None or looking.as_of > ends:
        return no(
            Words(zh="近期没有怀孕或生育。", en="No pregnancy or birth of late is known."),
            Words(zh="怀孕或生育后可享受。", en="It could be had with a pregnancy or birth."),
        )
    looking.again(ends + _DAY)
    need_all(looking, MEDICAL_SCHEME, WAGE_FEN)
    if looking.need(MEDICAL_SCHEME) != "employee":
        return no(
            Words(zh="未参加职工医保（含生育保险）。", en="Not insured as an employee."),
            Words(zh="以职工身份参保缴费后可享受。", en="It could be had when insured as an employee."),
        )
    leave = maternity.leave(
        maternity.Case(happened="birth"), max(starts, looking.as_of), looking.need(WAGE_FEN), looking.law
    )
    amount = Amount(leave.allowance_fen, "once")
    words = Words(
        zh=f"顺产单胎{leave.paid_days}天，按单位上年度月平均工资计发。",
        en=f"{leave.paid_days} days for one child and an ordinary birth, by the employer's average wage.",
    )
    return yes(words, amount=amount, until=ends) if looking.as_of >= starts else yes_from(starts, words, amount=amount)


def _leave_around(looking: Looking) -> tuple[date | None, date | None]:
    """From when on leave may be taken, and until when the allowance is claimed, for the birth that is near, if any."""
    before = timedelta(days=looking.law.number("entitlement.maternity_days_before"))
    window = Span.read(looking.law.text("maternity.claim_within"))
    carrying = looking.find(PREGNANCY)
    if carrying is not None and carrying.ended_on is None:
        expected = antenatal.by_last_period(carrying.last_period_on, looking.law).due_on
        return expected - before, window.after(expected)
    births = [child.birth_date for child in looking.find(CHILDREN) or ()]
    return (max(births), window.after(max(births))) if births else (None, None)


def _claim(looking: Looking) -> unemployment.Facts:
    ended, kind = looking.need(JOB_ENDED), None
    if looking.find(SEX) is not None:
        kind = find_kind(looking)
    return unemployment.Facts(
        contributed_months=looking.need(UNEMPLOYMENT_MONTHS),
        unused_months=0,
        reason="contract_expired" if ended == "against_my_will" else "resigned",
        employer_at_fault=ended == "employer_at_fault",
        registered_on=looking.need(UNEMPLOYED_SINCE),
        retires_on=retires_on(looking.need(BIRTH_DATE), kind, looking.law) if kind else None,
    )


RULES: Final = (
    EntitlementRule(
        name="unemployment_benefit",
        matter="unemployment_insurance",
        stage=STAGE,
        title=Words(zh="失业保险金", en="Unemployment benefit"),
        law=Words(zh="社会保险法第四十五条至第五十一条", en="Social Insurance Law, articles 45 to 51"),
        work=unemployment_benefit,
    ),
    EntitlementRule(
        name="minimum_living_allowance",
        matter="social_assistance_info",
        stage=STAGE,
        title=Words(zh="最低生活保障金", en="Minimum living allowance"),
        law=Words(zh="社会救助法第十六条、第十八条", en="Social Assistance Law, articles 16 and 18"),
        work=minimum_living,
    ),
    EntitlementRule(
        name="disability_living_subsidy",
        matter=WELFARE,
        stage=STAGE,
        title=Words(zh="困难残疾人生活补贴", en="Living subsidy in disability"),
        law=Words(
            zh="国发〔2015〕52号；残疾人保障法第四十八条", en="Law on the Protection of the Disabled, article 48"
        ),
        work=disability_living,
    ),
    EntitlementRule(
        name="disability_care_subsidy",
        matter=WELFARE,
        stage=STAGE,
        title=Words(zh="重度残疾人护理补贴", en="Care subsidy in severe disability"),
        law=Words(
            zh="国发〔2015〕52号；残疾人保障法第四十八条", en="Law on the Protection of the Disabled, article 48"
        ),
        work=disability_care,
    ),
    EntitlementRule(
        name="maternity_allowance",
        matter="maternity_insurance",
        stage=STAGE,
        title=Words(zh="生育津贴", en="Maternity allowance"),
        law=Words(
            zh="社会保险法第五十三条至第五十六条；女职工劳动保护特别规定第七条、第八条",
            en="Social Insurance Law, articles 53 to 56; Special Rules on Women Workers, articles 7 and 8",
        ),
        work=maternity_allowance,
    ),
)
