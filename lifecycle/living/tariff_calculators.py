"""Calculating a household's water, gas and heat."""

from collections.abc import Iterator
from typing import Annotated, Final

from msgspec import Meta

from app.kernel import clock
from app.kernel.money import yuan
from app.kernel.structs import Body, View
from app.kernel.words import Words
from lifecycle.catalogue.calculators import Answered, Calculator
from lifecycle.rules import tariffs as rules
from lifecycle.rules.parameters import shipped
from lifecycle.rules.tariffs import Heat, Tier, Utility, Volume

M3 = Annotated[int, Meta(ge=0, le=10**6, description="Whole cubic metres.")]
Area = Annotated[int, Meta(ge=1, le=10**7, description="The area charged for, in square decimetres: 89 m² is 8900.")]
UTILITIES: Final[dict[Utility, Words]] = {"water": Words(zh="水", en="water"), "gas": Words(zh="燃气", en="gas")}


class VolumeQuestion(Body, frozen=True, kw_only=True):
    """What is used in a period, after what was used in the year before it, by how many persons registered at the home."""

    used_m3: M3
    before_m3: M3 = 0
    persons: Annotated[int, Meta(ge=1, le=30)] = 3


class HeatQuestion(Body, frozen=True, kw_only=True):
    """The area that is heated, and what the meter counted in the season, where there is one."""

    area_dm2: Area
    metered_kwh: Annotated[int, Meta(ge=0, le=10**6)] | None = None


class VolumeView(View, frozen=True, kw_only=True):
    """What the volume costs, with the part of each tier; `left_in_tier_m3` may still be used in the year at the price that holds now."""

    cost_fen: int
    sewage_fen: int
    total_fen: int
    tiers: tuple[Tier, ...]
    left_in_tier_m3: int | None


def of_water(question: VolumeQuestion) -> Answered[VolumeView]:
    """Work a water bill out, by today's tariff."""
    return _of_volume("water", question)


def of_gas(question: VolumeQuestion) -> Answered[VolumeView]:
    """Work a gas bill out, by today's tariff."""
    return _of_volume("gas", question)


def of_heat(question: HeatQuestion) -> Answered[Heat]:
    """Work a season's heat out, by today's tariff, by area and (with a meter's reading) in two parts."""
    today = clock.today()
    reading = shipped().reading(today)
    found = rules.heat(question.area_dm2, question.metered_kwh, reading)
    return Answered(
        today, found, reading.used, tuple(_heat_steps(found, reading.get("tariffs.heat", dict[str, str | int])))
    )


def _of_volume(utility: Utility, question: VolumeQuestion) -> Answered[VolumeView]:
    today = clock.today()
    reading = shipped().reading(today)
    used = Volume(m3=question.used_m3, before_m3=question.before_m3, persons=question.persons)
    cost = rules.cost_fen(utility, used, reading)
    sewage = rules.sewage_fen(used, reading) if utility == "water" else 0
    bounds = rules.bounds(utility, used.persons, reading)
    so_far = used.before_m3 + used.m3
    found = VolumeView(
        cost_fen=cost,
        sewage_fen=sewage,
        total_fen=cost + sewage,
        tiers=rules.by_tier(utility, used, reading),
        left_in_tier_m3=next((bound - so_far for bound in bounds if bound > so_far), None),
    )
    return Answered(today, found, reading.used, tuple(_volume_steps(utility, found, bounds)))


def _volume_steps(utility: Utility, found: VolumeView, bounds: tuple[int, ...]) -> Iterator[Words]:
    name = UTILITIES[utility]
    limits = "、".join(str(bound) for bound in bounds)
    yield Words(
        zh=f"按年分档，每年 1 月 1 日重新累计；{name.zh}的分档上限为每年 {limits} 立方米（人口多的家庭已放宽）。",
        en=f"Tiers are by the year and begin anew on 1 January; those of {name.en} reach to {', '.join(map(str, bounds))} m³ (further for a large household).",
    )
    parts = [tier for tier in found.tiers if tier.m3]
    yield Words(
        zh="、".join(f"第 {tier.number} 档 {tier.m3} 立方米×{tier.price} 元" for tier in parts)
        + f"，共 {yuan(found.cost_fen)} 元。"
        if parts
        else "本期没有用量。",
        en=", ".join(f"tier {tier.number}: {tier.m3} m³ at {tier.price}" for tier in parts)
        + f": {yuan(found.cost_fen)} yuan."
        if parts
        else "Nothing was used.",
    )
    if found.sewage_fen:
        yield Words(
            zh=f"另收污水处理费 {yuan(found.sewage_fen)} 元，合计 {yuan(found.total_fen)} 元。",
            en=f"With {yuan(found.sewage_fen)} for sewage, {yuan(found.total_fen)} yuan.",
        )


def _heat_steps(found: Heat, law: dict[str, str | int]) -> Iterator[Words]:
    yield Words(
        zh=f"按面积每平方米 {law['per_m2']} 元，一个供暖季 {yuan(found.by_area_fen)} 元。",
        en=f"By area at {law['per_m2']} yuan a square metre: {yuan(found.by_area_fen)} yuan a season.",
    )
    if found.by_meter_fen is not None:
        less = found.by_area_fen - found.by_meter_fen
        yield Words(
            zh=f"按计量：基本热费 {law['basic_percent']}% 为 {yuan(found.basic_fen or 0)} 元，计量热费 {yuan(found.energy_fen or 0)} 元，合计 {yuan(found.by_meter_fen)} 元，"
            f"比按面积{'少' if less >= 0 else '多'} {yuan(abs(less))} 元。",
            en=f"By meter: a basic {law['basic_percent']} percent, {yuan(found.basic_fen or 0)}, and {yuan(found.energy_fen or 0)} of energy: {yuan(found.by_meter_fen)} yuan, "
            f"{yuan(abs(less))} {'less' if less >= 0 else 'more'} than by area.",
        )


WATER: Final = Calculator("water_service", VolumeQuestion, of_water)
GAS: Final = Calculator("gas_service", VolumeQuestion, of_gas)
HEAT: Final = Calculator("heating_service", HeatQuestion, of_heat)
