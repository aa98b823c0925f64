"""The residents' pension by the rule: levels with their subsidy, years left and lacking, and what paying on adds."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifecycle.rules import residents_pension as rules
from lifecycle.rules.parameters import Reading, shipped
from lifecycle.rules.residents_pension import Level, Paid

TODAY = date(2026, 11, 29)


@pytest.fixture(scope="module")
def reading() -> Reading:
    return shipped().reading(TODAY)


class TestLevels:
    def test_rise_and_their_subsidies_never_fall(self, reading: Reading) -> None:
        levels = rules.levels(reading)

        assert [one.yearly_fen for one in levels] == sorted({one.yearly_fen for one in levels})
        assert [one.subsidy_fen for one in levels] == sorted(one.subsidy_fen for one in levels)

    @pytest.mark.parametrize(
        ("yearly", "subsidy", "higher"),
        [
            (29_999, 0, 30_000),
            (30_000, 3_000, 50_000),
            (49_999, 3_000, 50_000),
            (50_000, 6_000, 60_000),
            (500_000, 8_000, None),
            (900_000, 8_000, None),
        ],
    )
    def test_give_the_subsidy_of_the_level_that_is_reached(
        self, reading: Reading, yearly: int, subsidy: int, higher: int | None
    ) -> None:
        level = rules.level_of(yearly, reading)
        above = rules.next_level(level, reading)

        assert level == Level(yearly, subsidy)
        assert (above.yearly_fen if above else None) == higher


class TestYears:
    @pytest.mark.parametrize(
        ("born", "left", "claims"),
        [
            (date(1966, 11, 30), 0, date(2026, 11, 30)),
            (date(1966, 11, 29), 0, TODAY),
            (date(1950, 1, 1), 0, TODAY),
            (date(1967, 11, 29), 1, date(2027, 11, 29)),
            (date(1967, 11, 28), 0, date(2027, 11, 28)),
            (date(2010, 11, 29), 44, date(2070, 11, 29)),
            (date(2026, 11, 29), 44, date(2086, 11, 29)),
            (date(1968, 2, 29), 1, date(2028, 2, 29)),
        ],
    )
    def test_are_left_until_sixty_and_counted_from_sixteen(
        self, reading: Reading, born: date, left: int, claims: date
    ) -> None:
        assert (rules.years_left(born, reading), rules.claims_from(born, reading)) == (left, claims)

    @pytest.mark.parametrize(("months", "years"), [(0, 15), (168, 1), (169, 1), (179, 1), (180, 0), (400, 0)])
    def test_are_lacking_in_whole_years(self, reading: Reading, months: int, years: int) -> None:
        assert rules.years_lacking(months, reading) == years


class TestPaying:
    def test_adds_the_subsidy_only_to_what_is_paid_year_by_year(self) -> None:
        paid, level = Paid(months=12, account_fen=33_000), Level(30_000, 3_000)

        assert rules.paying_on(paid, level, 2) == Paid(months=36, account_fen=99_000, own_fen=60_000)
        assert rules.made_up(paid, level, 2) == Paid(months=36, account_fen=93_000, own_fen=60_000)

    @given(st.integers(0, 60), st.integers(0, 60), st.integers(0, 10**7))
    def test_of_years_one_after_the_other_is_that_of_all_of_them(self, one: int, other: int, yearly: int) -> None:
        paid, level = Paid(months=0, account_fen=0), Level(yearly, 3_000)

        assert rules.paying_on(rules.paying_on(paid, level, one), level, other) == rules.paying_on(
            paid, level, one + other
        )
