"""What water, gas and heat cost a household: tiers by the year, more for a large household; heat by area, or partly by meter. Pure.

Sources: 山东省供热条例 art. 23 (two-part price); the tiers follow the national pattern. Figures are the parameters `tariffs.*`: the city's
own weren't found, so they are illustrative. Amounts are fen, rounded half up once; volumes are whole cubic metres.
"""

from decimal import Decimal
from typing import Literal

import msgspec

from app.kernel.money import rounded_fen
from lifecycle.rules.parameters import Reading

Utility = Literal["water", "gas"]
DM2_PER_M2 = 100


class Volume(msgspec.Struct, frozen=True, kw_only=True):
    """What was used in a period, after what was used in the year before it (the year begins anew on 1 January), by how many persons."""

    m3: int
    before_m3: int = 0
    persons: int


class Tier(msgspec.Struct, frozen=True, kw_only=True):
    """What fell into one tier: cubic metres, the price of one in yuan, and the cost."""

    number: int
    m3: int
    price: str
    cost_fen: int


class Heat(msgspec.Struct, frozen=True, kw_only=True):
    """A season's heat: by area alone, and, where it is metered, the basic part and the energy; null without a meter's reading."""

    by_area_fen: int
    basic_fen: int | None
    energy_fen: int | None
    by_meter_fen: int | None


class _Tariff(msgspec.Struct, frozen=True):
    prices: tuple[str, ...]
    bounds_m3: tuple[int, ...]
    persons: int
    further_m3: tuple[int, ...]
    sewage: str = "0"


class _HeatTariff(msgspec.Struct, frozen=True):
    per_m2: str
    basic_percent: int
    per_kwh: str


def bounds(utility: Utility, persons: int, reading: Reading) -> tuple[int, ...]:
    """Up to how many cubic metres a year each tier but the last reaches; further for every person above the ordinary household."""
    law = reading.get(f"tariffs.{utility}", _Tariff)
    more = max(0, persons - law.persons)
    return tuple(bound + more * further for bound, further in zip(law.bounds_m3, law.further_m3, strict=True))


def by_tier(utility: Utility, used: Volume, reading: Reading) -> tuple[Tier, ...]:
    """How the volume falls into the tiers, and what each costs."""
    prices = reading.get(f"tariffs.{utility}", _Tariff).prices
    ends = (*bounds(utility, used.persons, reading), used.before_m3 + used.m3)
    tiers = []
    begins = 0
    for number, (end, price) in enumerate(zip(ends, prices, strict=True), 1):
        m3 = max(0, min(end, used.before_m3 + used.m3) - max(begins, used.before_m3))
        tiers.append(Tier(number=number, m3=m3, price=price, cost_fen=rounded_fen(m3 * Decimal(price))))
        begins = end
    return tuple(tiers)


def cost_fen(utility: Utility, used: Volume, reading: Reading) -> int:
    """What the volume costs, without the fee for sewage."""
    return rounded_fen(sum((tier.m3 * Decimal(tier.price) for tier in by_tier(utility, used, reading)), Decimal(0)))


def sewage_fen(used: Volume, reading: Reading) -> int:
    """The fee for sewage (污水处理费), which is taken with the water."""
    return rounded_fen(used.m3 * Decimal(reading.get("tariffs.water", _Tariff).sewage))


def heat(area_dm2: int, kwh: int | None, reading: Reading) -> Heat:
    """A season's heat for an area; with a meter's reading, by its two parts too (the basic one a share of the price by area)."""
    law = reading.get("tariffs.heat", _HeatTariff)
    whole = Decimal(area_dm2) / DM2_PER_M2 * Decimal(law.per_m2)
    if kwh is None:
        return Heat(by_area_fen=rounded_fen(whole), basic_fen=None, energy_fen=None, by_meter_fen=None)
    basic, energy = rounded_fen(whole * law.basic_percent / 100), rounded_fen(kwh * Decimal(law.per_kwh))
    return Heat(by_area_fen=rounded_fen(whole), basic_fen=basic, energy_fen=energy, by_meter_fen=basic + energy)
