"""What water, electricity, gas and heating cost, by `figures.toml`, which says of each price where it comes from.

Prices are in hundredths of a fen (元 × 10,000), so that 0.5469 元 is a whole number.
"""

from typing import Final, Literal

import msgspec

from integrations.city.figures import figure, number

Utility = Literal["water", "electricity", "gas", "heating"]
PER_FEN: Final = 100
LARGE_HOUSEHOLD: Final = number("electricity.people_of_many")
"""From so many people on, the first tiers of electricity are wider (一户多人口)."""


class Tier(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Up to how much a price holds, none for the last tier."""

    price_hundredths: int
    up_to: int | None = None


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


def _tariff(unit: str, key: str, extra: int = 0) -> Tariff:
    return Tariff(unit, tuple((tier.up_to, tier.price_hundredths) for tier in figure(key, tuple[Tier, ...])), extra)


ELECTRICITY: Final = _tariff("kWh", "electricity.tiers")
ELECTRICITY_OF_MANY: Final = _tariff("kWh", "electricity.tiers_of_many")
WATER: Final = _tariff("m3", "water.tiers", extra=number("water.sewage_hundredths"))
"""With the sewage fee (污水处理费) as the extra."""
GAS: Final = _tariff("m3", "gas.tiers")
HEATING_FEN_PER_M2: Final = number("heating.fen_per_m2")
"""A season (2026-11-16 to 2027-03-31), by the floor area."""


def tariff_of(utility: Utility, people: int) -> Tariff:
    """Give the tariff of a metered utility for a household of so many people."""
    if utility == "electricity":
        return ELECTRICITY_OF_MANY if people >= LARGE_HOUSEHOLD else ELECTRICITY
    return {"water": WATER, "gas": GAS}[utility]


def rounded_fen(hundredths: int) -> int:
    """Round hundredths of a fen, half up."""
    return (hundredths + PER_FEN // 2) // PER_FEN
