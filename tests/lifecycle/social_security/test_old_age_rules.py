"""The steps of the old-age allowance: on the birthday itself, not a day before."""

from datetime import date, timedelta

import pytest

from lifecycle.rules.parameters import shipped
from lifecycle.social_security.old_age_rules import is_here, note, step

BORN = date(1946, 11, 29)


class TestStep:
    @pytest.mark.parametrize(("age", "fen"), [(80, 10_000), (90, 30_000), (100, 80_000)])
    def test_begins_on_the_birthday(self, age: int, fen: int) -> None:
        day = date(2026, 11, 29)
        born = day.replace(year=day.year - age)

        now, before = (step(born + timedelta(days=days), shipped().reading(day)) for days in (0, 1))

        assert now is not None
        assert (now.from_age, now.monthly_fen) == (age, fen)
        assert before is None or before.monthly_fen < fen

    def test_of_who_was_born_on_a_leap_day_begins_on_the_first_of_march(self) -> None:
        born = date(1948, 2, 29)

        assert step(born, shipped().reading(date(2028, 2, 28))) is None
        assert step(born, shipped().reading(date(2028, 2, 29))) is not None
        assert step(born, shipped().reading(date(2038, 2, 28))) != step(born, shipped().reading(date(2038, 3, 1)))

    def test_stays_after_the_last(self) -> None:
        assert step(date(1916, 1, 1), shipped().reading(date(2026, 11, 29))) is not None


class TestWords:
    def test_say_age_and_amount(self) -> None:
        now = step(BORN, shipped().reading(date(2026, 11, 29)))

        assert now is not None
        for words in (note(now).zh, note(now).en):
            assert "80" in words
            assert "100.00" in words

    @pytest.mark.parametrize(
        ("code", "here"), [("370602", True), ("370687", True), ("370102", False), ("210600", False)]
    )
    def test_is_for_who_is_registered_in_yantai(self, code: str, *, here: bool) -> None:
        assert is_here(code) == here
