"""Calculating a household's electricity: a month's or a year's bill by tier, and whether time of use would cost less."""

from collections.abc import Iterator
from typing import Annotated, Final

from msgspec import Meta

from app.kernel import clock
from app.kernel.errors import Unprocessable
from app.kernel.money import yuan
from app.kernel.structs import Body, View
from app.kernel.words import Words
from lifecycle.catalogue.calculators import Answered, Calculator
from lifecycle.rules import electricity as rules
from lifecycle.rules.ages import MONTHS_PER_YEAR
from lifecycle.rules.electricity import Better, Home, Period, Tier, Used
from lifecycle.rules.parameters import Reading, shipped

Kwh = Annotated[int, Meta(ge=0, le=10**6, description="Whole kWh.")]


class TimesOverTotal(Unprocessable):
    """What was used in the valley or in the heating season is more than all."""

    code = "times_over_total"
    title = Words(zh="谷段用电超过总用电量。", en="More was used in the valley than altogether.")


class ByTime(Body, frozen=True, kw_only=True):
    """What of the energy was used when: in the valley outside the heating season, and at peak and in the valley of the season."""

    valley_kwh: Kwh = 0
    heating_peak_kwh: Kwh = 0
    heating_valley_kwh: Kwh = 0


class ElectricityQuestion(Body, frozen=True, kw_only=True):
    """What is used in a period, and by whom. `before_kwh` was used in the year before the period; it counts with bounds of the year.

    A month may be counted by the bounds of the month or of the year, a year only by its own.

    `in_need`: households in need (低保、特困) have some energy free. Without `by_time`, only one price all day is worked out.
    """

    period: Period = "month"
    bounds: Period | None = None
    used_kwh: Kwh
    before_kwh: Kwh = 0
    persons: Annotated[int, Meta(ge=1, le=30)] = 3
    shared_meter: bool = False
    in_need: bool = False
    by_time: ByTime | None = None


class Point(View, frozen=True):
    """A point of the curve: what so much energy costs in the period."""

    kwh: int
    fen: int


class ElectricityView(View, frozen=True, kw_only=True):
    """The bill at one price all day and by time of use (null where that isn't asked), each tier's part, and the curve of rising use."""

    flat_fen: int
    time_of_use_fen: int | None
    better: Better | None
    saved_fen: int
    free_fen: int
    tiers: tuple[Tier, ...]
    curve: tuple[Point, ...]


def of_electricity(question: ElectricityQuestion) -> Answered[ElectricityView]:
    """Work the bill out, by today's tariff. Refuses `TimesOverTotal`."""
    today = clock.today()
    reading = shipped().reading(today)
    used = _used(question)
    home = Home(
        bounds="year" if question.period == "year" else question.bounds or "month",
        persons=question.persons,
        shared_meter=question.shared_meter,
        months_free=_months_free(question),
    )
    flat = rules.flat_fen(used, home, reading)
    by_time = None if question.by_time is None or question.shared_meter else rules.time_of_use_fen(used, home, reading)
    found = ElectricityView(
        flat_fen=flat,
        time_of_use_fen=by_time,
        better=None if by_time is None else rules.better(flat, by_time),
        saved_fen=0 if by_time is None else abs(flat - by_time),
        free_fen=rules.free_fen(home, reading),
        tiers=rules.by_tier(used, home, reading),
        curve=tuple(Point(kwh, fen) for kwh, fen in rules.curve(home, reading)),
    )
    return Answered(today, found, reading.used, tuple(_steps(found, home, reading)))


def _used(question: ElectricityQuestion) -> Used:
    times = question.by_time or ByTime()
    peak = question.used_kwh - times.valley_kwh - times.heating_peak_kwh - times.heating_valley_kwh
    if peak < 0:
        raise TimesOverTotal
    return Used(
        peak=peak,
        valley=times.valley_kwh,
        heating_peak=times.heating_peak_kwh,
        heating_valley=times.heating_valley_kwh,
        before=question.before_kwh,
    )


def _months_free(question: ElectricityQuestion) -> int:
    if not question.in_need or question.shared_meter:
        return 0
    return MONTHS_PER_YEAR if question.period == "year" else 1


def _steps(found: ElectricityView, home: Home, reading: Reading) -> Iterator[Words]:
    prices = reading.get("electricity.prices", dict[str, str])
    if home.shared_meter:
        yield Words(
            zh=f"合表用户不分档，每千瓦时 {prices['shared']} 元，共 {yuan(found.flat_fen)} 元。",
            en=f"A shared meter has no tiers: {prices['shared']} yuan a kWh, {yuan(found.flat_fen)} altogether.",
        )
        return
    first, second = rules.tier_bounds(home, reading)
    span = Words(zh="每年", en="a year") if home.bounds == "year" else Words(zh="每月", en="a month")
    kwh = [tier.kwh for tier in found.tiers]
    more = [yuan(tier.surcharge_fen) for tier in found.tiers]
    yield Words(
        zh=f"{span.zh} {first} 千瓦时以内为一档，{second} 以内为二档，再多为三档：本期分别用 {kwh[0]}、{kwh[1]}、{kwh[2]} 千瓦时。",
        en=f"Up to {first} kWh {span.en} is the first tier, up to {second} the second: {kwh[0]}, {kwh[1]} and {kwh[2]} kWh of this fall into the three.",
    )
    yield Words(
        zh=f"一档每千瓦时 {prices['flat']} 元，二档加价共 {more[1]} 元，三档加价共 {more[2]} 元，减免费电量 {yuan(found.free_fen)} 元，合计 {yuan(found.flat_fen)} 元。",
        en=f"At {prices['flat']} yuan a kWh, the second tier {more[1]} and the third {more[2]} more, less {yuan(found.free_fen)} of free energy: {yuan(found.flat_fen)} yuan.",
    )
    if found.time_of_use_fen is not None:
        yield _compared(found)


def _compared(found: ElectricityView) -> Words:
    saved, cost = yuan(found.saved_fen), yuan(found.time_of_use_fen or 0)
    told: dict[Better, Words] = {
        "flat": Words(zh=f"不分时更省，省 {saved} 元", en=f"one price all day costs {saved} less"),
        "time_of_use": Words(zh=f"分时更省，省 {saved} 元", en=f"time of use costs {saved} less"),
        "same": Words(zh="两者一样", en="both cost the same"),
    }
    which = told[found.better or "same"]
    return Words(
        zh=f"改用峰谷分时电价为 {cost} 元：{which.zh}。", en=f"By time of use it would be {cost} yuan: {which.en}."
    )


ELECTRICITY: Final = Calculator("electricity_service", ElectricityQuestion, of_electricity)
