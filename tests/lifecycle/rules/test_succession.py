"""Succession by law: worked examples, both sides of a day, and what holds of every family."""

from collections.abc import Mapping
from datetime import date, timedelta
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from lifecycle.rules.succession import (
    FIRST,
    REPRESENTING,
    Kinship,
    Relative,
    is_whole,
    own_half,
    owned_after,
    succession,
)

DAY = date(2026, 11, 20)
BEFORE, AFTER = DAY - timedelta(days=1), DAY + timedelta(days=1)
SPOUSE = Relative("spouse", "spouse")
SON, DAUGHTER = Relative("son", "child"), Relative("daughter", "child")
MOTHER = Relative("mother", "parent")
BROTHER, GRANDMOTHER = Relative("brother", "sibling"), Relative("grandmother", "grandparent")


def parts(*kin: Relative, renounced: tuple[str, ...] = ()) -> Mapping[str, Fraction]:
    return succession(DAY, kin, renounced).parts


def dead(ref: str, kinship: Kinship, on: date = BEFORE) -> Relative:
    return Relative(ref, kinship, on)


class TestFirstOrder:
    def test_spouse_two_children_and_a_parent_have_a_quarter_each_of_what_isnt_the_spouses_own(self) -> None:
        found = parts(SPOUSE, SON, DAUGHTER, MOTHER)
        half = own_half(co_owner=True, sole_in_marriage=False)
        owners = owned_after(1 - half, {"spouse": half}, found)

        assert found == dict.fromkeys(("spouse", "son", "daughter", "mother"), Fraction(1, 4))
        assert owners == {"spouse": Fraction(5, 8)} | dict.fromkeys(("son", "daughter", "mother"), Fraction(1, 8))
        assert is_whole(owners)

    def test_a_home_of_a_marriage_is_halved_also_where_the_dead_alone_stands_in_the_register(self) -> None:
        assert own_half(co_owner=False, sole_in_marriage=True) == Fraction(1, 2)
        assert own_half(co_owner=False, sole_in_marriage=False) == 0

    def test_comes_before_the_second(self) -> None:
        assert parts(SON, BROTHER, GRANDMOTHER) == {"son": Fraction(1)}
        assert succession(DAY, (SON, BROTHER)).order == 1

    def test_who_died_a_day_before_inherits_nothing_a_day_after_they_did(self) -> None:
        assert parts(SON, dead("mother", "parent")) == {"son": Fraction(1)}
        after = succession(DAY, (SON, dead("mother", "parent", AFTER)))
        assert after.parts == {"son": Fraction(1, 2), "mother": Fraction(1, 2)}
        assert after.died_since == ("mother",)

    def test_who_died_on_the_same_day_is_named(self) -> None:
        found = succession(DAY, (SON, dead("spouse", "spouse", DAY)))

        assert (found.same_day, found.parts) == (("spouse",), {"son": Fraction(1)})


class TestRepresentation:
    def test_a_dead_childs_children_share_what_it_would_have_had(self) -> None:
        grandchildren = tuple(Relative(f"grandchild {n}", "descendant", None, "gone") for n in (1, 2))

        found = parts(SPOUSE, SON, dead("gone", "child"), *grandchildren)

        assert found == {
            "spouse": Fraction(1, 3),
            "son": Fraction(1, 3),
            "grandchild 1": Fraction(1, 6),
            "grandchild 2": Fraction(1, 6),
        }

    def test_goes_down_as_far_as_anybody_lives(self) -> None:
        chain = (
            dead("gone", "child"),
            Relative("also gone", "descendant", BEFORE, "gone"),
            Relative("great-grandchild", "descendant", None, "also gone"),
        )
        assert parts(SPOUSE, *chain) == {"spouse": Fraction(1, 2), "great-grandchild": Fraction(1, 2)}

    def test_nobody_represents_who_lives_or_renounced(self) -> None:
        grandchild = Relative("grandchild", "descendant", None, "son")

        assert parts(SON, grandchild) == {"son": Fraction(1)}
        assert parts(SON, DAUGHTER, grandchild, renounced=("son",)) == {"daughter": Fraction(1)}

    def test_a_childless_dead_child_leaves_its_line_to_the_others(self) -> None:
        assert parts(SPOUSE, dead("gone", "child")) == {"spouse": Fraction(1)}

    def test_of_a_brother_goes_to_his_children_and_no_further(self) -> None:
        nephew = Relative("nephew", "nephew_or_niece", None, "brother")
        grandnephew = Relative("grandnephew", "nephew_or_niece", None, "nephew")
        dead_nephew = Relative("nephew", "nephew_or_niece", BEFORE, "brother")

        assert parts(dead("brother", "sibling"), nephew, GRANDMOTHER) == {
            "nephew": Fraction(1, 2),
            "grandmother": Fraction(1, 2),
        }
        assert parts(dead("brother", "sibling"), dead_nephew, grandnephew) == {}

    def test_a_dead_spouse_or_parent_isnt_represented(self) -> None:
        stepchild = Relative("stepchild", "descendant", None, "spouse")

        assert parts(dead("spouse", "spouse"), stepchild) == {}


