"""What comes next with income tax each year: the settlement, reserving a day of it, and confirming deductions. Pure.

For who is known to work; nobody else is told of it.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

from app.kernel.words import Words
from lifecycle.agenda.items import AgendaRule, Item
from lifecycle.rules.fact_kinds import INSURED, JOB, PENSION_SINCE, WAGE_FEN
from lifecycle.rules.looking import Looking
from lifecycle.rules.seasons import Season, coming_years
from lifecycle.rules.tax_filing import yearly

FILING: Final = "online_tax_filing"
_ONE_DAY: Final = timedelta(days=1)


def season(looking: Looking) -> Iterable[Item]:
    """The settlement of the year before, from March to June, and the days that can be reserved for it."""
    if not _earns(looking):
        return
    reserved = looking.law.get("tax.reserved_season", Season)
    for year in coming_years(looking.as_of):
        filing = yearly("annual_income", looking.law, year)
        yield _settlement(year, filing.first, filing.last)
        yield _reservation(year, *reserved.in_year(year))


def deductions(looking: Looking) -> Iterable[Item]:
    """Confirming in December what is to be deducted each month of the next year."""
    if not _earns(looking):
        return
    days = looking.law.get("tax.deductions_season", Season)
    for year in coming_years(looking.as_of):
        opens, due = days.in_year(year)
        yield Item(
            code=f"tax_deductions.{year + 1}",
            matter=FILING,
            title=Words(
                zh=f"确认{year + 1}年个税专项附加扣除", en=f"Confirm what is deducted from income tax in {year + 1}"
            ),
            why=Words(
                zh=f"个人所得税专项附加扣除操作办法第九条：子女教育、婴幼儿照护、赡养老人、房贷或房租等，{opens}至{due}在个人所得税App确认下一年的；不确认的，单位可能暂停扣除，汇算时仍可补。",
                en=f"Rules on special deductions, article 9: confirm children, parents, rent or mortgage for the next year in the tax app from "
                f"{opens} to {due}. Unconfirmed, your employer may stop deducting; the settlement makes up for it.",
            ),
            opens=opens,
            due=due,
            lapses=due + _ONE_DAY,
            by_case=False,
        )


def _earns(looking: Looking) -> bool:
    """Whether somebody is known to work."""
    job = looking.find(JOB)
    if job is not None and job.until is None:
        return True
    if looking.find(WAGE_FEN):
        return True
    return looking.find(INSURED) is not None and looking.find(PENSION_SINCE) is None


def _settlement(year: int, opens: date, due: date) -> Item:
    return Item(
        code=f"tax_season.{year}",
        matter=FILING,
        title=Words(zh=f"{year - 1}年度个人所得税汇算清缴", en=f"Settle your income tax of {year - 1}"),
        why=Words(
            zh=f"个人所得税法第十一条：{year - 1}年取得工资等综合所得的，{opens}至{due}办理汇算，多退少补；预缴与应纳一致、或收入和补税额在免办标准内的，可以不办；要退税的，须自己申报。",
            en=f"Income Tax Law, article 11: wages and other comprehensive income of {year - 1} are settled from {opens} to {due}; too much "
            "is refunded on filing, too little is paid. Nothing to do where what was withheld is right, or you are exempt.",
        ),
        opens=opens,
        due=due,
        lapses=due + _ONE_DAY,
        by_case=False,
    )


def _reservation(year: int, opens: date, due: date) -> Item:
    return Item(
        code=f"tax_reservation.{year}",
        matter=FILING,
        title=Words(zh=f"预约{year}年初期办税时间", en=f"Reserve a day for the first weeks of {year}'s settlement"),
        why=Words(
            zh=f"{opens}起可在个人所得税App预约，{due}前办理汇算须按预约的日子；此后不用预约。",
            en=f"From {opens} on a day can be reserved in the tax app; until {due} the settlement is done on the reserved day, afterwards "
            "without.",
        ),
        opens=opens,
        due=due,
        lapses=due + _ONE_DAY,
        quiet=True,
        by_case=False,
    )


RULES: Final = (
    AgendaRule("tax.season", "tax", season),
    AgendaRule("tax.deductions", "tax", deductions),
)
