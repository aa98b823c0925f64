"""What a booking costs and gives back: pure rules, both sides of each boundary."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel.clock import SHANGHAI
from lifecycle.appointments.fees import cut_off, fee_state, held_until, one_of, refund_now, share

STARTS = datetime(2026, 12, 1, 9, tzinfo=SHANGHAI)
SECOND = timedelta(seconds=1)


def a_row(**changes: object) -> Any:
    told = {
        "state": "booked",
        "fee_fen": 600,
        "charge_id": "c",
        "returned_fen": 0,
        "refund_until": STARTS - timedelta(hours=12),
    }
    return told | changes


class TestCutOff:
    def test_is_the_venues_or_the_usual_one(self) -> None:
        assert cut_off(STARTS, 24, 12) == STARTS - timedelta(days=1)
        assert cut_off(STARTS, None, 12) == STARTS - timedelta(hours=12)
        assert cut_off(STARTS, 0, 12) == STARTS


class TestHeldUntil:
    def test_is_never_beyond_the_beginning(self) -> None:
        assert held_until(STARTS - timedelta(hours=5), 120, STARTS) == STARTS - timedelta(hours=3)
        assert held_until(STARTS - timedelta(hours=1), 120, STARTS) == STARTS


class TestRefundNow:
    def test_is_all_until_the_cut_off_and_nothing_from_then_on(self) -> None:
        until = a_row()["refund_until"]

        assert refund_now(a_row(), until - SECOND) == 600
        assert refund_now(a_row(), until) == 0
        assert refund_now(a_row(), until + SECOND) == 0

    @pytest.mark.parametrize(
        "changes",
        [{"state": "waiting", "charge_id": None}, {"state": "cancelled"}, {"state": "attended"}, {"fee_fen": 0}],
    )
    def test_is_nothing_for_what_isnt_paid_or_is_over(self, changes: dict[str, object]) -> None:
        assert refund_now(a_row(**changes), STARTS - timedelta(days=2)) == 0


class TestFeeState:
    def test_says_what_became_of_the_fee(self) -> None:
        assert fee_state(a_row(fee_fen=0, charge_id=None)) == "free"
        assert fee_state(a_row(charge_id=None)) == "unpaid"
        assert fee_state(a_row()) == "paid"
        assert fee_state(a_row(returned_fen=600)) == "returned"


class TestOneOf:
    def test_tells_specialties_and_days_apart_only_where_it_is_by_them(self) -> None:
        day, other = date(2026, 12, 1), date(2026, 12, 2)

        assert one_of("matter", "儿科", day) == one_of("matter", "内科", other) == ""
        several = {one_of("specialty_and_day", name, on) for name in ("儿科", "内科") for on in (day, other)}
        assert len(several) == 4
        assert one_of("specialty_and_day", "儿科", day) in several
        assert "儿科" not in "".join(several)


class TestShare:
    @given(fee=st.integers(0, 1_000_000), percent=st.integers(0, 100))
    def test_is_whole_and_never_more_than_the_fee(self, fee: int, percent: int) -> None:
        assert 0 <= share(fee, percent) <= fee
        assert share(fee, 0) == 0
        assert share(fee, 100) == fee
