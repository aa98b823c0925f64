"""Guaranteed loans: caps, rates, both ways to repay, and what public money bears, with what must add up for any loan."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifecycle.rules import startup_loan as rules
from lifecycle.rules.parameters import ParameterUnknown, shipped
from lifecycle.rules.startup_loan import Asked, Borrower, Loan

LAW = shipped().reading(date(2026, 11, 29))


def loan(**asked: Any) -> Loan:
    plain: dict[str, Any] = {"borrower": "personal", "wanted_fen": 20_000_000, "months": 36}
    return rules.loan(Asked(**(plain | asked)), LAW)


class TestCap:
    @pytest.mark.parametrize(
        ("borrower", "partners", "cap"),
        [("personal", 1, 30_000_000), ("partnership", 3, 99_000_000), ("enterprise", 1, 400_000_000)],
    )
    def test_is_by_who_borrows(self, borrower: Borrower, partners: int, cap: int) -> None:
        assert loan(borrower=borrower, partners=partners).cap_fen == cap

    @pytest.mark.parametrize(
        ("wanted", "amount"), [(30_000_000, 30_000_000), (30_000_001, 30_000_000), (29_999_999, 29_900_000)]
    )
    def test_bounds_the_loan_in_whole_thousands(self, wanted: int, amount: int) -> None:
        assert loan(wanted_fen=wanted).amount_fen == amount

    def test_is_nothing_for_who_belongs_to_no_supported_group(self) -> None:
        found = loan(supported=False)

        assert (found.amount_fen, found.in_instalments.subsidy_fen, found.at_the_end.interest_fen) == (0, 0, 0)


class TestRate:
    def test_is_the_prime_rate_and_half_a_point_at_the_most(self) -> None:
        assert loan().rate_percent == loan().rate_cap_percent == Decimal("3.50")

    def test_above_the_cap_is_not_borne(self) -> None:
        assert loan(rate_percent=Decimal("3.50")).in_instalments.subsidy_fen > 0
        assert loan(rate_percent=Decimal("3.51")).in_instalments.subsidy_fen == 0

    def test_of_a_day_without_a_prime_rate_on_file_is_refused(self) -> None:
        with pytest.raises(ParameterUnknown):
            rules.rate_cap_percent(shipped().reading(date(2025, 5, 19)))


class TestRepayment:
    def test_of_200000_over_three_years_adds_up_either_way(self) -> None:
        found = loan()

        assert (found.in_instalments.monthly_fen, found.in_instalments.interest_fen) == (586_042, 1_097_497)
        assert (found.at_the_end.monthly_fen, found.at_the_end.interest_fen) == (58_333, 2_100_000)
        assert found.at_the_end.subsidy_fen == found.at_the_end.own_interest_fen == 1_050_000

    @given(
        st.integers(100_000, 10**10),
        st.integers(1, 36),
        st.decimals(0, 10, places=2),
        st.sampled_from(["personal", "enterprise"]),
    )
    def test_of_any_loan_pays_it_back_with_its_interest(
        self, wanted: int, months: int, rate: Decimal, borrower: Borrower
    ) -> None:
        found = loan(wanted_fen=wanted, months=months, rate_percent=rate, borrower=borrower)

        for way in (found.in_instalments, found.at_the_end):
            assert way.monthly_fen * (months - 1) + way.last_fen == found.amount_fen + way.interest_fen
            assert way.subsidy_fen + way.own_interest_fen == way.interest_fen
        assert found.in_instalments.interest_fen <= found.at_the_end.interest_fen
