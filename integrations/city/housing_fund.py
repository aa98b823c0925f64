"""The housing fund party (GJJ): accounts, deposits and loans, drawn and granted since."""

from typing import Annotated, Final

import msgspec
from msgspec import Meta

from app.kernel import clock
from app.kernel.structs import Code
from integrations.city.days import months_after
from integrations.city.employment import HousingFund, work
from integrations.city.home_contracts import purchase_contract
from integrations.city.homes import titles_of
from integrations.city.orders import Ordered, done, of_order
from integrations.city.outcomes import QuestionRefused
from integrations.city.people import Person
from integrations.city.population import REFERENCE, Population
from integrations.city.registers import Service, listed, of_person
from integrations.city.world import City
from integrations.departments.housing_fund import (
    Fen,
    FundAccount,
    FundDeposit,
    FundLoan,
    GrantedLoan,
    Method,
    Percent,
)

GRANT: Final = "grant_fund_loan"
STEP_FEN: Final = 100_000
"""Loans are given in whole thousands of yuan."""
_SHORT_MONTHS: Final = 60
_TOLD_MONTHS: Final = 12


class ToLend(Ordered, frozen=True):
    """A loan to grant: on which purchase, how much, for how many months, repaid how."""

    purchase_contract_no: Code
    amount_fen: Fen
    months: Annotated[int, Meta(ge=1, le=1200)]
    method: Method


class FundRates(msgspec.Struct, frozen=True):
    """What a loan costs, in percent a year."""

    up_to_5_years: Percent
    longer: Percent


class FundTerms(msgspec.Struct, frozen=True):
    """On what terms the fund lends."""

    longest_months: int
    first_home: FundRates
    second_home: FundRates


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
        granted=granted(city, person),
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


def granted(city: City, person: Person) -> tuple[GrantedLoan, ...]:
    """Give the loans that cases have granted since."""
    return tuple(msgspec.convert(one.told, GrantedLoan) for one in done(city, GRANT, person.id_number))


def grant_loan(city: City, person: Person, ordered: ToLend) -> GrantedLoan:
    """Grant a loan. Refuses who has no account that is paid into, a loan already, or another contract; and too much, or for too long."""
    account, contract = fund_account(city, person), purchase_contract(city, person)
    if account is None:
        raise QuestionRefused("no_account")
    if account.state != "paying":
        raise QuestionRefused("account_sealed")
    if any(one.left_fen for one in account.loans) or account.granted:
        raise QuestionRefused("loan_left")
    if contract is None or contract.contract_no != ordered.purchase_contract_no:
        raise QuestionRefused("contract_unknown")
    if not 0 < ordered.amount_fen <= contract.price_fen - contract.paid_fen or ordered.amount_fen % STEP_FEN:
        raise QuestionRefused("amount_wrong")
    terms = listed("housing_fund", FundTerms)
    if ordered.months > terms.longest_months:
        raise QuestionRefused("term_too_long")
    rates = terms.second_home if titles_of(city.population, person) else terms.first_home
    return GrantedLoan(
        loan_contract_no=f"YTGJJ{clock.today():%Y%m%d}{account.account_no[4:]}",
        purchase_contract_no=contract.contract_no,
        granted_on=clock.today(),
        amount_fen=ordered.amount_fen,
        months=ordered.months,
        method=ordered.method,
        rate_percent=rates.up_to_5_years if ordered.months <= _SHORT_MONTHS else rates.longer,
    )


SERVICES: Final[dict[str, Service]] = {
    "fund_account": of_person(fund_account),
    GRANT: of_order(GRANT, ToLend, grant_loan),
}
