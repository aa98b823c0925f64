"""Taxes on buying and selling a home: deed tax, VAT, income tax on the gain, and its refund to who buys another. Pure.

Sources: 契税法 art. 3; 个人所得税法 art. 3, 6; figures are the parameters `home_taxes.*`. Amounts are in fen, each tax is rounded half up.
"""

from datetime import date
from typing import Final, Literal

import msgspec

from lifecycle.rules.ages import MONTHS_PER_YEAR, add_months
from lifecycle.rules.parameters import ParameterUnknown, Reading
from lifecycle.rules.rounding import half_up

Which = Literal["first", "second", "further"]
Built = Literal["commercial", "affordable"]
_HUNDRED: Final = 100
_THOUSAND: Final = 1_000


class Sale(msgspec.Struct, frozen=True, kw_only=True):
    """A home that is sold: the price agreed (with VAT), since when it is held, and what it had cost, each with proof.

    `only_home` says that it is the family's only home in the province.
    """

    price_fen: int
    held_since: date
    sold_on: date
    original_fen: int
    taxes_fen: int = 0
    decoration_fen: int = 0
    interest_fen: int = 0
    fees_fen: int = 0
    built: Built = "commercial"
    only_home: bool = False


class SaleTaxes(msgspec.Struct, frozen=True, kw_only=True):
    """What a seller owes, and how the gain comes about; `gain_fen` is never below zero."""

    net_fen: int
    vat_fen: int
    decoration_fen: int
    gain_fen: int
    income_tax_fen: int
    exempt: bool


class _Shares(msgspec.Struct, frozen=True):
    small: int
    large: int


class _Deed(msgspec.Struct, frozen=True):
    small_up_to_dm2: int
    permille: dict[Which, _Shares]


class _Vat(msgspec.Struct, frozen=True):
    percent: int
    exempt_after_years: int


class _Income(msgspec.Struct, frozen=True):
    percent: int
    decoration_percent: dict[Built, int]
    exempt_after_years: int


def deed_tax_fen(net_price_fen: int, area_dm2: int, which: Which, reading: Reading) -> int:
    """The buyer's deed tax on the price without VAT; an area at the edge is small."""
    law = reading.get("home_taxes.deed", _Deed)
    shares = law.permille[which]
    permille = shares.small if area_dm2 <= law.small_up_to_dm2 else shares.large
    return half_up(net_price_fen * permille, _THOUSAND)


def sale_taxes(sale: Sale, reading: Reading) -> SaleTaxes:
    """What the seller owes. Held for exactly the years that exempt, it is exempt."""
    vat_law, law = reading.get("home_taxes.vat", _Vat), reading.get("home_taxes.income", _Income)
    taxed = not _held_for(sale, vat_law.exempt_after_years)
    net = half_up(sale.price_fen * _HUNDRED, _HUNDRED + vat_law.percent) if taxed else sale.price_fen
    decoration = min(sale.decoration_fen, sale.original_fen * law.decoration_percent[sale.built] // _HUNDRED)
    spent = sale.original_fen + sale.taxes_fen + decoration + sale.interest_fen + sale.fees_fen
    gain = max(0, net - spent)
    exempt = sale.only_home and _held_for(sale, law.exempt_after_years)
    return SaleTaxes(
        net_fen=net,
        vat_fen=sale.price_fen - net,
        decoration_fen=decoration,
        gain_fen=gain,
        income_tax_fen=0 if exempt else half_up(gain * law.percent, _HUNDRED),
        exempt=exempt,
    )


def exchange_refund_fen(tax_fen: int, sale: Sale, bought_fen: int, bought_on: date, reading: Reading) -> int:
    """What of the income tax comes back to a seller who buys (as an owner) in the same city: in proportion, at the most all of it.

    Nothing, where the days lie further apart than the law allows, or it gives none.
    """
    try:
        law = reading.get("home_taxes.exchange", dict[str, int])
    except ParameterUnknown:
        return 0
    first, second = sorted((sale.sold_on, bought_on))
    if second > add_months(first, law["within_years"] * MONTHS_PER_YEAR) or not sale.price_fen:
        return 0
    return min(tax_fen, half_up(tax_fen * bought_fen, sale.price_fen))


def _held_for(sale: Sale, years: int) -> bool:
    return sale.sold_on >= add_months(sale.held_since, years * MONTHS_PER_YEAR)
