"""Whose turn it is at a school: each class by its worked example, and each on both sides of its condition."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifecycle.rules.parameters import shipped
from lifecycle.rules.school_places import CLASSES, PlaceClass, Ties, class_at

HERE, ELSEWHERE = "370602001", "370602002"
READING = shipped().reading(date(2027, 6, 20))


def the_class(**ties: object) -> PlaceClass | None:
    found = class_at(Ties(**ties), HERE, READING)  # type: ignore[arg-type]
    return found.code if found else None


class TestClass:
    @pytest.mark.parametrize(
        ("ties", "expected"),
        [
            ({"household": HERE, "home": HERE, "with_guardian": True}, "united"),
            ({"household": HERE, "home": HERE, "with_guardian": False}, "home"),
            ({"household": HERE, "grandchild": True}, "grandparents"),
            ({"household": HERE, "grandchild": True, "home": ELSEWHERE}, "household"),
            ({"household": ELSEWHERE, "home": HERE, "with_guardian": True}, "home"),
            ({"household": HERE}, "household"),
            ({"household": ELSEWHERE, "home": ELSEWHERE}, None),
            ({"permit": True, "insured_months": 6}, "migrant"),
            ({"permit": True, "insured_months": 5}, None),
            ({"permit": False, "insured_months": 60}, None),
            ({"household": ELSEWHERE, "policy": True}, "policy"),
        ],
    )
    def test_follows_from_registration_home_and_work(
        self, ties: dict[str, object], expected: PlaceClass | None
    ) -> None:
        assert the_class(**ties) == expected

    @given(
        st.builds(
            Ties,
            household=st.sampled_from([None, HERE, ELSEWHERE]),
            home=st.sampled_from([None, HERE, ELSEWHERE]),
            with_guardian=st.booleans(),
            grandchild=st.booleans(),
            permit=st.booleans(),
            insured_months=st.integers(0, 24),
            policy=st.booleans(),
        )
    )
    def test_of_the_plan_is_never_passed_over_for_a_worse_one(self, ties: Ties) -> None:
        found = class_at(ties, HERE, READING)

        assert found is None or (found.place == list(CLASSES).index(found.code) + 1)
        if HERE in {ties.household, ties.home}:
            assert found is not None
            assert found.place < len(CLASSES)