class TestRenouncing:
    def test_leaves_the_part_to_the_others_of_the_order(self) -> None:
        assert parts(SPOUSE, SON, DAUGHTER, renounced=("daughter",)) == {
            "spouse": Fraction(1, 2),
            "son": Fraction(1, 2),
        }

    def test_of_a_whole_order_calls_the_second(self) -> None:
        found = succession(DAY, (SON, BROTHER, GRANDMOTHER), ("son",))

        assert (found.order, found.parts) == (2, {"brother": Fraction(1, 2), "grandmother": Fraction(1, 2)})

    def test_of_everybody_leaves_nobody(self) -> None:
        assert succession(DAY, (SON, BROTHER), ("son", "brother")).order is None

    def test_of_one_grandchild_leaves_it_to_the_other(self) -> None:
        both = tuple(Relative(f"grandchild {n}", "descendant", None, "gone") for n in (1, 2))

        assert parts(SON, dead("gone", "child"), *both, renounced=("grandchild 1",)) == {
            "son": Fraction(1, 2),
            "grandchild 2": Fraction(1, 2),
        }


class TestNobody:
    def test_inherits_by_law_without_kin(self) -> None:
        found = succession(DAY, ())

        assert (found.order, found.parts) == (None, {})

    def test_inherits_without_being_kin_of_an_order(self) -> None:
        assert parts(Relative("nephew", "nephew_or_niece", None, "brother")) == {}


DAYS = st.sampled_from([None, None, BEFORE, DAY, AFTER])


@st.composite
def families(draw: st.DrawFn) -> list[Relative]:
    stems: list[Kinship] = draw(
        st.lists(st.sampled_from(["spouse", "child", "parent", "sibling", "grandparent"]), max_size=8)
    )
    kin = [Relative(f"{place}", kinship, draw(DAYS)) for place, kinship in enumerate(stems)]
    for place in range(draw(st.integers(0, 6))):
        over = [one for one in kin if one.kinship in REPRESENTING]
        if over:
            parent = draw(st.sampled_from(over))
            below: Kinship = REPRESENTING[parent.kinship]  # type: ignore[assignment]
            kin.append(Relative(f"below {place}", below, draw(DAYS), parent.ref))
    return kin


class TestEveryFamily:
    @given(families(), st.data())
    def test_divides_exactly_a_whole_or_nothing(self, kin: list[Relative], data: st.DataObject) -> None:
        refs = [one.ref for one in kin]
        renounced = data.draw(st.lists(st.sampled_from(refs), unique=True)) if refs else []

        found = succession(DAY, kin, renounced)

        assert is_whole(found.parts) if found.order else not found.parts
        assert not found.parts.keys() & set(renounced)
        known = {one.ref: one for one in kin}
        assert all((gone := known[ref].died_on) is None or gone > DAY for ref in found.parts)

    @given(families())
    def test_of_an_order_everybody_who_is_kin_themselves_has_the_same(self, kin: list[Relative]) -> None:
        found = succession(DAY, kin)
        direct = {found.parts[one.ref] for one in kin if one.ref in found.parts and one.through is None}

        assert len(direct) <= 1

    @given(families())
    def test_the_second_order_has_nothing_while_one_of_the_first_lived(self, kin: list[Relative]) -> None:
        if any(one.kinship in FIRST and (one.died_on is None or one.died_on > DAY) for one in kin):
            assert succession(DAY, kin).order == 1

    @given(families(), st.fractions(min_value=0, max_value=1))
    def test_owners_afterwards_make_a_whole(self, kin: list[Relative], kept: Fraction) -> None:
        found = succession(DAY, kin)
        if found.order:
            assert is_whole(owned_after(1 - kept, {"spouse": kept}, found.parts))
