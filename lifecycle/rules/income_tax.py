"""Individual income tax on comprehensive income (个人所得税·综合所得): by month as it is withheld, by year, and of a yearly bonus. Pure.

Sources: 个人所得税法 (2018) art. 2, 3, 6, 11; figures are the parameters `income_tax.*` of the last day of the tax year. Amounts are in fen; a tax is
rounded half up to the fen where it comes about, and a month pays what the rounded tax so far exceeds what was withheld.
"""

from collections.abc import Sequence
from itertools import accumulate
from typing import Final, Literal

import msgspec

from app.kernel.errors import Unprocessable
from app.kernel.words import Words
from lifecycle.rules.parameters import Reading

MONTHS: Final = 12
_HUNDRED: Final = 100


class HomeCountedTwice(Unprocessable):
    """Interest of a first home and rent aren't deducted in the same months (国发〔2018〕41号, article 20)."""

    code = "home_counted_twice"
    title = Words(zh="同一月份不能同时扣除住房贷款利息和住房租金。", en="A month has either mortgage interest or rent.")


class Bracket(msgspec.Struct, frozen=True):
    """A bracket up to an amount, which belongs to it; the last has no end."""

    percent: int
    quick: int
    up_to: int | None = None


class Fees(msgspec.Struct, frozen=True, kw_only=True):
    """What was received beside a salary, a payment each: for services (劳务报酬), as an author (稿酬), and as royalties (特许权使用费)."""

    labour: tuple[int, ...] = ()
    author: tuple[int, ...] = ()
    royalty: tuple[int, ...] = ()


class Special(msgspec.Struct, frozen=True, kw_only=True):
    """Special additional deductions (专项附加扣除) of a year.

    Months are counted for each child, or each degree; `elderly_share_fen` is one's own share a month where siblings share it, and
    none is the whole of an only child. `illness_fen` is what one bore oneself of costs within the catalogue.
    """

    child_months: int = 0
    degree_months: int = 0
    certificates: int = 0
    illness_fen: int = 0
    mortgage_months: int = 0
    rent_months: int = 0
    elderly_months: int = 0
    elderly_share_fen: int | None = None


class Other(msgspec.Struct, frozen=True, kw_only=True):
    """Other lawful deductions of a year, before their limits."""

    pension_fen: int = 0
    health_fen: int = 0
    donations_fen: int = 0


class _SpecialFigures(msgspec.Struct, frozen=True):
    child_month: int
    degree_month: int
    certificate: int
    illness_from: int
    illness_most: int
    mortgage_month: int
    rent_month: int
    elderly_month: int
    elderly_share_most: int


class _FeeFigures(msgspec.Struct, frozen=True):
    small_up_to: int
    small_less: int
    kept_percent: int
    flat_percent: int
    author_percent: int
    labour_scale: tuple[Bracket, ...]


class _OtherFigures(msgspec.Struct, frozen=True):
    pension: int
    health: int
    donations_percent: int


class Bonus(msgspec.Struct, frozen=True, kw_only=True):
    """A bonus taxed apart and together with the rest: the year's whole tax either way, and which costs less.

    `cliff_fen` is what less bonus would leave more: nothing, where there is no such edge just below.
    """

    apart_fen: int
    together_fen: int
    better: Literal["apart", "together"]
    cliff_fen: int | None


def tax_of(taxable_fen: int, scale: Sequence[Bracket]) -> int:
    """The tax on an amount; nothing on less than nothing."""
    if taxable_fen <= 0:
        return 0
    bracket = bracket_of(taxable_fen, scale)
    return _percent(taxable_fen, bracket.percent) - bracket.quick


def bracket_of(amount_fen: int, scale: Sequence[Bracket], times: int = 1) -> Bracket:
    """The bracket of an amount; with `times`, of an amount divided by it, which isn't rounded."""
    return next(one for one in scale if one.up_to is None or amount_fen <= one.up_to * times)


def special_fen(special: Special, reading: Reading) -> int:
    """The special additional deductions of a year. Refuses (`HomeCountedTwice`) more than twelve months of mortgage and rent."""
    if special.mortgage_months and special.rent_months and special.mortgage_months + special.rent_months > MONTHS:
        raise HomeCountedTwice
    law = reading.get("income_tax.special_additional", _SpecialFigures)
    shared = special.elderly_share_fen
    elderly = law.elderly_month if shared is None else min(shared, law.elderly_share_most)
    return (
        special.child_months * law.child_month
        + special.degree_months * law.degree_month
        + min(special.certificates, 1) * law.certificate
        + min(max(0, special.illness_fen - law.illness_from), law.illness_most)
        + special.mortgage_months * law.mortgage_month
        + special.rent_months * law.rent_month
        + special.elderly_months * elderly
    )


