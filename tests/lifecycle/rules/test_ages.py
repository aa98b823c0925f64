"""Ages and periods: leap days, ends of months, and the law's thresholds."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifecycle.rules.ages import (
    Capacity,
    Span,
    Unit,
    add_months,
    capacity,
    full_age,
    full_months,
    last_day,
    needs_guardian_consent,
)
from lifecycle.rules.parameters import Reading, shipped

TODAY = date(2026, 11, 22)
days = st.dates(date(1900, 1, 1), date(2099, 12, 31))


@pytest.fixture
def reading() -> Reading:
    return shipped().reading(TODAY)


class TestAddMonths:
    @pytest.mark.parametrize(
        ("day", "months", "result"),
        [
            (date(2026, 3, 15), 8, date(2026, 11, 15)),
            (date(2026, 8, 31), 6, date(2027, 2, 28)),
            (date(2023, 8, 31), 6, date(2024, 2, 29)),
            (date(2024, 2, 29), 12, date(2025, 2, 28)),
            (date(2026, 1, 31), -2, date(2025, 11, 30)),
            (date(2026, 12, 31), 0, date(2026, 12, 31)),
        ],
    )
    def test_takes_the_last_day_where_the_day_does_not_exist(self, day: date, months: int, result: date) -> None:
        assert add_months(day, months) == result

    @given(days, st.integers(0, 240))
    def test_lands_in_the_right_month(self, day: date, months: int) -> None:
        result = add_months(day, months)

        assert (result.year * 12 + result.month) - (day.year * 12 + day.month) == months
        assert result.day <= day.day


class TestFullAge:
    @pytest.mark.parametrize(
        ("born", "on", "age"),
        [
            (date(2004, 11, 22), TODAY, 22),
            (date(2004, 11, 23), TODAY, 21),
            (date(2006, 11, 23), TODAY, 19),
            (TODAY, TODAY, 0),
            (date(2026, 11, 23), TODAY, -1),
        ],
    )
    def test_counts_from_birthday_to_birthday(self, born: date, on: date, age: int) -> None:
        assert full_age(born, on) == age

    def test_follows_the_policy_for_the_twenty_ninth_of_february(self) -> None:
        born, eve = date(2008, 2, 29), date(2026, 2, 28)

        assert (full_age(born, eve), full_age(born, eve, "FEB_28")) == (17, 18)
        assert full_age(born, date(2026, 3, 1)) == full_age(born, date(2026, 3, 1), "FEB_28") == 18
        assert full_age(born, date(2028, 2, 28), "FEB_28") == 19

    @given(days, days)
    def test_never_falls_with_time(self, born: date, on: date) -> None:
        assert full_age(born, on) <= full_age(born, on.replace(year=on.year + 1, day=min(on.day, 28)))


class TestFullMonths:
    @given(days, st.integers(0, 300))
    def test_undoes_the_addition_of_months(self, born: date, months: int) -> None:
        assert full_months(born, add_months(born, months)) == months

    def test_counts_full_months_only(self) -> None:
        assert full_months(date(2026, 3, 15), date(2026, 11, 14)) == 7


class TestSpan:
    @pytest.mark.parametrize(
        ("text", "span", "zh", "en"),
        [
            ("28d", Span(28, Unit.DAYS), "28天", "28 days"),
            ("1m", Span(1, Unit.MONTHS), "1个月", "1 month"),
            ("4y", Span(4, Unit.YEARS), "4年", "4 years"),
        ],
    )
    def test_is_read_and_said(self, text: str, span: Span, zh: str, en: str) -> None:
        assert Span.read(text) == span
        assert (span.words.zh, span.words.en) == (zh, en)

    @pytest.mark.parametrize("text", ["", "6", "m", "6w", "-1d", "06m", "6m\n", "1.5y", "６m"])
    def test_refuses_other_texts(self, text: str) -> None:
        with pytest.raises(ValueError, match="span"):
            Span.read(text)

    @pytest.mark.parametrize(
        ("text", "zh", "en"), [("8m", "8月龄", "8 months old"), ("2y", "2周岁", "2 years old"), ("0d", "出生", "birth")]
    )
    def test_is_said_as_an_age(self, text: str, zh: str, en: str) -> None:
        assert (Span.read(text).as_age.zh, Span.read(text).as_age.en) == (zh, en)

    def test_reaches_over_leap_days(self) -> None:
        assert Span.read("1y").after(date(2024, 2, 29)) == date(2025, 2, 28)
        assert Span.read("1d").after(date(2024, 2, 28)) == date(2024, 2, 29)


class TestLastDay:
    def test_counts_from_the_day_after_and_rolls_over_days_of_rest(self) -> None:
        assert last_day(date(2026, 11, 10), Span.read("10d")) == date(2026, 11, 20)
        assert last_day(date(2026, 9, 1), Span.read("30d")) == date(2026, 10, 8)
        assert last_day(date(2026, 10, 22), Span.read("1m")) == date(2026, 11, 23)


class TestCapacity:
    @pytest.mark.parametrize(
        ("born", "expected"),
        [
            (date(2018, 11, 23), Capacity.NONE),
            (date(2018, 11, 22), Capacity.LIMITED),
            (date(2008, 11, 23), Capacity.LIMITED),
            (date(2008, 11, 22), Capacity.FULL),
        ],
    )
    def test_follows_age(self, reading: Reading, born: date, expected: Capacity) -> None:
        assert capacity(born, reading) is expected

    @pytest.mark.parametrize(
        ("born", "expected"), [(date(2010, 11, 22), Capacity.FULL), (date(2010, 11, 23), Capacity.LIMITED)]
    )
    def test_is_full_at_sixteen_for_who_lives_on_own_labour(
        self, reading: Reading, born: date, expected: Capacity
    ) -> None:
        assert capacity(born, reading, lives_on_own_labour=True) is expected

    def test_names_the_ages_that_it_used(self, reading: Reading) -> None:
        capacity(date(2018, 1, 1), reading)

        assert {used.key for used in reading.used} == {"age.capacity_full", "age.capacity_limited", "age.leap_birthday"}


class TestGuardianConsent:
    @pytest.mark.parametrize(("born", "needed"), [(date(2012, 11, 23), True), (date(2012, 11, 22), False)])
    def test_is_needed_under_fourteen(self, reading: Reading, born: date, *, needed: bool) -> None:
        assert needs_guardian_consent(born, reading) is needed
