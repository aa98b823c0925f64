"""To whom the services of tax are open: the yearly settlement by income, and what anyone may use. Pure."""

from datetime import date, timedelta
from typing import Final

from app.kernel.words import Words
from lifecycle.entitlements.combining import open_to
from lifecycle.entitlements.opening import anyone, service
from lifecycle.entitlements.verdicts import Verdict, no, yes, yes_from
from lifecycle.rules.declared_kinds import EARNED_LAST_YEAR
from lifecycle.rules.fact_kinds import JOB
from lifecycle.rules.facts import FactMissing
from lifecycle.rules.looking import Looking
from lifecycle.rules.tax_filing import yearly

STAGE: Final = "tax"
_DAY: Final = timedelta(days=1)
_OWN: Final = Words(zh="任何人，只限本人的记录。", en="Anyone, of one's own records.")
_SPARED: Final = Words(
    zh="收入不高，或补税很少且已依法预扣的，可以不补，由税务部门按申报核算。",
    en="With a small income, or little left to pay, nothing need be paid; the tax office works it out from the return.",
)
_REFUNDS: Final = (
    Words(
        zh="换购住房退税：卖房人须是新房的产权人或共有人。",
        en="Exchanging a home: the seller must own the new one, or a share.",
    ),
    Words(
        zh="汇算退税：上一年有综合所得的居民个人。", en="Yearly settlement: residents with income of the year before."
    ),
    Words(zh="离境退税：境外旅客。", en="Leaving the country: travellers from abroad."),
)


def settlement(looking: Looking) -> Verdict:
    """The yearly settlement of who earned wages, fees or royalties in the year before; late, it is still open."""
    year = looking.as_of.year - 1
    looking.again(date(looking.as_of.year + 1, 1, 1))
    if not _earned(looking, year):
        return no(
            Words(zh=f"{year}年没有综合所得。", en=f"No wages, fees or royalties in {year}."),
            Words(zh="有综合所得的，次年可汇算。", en="It could be had in the year after such an income."),
        )
    filing = yearly("annual_income", looking.law, looking.as_of.year)
    looking.again(filing.last + _DAY)
    words = Words(
        zh=f"{year}年有综合所得，{filing.first}至{filing.last}汇算。",
        en=f"Earned in {year}, which is settled from {filing.first} to {filing.last}.",
    )
    if looking.as_of < filing.first:
        return yes_from(filing.first, words, steps=(_SPARED,))
    if looking.as_of <= filing.last:
        return yes(words, until=filing.last, steps=(_SPARED,))
    years = looking.law.number("opening.tax_refund_years")
    late = Words(
        zh=f"已过期限：补税的会加收滞纳金；退税的自缴税起{years}年内仍可申请。",
        en=f"It is late: a surcharge is due on tax that is owed; a refund may still be asked for within {years} years of paying.",
    )
    return yes(words, steps=(late,))


def _earned(looking: Looking, year: int) -> bool:
    job = looking.find(JOB)
    if job is not None and job.since.year <= year and (job.until is None or job.until.year >= year):
        return True
    earned = looking.need(EARNED_LAST_YEAR)
    if looking.told_on(EARNED_LAST_YEAR).year != looking.as_of.year:
        raise FactMissing(EARNED_LAST_YEAR)
    return earned


RULES: Final = (
    service("tax_policy_consultation", STAGE, anyone),
    service("tax_filing_reminder", STAGE, anyone),
    service("online_tax_filing", STAGE, settlement),
    service("iit_calculation_push", STAGE, anyone),
    service("tax_payment_certificate_print", STAGE, open_to(_OWN)),
    service(
        "consumption_tax_refund_reminder",
        STAGE,
        open_to(Words(zh="任何人都可以订阅提醒。", en="Anyone may have the reminder."), *_REFUNDS),
    ),
    service("invoice_value_added_service", STAGE, anyone),
    service("tax_learning_push", STAGE, anyone),
    service("invoice_management_push", STAGE, open_to(_OWN)),
)
