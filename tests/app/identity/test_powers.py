"""Powers: both ends of every window, and what a guardian may do by header."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.identity.powers import MINORS_OWN, Standing, State, Window, guardians_scopes, standing
from app.kernel.actors import Scope
from app.kernel.clock import SHANGHAI

DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 31))
FIRST, LAST = date(2026, 12, 1), date(2026, 12, 10)


class TestWindow:
    @given(DAYS, DAYS, DAYS)
    def test_holds_from_its_first_day_to_its_last(self, first: date, last: date, day: date) -> None:
        window = Window(first, last)

        assert window.holds(day) == (day in {first + timedelta(days=n) for n in range((last - first).days + 1)})
        assert window.holds(first) == window.holds(last) == (first <= last)
        assert not window.holds(first - timedelta(days=1))
        assert not window.holds(last + timedelta(days=1))

    @given(DAYS, DAYS, DAYS, st.integers(1, 400))
    def test_is_offered_within_so_many_days_from_today(self, first: date, last: date, today: date, most: int) -> None:
        window = Window(first, last)

        allowed = window.may_be_offered(today, most)

        assert allowed == (today <= first <= last < today + timedelta(days=most))

    @pytest.mark.parametrize(("days", "allowed"), [(9, True), (10, False)])
    def test_may_end_on_the_last_day_allowed_and_not_after(self, days: int, *, allowed: bool) -> None:
        assert Window(FIRST, FIRST + timedelta(days=days)).may_be_offered(FIRST, 10) is allowed


class TestStanding:
    @pytest.mark.parametrize(
        ("state", "now", "expected"),
        [
            (State.OFFERED, datetime(2026, 12, 4, 23, 59, 59, tzinfo=SHANGHAI), Standing.OFFERED),
            (State.OFFERED, datetime(2026, 12, 5, tzinfo=SHANGHAI), Standing.LAPSED),
            (State.ACCEPTED, datetime(2026, 12, 10, 23, 59, 59, tzinfo=SHANGHAI), Standing.ACCEPTED),
            (State.ACCEPTED, datetime(2026, 12, 11, tzinfo=SHANGHAI), Standing.EXPIRED),
            (State.DECLINED, datetime(2027, 1, 1, tzinfo=SHANGHAI), Standing.DECLINED),
            (State.ENDED, datetime(2027, 1, 1, tzinfo=SHANGHAI), Standing.ENDED),
        ],
    )
    def test_is_the_state_until_its_time_is_over(self, state: State, now: datetime, expected: Standing) -> None:
        answer_by = datetime(2026, 12, 5, tzinfo=SHANGHAI)

        assert standing(state, Window(FIRST, LAST), answer_by, now) is expected

    def test_lapses_with_its_last_day_if_that_comes_first(self) -> None:
        now, answer_by = datetime(2026, 12, 11, tzinfo=SHANGHAI), datetime(2026, 12, 20, tzinfo=SHANGHAI)

        assert standing(State.OFFERED, Window(FIRST, LAST), answer_by, now) is Standing.LAPSED


class TestGuardiansScopes:
    @pytest.mark.parametrize(
        ("born_on", "withheld"),
        [
            (None, set()),
            (date(2012, 12, 2), set()),
            (date(2012, 12, 1), MINORS_OWN),
            (date(2008, 12, 2), MINORS_OWN),
            (date(2008, 12, 1), set()),
            (date(1950, 1, 1), set()),
        ],
    )
    def test_leave_a_minor_from_14_to_18_their_inbox_and_disk(self, born_on: date | None, withheld: set[Scope]) -> None:
        assert guardians_scopes(born_on, FIRST, apart=False) == set(Scope) - withheld

    def test_leave_applications_to_who_has_custody(self) -> None:
        assert set(Scope) - guardians_scopes(FIRST, FIRST, apart=True) == {Scope.CASES}
