"""Where rights reach over a desk's cases."""

from datetime import date
from itertools import combinations, product

import pytest

from app.kernel.actors import may
from lifecycle.cases.reach import Place, places
from tests.makers.people import a_grant, an_officer

EVERYWHERE = Place()
MATTERS = ("*", "one", "two")
DIVISIONS = ("*", "", "37", "3706", "370602", "370602001", "370602002", "370611")
TODAY = date(2026, 11, 29)


def reached(*rights: tuple[str, str], wanted: Place = EVERYWHERE) -> set[Place]:
    return set(places([matter for matter, _ in rights], [division for _, division in rights], wanted))


class TestPlaces:
    def test_are_everywhere_with_every_right(self) -> None:
        assert reached(("*", "*")) == {EVERYWHERE}

    def test_are_nowhere_without_any(self) -> None:
        assert reached() == set()
        assert reached(("one", "")) == set()

    def test_leave_out_what_lies_in_another(self) -> None:
        rights = (("one", "370602"), ("*", "370602"), ("one", "370602001"), ("two", "3706"))

        assert reached(*rights) == {Place(None, "370602"), Place("two", "3706")}

    @pytest.mark.parametrize(
        ("wanted", "expected"),
        [
            (Place("one", None), {Place("one", "370602")}),
            (Place(None, "3706"), {Place(None, "370602")}),
            (Place("one", "370602001"), {Place("one", "370602001")}),
            (Place(None, "370611"), set()),
        ],
    )
    def test_are_narrowed_to_what_is_wanted(self, wanted: Place, expected: set[Place]) -> None:
        assert reached(("*", "370602"), wanted=wanted) == expected

    def test_reach_exactly_as_far_as_the_rights(self) -> None:
        rights = list(product(MATTERS, DIVISIONS))
        cases = [
            Place(matter, division) for matter in ("one", "three") for division in ("370602001", "370611", "110101")
        ]
        for pair in combinations(rights, 2):
            officer = an_officer(*(a_grant("handle", *right) for right in pair))
            found = reached(*pair)
            for case in cases:
                held = any(one.covers(case) for one in found)
                assert held == may(officer, "handle", case.matter, case.division, TODAY), (pair, case)
