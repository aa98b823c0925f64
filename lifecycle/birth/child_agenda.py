"""What comes next for a young child: insurance, the childcare subsidy year by year, and the certificate that schools ask for. Pure."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

import msgspec

from app.kernel.money import yuan
from app.kernel.words import Words
from lifecycle.agenda.items import AgendaRule, Item
from lifecycle.birth import newborn_insurance_rules
from lifecycle.rules import childcare_subsidy as subsidy_rules
from lifecycle.rules.ages import Span
from lifecycle.rules.childcare_subsidy import Payment
from lifecycle.rules.fact_kinds import BIRTH_DATE, CHILDCARE_PAID_YEARS, MEDICAL_INSURED, REGISTERED
from lifecycle.rules.granted import granted
from lifecycle.rules.looking import Looking
from lifecycle.rules.school_entry import milestones
from lifecycle.rules.seasons import Season
from lifecycle.rules.told_kinds import CHILDCARE_GRANTED_ON

INSURANCE: Final = "newborn_medical_insurance"
SUBSIDY: Final = "childcare_subsidy"
IMMUNISATION: Final = "infant_immunization"
_ONE_DAY: Final = timedelta(days=1)


def insurance(looking: Looking) -> Iterable[Item]:
    """The enrolment of a newborn: within the window it covers from birth on; afterwards with a time of waiting, until the first birthday."""
    born = looking.need(BIRTH_DATE)
    until = Span.read(looking.law.text("newborn_insurance.until_age")).after(born)
    if looking.as_of >= until or looking.find(MEDICAL_INSURED):
        return
    due = newborn_insurance_rules.window_end(born, looking.law)
    yield Item(
        code=INSURANCE,
        matter=INSURANCE,
        bundle="birth",
        title=Words(zh="给孩子参加居民医保", en="Insure the child for medical costs"),
        why=Words(
            zh=f"孩子{born}出生，{due}前参保的，出生之日起的医疗费都能报销；逾期参保有等待期（社会保险法第二十五条，国办发〔2024〕38号）。",
            en=f"Born on {born}: enrolled by {due} the child is covered from birth on; later there is a time of waiting "
            "(Social Insurance Law, article 25; 国办发〔2024〕38号).",
        ),
        opens=born,
        due=due,
        lapses=until,
    )


def subsidy(looking: Looking) -> Iterable[Item]:
    """The childcare subsidy of each year of life until the third birthday, once registered; what was paid, or is granted, is done."""
    if looking.find(REGISTERED) is False:
        return
    born = looking.need(BIRTH_DATE)
    payments = subsidy_rules.payments(born, looking.law)
    paid = looking.find(CHILDCARE_PAID_YEARS) or ()
    granted = _granted_on(looking)
    first_claim = subsidy_rules.claim_by(born, looking.law)
    third = subsidy_rules.ends_on(born, looking.law)
    for number, payment in enumerate(payments, 1):
        if granted is not None and payment.from_on > granted:
            continue
        is_paid = number <= len(paid) or payment.from_on.year in paid
        done_on = granted or payment.from_on if is_paid else granted
        looking.again(payment.from_on)
        item = _payment(payment, number, born, third, first_claim)
        yield msgspec.structs.replace(
            item,
            done_on=None if done_on is None else max(done_on, payment.from_on),
            by_case=payment.from_on <= looking.as_of,
        )


def certificate(looking: Looking) -> Iterable[Item]:
    """The certificate of vaccinations, which kindergarten and school look at when a child enters."""
    born = looking.need(BIRTH_DATE)
    years = milestones(born, looking.law)
    if looking.as_of.year > years.primary:
        return
    season = looking.law.get("school.vaccinations_checked", Season)
    yield _certificate("kindergarten", years.kindergarten, season, born)
    yield _certificate("primary", years.primary, season, born)


def _granted_on(looking: Looking) -> date | None:
    """The first day on which the subsidy was granted, by the department or by a case here."""
    told = looking.find(CHILDCARE_GRANTED_ON)
    days = [case.changed_on for case in granted(looking, SUBSIDY)]
    return min([*days, *([told] if told else [])], default=None)


def _payment(payment: Payment, number: int, born: date, third: date, first_claim: date | None) -> Item:
    opens, amount = payment.from_on, yuan(payment.amount_fen)
    due = first_claim if first_claim is not None and opens <= first_claim else None
    by_zh = f"首次申领最晚{due}。" if due else ""
    by_en = f" The first claim must be made by {due}." if due else ""
    return Item(
        code=f"{SUBSIDY}.{number}",
        matter=SUBSIDY,
        bundle="birth",
        title=Words(
            zh=f"申领育儿补贴（第{number}次，{amount}元）", en=f"Childcare subsidy, payment {number} ({amount} yuan)"
        ),
        why=Words(
            zh=f"育儿补贴制度实施方案：{born}出生的孩子，发到三周岁（{third}）；自{opens}起的{payment.months}个月计{amount}元；确认一次，以后各年随之发放，以卫健部门公布的为准。{by_zh}",
            en=f"Childcare subsidy scheme: for a child born on {born} until {third}; {payment.months} months from {opens} on are "
            f"{amount} yuan. Confirmed once, later years follow, as the Health Commission publishes.{by_en}",
        ),
        opens=opens,
        due=due,
        lapses=max(third, due or third) + _ONE_DAY,
    )


def _certificate(stage: str, year: int, season: Season, born: date) -> Item:
    opens, due = season.in_year(year)
    name = Words(zh="入园", en="kindergarten") if stage == "kindergarten" else Words(zh="入学", en="school")
    return Item(
        code=f"vaccination_certificate.{stage}",
        matter=IMMUNISATION,
        title=Words(
            zh=f"{name.zh}前补齐疫苗、打印预防接种证查验证明", en=f"Vaccinations complete and certified for {name.en}"
        ),
        why=Words(
            zh=f"疫苗管理法第四十八条：儿童{name.zh}时查验预防接种证。孩子{born}出生，{year}年秋季{name.zh}，请在{due}前到接种门诊查漏补种。",
            en=f"Vaccine Law, article 48: {name.en} looks at the certificate on entry. Born on {born}, your child enters in autumn "
            f"{year}; have the clinic check it, and catch up, by {due}.",
        ),
        opens=opens,
        due=due,
        lapses=due + _ONE_DAY,
        by_case=False,
    )


RULES: Final = (
    AgendaRule("birth.insurance", "birth", insurance),
    AgendaRule("birth.childcare_subsidy", "birth", subsidy),
    AgendaRule("birth.vaccination_certificate", "birth", certificate),
)
