"""Loans of the housing fund: worked examples, both sides of each bound, and what holds of every loan."""

from datetime import date
from decimal import Decimal
from itertools import pairwise

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifecycle.rules.housing_fund_loan import (
    STEP_FEN,
    Asked,
    Bound,
    equal_instalments,
    equal_principal,
    left_of_instalments_fen,
    longest_months,
    most,
    rate_percent,
    repayable_fen,
)
from lifecycle.rules.parameters import shipped
from lifecycle.rules.retirement_age import RetirementKind, retires_on

NOW = shipped().reading(date(2026, 11, 29))


def yuan(amount: int) -> int:
    return amount * 100


def a_loan(**changes: object) -> Asked:
    known: dict[str, object] = {
        "price_fen": yuan(1_000_000),
        "balance_fen": yuan(30_000),
        "income_fen": yuan(12_000),
        "months": 360,
    }
    return Asked(**(known | changes))  # type: ignore[arg-type]


class TestRepaid:
    @pytest.mark.parametrize(
        ("loan", "same", "falling"),
        [
            ((600_000, "2.6", 240), (320_873, 17_009_479), (380_000, 250_542, 542, 15_665_000)),
            ((800_000, "2.6", 360), (320_272, 35_297_837), (395_556, 222_704, 481, 31_286_667)),
            ((300_000, "2.1", 60), (527_146, 1_628_776), (552_500, 500_875, 875, 1_601_250)),
        ],
    )
    def test_by_the_worked_examples(
        self, loan: tuple[int, str, int], same: tuple[int, ...], falling: tuple[int, ...]
    ) -> None:
        principal, percent, months = yuan(loan[0]), Decimal(loan[1]), loan[2]

        assert msgspec.structs.astuple(equal_instalments(principal, percent, months)) == same
        assert msgspec.structs.astuple(equal_principal(principal, percent, months)) == falling

    @given(st.integers(1, 1_200), st.sampled_from(["2.1", "2.6", "3.075"]), st.integers(2, 360))
    def test_in_equal_principal_costs_less_and_begins_higher(self, thousands: int, percent: str, months: int) -> None:
        principal = thousands * STEP_FEN
        same = equal_instalments(principal, Decimal(percent), months)
        falling = equal_principal(principal, Decimal(percent), months)

        assert falling.interest_fen <= same.interest_fen
        assert falling.first_fen >= same.monthly_fen >= falling.last_fen - 1
        assert abs(same.monthly_fen * months - principal - same.interest_fen) <= months

    @given(st.integers(1, 1_200), st.sampled_from(["2.1", "2.6", "3.075"]), st.integers(2, 360))
    def test_in_equal_instalments_amortises_to_zero(self, thousands: int, percent: str, months: int) -> None:
        principal, rate = thousands * STEP_FEN, Decimal(percent)
        monthly = equal_instalments(principal, rate, months).monthly_fen
        left = [left_of_instalments_fen(principal, rate, months, paid) for paid in range(months + 1)]
        owed = Decimal(principal)
        for _ in range(months):
            owed += owed * rate / 1200 - monthly

        assert (left[0], left[-1]) == (principal, 0)
        assert all(later < earlier for earlier, later in pairwise(left))
        assert abs(owed) <= months


class TestRate:
    @pytest.mark.parametrize(
        ("day", "months", "home", "percent"),
        [
            (date(2025, 5, 7), 60, "first", "2.35"),
            (date(2025, 5, 7), 61, "first", "2.85"),
            (date(2025, 5, 8), 60, "first", "2.1"),
            (date(2025, 5, 8), 61, "first", "2.6"),
            (date(2025, 5, 7), 360, "second", "3.325"),
            (date(2025, 5, 8), 60, "second", "2.525"),
            (date(2025, 5, 8), 360, "second", "3.075"),
        ],
    )
    def test_is_that_of_the_day_the_term_and_the_home(self, day: date, months: int, home: str, percent: str) -> None:
        assert rate_percent(months, shipped().reading(day), owns_home=home == "second") == Decimal(percent)


class TestMost:
    @pytest.mark.parametrize(
        ("changes", "amount", "binding"),
        [
            ({}, 600_000, "balance"),
            (
                {"price_fen": yuan(700_000), "balance_fen": yuan(60_000), "income_fen": yuan(9_000), "months": 240},
                560_000,
                "price",
            ),
            ({"balance_fen": yuan(60_000), "price_fen": yuan(2_000_000), "income_fen": yuan(30_000)}, 800_000, "cap"),
            ({"income_fen": 0}, 0, "income"),
            ({"debts_fen": yuan(6_000)}, 0, "income"),
            ({"balance_fen": yuan(30_049)}, 600_000, "balance"),
            ({"balance_fen": yuan(30_050)}, 601_000, "balance"),
        ],
    )
    def test_by_the_worked_examples(self, changes: dict[str, object], amount: int, binding: Bound) -> None:
        found = most(a_loan(**changes), NOW)

        assert (found.amount_fen, found.binding) == (yuan(amount), binding)

    def test_counts_the_present_value_of_half_the_income(self) -> None:
        assert repayable_fen(a_loan(income_fen=yuan(9_000), months=240), NOW) == 84_145_485

    @given(
        st.integers(0, 300_000_000),
        st.integers(0, 20_000_000),
        st.integers(0, 5_000_000),
        st.integers(0, 1_000_000),
        st.integers(1, 360),
    )
    def test_is_in_whole_thousands_and_within_every_bound(
        self, price: int, balance: int, income: int, debts: int, months: int
    ) -> None:
        found = most(
            Asked(price_fen=price, balance_fen=balance, income_fen=income, debts_fen=debts, months=months), NOW
        )

        assert found.amount_fen % STEP_FEN == 0
        assert 0 <= found.amount_fen <= min(found.bounds.values())
        assert min(found.bounds.values()) - found.amount_fen < STEP_FEN


class TestRetirement:
    @pytest.mark.parametrize(
        ("born", "kind", "month"),
        [
            (date(1964, 12, 5), "man", "2024-12"),
            (date(1965, 1, 5), "man", "2025-02"),
            (date(1970, 6, 5), "man", "2031-11"),
            (date(1976, 8, 5), "man", "2039-07"),
            (date(1976, 9, 5), "man", "2039-09"),
            (date(1981, 9, 5), "woman_cadre", "2039-09"),
            (date(1975, 1, 5), "woman_worker", "2025-02"),
            (date(1984, 11, 5), "woman_worker", "2039-11"),
        ],
    )
    def test_by_the_worked_examples(self, born: date, kind: RetirementKind, month: str) -> None:
        assert retires_on(born, kind, NOW).isoformat()[:7] == month


class TestLongest:
    @pytest.mark.parametrize(
        ("born", "kind", "months"),
        [
            (date(1995, 1, 1), "man", 360),
            (date(1988, 11, 29), "man", 360),
            (date(1988, 10, 29), "man", 359),
            (date(1988, 11, 28), "man", 359),
            (date(1976, 11, 29), "woman_worker", 72),
            (date(1955, 1, 1), "man", 0),
        ],
    )
    def test_ends_five_years_after_retirement_and_after_thirty(
        self, born: date, kind: RetirementKind, months: int
    ) -> None:
        assert longest_months(born, kind, NOW) == months
