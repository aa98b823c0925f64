"""Taxes on homes by the worked examples, on both sides of every edge, and by properties."""

from datetime import date

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifecycle.rules import home_taxes
from lifecycle.rules.home_taxes import Sale, Which
from lifecycle.rules.parameters import Reading, shipped

SALE = Sale(
    price_fen=150_000_000,
    held_since=date(2020, 3, 1),
    sold_on=date(2026, 3, 1),
    original_fen=100_000_000,
    decoration_fen=15_000_000,
    interest_fen=8_000_000,
    fees_fen=1_500_000,
)
AMOUNTS = st.integers(0, 10**12)


def today(year: int = 2026) -> Reading:
    return shipped().reading(date(year, 11, 29))


class TestDeed:
    @pytest.mark.parametrize(
        ("price", "area", "which", "tax"),
        [
            (900_000, 89, "first", 9_000),
            (1_500_000, 150, "first", 22_500),
            (1_200_000, 120, "second", 12_000),
            (1_600_000, 160, "second", 32_000),
            (1_600_000, 160, "further", 48_000),
            (1_000_000, 140, "first", 10_000),
            (1_000_000, 140.01, "first", 15_000),
        ],
    )
    def test_goes_by_area_and_by_which_home_it_is(self, price: int, area: float, which: Which, tax: int) -> None:
        assert home_taxes.deed_tax_fen(price * 100, round(area * 100), which, today()) == tax * 100


class TestSale:
    def test_taxes_the_gain(self) -> None:
        found = home_taxes.sale_taxes(SALE, today())

        assert (found.vat_fen, found.decoration_fen, found.gain_fen) == (0, 10_000_000, 30_500_000)
        assert found.income_tax_fen == 6_100_000

    def test_of_an_affordable_home_counts_more_decoration(self) -> None:
        found = home_taxes.sale_taxes(msgspec.structs.replace(SALE, built="affordable"), today())

        assert found.decoration_fen == 15_000_000

    @pytest.mark.parametrize(("held_since", "vat"), [(date(2024, 3, 1), 0), (date(2024, 3, 2), 4_368_932)])
    def test_asks_for_vat_up_to_the_day_before_two_years(self, held_since: date, vat: int) -> None:
        found = home_taxes.sale_taxes(msgspec.structs.replace(SALE, held_since=held_since), today())

        assert found.vat_fen == vat
        assert found.net_fen + found.vat_fen == SALE.price_fen
        assert vat == 0 or abs(found.net_fen * 3 - vat * 100) <= 200

    @pytest.mark.parametrize(
        ("held_since", "only_home", "exempt"),
        [(date(2021, 3, 1), True, True), (date(2021, 3, 2), True, False), (date(2001, 1, 1), False, False)],
    )
    def test_exempts_an_only_home_of_five_years(self, held_since: date, only_home: bool, exempt: bool) -> None:  # noqa: FBT001
        sale = msgspec.structs.replace(SALE, held_since=held_since, only_home=only_home)

        assert home_taxes.sale_taxes(sale, today()).exempt is exempt

    @given(AMOUNTS, AMOUNTS, AMOUNTS)
    def test_is_never_negative_and_never_more_than_the_price(self, price: int, original: int, decoration: int) -> None:
        sale = msgspec.structs.replace(SALE, price_fen=price, original_fen=original, decoration_fen=decoration)
        found = home_taxes.sale_taxes(sale, today())

        assert min(found.vat_fen, found.gain_fen, found.income_tax_fen) >= 0
        assert found.vat_fen + found.income_tax_fen <= price


class TestExchange:
    def refund(self, bought_fen: int, on: date, year: int = 2026) -> int:
        return home_taxes.exchange_refund_fen(6_100_000, SALE, bought_fen, on, today(year))

    def test_is_in_proportion_and_at_the_most_all(self) -> None:
        assert self.refund(120_000_000, date(2026, 9, 1)) == 4_880_000
        assert self.refund(150_000_000, date(2026, 9, 1)) == 6_100_000
        assert self.refund(200_000_000, date(2026, 9, 1)) == 6_100_000

    @pytest.mark.parametrize(
        ("on", "some"),
        [(date(2027, 3, 1), True), (date(2027, 3, 2), False), (date(2025, 3, 1), True), (date(2025, 2, 28), False)],
    )
    def test_is_of_a_year_before_or_after(self, on: date, some: bool) -> None:  # noqa: FBT001
        assert (self.refund(120_000_000, on) > 0) is some

    def test_ends_with_the_rule(self) -> None:
        assert self.refund(120_000_000, date(2026, 9, 1), year=2028) == 0
