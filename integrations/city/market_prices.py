"""The Development and Reform Commission (FGW): what monitored markets report each day, computed from invented usual prices.

A price drifts from week to week and wavers from day to day, each market's by itself; what it was on a day never changes.
"""

from datetime import date, timedelta
from functools import lru_cache
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from app.kernel import clock
from integrations.city.chance import chance
from integrations.city.registers import Service, listed, of_everybody_asked
from integrations.city.world import City
from integrations.departments.districts import DistrictCode
from integrations.departments.market_prices import DayPrice, MarketLevel, MarketPrice, MarketPrices, SaleUnit

_ONE_DAY: Final = timedelta(days=1)
_WEEK: Final = 7
_PER_MILLE: Final = 1_000
_WAVERS_PART: Final = 7
"""What part of its drift a price wavers by from day to day at the most."""
_WHOLESALE: Final = 640
"""Of a retail price, per mille."""


class AboutPrices(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What do goods cost, in a district or everywhere, and what did they cost on so many days up to today?"""

    division_code: DistrictCode | None = None
    days: Annotated[int, Meta(ge=1, le=31)] = _WEEK


class Market(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A market that reports."""

    name: str
    division_code: DistrictCode
    level: MarketLevel


class Goods(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is watched, and what a shop usually asks for it."""

    name: str
    grade: str
    usual_fen: int
    unit: SaleUnit = "500g"
    drifts: int = 180
    """By how much, per mille, its price goes up and down at the most in the course of weeks."""


class Watched(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything that is watched, and where."""

    markets: tuple[Market, ...]
    vegetables: tuple[Goods, ...]
    staples: tuple[Goods, ...]


def watched() -> Watched:
    """Read what is watched."""
    read: Watched = listed("market_prices", Watched)
    return read


def vegetable_prices(city: City, asked: AboutPrices) -> MarketPrices:
    """Tell what vegetables cost."""
    return _prices(city.options.seed, watched().vegetables, asked)


def staple_prices(city: City, asked: AboutPrices) -> MarketPrices:
    """Tell what grain, oil, meat and eggs cost."""
    return _prices(city.options.seed, watched().staples, asked)


def price_fen(seed: int, market: Market, goods: Goods, day: date) -> int:
    """Give what goods cost at a market on a day."""
    key = f"{market.name}:{goods.name}"
    week, into = divmod(day.toordinal(), _WEEK)
    this_week, next_week = (_off(seed, f"{key}:{one}", goods.drifts) for one in (week, week + 1))
    drift = (this_week * (_WEEK - into) + next_week * into) // _WEEK
    per_mille = _PER_MILLE + drift + _off(seed, f"{key}:{day.isoformat()}", goods.drifts // _WAVERS_PART)
    level = _WHOLESALE if market.level == "wholesale" else _PER_MILLE
    return max(1, goods.usual_fen * per_mille * level // _PER_MILLE**2)


@lru_cache(maxsize=50_000)
def _off(seed: int, key: str, most: int) -> int:
    """Draw by how much, per mille, a price lies off what it usually is."""
    return chance(seed, "market_price", key).randrange(-most, most + 1)


def _prices(seed: int, goods: tuple[Goods, ...], asked: AboutPrices) -> MarketPrices:
    today = clock.today()
    markets = [one for one in watched().markets if asked.division_code in {None, one.division_code}]
    days = [today - _ONE_DAY * back for back in range(asked.days - 1, -1, -1)]
    return MarketPrices(tuple(_price(seed, market, one, days) for one in goods for market in markets))


def _price(seed: int, market: Market, goods: Goods, days: list[date]) -> MarketPrice:
    course = tuple(DayPrice(day, price_fen(seed, market, goods, day)) for day in days)
    return MarketPrice(
        goods=goods.name,
        grade=goods.grade,
        market=market.name,
        division_code=market.division_code,
        level=market.level,
        unit=goods.unit,
        collected_on=days[-1],
        price_fen=course[-1].price_fen,
        week_before_fen=price_fen(seed, market, goods, days[-1] - _ONE_DAY * _WEEK),
        course=course,
    )


SERVICES: Final[dict[str, Service]] = {
    "vegetable_prices": of_everybody_asked(AboutPrices, vegetable_prices),
    "staple_prices": of_everybody_asked(AboutPrices, staple_prices),
}
