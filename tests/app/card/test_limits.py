"""Limits come from the file, each with its day and its source."""

from datetime import date
from typing import get_args

import pytest

from app.card import limits
from app.card.limits import Limit, LimitKey, LimitUnknown, all_limits, limit_on

DAY = date(2026, 11, 22)


class TestFile:
    def test_has_every_key_with_a_source_and_a_positive_value(self) -> None:
        assert {limit.key for limit in all_limits()} == set(get_args(LimitKey))
        assert all(limit.source.strip() and limit.value > 0 for limit in all_limits())

    def test_keeps_minimum_below_maximum_below_balance(self) -> None:
        least, most = limit_on(DAY, "top_up_min_fen"), limit_on(DAY, "top_up_max_fen")

        assert least < most <= limit_on(DAY, "balance_max_fen")


class TestLimitOn:
    def test_takes_the_value_that_holds_on_the_day(self, monkeypatch: pytest.MonkeyPatch) -> None:
        known = tuple(
            Limit("payment_max_fen", value, date(year, 1, 1), "test", DAY) for year, value in ((2025, 1), (2027, 2))
        )
        monkeypatch.setattr(limits, "all_limits", lambda: known)

        assert limit_on(date(2026, 12, 31), "payment_max_fen") == 1
        assert limit_on(date(2027, 1, 1), "payment_max_fen") == 2

    def test_refuses_a_day_before_the_first(self) -> None:
        with pytest.raises(LimitUnknown):
            limit_on(date(1999, 1, 1), "payment_max_fen")
