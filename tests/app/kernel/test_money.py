"""Money: texts of yuan and integers of fen say the same, exactly."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel.money import MoneyInvalid, fen, rounded_fen, yuan


class TestFen:
    @pytest.mark.parametrize(
        ("text", "amount"), [("0", 0), ("12", 1200), ("12.3", 1230), ("12.34", 1234), ("-0.05", -5), ("0.1", 10)]
    )
    def test_reads_yuan(self, text: str, amount: int) -> None:
        assert fen(text) == amount

    @pytest.mark.parametrize(
        "text", ["", ".5", "5.", "1.234", "1.230", "+1", "01", "1e3", "1,000", "１", " 1", "1\n", "NaN", "1_0", "--1"]
    )
    def test_refuses_everything_else(self, text: str) -> None:
        with pytest.raises(MoneyInvalid):
            fen(text)

    @given(st.integers(-(10**16), 10**16))
    def test_reads_back_what_was_written(self, amount: int) -> None:
        assert fen(yuan(amount)) == amount


class TestYuan:
    @pytest.mark.parametrize(
        ("amount", "text"), [(0, "0.00"), (5, "0.05"), (-5, "-0.05"), (123456, "1234.56"), (-100, "-1.00")]
    )
    def test_writes_two_decimals(self, amount: int, text: str) -> None:
        assert yuan(amount) == text


class TestRoundedFen:
    @pytest.mark.parametrize(
        ("amount", "rounded"),
        [("114.849", 11485), ("0.005", 1), ("0.0049999", 0), ("-0.005", -1), ("2.675", 268), ("12", 1200)],
    )
    def test_rounds_half_up(self, amount: str, rounded: int) -> None:
        assert rounded_fen(Decimal(amount)) == rounded

    @pytest.mark.parametrize("amount", ["NaN", "Infinity", "-Infinity"])
    def test_refuses_what_is_no_amount(self, amount: str) -> None:
        with pytest.raises(MoneyInvalid):
            rounded_fen(Decimal(amount))
