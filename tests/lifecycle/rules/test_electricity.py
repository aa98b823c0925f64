"""Electricity by the worked examples: tiers of a month and a year, large households, free energy, shared meters, time of use."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifecycle.rules import electricity as rules
from lifecycle.rules.electricity import Home, Period, Used
from lifecycle.rules.parameters import Reading, shipped


def today() -> Reading:
    return shipped().reading(date(2026, 11, 29))


def home(bounds: Period = "month", persons: int = 3, *, shared: bool = False, months_free: int = 0) -> Home:
    return Home(bounds=bounds, persons=persons, shared_meter=shared, months_free=months_free)


def flat(kwh: int, of: Home | None = None, before: int = 0) -> int:
    return rules.flat_fen(Used(peak=kwh, before=before), of or home(), today())


class TestFlat:
    @pytest.mark.parametrize(
        ("kwh", "fen"),
        [
            (0, 0),
            (200, 10_938),
            (210, 11_485),
            (211, 11_545),
            (350, 19_842),
            (400, 22_826),
            (401, 22_911),
            (500, 31_295),
        ],
    )
    def test_of_a_month_is_as_in_the_examples(self, kwh: int, fen: int) -> None:
        assert flat(kwh) == fen

    @pytest.mark.parametrize(("kwh", "fen"), [(2_520, 137_819), (3_600, 202_284), (6_000, 375_540)])
    def test_of_a_year_is_as_in_the_examples(self, kwh: int, fen: int) -> None:
        assert flat(kwh, home("year")) == fen

    def test_of_a_month_within_the_year_goes_on_where_the_year_stands(self) -> None:
        year = home("year")

        assert flat(100, year, before=2_470) == 5_719
        assert flat(100, home(), before=2_470) == 5_469

    @pytest.mark.parametrize(("persons", "kwh", "second"), [(4, 310, 100), (5, 310, 0), (5, 311, 1), (5, 500, 190)])
    def test_of_five_persons_and_more_has_wider_tiers(self, persons: int, kwh: int, second: int) -> None:
        tiers = rules.by_tier(Used(peak=kwh), home(persons=persons), today())

        assert [tier.kwh for tier in tiers] == [kwh - second, second, 0]

    def test_of_households_in_need_is_less_by_the_free_energy_and_never_below_nothing(self) -> None:
        assert flat(200, home(months_free=1)) == round(20_000 * 0.5469) - 820
        assert flat(10, home(months_free=1)) == 0
        assert rules.free_fen(home(months_free=12), today()) == 9_844

    def test_of_a_shared_meter_has_one_price(self) -> None:
        assert flat(1_000, home(shared=True)) == 55_500
        assert rules.by_tier(Used(peak=1_000), home(shared=True), today())[0].kwh == 1_000

    @given(st.integers(0, 20_000), st.integers(0, 20_000), st.sampled_from(["month", "year"]))
    def test_never_falls_with_use_and_splits_into_tiers_wholly(self, kwh: int, more: int, bounds: Period) -> None:
        of = home(bounds)

        assert flat(kwh, of) <= flat(kwh + more, of)
        assert sum(tier.kwh for tier in rules.by_tier(Used(peak=kwh), of, today())) == kwh

    @given(st.integers(0, 10_000), st.integers(0, 10_000))
    def test_of_a_year_is_that_of_its_parts(self, first: int, second: int) -> None:
        year = home("year")

        assert abs(flat(first, year) + flat(second, year, before=first) - flat(first + second, year)) <= 1


class TestTimeOfUse:
    def test_outside_the_heating_season_is_as_in_the_example(self) -> None:
        used = Used(peak=180, valley=120)

        assert rules.time_of_use_fen(used, home(), today()) == 15_357
        assert rules.by_tier(used, home(), today())[1].surcharge_fen == 450

    def test_in_the_heating_season_has_a_lower_valley_and_the_same_peak(self) -> None:
        used = Used(heating_peak=180, heating_valley=120)

        assert rules.time_of_use_fen(used, home(), today()) == 15_357 - 120 * 3

    @pytest.mark.parametrize(
        ("flat_fen", "time_fen", "better"), [(1, 2, "flat"), (2, 1, "time_of_use"), (2, 2, "same")]
    )
    def test_is_compared(self, flat_fen: int, time_fen: int, better: str) -> None:
        assert rules.better(flat_fen, time_fen) == better


class TestCurve:
    def test_rises_from_nothing_by_a_hundred_a_month(self) -> None:
        month, year = rules.curve(home(), today()), rules.curve(home("year"), today())

        assert (month[0], month[5]) == ((0, 0), (500, 31_295))
        assert (len(year), year[-1][0]) == (11, 12_000)
