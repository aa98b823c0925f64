"""What comes next in social insurance: months that were left out, unemployment benefit, enrolling each year, and reviews of aid. Pure."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

from app.kernel.money import yuan
from app.kernel.words import Words
from lifecycle.agenda.items import AgendaRule, Item, reading
from lifecycle.rules.ages import Span, birthday_on
from lifecycle.rules.declared_kinds import MEDICAL_SCHEME
from lifecycle.rules.fact_kinds import (
    BIRTH_DATE,
    INSURED,
    JOB,
    PENSION_SINCE,
    UNEMPLOYED_SINCE,
    UNEMPLOYMENT_MONTHS,
)
from lifecycle.rules.looking import Looking
from lifecycle.rules.seasons import Season, coming_years
from lifecycle.rules.told_kinds import (
    LAST_JOB_ENDED,
    LIVING_ALLOWANCE,
    MEDICAL_PAID_UNTIL,
    UNEMPLOYMENT_PAID_UNTIL,
)
from lifecycle.social_security import unemployment_rules

RECORD: Final = "social_insurance_info"
BENEFIT: Final = "unemployment_insurance"
MEDICAL: Final = "medical_insurance"
ASSISTANCE: Final = "social_assistance_info"
_ONE_DAY: Final = timedelta(days=1)


def left_out(looking: Looking) -> Iterable[Item]:
    """Months for which nothing was paid into the employees' pension; they stand there until the bureau has booked them."""
    insured = looking.find(INSURED)
    if insured is None or not insured.left_out or looking.find(PENSION_SINCE) is not None:
        return
    months = sorted(insured.left_out)
    zh, en = "、".join(f"{month:%Y-%m}" for month in months), ", ".join(f"{month:%Y-%m}" for month in months)
    yield Item(
        code=f"contribution_gap.{months[0]:%Y-%m}",
        matter=RECORD,
        title=Words(zh=f"养老保险断缴{len(months)}个月", en=f"Months left out of the pension: {len(months)}"),
        why=Words(
            zh=f"{zh}没有缴费记录（已记账到{insured.booked_to:%Y-%m}，累计{insured.months}个月）。有单位的，应由单位补缴（社会保险法第五十八条、第六十三条）；灵活就业的断缴月份一般不能补缴，请尽快续缴。",
            en=f"Nothing was booked for {en} (booked to {insured.booked_to:%Y-%m}, {insured.months} months in all). An employer has to make "
            "up for it (Social Insurance Law, articles 58 and 63); in flexible work past months usually can't be paid, so go on soon.",
        ),
        opens=months[0],
        by_case=False,
    )


def benefit(looking: Looking) -> Iterable[Item]:
    """Unemployment benefit of who is registered, has paid in long enough, and didn't resign; done once it is paid."""
    since, months = looking.find(UNEMPLOYED_SINCE), looking.find(UNEMPLOYMENT_MONTHS)
    if since is None or months is None or looking.find(PENSION_SINCE) is not None:
        return
    count = unemployment_rules.months(months, 0, looking.law)
    ended, job = looking.find(LAST_JOB_ENDED), looking.find(JOB)
    at_work = job is not None and job.until is None and job.since > since
    if not count or at_work or (ended is not None and ended.resigned):
        return
    due = Span.read(looking.law.text("unemployment.claimed_within")).after(ended.on if ended is not None else since)
    amount, until = yuan(unemployment_rules.monthly_fen(looking.law)), Span.read(f"{count}m").after(since)
    yield Item(
        code=f"unemployment_benefit.{since:%Y-%m}",
        matter=BENEFIT,
        title=Words(zh="申领失业保险金", en="Claim unemployment benefit"),
        why=Words(
            zh=f"社会保险法第四十五条、第四十六条：失业保险累计缴费{months}个月，可领{count}个月（{since}登记起，到{until}），每月约{amount}元；医保费由基金缴。请在{due}前申领。",
            en=f"Social Insurance Law, articles 45 and 46: {months} months of contributions give {count} months of benefit, from your "
            f"registration on {since} to {until}, about {amount} yuan a month; the fund pays health insurance. Claim by {due}.",
        ),
        opens=since,
        due=max(due, since),
        lapses=max(until, due, since) + _ONE_DAY,
        done_on=since if looking.find(UNEMPLOYMENT_PAID_UNTIL) is not None else None,
    )


def enrolment(looking: Looking) -> Iterable[Item]:
    """The yearly enrolment with the residents' medical insurance, of children and of who is known to be insured so."""
    born = looking.need(BIRTH_DATE)
    scheme = looking.find(MEDICAL_SCHEME)
    if scheme == "employee":
        return
    of_age = birthday_on(born, looking.law.number("age.capacity_full"), looking.law)
    season, paid_until = looking.law.get("medical.enrolment_season", Season), looking.find(MEDICAL_PAID_UNTIL)
    for year in coming_years(looking.as_of):
        opens, due = season.in_year(year)
        if due >= born and (scheme is not None or opens < of_age):
            done = paid_until is not None and paid_until >= date(year + 1, 12, 31)
            yield _enrolment(year + 1, opens, due, done=done)


def review(looking: Looking) -> Iterable[Item]:
    """The next review of the minimum living allowance that is drawn."""
    allowance = looking.find(LIVING_ALLOWANCE)
    if allowance is None:
        return
    due = allowance.review_on
    yield Item(
        code=f"living_allowance_review.{due}",
        matter=ASSISTANCE,
        title=Words(zh="低保复核", en="Review of the minimum living allowance"),
        why=Words(
            zh=f"家庭每月领{yuan(allowance.monthly_fen)}元，下次复核{due}。社会救助法：人口、收入、财产有变化的，应当及时告知；请向街道（乡镇）确认家庭情况。",
            en=f"Your household draws {yuan(allowance.monthly_fen)} yuan a month; the next review is on {due}. Tell the street or township of "
            "changes in people, income and property (Social Assistance Law).",
        ),
        opens=Span.read(looking.law.text("social_assistance.review_warned_before")).before(due),
        due=due,
        lapses=due + _ONE_DAY,
        by_case=False,
    )


def _enrolment(year: int, opens: date, due: date, *, done: bool) -> Item:
    return Item(
        code=f"medical_enrolment.{year}",
        matter=MEDICAL,
        title=Words(zh=f"参加{year}年度居民医保", en=f"Enrol with the residents' insurance for {year}"),
        why=Words(
            zh=f"社会保险法第二十五条：居民医保按年缴费，{opens}至{due}缴{year}年的；逾期参保有等待期，连续参保可提高大病保险限额（国办发〔2024〕38号）。已参加职工医保的不用办理。",
            en=f"Social Insurance Law, article 25: paid by the year, from {opens} to {due} for {year}. Later there is a time of waiting, "
            "and going on without a break raises the limit (国办发〔2024〕38号). Nothing to do for who is insured as an employee.",
        ),
        opens=opens,
        due=due,
        lapses=due + _ONE_DAY,
        done_on=opens if done else None,
        by_case=False,
    )


RULES: Final = (
    AgendaRule("social_security.left_out_months", "social_security", reading("money", left_out)),
    AgendaRule("social_security.unemployment_benefit", "social_security", reading("money", benefit)),
    AgendaRule("social_security.medical_enrolment", "social_security", enrolment),
    AgendaRule("social_security.living_allowance_review", "social_security", reading("money", review)),
)
