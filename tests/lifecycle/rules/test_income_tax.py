"""Income tax by the worked examples, at every edge, and by properties."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifecycle.rules import income_tax
from lifecycle.rules.income_tax import Bracket, Fees, HomeCountedTwice, Other, Special
from lifecycle.rules.parameters import ParameterUnknown, Reading, shipped

AMOUNTS = st.integers(min_value=0, max_value=10**11)


def the_year(year: int = 2026) -> Reading:
    return shipped().reading(date(year, 12, 31))


def yuan(amount: float) -> int:
    return round(amount * 100)


def annual_scale() -> tuple[Bracket, ...]:
    return the_year().get("income_tax.annual_scale", tuple[Bracket, ...])


def monthly_scale() -> tuple[Bracket, ...]:
    return the_year().get("income_tax.monthly_scale", tuple[Bracket, ...])


class TestScales:
    @pytest.mark.parametrize("scale", [annual_scale(), monthly_scale()], ids=["annual", "monthly"])
    def test_meet_at_every_edge(self, scale: tuple[Bracket, ...]) -> None:
        for below, above in pairwise(scale):
            assert below.up_to is not None
            assert below.up_to * below.percent - below.quick * 100 == below.up_to * above.percent - above.quick * 100

    def test_of_a_month_is_a_twelfth_of_a_years(self) -> None:
        for month, year in zip(monthly_scale(), annual_scale(), strict=True):
            assert (month.percent, month.quick * 12) == (year.percent, year.quick)
            assert (month.up_to or 0) * 12 == (year.up_to or 0)

    @pytest.mark.parametrize(
        ("taxable", "tax"),
        [(-1, 0), (0, 0), (1, 0.03), (36_000, 1_080), (36_001, 1_080.10), (144_000, 11_880), (960_000, 250_080)],
    )
    def test_are_read_to_the_edge(self, taxable: int, tax: float) -> None:
        assert income_tax.annual_fen(yuan(taxable), the_year()) == yuan(tax)

    @given(AMOUNTS, AMOUNTS)
    def test_never_tax_more_income_less_nor_take_more_than_was_added(self, one: int, other: int) -> None:
        less, more = sorted((one, other))
        rise = income_tax.annual_fen(more, the_year()) - income_tax.annual_fen(less, the_year())

        assert 0 <= rise <= more - less + 1


class TestWithheld:
    def test_evenly_within_one_bracket(self) -> None:
        by_month = income_tax.withheld_by_month([yuan(12_000)] * 12, yuan(5_200), the_year())

        assert by_month == (yuan(54),) * 12
        assert sum(by_month) == yuan(648)

    def test_more_once_a_bracket_is_full(self) -> None:
        by_month = income_tax.withheld_by_month([yuan(20_000)] * 12, yuan(5_000), the_year())

        assert by_month == (*(yuan(300),) * 3, yuan(580), *(yuan(1_000),) * 8)
        assert sum(by_month) == yuan(9_480)

    def test_nothing_comes_back_before_the_settlement(self) -> None:
        by_month = income_tax.withheld_by_month([yuan(30_000), 0, 0], 0, the_year())

        assert by_month == (yuan(750), 0, 0)

    @given(st.lists(st.integers(0, 10**9), min_size=12, max_size=12), st.integers(0, 10**7))
    def test_is_the_years_tax_or_more(self, salaries: list[int], deducted: int) -> None:
        taxable = income_tax.taxable_fen(sum(salaries), 12 * deducted, Other(), the_year())

        assert sum(income_tax.withheld_by_month(salaries, deducted, the_year())) >= income_tax.annual_fen(
            taxable, the_year()
        )


class TestYear:
    def test_of_a_salary_and_fees(self) -> None:
        fees = Fees(labour=(yuan(40_000),), author=(yuan(10_000),))
        counted = income_tax.income_fen([yuan(100_000)], fees, the_year())
        taxable = income_tax.taxable_fen(counted, yuan(15_000 + 24_000), Other(), the_year())

        assert (counted, taxable) == (yuan(137_600), yuan(38_600))
        assert income_tax.annual_fen(taxable, the_year()) == yuan(1_340)
        assert income_tax.withheld_from_fees(Fees(labour=fees.labour), the_year()) == yuan(7_600)
        assert income_tax.withheld_from_fees(Fees(author=fees.author), the_year()) == yuan(1_120)

    @pytest.mark.parametrize(
        ("fees", "withheld"),
        [
            (Fees(labour=(yuan(800),)), 0),
            (Fees(labour=(yuan(4_000),)), 640),
            (Fees(labour=(yuan(4_000.01),)), 640),
            (Fees(labour=(yuan(25_000),)), 4_000),
            (Fees(royalty=(yuan(4_000),)), 640),
            (Fees(royalty=(yuan(10_000), yuan(10_000))), 3_200),
        ],
    )
    def test_fees_are_withheld_from_payment_by_payment(self, fees: Fees, withheld: float) -> None:
        assert income_tax.withheld_from_fees(fees, the_year()) == yuan(withheld)

    def test_other_deductions_stop_at_their_limits(self) -> None:
        other = Other(pension_fen=yuan(20_000), health_fen=yuan(5_000), donations_fen=yuan(1_000_000))
        left = 100_000 - 60_000 - 12_000 - 2_400

        assert income_tax.taxable_fen(yuan(100_000), 0, other, the_year()) == yuan(left * 0.7)

    def test_donations_of_who_has_nothing_left_count_for_nothing(self) -> None:
        assert income_tax.taxable_fen(0, 0, Other(donations_fen=yuan(100)), the_year()) == -yuan(60_000)


class TestSpecial:
    @pytest.mark.parametrize(
        ("special", "deducted"),
        [
            (Special(child_months=24), 48_000),
            (Special(degree_months=12, certificates=2), 8_400),
            (Special(illness_fen=yuan(15_000)), 0),
            (Special(illness_fen=yuan(15_001)), 1),
            (Special(illness_fen=yuan(200_000)), 80_000),
            (Special(mortgage_months=12), 12_000),
            (Special(rent_months=12), 13_200),
            (Special(mortgage_months=6, rent_months=6), 12_600),
            (Special(elderly_months=12), 36_000),
            (Special(elderly_months=12, elderly_share_fen=yuan(1_000)), 12_000),
            (Special(elderly_months=12, elderly_share_fen=yuan(2_000)), 18_000),
        ],
        ids=str,
    )
    def test_is_counted_by_the_month(self, special: Special, deducted: int) -> None:
        assert income_tax.special_fen(special, the_year()) == yuan(deducted)

    def test_a_month_has_either_mortgage_or_rent(self) -> None:
        with pytest.raises(HomeCountedTwice):
            income_tax.special_fen(Special(mortgage_months=7, rent_months=6), the_year())


class TestBonus:
    @pytest.mark.parametrize(
        ("amount", "tax"),
        [(0, 0), (36_000, 1_080), (36_001, 3_390.10), (100_000, 9_790), (144_000, 14_190), (144_001, 27_390.20)],
    )
    def test_apart_jumps_above_an_edge(self, amount: int, tax: float) -> None:
        assert income_tax.bonus_apart_fen(yuan(amount), the_year()) == yuan(tax)

    @pytest.mark.parametrize(
        ("taxable", "amount", "apart", "together", "better"),
        [
            (-20_000, 36_000, 1_080, 480, "together"),
            (138_000, 60_000, 17_070, 22_680, "apart"),
            (200_000, 36_000, 24_160, 30_280, "apart"),
        ],
    )
    def test_is_compared_with_the_rest(self, taxable: int, amount: int, apart: int, together: int, better: str) -> None:
        found = income_tax.bonus(yuan(amount), yuan(taxable), the_year())

        assert (found.apart_fen, found.together_fen, found.better) == (yuan(apart), yuan(together), better)

    def test_on_a_tie_it_is_taxed_together(self) -> None:
        assert income_tax.bonus(0, yuan(1_000), the_year()).better == "together"

    def test_warns_of_an_edge_just_below(self) -> None:
        assert income_tax.bonus(yuan(36_000), 0, the_year()).cliff_fen is None
        assert income_tax.bonus(yuan(36_001), 0, the_year()).cliff_fen == yuan(36_000)
        assert income_tax.bonus(yuan(38_566.67), 0, the_year()).cliff_fen is None

    def test_has_no_choice_after_the_rule_ends(self) -> None:
        assert income_tax.bonus(yuan(1), 0, the_year(2027)).better == "together"
        with pytest.raises(ParameterUnknown):
            income_tax.bonus(yuan(1), 0, the_year(2028))

    @given(AMOUNTS, st.integers(-(10**8), 10**10))
    def test_the_better_way_never_costs_more(self, amount: int, taxable: int) -> None:
        found = income_tax.bonus(amount, taxable, the_year())

        better = found.apart_fen if found.better == "apart" else found.together_fen
        assert better == min(found.apart_fen, found.together_fen)
