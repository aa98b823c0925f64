"""A loan of the provident fund by what was paid in, and a home that wants inheriting. Pure."""

from typing import Final

from app.kernel.words import Words
from lifecycle.entitlements.rules import EntitlementRule
from lifecycle.entitlements.verdicts import Verdict, need_all, no, yes
from lifecycle.housing.agenda import MATTER as INHERITANCE
from lifecycle.housing.agenda import left_over
from lifecycle.rules.ages import birthday_on
from lifecycle.rules.declared_kinds import FUND_MONTHS
from lifecycle.rules.fact_kinds import BIRTH_DATE, HOMES
from lifecycle.rules.looking import Looking

STAGE: Final = "housing"


def fund_loan(looking: Looking) -> Verdict:
    """A loan of who is of age, paid in long enough without a break, and owns few enough homes."""
    of_age = looking.law.number("age.capacity_full")
    reached = birthday_on(looking.need(BIRTH_DATE), of_age, looking.law)
    if looking.as_of < reached:
        looking.again(reached)
        return no(Words(zh=f"未满{of_age}周岁。", en=f"Under {of_age}."))
    need_all(looking, FUND_MONTHS, HOMES)
    paid, least = looking.need(FUND_MONTHS), looking.law.number("housing_fund_loan.paid_in_months")
    most, owned = looking.law.number("housing_fund_loan.homes_owned_at_most"), len(looking.need(HOMES))
    if owned > most:
        return no(Words(zh=f"名下已有{owned}套住房。", en=f"{owned} homes are owned already; {most} at most."))
    if paid < least:
        more = Words(
            zh=f"再连续缴存{least - paid}个月后可申请。", en=f"It could be had after {least - paid} more months."
        )
        return no(Words(zh=f"连续缴存{paid}个月，要求{least}个月。", en=f"{paid} months paid in of {least}."), more)
    words = Words(zh=f"连续缴存{paid}个月。", en=f"{paid} months paid in without a break.")
    return yes(words, steps=(Words(zh="额度按购房合同和账户测算。", en="How much follows from contract and account."),))


def inheritance(looking: Looking) -> Verdict:
    """Registering a home in the heirs' names, where an owner has died."""
    home = left_over(looking.need(HOMES), looking)
    if home is None:
        return no(Words(zh="没有待继承的不动产。", en="No home waits to be inherited."))
    words = Words(zh=f"{home.address}有权利人已故。", en=f"An owner of {home.address} has died.")
    return yes(words, steps=(Words(zh="继承没有办理期限。", en="There is no deadline."),))


RULES: Final = (
    EntitlementRule(
        name="provident_fund_loan",
        matter="provident_fund_loan_application",
        stage=STAGE,
        title=Words(zh="公积金贷款", en="Loan of the provident fund"),
        law=Words(zh="住房公积金管理条例第二十六条", en="Provident Fund Regulations, article 26"),
        work=fund_loan,
    ),
    EntitlementRule(
        name="home_to_inherit",
        matter=INHERITANCE,
        stage=STAGE,
        title=Words(zh="不动产继承登记", en="Inheriting a home"),
        law=Words(zh="民法典第二百三十条、第一千一百二十一条", en="Civil Code, articles 230 and 1121"),
        work=inheritance,
    ),
)
