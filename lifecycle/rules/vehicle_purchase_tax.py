"""The tax on buying a vehicle (车辆购置税), and what a new-energy one is spared. Pure.

Sources: 车辆购置税法 art. 3 to 6; 财政部公告2023年第10号. Figures are the parameters `vehicles.purchase_tax.*`. The price is without VAT; fen, half up.
"""

import msgspec

from lifecycle.rules.parameters import ParameterUnknown, Reading
from lifecycle.rules.rounding import percent_of


class PurchaseTax(msgspec.Struct, frozen=True, kw_only=True):
    """The tax as the law has it, what is spared of it, and what is left to pay."""

    full_fen: int
    spared_fen: int
    tax_fen: int


class _Spared(msgspec.Struct, frozen=True):
    percent: int
    most_fen: int


def purchase_tax(net_price_fen: int, reading: Reading, *, new_energy: bool) -> PurchaseTax:
    """Work the tax out; nothing is spared where the law of the day names nothing."""
    full = percent_of(net_price_fen, reading.number("vehicles.purchase_tax.percent"))
    spared = _spared_fen(full, reading) if new_energy else 0
    return PurchaseTax(full_fen=full, spared_fen=spared, tax_fen=full - spared)


def _spared_fen(full: int, reading: Reading) -> int:
    try:
        law = reading.get("vehicles.purchase_tax.new_energy", _Spared)
    except ParameterUnknown:
        return 0
    return min(law.most_fen, percent_of(full, law.percent))
