"""The periods of a divorce by agreement: the worked examples, and what holds of any day."""

from datetime import date, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel.calendar import is_working_day
from integrations.city.marriages import application
from lifecycle.rules.divorce_periods import Periods, periods
from lifecycle.rules.parameters import Parameters, shipped

days = st.dates(date(2025, 1, 1), date(2027, 9, 30))


class TestPeriods:
    @pytest.mark.parametrize(
        ("accepted", "withdraw_until", "claim_from", "claim_until"),
        [
            (date(2026, 9, 1), date(2026, 10, 1), date(2026, 10, 2), date(2026, 11, 2)),
            (date(2026, 1, 15), date(2026, 2, 14), date(2026, 2, 15), date(2026, 3, 16)),
        ],
    )
    def test_are_as_in_the_worked_examples(
        self, accepted: date, withdraw_until: date, claim_from: date, claim_until: date
    ) -> None:
        assert periods(accepted) == Periods(withdraw_until, claim_from, claim_until)
        assert periods(accepted).days(accepted) == (claim_until - accepted).days

    @given(days)
    def test_cool_for_thirty_days_whatever_the_last_and_end_on_a_working_day(self, accepted: date) -> None:
        counted = periods(accepted)

        assert counted.withdraw_until - accepted == timedelta(days=30)
        assert counted.claim_from - counted.withdraw_until == timedelta(days=1)
        assert is_working_day(counted.claim_until)
        assert counted.claim_until >= accepted + timedelta(days=60)

    @given(days)
    def test_are_those_that_the_register_tells(self, accepted: date) -> None:
        told, counted = application(accepted, "x", accepted), periods(accepted)

        assert (told.withdraw_until, told.claim_from, told.claim_until) == (
            *(counted.withdraw_until, counted.claim_from, counted.claim_until),
        )

    def test_may_end_later_while_the_holidays_arent_announced(self) -> None:
        accepted = date(2027, 11, 15)

        assert periods(accepted) == Periods(date(2027, 12, 15), date(2027, 12, 16), date(2028, 1, 14), is_final=False)
        assert periods(accepted).days(accepted) == 60

    def test_would_move_the_end_of_the_cooling_if_the_parameter_said_so(self) -> None:
        found = [shipped().find(key, date(2026, 9, 1)) for key in ("divorce.cooling_days", "divorce.claim_days")]
        rolling = msgspec.structs.replace(shipped().find("divorce.roll_cooling_end", date(2026, 9, 1)), value=True)
        reading = Parameters([*found, rolling]).reading(date(2026, 9, 1))

        assert periods(date(2026, 9, 1), reading).withdraw_until == date(2026, 10, 8)
