"""Stopping heating for a season (报停) and having it run again (恢复供热): which season, until when, at what cost. Pure.

Source: 山东省供热条例 art. 20, 21, 25, 28. A season is named by the year in which it begins.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final, Literal

import msgspec

from app.kernel.words import Words
from lifecycle.rules.parameters import Reading

What = Literal["stop", "resume"]
Standing = Literal["open", "late", "begun", "too_far"]
Bar = Literal["not_separable", "arrears"]
BARS: Final[dict[Bar, Words]] = {
    "not_separable": Words(
        zh="房屋尚不具备分户关闭条件，须先由供热企业上门核实或改造。",
        en="The home can't be shut off by itself yet; the supplier has to look at it, or change it, first.",
    ),
    "arrears": Words(zh="有逾期未缴的热费，请先结清。", en="A heating bill is overdue; please pay it first."),
}
_DM2_PER_M2: Final = 100
_PERCENT: Final = 100


class Season(msgspec.Struct, frozen=True):
    """A season's days, and the last one on which it can be stopped or resumed. All included."""

    year: int
    starts_on: date
    ends_on: date
    asked_by: date

    @property
    def words(self) -> Words:
        """The season as people say it."""
        return Words(zh=f"{self.starts_on}至{self.ends_on}", en=f"{self.starts_on} to {self.ends_on}")


class _Days(msgspec.Struct, frozen=True):
    starts: str
    ends: str


class Home(msgspec.Struct, frozen=True, kw_only=True):
    """What the supplier knows of a home's heating."""

    area_dm2: int
    fen_per_m2: int
    separable: bool
    overdue_fen: int
    stopped_seasons: tuple[int, ...]


def season(year: int, reading: Reading) -> Season:
    """The season that begins in a year, by the parameters of the reading's day."""
    days = reading.get("heating.season", _Days)
    starts = date.fromisoformat(f"{year}-{days.starts}")
    before = timedelta(days=reading.number("heating.asked_days_before"))
    return Season(year, starts, date.fromisoformat(f"{year + 1}-{days.ends}"), starts - before)


def next_season(reading: Reading) -> Season:
    """The first season that can still be stopped or resumed in time on the reading's day."""
    this = season(reading.as_of.year, reading)
    return this if reading.as_of <= this.asked_by else season(this.year + 1, reading)


def standing(year: int, reading: Reading) -> Standing:
    """Where the reading's day lies for a season: in time, late, after its beginning, or before it can be asked for.

    One season is asked for at a time, the next one.
    """
    wanted = season(year, reading)
    if reading.as_of >= wanted.starts_on:
        return "begun"
    if reading.as_of > wanted.asked_by:
        return "late"
    return "open" if year == next_season(reading).year else "too_far"


def bars(home: Home) -> Iterable[Bar]:
    """What stands in the way until it is seen to."""
    if not home.separable:
        yield "not_separable"
    if home.overdue_fen:
        yield "arrears"


def price_fen(home: Home) -> int:
    """What a season costs by the floor area, in fen, rounded down as on the bill."""
    return home.area_dm2 * home.fen_per_m2 // _DM2_PER_M2


def fee_fen(home: Home, reading: Reading) -> int:
    """What stopping or resuming costs, in fen; a share of the season's price where one may be taken."""
    return price_fen(home) * reading.number("heating.stop_fee_percent") // _PERCENT


def explained(home: Home, what: What | None, year: int | None, reading: Reading) -> Iterable[Words]:
    """What applicant and supplier should know: which season is open, whether this one is late, its cost, and what bars it."""
    coming = next_season(reading)
    yield Words(
        zh=f"现在可以办理的供热期：{coming.words.zh}，{coming.asked_by}以前（含当日）提出。",
        en=f"The season that can be asked for now: {coming.words.en}, by {coming.asked_by} (included).",
    )
    if year is not None and year != coming.year:
        yield from _of_another(season(year, reading), standing(year, reading))
    for stopped in home.stopped_seasons:
        yield Words(
            zh=f"账户已报停{stopped}年开始的供热期。", en=f"The season that begins in {stopped} is stopped already."
        )
    if what is not None:
        yield _of_cost(home, what, reading)
    yield from (BARS[bar] for bar in bars(home))


def _of_another(wanted: Season, now: Standing) -> Iterable[Words]:
    if now == "late":
        yield Words(
            zh=f"{wanted.words.zh}的供热期应在{wanted.asked_by}以前提出，已经逾期；是否办理由供热企业决定。",
            en=f"For the season {wanted.words.en} this had to be asked for by {wanted.asked_by}; "
            "the supplier needn't agree any more.",
        )
    if now == "begun":
        yield Words(
            zh=f"{wanted.words.zh}的供热期已经开始或结束，不能再办理。",
            en=f"The season {wanted.words.en} has begun or is over, so it is too late.",
        )
    if now == "too_far":
        yield Words(
            zh=f"{wanted.words.zh}的供热期尚未开放办理，每次只办最近一个供热期。",
            en=f"The season {wanted.words.en} can't be asked for yet: one season at a time, the next one.",
        )


def _of_cost(home: Home, what: What, reading: Reading) -> Words:
    fee, price = _yuan(fee_fen(home, reading)), _yuan(price_fen(home))
    zh, en = (f"收费{fee}元", f"it costs {fee} 元") if fee_fen(home, reading) else ("不收费", "it costs nothing")
    if what == "stop":
        return Words(
            zh=f"报停{zh}；按现行热价，该供热期的热费{price}元不再收取。",
            en=f"Stopping: {en}, and the season's {price} 元 at the present price aren't charged.",
        )
    return Words(
        zh=f"恢复供热{zh}；按现行热价，该供热期的热费为{price}元，供热前缴纳。",
        en=f"Resuming: {en}; the season is {price} 元 at the present price, paid before it begins.",
    )


def _yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02d}"
