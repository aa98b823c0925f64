"""Ages and kinship that bar a marriage: the worked examples, both sides of each boundary, and what holds of any family."""

from collections.abc import Hashable
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel.identity_numbers import compose
from app.residents.ages import has_reached
from lifecycle.rules.marriage_eligibility import (
    Parent,
    Party,
    barred_kinship,
    both_marriageable_on,
    marriageable_on,
    party,
)
from lifecycle.rules.parameters import shipped

DAY = date(2026, 11, 22)
LAW = shipped().reading(DAY)
births = st.dates(date(1940, 1, 1), date(2010, 12, 31))


def family(*ties: tuple[str, str]) -> dict[Hashable, tuple[Parent, ...]]:
    """Children and their parents; a parent with a star adopted."""
    parents: dict[Hashable, tuple[Parent, ...]] = {}
    for child, parent in ties:
        parents[child] = (*parents.get(child, ()), Parent(parent.rstrip("*"), parent.endswith("*")))
    return parents


SIBLINGS = (("a", "mother"), ("b", "mother"))
UNCLE = (("a", "mother"), ("mother", "old"), ("b", "old"))
COUSINS = (("a", "mother"), ("mother", "old"), ("b", "aunt"), ("aunt", "old"))
SECOND_COUSINS = (*COUSINS[:2], ("old", "older"), ("b", "aunt"), ("aunt", "her"), ("her", "older"))


class TestAge:
    @pytest.mark.parametrize(
        ("sex", "born", "is_old_enough"),
        [
            ("male", date(2004, 11, 22), True),
            ("male", date(2004, 11, 23), False),
            ("female", date(2006, 11, 22), True),
            ("female", date(2006, 11, 23), False),
        ],
    )
    def test_counts_on_the_day_of_registration(self, sex: str, born: date, *, is_old_enough: bool) -> None:
        assert (marriageable_on(Party(sex, born), LAW) <= DAY) is is_old_enough  # type: ignore[arg-type]

    def test_of_a_leap_day_is_the_first_of_march(self) -> None:
        assert marriageable_on(Party("male", date(2004, 2, 29)), LAW) == date(2026, 3, 1)
        assert marriageable_on(Party("female", date(2004, 2, 29)), LAW) == date(2024, 2, 29)

    @given(his=births, hers=births)
    def test_of_both_is_the_later_day_and_never_a_day_early(self, his: date, hers: date) -> None:
        first = both_marriageable_on(Party("male", his), Party("female", hers), LAW)
        before = first - timedelta(days=1)

        assert has_reached(22, his, first)
        assert has_reached(20, hers, first)
        assert not (has_reached(22, his, before) and has_reached(20, hers, before))

    def test_is_read_from_a_number(self) -> None:
        assert party(compose("370602", date(2004, 11, 22), 13)) == Party("male", date(2004, 11, 22))
        assert party("370602200411220000") is None


class TestKinship:
    @pytest.mark.parametrize(
        ("ties", "bar"),
        [
            (SIBLINGS, "collateral"),
            (UNCLE, "collateral"),
            (COUSINS, "collateral"),
            (SECOND_COUSINS, None),
            ((("a", "b"),), "lineal"),
            ((("b", "x"), ("x", "y"), ("y", "z"), ("z", "a")), "lineal"),
            ((("a", "mother"), ("b", "father")), None),
            ((), None),
        ],
    )
    def test_bars_the_direct_line_and_collaterals_to_the_third_generation(
        self, ties: tuple[tuple[str, str], ...], bar: str | None
    ) -> None:
        assert barred_kinship("a", "b", family(*ties), LAW) == bar
        assert barred_kinship("b", "a", family(*ties), LAW) == bar

    def test_looks_at_the_direct_line_first(self) -> None:
        both = family(("a", "b"), ("a", "mother"), ("b", "mother"))

        assert barred_kinship("a", "b", both, LAW) == "lineal"

    def test_by_adoption_bars_the_direct_line_alone(self) -> None:
        assert barred_kinship("a", "b", family(("a", "b*")), LAW) == "lineal"
        assert barred_kinship("a", "b", family(("a", "mother*"), ("b", "mother")), LAW) is None

    def test_of_one_farther_common_ancestor_doesnt_hide_a_nearer(self) -> None:
        ties = family(*SECOND_COUSINS, ("a", "father"), ("b", "father"))

        assert barred_kinship("a", "b", ties, LAW) == "collateral"

    @given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), max_size=25))
    def test_ends_and_is_the_same_from_both_sides_whatever_is_on_record(self, ties: list[tuple[int, int]]) -> None:
        known = family(*((str(child), str(parent)) for child, parent in ties))

        assert barred_kinship("0", "1", known, LAW) == barred_kinship("1", "0", known, LAW)
