"""Water, gas and heat: the demonstration's example, both sides of each bound, large households, and meters."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifecycle.rules import tariffs as rules
from lifecycle.rules.parameters import Reading, shipped
from lifecycle.rules.tariffs import Utility, Volume


def today() -> Reading:
    return shipped().reading(date(2026, 11, 29))


def water(m3: int, before: int = 0, persons: int = 3) -> int:
    return rules.cost_fen("water", Volume(m3=m3, before_m3=before, persons=persons), today())


class TestWater:
    @pytest.mark.parametrize(
        ("m3", "fen"), [(0, 0), (180, 54_000), (181, 54_450), (210, 67_500), (300, 108_000), (301, 108_900)]
    )
    def test_costs_more_in_each_tier(self, m3: int, fen: int) -> None:
        assert water(m3) == fen

    def test_goes_on_where_the_year_stands(self) -> None:
        assert water(30, before=180) == 13_500
        assert water(2, before=299) == 450 + 900

    @pytest.mark.parametrize(
        ("persons", "bounds"), [(1, (180, 300)), (4, (180, 300)), (5, (210, 350)), (7, (270, 450))]
    )
    def test_of_a_large_household_has_wider_tiers(self, persons: int, bounds: tuple[int, int]) -> None:
        assert rules.bounds("water", persons, today()) == bounds

    def test_has_a_fee_for_sewage_beside(self) -> None:
        assert rules.sewage_fen(Volume(m3=210, persons=3), today()) == 19_950


class TestGas:
    @pytest.mark.parametrize(("m3", "fen"), [(300, 90_000), (301, 90_360), (500, 162_000), (501, 162_450)])
    def test_costs_more_in_each_tier(self, m3: int, fen: int) -> None:
        assert rules.cost_fen("gas", Volume(m3=m3, persons=3), today()) == fen


class TestTiers:
    @given(st.sampled_from(["water", "gas"]), st.integers(0, 2_000), st.integers(0, 2_000), st.integers(1, 30))
    def test_of_two_halves_cost_what_the_whole_does(self, utility: Utility, one: int, other: int, persons: int) -> None:
        def cost(m3: int, before: int) -> int:
            return rules.cost_fen(utility, Volume(m3=m3, before_m3=before, persons=persons), today())

        assert cost(one, 0) + cost(other, one) == cost(one + other, 0)


class TestHeat:
    def test_is_by_area(self) -> None:
        found = rules.heat(8_900, None, today())

        assert (found.by_area_fen, found.by_meter_fen) == (204_700, None)

    def test_by_meter_has_a_basic_part_and_its_energy(self) -> None:
        found = rules.heat(8_900, 5_000, today())

        assert (found.basic_fen, found.energy_fen, found.by_meter_fen) == (61_410, 90_000, 151_410)
