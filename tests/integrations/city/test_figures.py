"""The city's figures: each with a source or marked as invented, each used, and read strictly."""

from datetime import date
from pathlib import Path

import msgspec
import pytest

from integrations.city import employment, tariffs
from integrations.city.figures import FigureTwice, figure, figures, number, read

CITY = Path(employment.__file__).parent
ONE = """
[[figure]]
key = "a.price"
value = 5
unit = "fen"
source = "invented"
invented = true
valid_from = 2026-01-01
verified_on = 2026-11-22
"""


class TestFigures:
    def test_name_a_source_or_say_that_they_are_invented(self) -> None:
        assert all(one.source.strip() and one.unit.strip() for one in figures().values())
        assert all(("invented" in one.source) == one.invented for one in figures().values())

    def test_are_used_each(self) -> None:
        code = "".join(file.read_text(encoding="utf-8") for file in CITY.glob("*.py"))

        assert [key for key in figures() if f'"{key}"' not in code] == []

    def test_are_the_ones_by_which_the_city_was_drawn(self) -> None:
        assert (employment.LEAST_BASE_FEN, employment.MOST_BASE_FEN) == (451_800, 2_259_000)
        assert employment.BENEFIT_FEN == 198_000
        assert tariffs.ELECTRICITY.tiers == ((2_520, 5_469), (4_800, 5_969), (None, 8_469))
        assert tariffs.ELECTRICITY_OF_MANY.tiers == ((3_720, 5_469), (6_000, 5_969), (None, 8_469))
        assert (tariffs.WATER.tiers[0], tariffs.WATER.extra) == ((180, 30_000), 10_000)
        assert tariffs.HEATING_FEN_PER_M2 == 2_300


class TestReading:
    def test_hands_out_what_is_there(self) -> None:
        [one] = read(ONE).values()

        assert (one.value, one.valid_from, one.invented) == (5, date(2026, 1, 1), True)

    def test_refuses_two_values_of_a_key(self) -> None:
        with pytest.raises(FigureTwice):
            read(ONE + ONE)

    @pytest.mark.parametrize("broken", [ONE + 'sorce = "x"', ONE.replace("valid_from = 2026-01-01", "")])
    def test_refuses_what_is_not_a_figure(self, broken: str) -> None:
        with pytest.raises(msgspec.ValidationError):
            read(broken)

    def test_refuses_another_key_and_another_shape(self) -> None:
        with pytest.raises(KeyError):
            number("no.such_figure")
        with pytest.raises(msgspec.ValidationError):
            figure("water.tiers", int)
