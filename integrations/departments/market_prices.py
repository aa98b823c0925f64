"""Prices that the Development and Reform Commission (发改委) has monitored markets report each day (价格法 art. 28)."""

from datetime import date, timedelta
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from app.kernel.labels import label
from app.kernel.structs import Line, ShortLine
from app.kernel.words import Words
from integrations.departments.districts import DISTRICTS, DistrictCode
from integrations.departments.registers import Register

PRICES: Final = "FGW"
PriceFen = Annotated[int, Meta(gt=0, le=10**6)]
MarketLevel = Literal["retail", "wholesale"]
MARKET_LEVELS: Final = {
    "retail": Words(zh="零售", en="Retail"),
    "wholesale": Words(zh="批发", en="Wholesale"),
}
SaleUnit = Literal["500g", "5L", "10kg"]
SALE_UNITS: Final = {
    "500g": Words(zh="500克", en="500 g"),
    "5L": Words(zh="5升桶装", en="5 litres"),
    "10kg": Words(zh="10千克袋装", en="10 kg"),
}


class DayPrice(msgspec.Struct, frozen=True):
    """What something cost on a day."""

    on: Annotated[date, label("日期", "Day")]
    price_fen: Annotated[PriceFen, label("价格（分）", "Price (fen)")]


class MarketPrice(msgspec.Struct, frozen=True):
    """What goods of a grade cost at a market, on the day of collection and on the days up to it."""

    goods: Annotated[ShortLine, label("品名", "Goods")]
    grade: Annotated[ShortLine, label("规格等级", "Grade")]
    market: Annotated[Line, label("采集地点", "Market")]
    division_code: Annotated[DistrictCode, label("所在区市", "District", DISTRICTS)]
    level: Annotated[MarketLevel, label("零售或批发", "Retail or wholesale", MARKET_LEVELS)]
    unit: Annotated[SaleUnit, label("计价单位", "Unit", SALE_UNITS)]
    collected_on: Annotated[date, label("采集日期", "Collected on")]
    price_fen: Annotated[PriceFen, label("价格（分）", "Price (fen)")]
    week_before_fen: Annotated[PriceFen, label("七天前价格（分）", "Price a week before (fen)")]
    course: Annotated[tuple[DayPrice, ...], label("走势", "Course")]


class MarketPrices(msgspec.Struct, frozen=True):
    """The day's prices."""

    items: tuple[MarketPrice, ...]


_FRESH_FOR: Final = timedelta(hours=1)
_USABLE_FOR: Final = timedelta(days=3)
VEGETABLE_PRICES: Final = Register(
    department=PRICES, service="vegetable_prices", told=MarketPrices, fresh_for=_FRESH_FOR, usable_for=_USABLE_FOR
)
STAPLE_PRICES: Final = Register(
    department=PRICES, service="staple_prices", told=MarketPrices, fresh_for=_FRESH_FOR, usable_for=_USABLE_FOR
)
