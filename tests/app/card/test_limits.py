"""Limits come from the file, each with its day and its source."""

from datetime import date
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.card.classes import CardClass
from app.card.limits import LIMITS, OWN, SPENDING, CardLimits, LimitKey, limit_on, limits_for, most_for
from app.kernel.limits import LimitUnknown

DAY = date(2026, 11, 29)
AMOUNTS = st.one_of(st.none(), st.integers(0, 3_000_000))


def a_row(card_class: str = "ordinary", raised_from: date | None = None, **limits: int | None) -> dict[str, object]:
    """A card's row with what limits are read from."""
    names = [f"{kind}_{name}" for kind in ("own", "raised") for name in OWN]
    return dict.fromkeys(names) | {"card_class": card_class, "raised_from": raised_from} | limits


class TestFile:
    def test_has_every_key_with_a_source_and_a_positive_value(self) -> None:
        assert {limit.key for limit in LIMITS.all} == set(get_args(LimitKey))
        assert all(limit.source.strip() for limit in (*LIMITS.all, *SPENDING.all))
        assert {limit.key for limit in LIMITS.all if limit.value <= 0} <= {"replacement_fee_fen"}

    def test_keeps_minimum_below_maximum_below_balance(self) -> None:
        least, most = limit_on(DAY, "top_up_min_fen"), limit_on(DAY, "top_up_max_fen")

        assert least < most <= limit_on(DAY, "balance_max_fen")


class TestLimitOn:
    def test_refuses_a_day_before_the_first(self) -> None:
        with pytest.raises(LimitUnknown):
            limit_on(date(1999, 1, 1), "payment_max_fen")


class TestLimitsFor:
    def test_are_lower_without_a_devices_key_and_nothing_is_paid_offline(self) -> None:
        assert limits_for(a_row(), 3, DAY) == CardLimits(100_000, 500_000, 2_000_000, 5_000, 20_000)
        assert limits_for(a_row(), 2, DAY) == CardLimits(50_000, 100_000, 500_000, 0, 0)

    @pytest.mark.parametrize("level", [0, 1])
    def test_of_a_code_that_names_no_level_are_the_lowest(self, level: int) -> None:
        assert limits_for(a_row(), level, DAY) == limits_for(a_row(), 2, DAY)

    def test_of_a_child_are_lower_still(self) -> None:
        assert limits_for(a_row("child"), 3, DAY) == CardLimits(5_000, 10_000, 100_000, 1_000, 3_000)
        assert limits_for(a_row("child"), 2, DAY) == CardLimits(5_000, 10_000, 100_000, 0, 0)

    def test_follow_the_holders_own(self) -> None:
        own = a_row(own_payment_fen=9_000, own_day_fen=4_000)

        assert limits_for(own, 3, DAY) == CardLimits(4_000, 4_000, 2_000_000, 4_000, 4_000)

    def test_raised_ones_hold_from_their_day_on(self) -> None:
        row = a_row(own_day_fen=1_000, raised_from=DAY, raised_day_fen=2_000)

        assert limits_for(row, 3, date(2026, 11, 28)).day_fen == 1_000
        assert limits_for(row, 3, DAY).day_fen == 2_000
        assert limits_for(a_row(own_day_fen=1_000, raised_from=DAY), 3, DAY) == limits_for(a_row(), 3, DAY)

    @given(AMOUNTS, AMOUNTS, AMOUNTS, st.sampled_from(CardClass), st.integers(0, 3))
    def test_never_exceed_what_the_class_and_level_allow(
        self, payment: int | None, day: int | None, month: int | None, card_class: CardClass, level: int
    ) -> None:
        row = a_row(card_class.value, own_payment_fen=payment, own_day_fen=day, own_month_fen=month)

        limits, most = limits_for(row, level, DAY), most_for(card_class, level, DAY)

        for name in CardLimits.__struct_fields__:
            assert 0 <= getattr(limits, name) <= getattr(most, name)
        assert limits.payment_fen <= limits.day_fen <= limits.month_fen
        assert limits.offline_payment_fen <= limits.payment_fen
