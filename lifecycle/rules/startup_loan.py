"""A guaranteed loan for a new business (创业担保贷款): how much, at which rate, and what of the interest public money bears. Pure.

Sources: 就业促进法 art. 19; 财金〔2023〕75号 (普惠金融发展专项资金管理办法). Figures are the parameters `startup_loan.*`, which are illustrative: the
city publishes its own each year. Amounts are fen; rates are percent a year.
"""

from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

import msgspec

from app.kernel.money import FEN_PER_YUAN, rounded_fen
from lifecycle.rules.ages import MONTHS_PER_YEAR
from lifecycle.rules.housing_fund_loan import STEP_FEN, equal_instalments
from lifecycle.rules.parameters import Reading
from lifecycle.rules.rounding import percent_of

Borrower = Literal["personal", "partnership", "enterprise"]


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """Who borrows (of a partnership, so many of the supported groups), how much for how long, and the bank's rate, if it is known.

    Without belonging to a supported group (`supported`), there is no such loan.
    """

    borrower: Borrower
    supported: bool = True
    partners: int = 1
    wanted_fen: int
    months: int
    rate_percent: Decimal | None = None


class Repayment(msgspec.Struct, frozen=True, kw_only=True):
    """One way to repay: a month's payment (the last one apart), all interest, what public money bears, and what is left to oneself."""

    monthly_fen: int
    last_fen: int
    interest_fen: int
    subsidy_fen: int
    own_interest_fen: int


class Loan(msgspec.Struct, frozen=True, kw_only=True):
    """What can be borrowed, at which rate, and both ways to repay; `rate_over_cap`: the bank's rate is more than is supported."""

    cap_fen: int
    amount_fen: int
    rate_percent: Decimal
    rate_cap_percent: Decimal
    rate_over_cap: bool
    in_instalments: Repayment
    at_the_end: Repayment


class _Terms(msgspec.Struct, frozen=True):
    cap_fen: int
    longest_months: int


def longest_months(borrower: Borrower, reading: Reading) -> int:
    """The longest term."""
    return _terms(borrower, reading).longest_months


def loan(asked: Asked, reading: Reading) -> Loan:
    """Work a loan out, in whole thousands of yuan; a rate above the cap is calculated with, but nothing of it is borne."""
    cap = _cap_fen(asked, reading)
    amount = min(asked.wanted_fen, cap) // STEP_FEN * STEP_FEN
    most = rate_cap_percent(reading)
    rate = most if asked.rate_percent is None else asked.rate_percent
    over = rate > most
    return Loan(
        cap_fen=cap,
        amount_fen=amount,
        rate_percent=rate,
        rate_cap_percent=most,
        rate_over_cap=over,
        in_instalments=_in_instalments(amount, rate, asked.months, reading, borne=not over),
        at_the_end=_at_the_end(amount, rate, asked.months, reading, borne=not over),
    )


def rate_cap_percent(reading: Reading) -> Decimal:
    """The highest rate that is supported: the loan prime rate of a year, and so much above it."""
    return Decimal(reading.text("startup_loan.lpr_percent")) + Decimal(reading.text("startup_loan.above_lpr_percent"))


def _terms(borrower: Borrower, reading: Reading) -> _Terms:
    return reading.get("startup_loan.terms", dict[Borrower, _Terms])[borrower]


def _cap_fen(asked: Asked, reading: Reading) -> int:
    one = _terms(asked.borrower, reading).cap_fen if asked.supported else 0
    if asked.borrower != "partnership":
        return one
    return percent_of(one * asked.partners, reading.number("startup_loan.partnership_percent"))


def _in_instalments(amount: int, rate: Decimal, months: int, reading: Reading, *, borne: bool) -> Repayment:
    if not rate or not amount:
        return _repayment(amount // months, amount - amount // months * (months - 1), 0, reading, borne=borne)
    found = equal_instalments(amount, rate, months)
    # Payments are whole fen; the last one takes up the rest.
    last = amount + found.interest_fen - found.monthly_fen * (months - 1)
    return _repayment(found.monthly_fen, last, found.interest_fen, reading, borne=borne)


def _at_the_end(amount: int, rate: Decimal, months: int, reading: Reading, *, borne: bool) -> Repayment:
    monthly = Decimal(amount) / FEN_PER_YUAN * rate / 100 / MONTHS_PER_YEAR
    interest, month = rounded_fen(monthly * months), rounded_fen(monthly)
    return _repayment(month, amount + interest - month * (months - 1), interest, reading, borne=borne)


def _repayment(monthly: int, last: int, interest: int, reading: Reading, *, borne: bool) -> Repayment:
    share = Decimal(reading.number("startup_loan.subsidy_percent")) / 100 if borne else Decimal(0)
    subsidy = int((interest * share).to_integral_value(ROUND_HALF_UP))
    return Repayment(
        monthly_fen=monthly,
        last_fen=last,
        interest_fen=interest,
        subsidy_fen=subsidy,
        own_interest_fen=interest - subsidy,
    )
