"""An employee's pension (基本养老金): when it may be drawn, after how many years of contributions, and how much it is. Pure; exact decimals.

Sources: 社会保险法 art. 15, 16; 国发〔2005〕38号; 全国人大常委会关于实施渐进式延迟法定退休年龄的决定 (2024) art. 2 to 4. Money is fen, an index a
hundredth; each part of a pension is rounded half up to the fen, and the pension is their sum.
"""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Final

import msgspec

from app.kernel.money import FEN_PER_YUAN, rounded_fen
from lifecycle.rules.ages import MONTHS_PER_YEAR, add_months
from lifecycle.rules.parameters import Reading
from lifecycle.rules.retirement_age import RetirementKind, original_age_on, retires_on

_HUNDRED: Final = Decimal(100)
_TENTH: Final = Decimal("0.1")
_PRECISION: Final = 50


class Window(msgspec.Struct, frozen=True):
    """From when until when somebody may retire: earlier by choice, at the statutory age, later by agreement with the employer."""

    earliest_on: date
    statutory_on: date
    latest_on: date


class Contributed(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody has paid in: months (deemed ones too), the mean index in hundredths of the average wage, and the account."""

    months: int
    index_percent: int
    account_fen: int
    deemed_months: int = 0
    deemed_index_percent: int = 100


class Pension(msgspec.Struct, frozen=True, kw_only=True):
    """A month's pension and its parts: basic (基础养老金), from the account (个人账户养老金), and for deemed years (过渡性养老金)."""

    basic_fen: int
    account_fen: int
    transitional_fen: int
    monthly_fen: int
    payout_months: Decimal


class Residents(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The residents' pension (城乡居民养老金): from which age, after how many months of contributions."""

    age: int
    months: int


class _Minimum(msgspec.Struct, frozen=True):
    months: int
    rises_from: int
    months_a_year: int
    most_months: int


def window(born: date, kind: RetirementKind, reading: Reading) -> Window:
    """When somebody may retire; never before the age that held before it rose."""
    statutory, either_way = retires_on(born, kind, reading), reading.number("retirement.flexible_months")
    earliest = max(original_age_on(born, kind, reading), add_months(statutory, -either_way))
    return Window(earliest, statutory, add_months(statutory, either_way))


def minimum_months(claimed_in: int, reading: Reading) -> int:
    """How many months of contributions a pension asks for that is claimed in a year.

    Who retires later goes by the year of the statutory age, who retires earlier by the year chosen.
    """
    law = reading.get("pension.minimum", _Minimum)
    rises = max(0, claimed_in - law.rises_from + 1)
    return min(law.most_months, law.months + rises * law.months_a_year)


def residents(reading: Reading) -> Residents:
    """What the residents' pension asks for."""
    return reading.get("pension.residents", Residents)


def age_in_months(born: date, on: date) -> int:
    """Full months of age on a day."""
    months = (on.year - born.year) * MONTHS_PER_YEAR + on.month - born.month
    return months if add_months(born, months) <= on else months - 1


def payout_months(age_months: int, reading: Reading) -> Decimal:
    """Over how many months the account is paid out; between two years by the month, to a tenth. The ends of the table go on."""
    table = {int(age): months for age, months in reading.get("pension.payout_months", dict[str, int]).items()}
    youngest, oldest = min(table), max(table)
    years, months = divmod(min(max(age_months, youngest * MONTHS_PER_YEAR), oldest * MONTHS_PER_YEAR), MONTHS_PER_YEAR)
    here, next_year = table[years], table[min(years + 1, oldest)]
    exact = here + Decimal((next_year - here) * months) / MONTHS_PER_YEAR
    return exact.quantize(_TENTH, ROUND_HALF_UP)


def pension(paid: Contributed, age_months: int, reading: Reading) -> Pension:
    """A month's pension of who retires at an age, by the reading's base."""
    percents = {name: Decimal(value) for name, value in reading.get("pension.percents", dict[str, str]).items()}
    with localcontext(prec=_PRECISION):
        base = Decimal(reading.number("pension.base_month_fen")) / FEN_PER_YUAN
        index, deemed_index = Decimal(paid.index_percent) / _HUNDRED, Decimal(paid.deemed_index_percent) / _HUNDRED
        years, deemed = Decimal(paid.months) / MONTHS_PER_YEAR, Decimal(paid.deemed_months) / MONTHS_PER_YEAR
        over = payout_months(age_months, reading)
        basic = rounded_fen(base * (1 + index) / 2 * years * percents["a_year"] / _HUNDRED)
        account = rounded_fen(Decimal(paid.account_fen) / FEN_PER_YUAN / over)
        transitional = rounded_fen(base * deemed_index * deemed * percents["deemed_a_year"] / _HUNDRED)
    return Pension(
        basic_fen=basic,
        account_fen=account,
        transitional_fen=transitional,
        monthly_fen=basic + account + transitional,
        payout_months=over,
    )


def of_residents_fen(basic_fen: int, account_fen: int, reading: Reading) -> int:
    """A month's pension of residents (城乡居民养老金): the basic part, and the account paid out as from their age (国发〔2014〕8号)."""
    over = payout_months(residents(reading).age * MONTHS_PER_YEAR, reading)
    return basic_fen + rounded_fen(Decimal(account_fen) / FEN_PER_YUAN / over)


def paying_on(paid: Contributed, months: int, reading: Reading) -> Contributed:
    """The same after so many months more at the same index, without interest on the account."""
    into = Decimal(reading.get("pension.percents", dict[str, str])["to_account"]) / _HUNDRED
    base = Decimal(reading.number("pension.base_month_fen")) * paid.index_percent / _HUNDRED
    grown = int((base * into * months).to_integral_value(ROUND_HALF_UP))
    return msgspec.structs.replace(paid, months=paid.months + months, account_fen=paid.account_fen + grown)