def income_fen(salaries: Sequence[int], fees: Fees, reading: Reading) -> int:
    """What counts as income of a year."""
    counted = reading.get("income_tax.counted_percent", dict[str, int])
    parts = {"labour": fees.labour, "royalty": fees.royalty, "author": fees.author}
    return sum(salaries) + sum(_percent(sum(paid), counted[kind]) for kind, paid in parts.items())


def taxable_fen(counted_fen: int, deducted_fen: int, other: Other, reading: Reading) -> int:
    """What is left of a year's income; below zero where the deductions are more. Donations count up to a share of what is left."""
    most = reading.get("income_tax.other_most", _OtherFigures)
    left = counted_fen - MONTHS * reading.number("income_tax.basic_month_fen") - deducted_fen
    left -= min(other.pension_fen, most.pension) + min(other.health_fen, most.health)
    return left - min(other.donations_fen, _percent(max(0, left), most.donations_percent))


def annual_fen(taxable: int, reading: Reading) -> int:
    """The tax of a year."""
    return tax_of(taxable, reading.get("income_tax.annual_scale", tuple[Bracket, ...]))


def withheld_by_month(salaries: Sequence[int], deducted_a_month: int, reading: Reading) -> tuple[int, ...]:
    """What one employer withholds month by month (累计预扣法): the tax so far, less what was withheld; never less than nothing."""
    basic, scale = (
        reading.number("income_tax.basic_month_fen"),
        reading.get("income_tax.annual_scale", tuple[Bracket, ...]),
    )
    paid: list[int] = []
    for month, earned in enumerate(accumulate(salaries), 1):
        so_far = tax_of(earned - month * (basic + deducted_a_month), scale)
        paid.append(max(0, so_far - sum(paid)))
    return tuple(paid)


def withheld_from_fees(fees: Fees, reading: Reading) -> int:
    """What payers withhold from fees, payment by payment."""
    law = reading.get("income_tax.fee_withholding", _FeeFigures)

    def base(paid: int) -> int:
        return max(0, paid - law.small_less) if paid <= law.small_up_to else _percent(paid, law.kept_percent)

    return (
        sum(tax_of(base(paid), law.labour_scale) for paid in fees.labour)
        + sum(_percent(_percent(base(paid), law.author_percent), law.flat_percent) for paid in fees.author)
        + sum(_percent(base(paid), law.flat_percent) for paid in fees.royalty)
    )


def bonus_apart_fen(bonus_fen: int, reading: Reading) -> int:
    """The tax on a bonus by itself: the bracket of a twelfth, and the quick deduction once."""
    if bonus_fen <= 0:
        return 0
    bracket = bracket_of(bonus_fen, reading.get("income_tax.monthly_scale", tuple[Bracket, ...]), MONTHS)
    return _percent(bonus_fen, bracket.percent) - bracket.quick


def bonus(bonus_fen: int, taxable: int, reading: Reading) -> Bonus:
    """Compare both ways of taxing a bonus, on the rest of the year's income. On a tie together. Refuses (`ParameterUnknown`) years without the choice."""
    reading.get("income_tax.bonus_apart", bool)
    apart = annual_fen(taxable, reading) + bonus_apart_fen(bonus_fen, reading)
    together = annual_fen(taxable + bonus_fen, reading)
    return Bonus(
        apart_fen=apart,
        together_fen=together,
        better="apart" if apart < together else "together",
        cliff_fen=_edge_below(bonus_fen, reading),
    )


def _edge_below(bonus_fen: int, reading: Reading) -> int | None:
    """The highest smaller bonus, at an edge of a bracket, that taxed apart leaves more than this one."""
    edges = [one.up_to * MONTHS for one in reading.get("income_tax.monthly_scale", tuple[Bracket, ...]) if one.up_to]
    kept = bonus_fen - bonus_apart_fen(bonus_fen, reading)
    better = [edge for edge in edges if edge < bonus_fen and edge - bonus_apart_fen(edge, reading) > kept]
    return max(better, default=None)


def _percent(amount_fen: int, percent: int) -> int:
    return (amount_fen * percent + _HUNDRED // 2) // _HUNDRED
