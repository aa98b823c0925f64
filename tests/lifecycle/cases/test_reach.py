"""Where rights reach over a desk's cases."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel.actors import Grant, may
from lifecycle.cases.reach import Place, places
from tests.makers.people import a_grant, an_officer

EVERYWHERE = Place()
MATTERS = st.sampled_from(["*", "one", "two", "three"])
DIVISIONS = st.sampled_from(["*", "", "37", "3706", "370602", "370602001", "370602002", "370611", "1101"])


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

    @given(st.lists(st.tuples(MATTERS, DIVISIONS), max_size=6), MATTERS, DIVISIONS)
    def test_reach_exactly_as_far_as_the_rights(
        self, rights: list[tuple[str, str]], matter: str, division: str
    ) -> None:
        grants: list[Grant] = [a_grant("handle", *right) for right in rights]
        officer = an_officer(*grants) if grants else an_officer(a_grant("idle"))
        case = Place("one" if matter == "*" else matter, "370602001" if division in {"*", ""} else division)

        held = any(one.covers(case) for one in reached(*rights))

        assert held == may(officer, "handle", case.matter, case.division, grants[0].valid_from if grants else _DAY)


_DAY = a_grant().valid_from
