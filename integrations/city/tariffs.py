"""What water, electricity, gas and heating cost. Electricity is near to Shandong's residential tariff; all other prices are invented.

Prices are in hundredths of a fen (元 × 10,000), so that 0.5469 元 is a whole number.
"""

from typing import Final, Literal

import msgspec

Utility = Literal["water", "electricity", "gas", "heating"]
PER_FEN: Final = 100
LARGE_HOUSEHOLD: Final = 5
"""From so many people on, the first tiers of electricity are wider (一户多人口)."""


class Tariff(msgspec.Struct, frozen=True):
    """Tiers of a calendar year (阶梯价格): (upper bound, price), the last without a bound; `extra` is added to every unit."""

    unit: str
    tiers: tuple[tuple[int | None, int], ...]
    extra: int = 0

    def charge(self, units: int) -> int:
        """Price so many units used since January, in hundredths of a fen."""
        charged, below = units * self.extra, 0
        for bound, price in self.tiers:
            upper = units if bound is None else min(units, bound)
            charged += max(0, upper - below) * price
            below = max(below, upper)
        return charged


ELECTRICITY: Final = Tariff("kWh", ((2_520, 5_469), (4_800, 5_969), (None, 8_469)))
ELECTRICITY_OF_MANY: Final = Tariff("kWh", ((3_720, 5_469), (6_000, 5_969), (None, 8_469)))
WATER: Final = Tariff("m3", ((180, 30_000), (300, 45_000), (None, 90_000)), extra=10_000)
"""With the sewage fee (污水处理费) as the extra."""
GAS: Final = Tariff("m3", ((240, 29_000), (360, 34_800), (None, 43_500)))
HEATING_FEN_PER_M2: Final = 2_300
"""A season (2026-11-16 to 2027-03-31), by the floor area."""


def tariff_of(utility: Utility, people: int) -> Tariff:
    """Give the tariff of a metered utility for a household of so many people."""
    if utility == "electricity":
        return ELECTRICITY_OF_MANY if people >= LARGE_HOUSEHOLD else ELECTRICITY
    return {"water": WATER, "gas": GAS}[utility]


def rounded_fen(hundredths: int) -> int:
    """Round hundredths of a fen, half up."""
    return (hundredths + PER_FEN // 2) // PER_FEN
