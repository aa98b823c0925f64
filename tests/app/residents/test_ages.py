"""Ages: the birthday of those born on a leap day, and everybody's birthday found exactly once."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.residents.ages import birthday, born_for, has_reached

DAYS = st.dates(date(1950, 1, 1), date(2030, 12, 31))


class TestBirthday:
    @pytest.mark.parametrize(
        ("born_on", "day"),
        [
            (date(2012, 2, 29), date(2026, 3, 1)),
            (date(2012, 2, 28), date(2026, 2, 28)),
            (date(2012, 12, 31), date(2026, 12, 31)),
        ],
    )
    def test_is_the_day_or_the_first_of_march(self, born_on: date, day: date) -> None:
        assert birthday(born_on, 14) == day

    @given(DAYS, st.sampled_from([14, 18]))
    def test_divides_the_days_into_before_and_after(self, born_on: date, age: int) -> None:
        day = birthday(born_on, age)

        assert has_reached(age, born_on, day)
        assert not has_reached(age, born_on, day - timedelta(days=1))


class TestBornFor:
    @given(DAYS, st.sampled_from([14, 18]))
    def test_finds_everybody_on_their_birthday_and_on_no_other_day(self, born_on: date, age: int) -> None:
        day = birthday(born_on, age)

        assert born_on in born_for(age, day)
        for other in (day - timedelta(days=1), day + timedelta(days=1)):
            assert born_on not in born_for(age, other)

    @pytest.mark.parametrize(("day", "many"), [(date(2026, 3, 1), 2), (date(2027, 3, 1), 1), (date(2028, 2, 29), 0)])
    def test_takes_leap_days_to_the_first_of_march(self, day: date, many: int) -> None:
        assert len(born_for(14, day)) == many
