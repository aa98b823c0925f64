"""What a household's electricity costs: tiers by month or year, a large household's, one price for a shared meter, time of use. Pure.

Sources: 鲁发改价格〔2019〕509号 [T]. Figures are the parameters `electricity.*`. Amounts are fen, rounded half up once; energy is whole kWh.
"""

from decimal import Decimal
from typing import Literal

import msgspec

from app.kernel.money import rounded_fen
from lifecycle.rules.ages import MONTHS_PER_YEAR
from lifecycle.rules.parameters import Reading

Period = Literal["month", "year"]
Better = Literal["flat", "time_of_use", "same"]


class Used(msgspec.Struct, frozen=True, kw_only=True):
    """What was used in a period: at peak and in the valley, in the heating season and outside it; `before` in the year until then."""

    peak: int = 0
    valley: int = 0
    heating_peak: int = 0
    heating_valley: int = 0
    before: int = 0

    @property
    def total(self) -> int:
        """All of the period."""
        return self.peak + self.valley + self.heating_peak + self.heating_valley


class Home(msgspec.Struct, frozen=True, kw_only=True):
    """How a household is charged: by which bounds, how many it is, and whether it shares a meter or has free energy."""

    bounds: Period
    persons: int
    shared_meter: bool = False
    months_free: int = 0


class Tier(msgspec.Struct, frozen=True, kw_only=True):
    """What fell into one tier: kWh, and what it costs more than the first, in fen."""

    number: int
    kwh: int
    surcharge_fen: int


class _Prices(msgspec.Struct, frozen=True):
    flat: str
    shared: str
    peak: str
    valley: str
    heating_peak: str
    heating_valley: str


class _Bounds(msgspec.Struct, frozen=True):
    month: tuple[int, int]
    year: tuple[int, int]


def tier_bounds(home: Home, reading: Reading) -> tuple[int, int]:
    """Up to how many kWh the first and the second tier reach, both included; a large household's reach further."""
    large = home.persons >= reading.number("electricity.large_from_persons")
    law = reading.get("electricity.tiers_large" if large else "electricity.tiers", _Bounds)
    return law.month if home.bounds == "month" else law.year


def by_tier(used: Used, home: Home, reading: Reading) -> tuple[Tier, ...]:
    """How much of the period falls into each tier, after what was used in the year before it."""
    if home.shared_meter:
        return (Tier(number=1, kwh=used.total, surcharge_fen=0),)
    first, second = tier_bounds(home, reading)
    before = used.before if home.bounds == "year" else 0
    ends = (first, second, max(second, before + used.total))
    surcharges = (Decimal(0), *(Decimal(one) for one in reading.get("electricity.tier_surcharges", tuple[str, str])))
    tiers = []
    begins = 0
    for number, (end, surcharge) in enumerate(zip(ends, surcharges, strict=True), 1):
        kwh = max(0, min(end, before + used.total) - max(begins, before))
        tiers.append(Tier(number=number, kwh=kwh, surcharge_fen=rounded_fen(kwh * surcharge)))
        begins = end
    return tuple(tiers)


def flat_fen(used: Used, home: Home, reading: Reading) -> int:
    """The cost at one price all day (for a shared meter: its own price, without tiers)."""
    prices = reading.get("electricity.prices", _Prices)
    if home.shared_meter:
        return rounded_fen(used.total * Decimal(prices.shared))
    return _less_free(used.total * Decimal(prices.flat) + _surcharge(used, home, reading), home, reading)


def time_of_use_fen(used: Used, home: Home, reading: Reading) -> int:
    """The cost by the time of day; the tiers' surcharges are added all the same."""
    prices = reading.get("electricity.prices", _Prices)
    energy = used.peak * Decimal(prices.peak) + used.valley * Decimal(prices.valley)
    energy += used.heating_peak * Decimal(prices.heating_peak) + used.heating_valley * Decimal(prices.heating_valley)
    return _less_free(energy + _surcharge(used, home, reading), home, reading)


def free_fen(home: Home, reading: Reading) -> int:
    """What the free energy of households in need is worth: so many kWh a month, at the first tier's price."""
    return rounded_fen(_free(home, reading))


def better(flat: int, time_of_use: int) -> Better:
    """Which of the two costs less."""
    if flat == time_of_use:
        return "same"
    return "flat" if flat < time_of_use else "time_of_use"


def curve(home: Home, reading: Reading) -> tuple[tuple[int, int], ...]:
    """What rising use costs at one price all day: kWh and fen, a hundred kWh a month further each time."""
    step = 100 * (MONTHS_PER_YEAR if home.bounds == "year" else 1)
    return tuple((kwh, flat_fen(Used(peak=kwh), home, reading)) for kwh in range(0, 10 * step + 1, step))


def _surcharge(used: Used, home: Home, reading: Reading) -> Decimal:
    _, second, third = by_tier(used, home, reading)
    more, most = (Decimal(one) for one in reading.get("electricity.tier_surcharges", tuple[str, str]))
    return second.kwh * more + third.kwh * most


def _free(home: Home, reading: Reading) -> Decimal:
    if not home.months_free:
        return Decimal(0)
    price = Decimal(reading.get("electricity.prices", _Prices).flat)
    return home.months_free * reading.number("electricity.free_kwh_a_month") * price


def _less_free(cost: Decimal, home: Home, reading: Reading) -> int:
    return rounded_fen(max(Decimal(0), cost - _free(home, reading)))
