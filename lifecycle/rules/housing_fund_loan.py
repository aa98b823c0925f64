"""Loans of the housing provident fund: how much, at which rate, for how long, and what is repaid each month. Pure; exact decimals.

Source: 住房公积金管理条例 art. 26; rates of the central bank; all else is the city's, and so dated parameters. Money is fen.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, localcontext
from typing import Final, Literal

import msgspec

from app.kernel.money import FEN_PER_YUAN, rounded_fen
from lifecycle.rules.ages import MONTHS_PER_YEAR, add_months
from lifecycle.rules.parameters import Reading
from lifecycle.rules.retirement_age import RetirementKind, retires_on

Bound = Literal["price", "balance", "cap", "income"]
STEP_FEN: Final = 1_000 * FEN_PER_YUAN
"""Loans are given in whole thousands of yuan."""
_SHORT_MONTHS: Final = 60
_PRECISION: Final = 50


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What bounds a loan: the home, the account, the household's month, the term, and whether a home is owned already."""

    price_fen: int
    balance_fen: int
    income_fen: int
    debts_fen: int = 0
    months: int
    owns_home: bool = False


class Most(msgspec.Struct, frozen=True):
    """The most that can be lent, in whole thousands of yuan; what binds; and each bound before rounding down."""

    amount_fen: int
    binding: Bound
    bounds: Mapping[Bound, int]


class EqualInstalments(msgspec.Struct, frozen=True):
    """Equal instalments (等额本息): the same each month. The interest is that of unrounded instalments."""

    monthly_fen: int
    interest_fen: int


class EqualPrincipal(msgspec.Struct, frozen=True):
    """Equal principal (等额本金): each month `step_fen` less."""

    first_fen: int
    last_fen: int
    step_fen: int
    interest_fen: int


class _Rates(msgspec.Struct, frozen=True):
    up_to_5_years: str
    longer: str


def rate_percent(months: int, reading: Reading, *, owns_home: bool = False) -> Decimal:
    """The rate of a year, in percent: a first or a further home's, of up to five years (60 months included) or longer."""
    key = "housing_fund_loan.second_home_rates" if owns_home else "housing_fund_loan.first_home_rates"
    rates = reading.get(key, _Rates)
    return Decimal(rates.up_to_5_years if months <= _SHORT_MONTHS else rates.longer)


def most(asked: Asked, reading: Reading) -> Most:
    """The most that can be lent: the least of what is owed for the home, the balance's multiple, the city's cap, and what can be repaid."""
    bounds: dict[Bound, int] = {
        "price": asked.price_fen * (100 - reading.number("housing_fund_loan.down_payment_percent")) // 100,
        "balance": asked.balance_fen * reading.number("housing_fund_loan.balance_multiple"),
        "cap": reading.number("housing_fund_loan.cap_fen"),
        "income": repayable_fen(asked, reading),
    }
    binding = min(bounds, key=lambda one: bounds[one])
    return Most(bounds[binding] // STEP_FEN * STEP_FEN, binding, bounds)


def repayable_fen(asked: Asked, reading: Reading) -> int:
    """The present value, at the loan's own rate, of what may be repaid each month: a share of the income, less other debts; never below 0."""
    share = Decimal(reading.number("housing_fund_loan.income_percent")) / 100
    monthly = max(Decimal(0), asked.income_fen * share - asked.debts_fen)
    with localcontext(prec=_PRECISION):
        i = _monthly_rate(rate_percent(asked.months, reading, owns_home=asked.owns_home))
        value = monthly * (1 - (1 + i) ** -asked.months) / i
        return rounded_fen(value / FEN_PER_YUAN)


def equal_instalments(principal_fen: int, percent: Decimal, months: int) -> EqualInstalments:
    """What is repaid in equal instalments."""
    with localcontext(prec=_PRECISION):
        principal, i = Decimal(principal_fen) / FEN_PER_YUAN, _monthly_rate(percent)
        grown = (1 + i) ** months
        monthly = principal * i * grown / (grown - 1)
        return EqualInstalments(rounded_fen(monthly), rounded_fen(monthly * months - principal))


def left_of_instalments_fen(principal_fen: int, percent: Decimal, months: int, paid: int) -> int:
    """What is left to repay after some of the equal instalments, which aren't rounded on the way; nothing after the last."""
    with localcontext(prec=_PRECISION):
        principal, i = Decimal(principal_fen) / FEN_PER_YUAN, _monthly_rate(percent)
        whole, so_far = (1 + i) ** months, (1 + i) ** paid
        return rounded_fen(principal * (whole - so_far) / (whole - 1))


def equal_principal(principal_fen: int, percent: Decimal, months: int) -> EqualPrincipal:
    """What is repaid in equal parts of the principal."""
    with localcontext(prec=_PRECISION):
        principal, i = Decimal(principal_fen) / FEN_PER_YUAN, _monthly_rate(percent)
        part = principal / months
        return EqualPrincipal(
            first_fen=rounded_fen(part + principal * i),
            last_fen=rounded_fen(part + part * i),
            step_fen=rounded_fen(part * i),
            interest_fen=rounded_fen(principal * i * (months + 1) / 2),
        )


def longest_months(born: date, kind: RetirementKind, reading: Reading) -> int:
    """The longest term on the reading's day: thirty years, and no longer than some years past the age of retirement; 0 if that is over."""
    years = reading.number("housing_fund_loan.years_past_retirement")
    last = add_months(retires_on(born, kind, reading), years * MONTHS_PER_YEAR)
    day = reading.as_of
    left = (last.year - day.year) * MONTHS_PER_YEAR + last.month - day.month - (last.day < day.day)
    return max(0, min(left, reading.number("housing_fund_loan.longest_months")))


def _monthly_rate(percent: Decimal) -> Decimal:
    return percent / 100 / MONTHS_PER_YEAR
