"""Pensions by the worked examples: when, after how long, and how much."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifecycle.rules import pension
from lifecycle.rules.ages import add_months
from lifecycle.rules.parameters import Reading, shipped
from lifecycle.rules.pension import Contributed, Window
from lifecycle.rules.retirement_age import RetirementKind, retires_on


def today() -> Reading:
    return shipped().reading(date(2026, 11, 29))


class TestWindow:
    @pytest.mark.parametrize(
        ("born", "kind", "earliest", "statutory", "latest"),
        [
            (date(1965, 1, 15), "man", date(2025, 1, 15), date(2025, 2, 15), date(2028, 2, 15)),
            (date(1970, 6, 1), "man", date(2030, 6, 1), date(2031, 11, 1), date(2034, 11, 1)),
            (date(1976, 9, 1), "man", date(2036, 9, 1), date(2039, 9, 1), date(2042, 9, 1)),
            (date(1981, 9, 1), "woman_cadre", date(2036, 9, 1), date(2039, 9, 1), date(2042, 9, 1)),
            (date(1984, 11, 1), "woman_worker", date(2036, 11, 1), date(2039, 11, 1), date(2042, 11, 1)),
        ],
    )
    def test_reaches_three_years_either_way_but_not_below_the_former_age(
        self, born: date, kind: RetirementKind, earliest: date, statutory: date, latest: date
    ) -> None:
        assert pension.window(born, kind, today()) == Window(earliest, statutory, latest)


class TestMinimum:
    @pytest.mark.parametrize(
        ("year", "months"), [(2026, 180), (2029, 180), (2030, 186), (2031, 192), (2038, 234), (2039, 240), (2060, 240)]
    )
    def test_rises_by_half_a_year_from_2030_to_twenty_years(self, year: int, months: int) -> None:
        assert pension.minimum_months(year, today()) == months


class TestPayout:
    @pytest.mark.parametrize(
        ("age", "months"),
        [
            (60 * 12, "139.0"),
            (60 * 12 + 1, "138.4"),
            (63 * 12, "117.0"),
            (30 * 12, "233.0"),
            (70 * 12, "56.0"),
            (80 * 12, "56.0"),
        ],
    )
    def test_months_go_by_the_month(self, age: int, months: str) -> None:
        assert pension.payout_months(age, today()) == Decimal(months)

    @given(st.integers(0, 1_200), st.integers(0, 1_200))
    def test_months_are_fewer_the_later_one_retires(self, one: int, other: int) -> None:
        younger, older = sorted((one, other))

        assert pension.payout_months(younger, today()) >= pension.payout_months(older, today())


class TestPension:
    def test_of_thirty_years_at_the_average(self) -> None:
        found = pension.pension(Contributed(months=360, index_percent=100, account_fen=15_000_000), 60 * 12, today())

        assert (found.basic_fen, found.account_fen, found.monthly_fen) == (234_000, 107_914, 341_914)

    def test_of_more_years_above_the_average_and_later(self) -> None:
        found = pension.pension(Contributed(months=426, index_percent=150, account_fen=32_000_000), 63 * 12, today())

        assert (found.basic_fen, found.account_fen, found.monthly_fen) == (346_125, 273_504, 619_629)

    def test_counts_deemed_years_by_themselves(self) -> None:
        paid = Contributed(months=360, index_percent=100, account_fen=0, deemed_months=120)

        assert pension.pension(paid, 60 * 12, today()).transitional_fen == 101_400

    @given(st.integers(0, 600), st.integers(60, 300), st.integers(0, 10**9), st.integers(0, 60))
    def test_never_falls_by_paying_on(self, months: int, index: int, account: int, more: int) -> None:
        paid = Contributed(months=months, index_percent=index, account_fen=account)
        later = pension.paying_on(paid, more, today())

        assert later.months == months + more
        assert (
            pension.pension(later, 63 * 12, today()).monthly_fen >= pension.pension(paid, 63 * 12, today()).monthly_fen
        )


class TestAge:
    @given(st.dates(date(1940, 1, 1), date(2000, 12, 31)), st.integers(0, 1_000))
    def test_in_months_is_full_on_the_day(self, born: date, months: int) -> None:
        on = add_months(born, months)

        assert pension.age_in_months(born, on) == months


class TestRetirementAge:
    @pytest.mark.parametrize(
        ("born", "kind", "months", "on"),
        [
            (date(1964, 12, 1), "man", 60 * 12, date(2024, 12, 1)),
            (date(1965, 1, 1), "man", 60 * 12 + 1, date(2025, 2, 1)),
            (date(1970, 6, 1), "man", 61 * 12 + 5, date(2031, 11, 1)),
            (date(1976, 8, 1), "man", 62 * 12 + 11, date(2039, 7, 1)),
            (date(1976, 9, 1), "man", 63 * 12, date(2039, 9, 1)),
            (date(1990, 9, 1), "man", 63 * 12, date(2053, 9, 1)),
            (date(1981, 9, 1), "woman_cadre", 58 * 12, date(2039, 9, 1)),
            (date(1975, 1, 1), "woman_worker", 50 * 12 + 1, date(2025, 2, 1)),
            (date(1984, 11, 1), "woman_worker", 55 * 12, date(2039, 11, 1)),
            (date(1990, 11, 1), "woman_worker", 55 * 12, date(2045, 11, 1)),
        ],
    )
    def test_rises_as_in_every_row_of_the_table(self, born: date, kind: RetirementKind, months: int, on: date) -> None:
        assert retires_on(born, kind, today()) == on
        assert pension.age_in_months(born, on) == months

    @given(st.dates(date(1950, 1, 1), date(2000, 12, 1)), st.sampled_from(["man", "woman_cadre", "woman_worker"]))
    def test_comes_no_earlier_for_who_is_a_month_younger(self, born: date, kind: RetirementKind) -> None:
        born = born.replace(day=1)

        assert retires_on(born, kind, today()) < retires_on(add_months(born, 1), kind, today())


class TestOfResidents:
    @pytest.mark.parametrize(("basic", "account", "month"), [(20_000, 3_000_000, 41_583), (19_000, 0, 19_000)])
    def test_is_the_basic_part_and_the_account_over_139_months(self, basic: int, account: int, month: int) -> None:
        assert pension.of_residents_fen(basic, account, shipped().reading(date(2026, 11, 29))) == month
