"""Limits come from the file, each with its day and its source."""

from datetime import date
from typing import get_args

import pytest

from app.card.limits import LIMITS, LimitKey, limit_on
from app.kernel.limits import LimitUnknown

DAY = date(2026, 11, 22)


class TestFile:
    def test_has_every_key_with_a_source_and_a_positive_value(self) -> None:
        assert {limit.key for limit in LIMITS.all} == set(get_args(LimitKey))
        assert all(limit.source.strip() and limit.value > 0 for limit in LIMITS.all)

    def test_keeps_minimum_below_maximum_below_balance(self) -> None:
        least, most = limit_on(DAY, "top_up_min_fen"), limit_on(DAY, "top_up_max_fen")

        assert least < most <= limit_on(DAY, "balance_max_fen")


class TestLimitOn:
    def test_refuses_a_day_before_the_first(self) -> None:
        with pytest.raises(LimitUnknown):
            limit_on(date(1999, 1, 1), "payment_max_fen")
