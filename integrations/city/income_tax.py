"""Income tax on wages: the schedule, and what is withheld month by month (累计预扣法, 国家税务总局公告2018年第61号 art. 6)."""

from collections.abc import Iterable, Iterator
from datetime import date

import msgspec

from integrations.city.registers import listed


class Bracket(msgspec.Struct, frozen=True):
    """A step of the schedule (级距): up to this taxable income, inclusive; the last has no bound."""

    percent: int
    quick_fen: int
    up_to_fen: int | None = None


class DeductionFigures(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The special additional deductions (专项附加扣除) a month."""

    source: str
    valid_from: date
    child_fen: int
    elderly_only_child_fen: int
    elderly_shared_fen: int
    elderly_from_age: int
    infant_until_age: int
    loan_interest_fen: int
    loan_interest_months: int
    rent_fen: int
    verified_on: date | None = None


class IncomeTax(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The figures of the law, each with its source."""

    source: str
    valid_from: date
    verified_on: date
    basic_deduction_fen: int
    brackets: tuple[Bracket, ...]
    deductions: DeductionFigures


class Payslip(msgspec.Struct, frozen=True):
    """A month's wage, and what is deducted from it before tax, in fen."""

    month: date
    income_fen: int
    insurance_fen: int
    fund_fen: int
    special_fen: int


def law() -> IncomeTax:
    """Give the figures in force."""
    figures: IncomeTax = listed("income_tax", IncomeTax)
    return figures


def tax_fen(taxable_fen: int) -> int:
    """Give the tax on a year's taxable income, by rate and quick deduction (速算扣除数), rounded half up; none below zero."""
    if taxable_fen <= 0:
        return 0
    bracket = next(one for one in law().brackets if one.up_to_fen is None or taxable_fen <= one.up_to_fen)
    return (taxable_fen * bracket.percent + 50) // 100 - bracket.quick_fen


def withheld_fen(payslips: Iterable[Payslip]) -> Iterator[int]:
    """Give what is withheld each month: the tax on all that was earned this year, less what was withheld before, never less than none."""
    taxable = before = 0
    for slip in payslips:
        taxable += slip.income_fen - law().basic_deduction_fen
        taxable -= slip.insurance_fen + slip.fund_fen + slip.special_fen
        now = max(0, tax_fen(taxable) - before)
        before += now
        yield now
