"""Stopping heating: which season can be asked for on a day, on both sides of each bound, and what it costs."""

from datetime import date, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifecycle.rules.heating import (
    Home,
    Season,
    What,
    bars,
    explained,
    fee_fen,
    next_season,
    price_fen,
    season,
    standing,
)
from lifecycle.rules.parameters import Parameter, Parameters, Reading, shipped

HOME = Home(area_dm2=9_050, fen_per_m2=2_300, separable=True, overdue_fen=0, stopped_seasons=())


def on(day: date) -> Reading:
    return shipped().reading(day)


def said(home: Home, what: What | None, year: int | None, day: date) -> str:
    return " ".join(f"{words.zh} {words.en}" for words in explained(home, what, year, on(day)))


class TestSeason:
    def test_is_asked_for_thirty_days_before(self) -> None:
        assert season(2026, on(date(2026, 11, 29))) == Season(
            2026, date(2026, 11, 16), date(2027, 3, 31), date(2026, 10, 17)
        )

    @pytest.mark.parametrize(
        ("day", "year"),
        [
            (date(2026, 1, 1), 2026),
            (date(2026, 10, 17), 2026),
            (date(2026, 10, 18), 2027),
            (date(2026, 11, 29), 2027),
            (date(2027, 10, 17), 2027),
        ],
    )
    def test_that_comes_next_is_the_first_one_still_in_time(self, day: date, year: int) -> None:
        assert next_season(on(day)).year == year

    @pytest.mark.parametrize(
        ("day", "where"),
        [
            (date(2026, 10, 17), "too_far"),
            (date(2026, 10, 18), "open"),
            (date(2027, 10, 17), "open"),
            (date(2027, 10, 18), "late"),
            (date(2027, 11, 15), "late"),
            (date(2027, 11, 16), "begun"),
            (date(2028, 4, 1), "begun"),
        ],
    )
    def test_is_told_on_both_sides_of_each_day(self, day: date, where: str) -> None:
        assert standing(2027, on(day)) == where

    @given(st.dates(date(2025, 1, 1), date(2100, 12, 31)))
    def test_that_comes_next_is_always_open_and_at_least_thirty_days_off(self, day: date) -> None:
        coming = next_season(on(day))

        assert standing(coming.year, on(day)) == "open"
        assert coming.starts_on - day >= timedelta(days=30)
        assert standing(coming.year + 1, on(day)) == "too_far"
        assert standing(coming.year - 1, on(day)) in {"late", "begun"}


class TestBars:
    def test_are_a_home_that_can_not_be_shut_off_and_arrears(self) -> None:
        assert list(bars(HOME)) == []
        assert list(bars(msgspec.structs.replace(HOME, separable=False))) == ["not_separable"]
        assert list(bars(msgspec.structs.replace(HOME, overdue_fen=1))) == ["arrears"]
        assert len(list(bars(msgspec.structs.replace(HOME, overdue_fen=1, separable=False)))) == 2


class TestMoney:
    def test_a_season_costs_its_area(self) -> None:
        assert price_fen(HOME) == 208_150

    def test_stopping_costs_nothing_in_shandong(self) -> None:
        assert fee_fen(HOME, on(date(2026, 11, 29))) == 0
        assert "报停不收费" in said(HOME, "stop", None, date(2026, 11, 29))
        assert "2081.50" in said(HOME, "stop", None, date(2026, 11, 29))

    def test_a_city_that_takes_a_share_takes_it_of_the_price(self) -> None:
        share = Parameter(
            key="heating.stop_fee_percent",
            value=20,
            unit="percent",
            region="CN",
            valid_from=date(2020, 1, 1),
            source="a test",
            verified_on=date(2026, 11, 29),
        )

        assert fee_fen(HOME, Parameters([share]).reading(date(2026, 11, 29))) == 41_630


class TestExplained:
    def test_always_says_which_season_is_open_until_when(self) -> None:
        assert "2027-10-17以前" in said(HOME, None, None, date(2026, 11, 29))

    def test_says_that_a_late_one_is_for_the_supplier_to_decide(self) -> None:
        told = said(HOME, "stop", 2026, date(2026, 10, 18))

        assert "由供热企业决定" in told
        assert "2027-10-17" in told

    def test_says_that_one_has_begun_or_is_too_far(self) -> None:
        assert "已经开始" in said(HOME, "stop", 2026, date(2026, 11, 29))
        assert "尚未开放" in said(HOME, "stop", 2028, date(2026, 11, 29))

    def test_says_what_is_stopped_and_what_resuming_costs(self) -> None:
        told = said(msgspec.structs.replace(HOME, stopped_seasons=(2027,)), "resume", 2027, date(2026, 11, 29))

        assert "已报停2027年" in told
        assert "恢复供热不收费" in told

    def test_names_the_bars(self) -> None:
        told = said(msgspec.structs.replace(HOME, overdue_fen=1, separable=False), "stop", 2027, date(2026, 11, 29))

        assert "请先结清" in told
        assert "分户关闭" in told
