"""What the suppliers of water, electricity, gas and heat tell of a household's account."""

from datetime import date, timedelta
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from app.kernel.labels import label
from app.kernel.structs import Code, Line
from app.kernel.words import Words
from integrations.departments.bills import BillNo
from integrations.departments.household_bills import STANDINGS, Fen, Standing
from integrations.departments.orders import Order
from integrations.departments.registers import Register

Units = Annotated[int, Meta(ge=0, le=10**7)]
PriceHundredths = Annotated[int, Meta(ge=0, le=10**7)]
Tier = Annotated[int, Meta(ge=1, le=9)]
SeasonYear = Annotated[int, Meta(ge=2000, le=2200)]
Unit = Literal["kWh", "m3"]
UNITS: Final = {"kWh": Words(zh="千瓦时", en="kWh"), "m3": Words(zh="立方米", en="m³")}


class PriceTier(msgspec.Struct, frozen=True):
    """A tier of the year (阶梯): up to how many units its price holds, none for the last. 5469 hundredths of a fen are 0.5469 元."""

    up_to: Annotated[Units | None, label("年用量上限", "Up to, in a year")]
    price_hundredths: Annotated[PriceHundredths, label("单价（百分之一分）", "Price (hundredths of a fen)")]


class MeterBill(msgspec.Struct, frozen=True):
    """What the meter read at both ends of a period, and what that costs."""

    bill_no: Annotated[BillNo, label("账单编号", "Bill number")]
    period_start: Annotated[date, label("计费起始日", "From")]
    period_end: Annotated[date, label("计费截止日", "Until")]
    first_reading: Annotated[Units, label("起码", "Reading at the beginning")]
    last_reading: Annotated[Units, label("止码", "Reading at the end")]
    used: Annotated[Units, label("用量", "Used")]
    tier: Annotated[Tier, label("用到第几档", "Tier reached")]
    amount_fen: Annotated[Fen, label("金额（分）", "Amount (fen)")]
    due_on: Annotated[date, label("最晚缴费日", "Due by")]
    standing: Annotated[Standing, label("缴费状态", "Standing", STANDINGS)]


class WaterBill(MeterBill, frozen=True):
    """A bill that lists water and sewage (污水处理费) apart; together they are the amount."""

    water_fen: Annotated[Fen, label("水费（分）", "Water (fen)")]
    sewage_fen: Annotated[Fen, label("污水处理费（分）", "Sewage (fen)")]


class Supply(msgspec.Struct, frozen=True):
    """A household's account with a meter (户号): how far into the year's tiers it is, and its bills, the newest first."""

    account_no: Annotated[Code, label("户号", "Account number")]
    company: Annotated[Line, label("供应企业", "Supplier")]
    unit: Annotated[Unit, label("计量单位", "Unit", UNITS)]
    people: Annotated[int, Meta(ge=1, le=1_000), label("户内人数", "People in the household")]
    tiers: Annotated[tuple[PriceTier, ...], label("阶梯价格", "Tiered prices")]
    used_this_year: Annotated[Units, label("本年累计用量", "Used this year")]
    tier: Annotated[Tier, label("本年用到第几档", "Tier that the year has reached")]
    left_in_tier: Annotated[Units | None, label("本档剩余用量", "Left in this tier")]
    owed_fen: Annotated[Fen, label("应缴合计（分）", "Owed altogether (fen)")]


class MeteredSupply(Supply, frozen=True):
    """Electricity (电力法 art. 33: by the meter and the price that the state sets) or gas."""

    bills: Annotated[tuple[MeterBill, ...], label("账单", "Bills")]


class WaterSupply(Supply, frozen=True):
    """Water, and the sewage fee that is added to every unit (烟台供水条例)."""

    sewage_hundredths: Annotated[
        PriceHundredths, label("污水处理费单价（百分之一分）", "Sewage fee a unit (hundredths of a fen)")
    ]
    bills: Annotated[tuple[WaterBill, ...], label("账单", "Bills")]


class HeatingChanged(msgspec.Struct, frozen=True):
    """Heating was stopped for a season, or will run in it again; `season` is the year in which that begins."""

    account_no: Code
    season: SeasonYear
    stopped: bool
    done_on: date


class HeatSupply(msgspec.Struct, frozen=True):
    """Heating by floor area (山东省供热条例): at least `least_celsius` (art. 21); who won't heat says so by `stop_by`."""

    account_no: Annotated[Code, label("户号", "Account number")]
    company: Annotated[Line, label("供热企业", "Supplier")]
    area_dm2: Annotated[Units, label("供热面积（平方分米）", "Heated area (hundredths of a m²)")]
    fen_per_m2: Annotated[Fen, label("每平方米热价（分）", "Price of a m² (fen)")]
    season_start: Annotated[date, label("供热期开始", "Season from")]
    season_end: Annotated[date, label("供热期结束", "Season until")]
    least_celsius: Annotated[int, Meta(ge=0, le=40), label("室温下限（℃）", "Lowest room temperature (°C)")]
    stop_by: Annotated[date, label("报停最晚申请日", "Stopping is asked for by")]
    separable: Annotated[bool, label("具备分户关闭条件", "Can be shut off by itself")]
    stopped_seasons: Annotated[
        tuple[SeasonYear, ...], label("已报停的供热期（起始年份）", "Seasons for which it is stopped")
    ]
    bill_no: Annotated[BillNo, label("账单编号", "Bill number")]
    amount_fen: Annotated[Fen, label("金额（分）", "Amount (fen)")]
    due_on: Annotated[date, label("最晚缴费日", "Due by")]
    standing: Annotated[Standing, label("缴费状态", "Standing", STANDINGS)]
    owed_fen: Annotated[Fen, label("应缴（分）", "Owed (fen)")]


_FRESH_FOR: Final = timedelta(hours=1)
_USABLE_FOR: Final = timedelta(days=7)
WATER_SUPPLY: Final = Register(
    department="UT-W", service="water_supply", told=WaterSupply, fresh_for=_FRESH_FOR, usable_for=_USABLE_FOR
)
POWER_SUPPLY: Final = Register(
    department="UT-E", service="power_supply", told=MeteredSupply, fresh_for=_FRESH_FOR, usable_for=_USABLE_FOR
)
GAS_SUPPLY: Final = Register(
    department="UT-G", service="gas_supply", told=MeteredSupply, fresh_for=_FRESH_FOR, usable_for=_USABLE_FOR
)
HEAT_SUPPLY: Final = Register(
    department="UT-H", service="heat_supply", told=HeatSupply, fresh_for=_FRESH_FOR, usable_for=_USABLE_FOR
)
CHANGE_HEATING: Final = Order("UT-H", "change_heating", HeatingChanged)
