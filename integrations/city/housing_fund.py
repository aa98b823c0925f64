"""The housing fund party (GJJ): accounts, deposits and loans."""

from typing import Final

from integrations.city.days import months_after
from integrations.city.employment import HousingFund, work
from integrations.city.homes import titles_of
from integrations.city.people import Person
from integrations.city.population import REFERENCE, Population
from integrations.city.registers import Service, of_person
from integrations.city.world import City
from integrations.departments.housing_fund import FundAccount, FundDeposit, FundLoan

_TOLD_MONTHS: Final = 12


def fund_account(city: City, person: Person) -> FundAccount | None:
    """Tell somebody's account; who has none isn't known to the fund."""
    known = work(city.population, person)
    fund = None if known is None else known.housing_fund
    if known is None or fund is None:
        return None
    return FundAccount(
        account_no=fund.account_no,
        employer=known.employment.employer.name if known.employment else None,
        state="paying" if known.employment else "sealed",
        base_fen=fund.base_fen,
        rate_percent=fund.rate_percent,
        months=fund.months,
        balance_fen=fund.balance_fen,
        deposits=deposits(fund),
        loans=loans(city.population, person),
    )


def deposits(fund: HousingFund) -> tuple[FundDeposit, ...]:
    """Give the last months' deposits, the newest first: never more than months were paid, and none of the present month."""
    part = fund.base_fen * fund.rate_percent // 100
    this_month = REFERENCE.replace(day=1)
    months = range(1, min(fund.months, _TOLD_MONTHS) + 1)
    return tuple(FundDeposit(months_after(this_month, -back), part, part) for back in months)


def loans(population: Population, person: Person) -> tuple[FundLoan, ...]:
    """Give the fund's loans on homes in somebody's name."""
    return tuple(
        FundLoan(
            title_no=title.title_no,
            since=title.mortgage.since,
            months=title.mortgage.months,
            principal_fen=title.mortgage.principal_fen,
            left_fen=title.mortgage.left_fen,
            monthly_principal_fen=title.mortgage.principal_fen // title.mortgage.months,
        )
        for title in titles_of(population, person)
        if title.mortgage is not None and title.mortgage.kind == "housing_fund"
    )


SERVICES: Final[dict[str, Service]] = {"fund_account": of_person(fund_account)}
