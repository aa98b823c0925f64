"""The living allowance by the worked examples, with their own standard, and on both sides of the line."""

from datetime import date

import msgspec
import pytest

from lifecycle.rules.parameters import Parameters, Reading, shipped
from lifecycle.rules.social_assistance import allowance

DAY = date(2026, 11, 29)
YUAN = 100


def of_a_thousand() -> Reading:
    """A standard of 1,000 yuan, as the examples have it."""
    standard = shipped().find("social_assistance.standard_fen", DAY)
    return Parameters([msgspec.structs.replace(standard, value={"urban": 1_000 * YUAN, "rural": 800 * YUAN})]).reading(
        DAY
    )


class TestAllowance:
    @pytest.mark.parametrize(
        ("income", "persons", "paid", "below"),
        [
            (1_800, 3, 1_200, True),
            (3_000, 3, 0, False),
            (2_999, 3, 1, True),
            (0, 1, 1_000, True),
            (1_000, 3, 2_000, True),
        ],
    )
    def test_is_the_standard_of_all_less_their_income(self, income: int, persons: int, paid: int, below: bool) -> None:  # noqa: FBT001
        found = allowance("urban", income * YUAN, persons, of_a_thousand())

        assert (found.monthly_fen, found.below) == (paid * YUAN, below)
