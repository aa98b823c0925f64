"""What a child is entitled to from birth on: the childcare subsidy, year by year, and the residents' insurance as a newborn. Pure."""

from datetime import timedelta
from typing import Final

from app.kernel.words import Words
from lifecycle.birth import newborn_insurance_rules as insurance
from lifecycle.birth.childcare_subsidy import MATTER as SUBSIDY
from lifecycle.entitlements.rules import EntitlementRule
from lifecycle.entitlements.verdicts import Amount, Verdict, drawn, no, yes
from lifecycle.rules.ages import Span
from lifecycle.rules.childcare_subsidy import claim_by, ends_on, payments
from lifecycle.rules.fact_kinds import BIRTH_DATE, CHILDCARE_PAID_YEARS, MEDICAL_INSURED, REGISTERED
from lifecycle.rules.granted import granted
from lifecycle.rules.looking import Looking

STAGE: Final = "birth"
INSURANCE: Final = "newborn_medical_insurance"
_DAY: Final = timedelta(days=1)
_UNREGISTERED: Final = Words(zh="尚未登记户口。", en="Not registered in a household yet.")
_REGISTER: Final = Words(zh="办理出生入户登记后可享受。", en="It could be had once registered in a household.")


def childcare_subsidy(looking: Looking) -> Verdict:
    """The subsidy of the year of a child's life that runs; none once the child is three, or the day for a first claim is past."""
    born, law = looking.need(BIRTH_DATE), looking.law
    due = payments(born, law)
    third = ends_on(born, law)
    if not due or looking.as_of >= third:
        age = law.number("childcare_subsidy.years")
        return no(
            Words(
                zh=f"已满{age}周岁，或在补贴开始前已满。",
                en=f"Three already, or so before the subsidy began ({age} years).",
            )
        )
    running = [one for one in due if one.from_on <= looking.as_of]
    if not running:
        return no(Words(zh="尚未出生。", en="Not born yet."))
    ends = next((one.from_on for one in due if one.from_on > looking.as_of), third)
    looking.again(ends)
    if not looking.need(REGISTERED):
        return no(_UNREGISTERED, _REGISTER)
    if _is_paid(looking, running[-1].from_on.year):
        return drawn(Words(zh="已确认领取育儿补贴，逐年发放。", en="The subsidy was granted; it is paid year by year."))
    last = claim_by(born, law)
    if last is not None and looking.as_of > last:
        return no(Words(zh=f"首次申领期限为{last}。", en=f"First claims were open until {last}."))
    until = min(ends - _DAY, last) if last is not None else ends - _DAY
    looking.again(until + _DAY)
    months = running[-1].months
    words = Words(zh=f"不满三周岁，本年度计{months}个月。", en=f"Under three; {months} months count in this year.")
    amount = Amount(running[-1].amount_fen, "year")
    return yes(words, amount=amount, until=until, period=running[-1].from_on.isoformat())


def newborn_insurance(looking: Looking) -> Verdict:
    """Enrolling as a newborn: from birth on within the window, later after a time of waiting."""
    born, law = looking.need(BIRTH_DATE), looking.law
    ends = Span.read(law.text("newborn_insurance.until_age")).after(born)
    if not insurance.is_newborn(born, law):
        return no(
            Words(
                zh="已过新生儿参保年龄，按普通居民参保。", en="Too old to enrol as a newborn; enrols as any resident."
            )
        )
    looking.again(ends)
    if not looking.need(REGISTERED):
        return no(_UNREGISTERED, _REGISTER)
    if looking.find(MEDICAL_INSURED) or granted(looking, INSURANCE):
        return drawn(Words(zh="已参保。", en="Insured already."))
    looking.again(insurance.window_end(born, law) + _DAY)
    steps = tuple(insurance.notes(born, law))
    return yes(steps[0], until=ends - _DAY, steps=steps[1:])


def _is_paid(looking: Looking, year: int) -> bool:
    return year in (looking.find(CHILDCARE_PAID_YEARS) or ()) or bool(granted(looking, SUBSIDY))


RULES: Final = (
    EntitlementRule(
        name="childcare_subsidy",
        matter=SUBSIDY,
        stage=STAGE,
        title=Words(zh="育儿补贴", en="Childcare subsidy"),
        law=Words(zh="育儿补贴制度实施方案（2025年）", en="Scheme of the childcare subsidy (2025)"),
        work=childcare_subsidy,
        without_application=True,
    ),
    EntitlementRule(
        name="newborn_insurance",
        matter=INSURANCE,
        stage=STAGE,
        title=Words(zh="新生儿参加居民医保", en="Residents' insurance of a newborn"),
        law=Words(zh="社会保险法第二十五条；国办发〔2024〕38号", en="Social Insurance Law, article 25"),
        work=newborn_insurance,
    ),
)
