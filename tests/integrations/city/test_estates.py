"""Estates of the running city: who is told of them, how they are inherited, and what the register says afterwards."""

from collections.abc import Iterator
from datetime import date

import msgspec
import pytest

from app.kernel import clock
from integrations.city.estates import dead_kin, estate_kin, estates, kin_of, ref
from integrations.city.outcomes import QuestionRefused
from integrations.city.people import ADULT, Person, age_on
from integrations.city.property_titles import titles
from integrations.city.world import City
from tests.makers.city_people import somebody_new
from tests.makers.estates import (
    CITY,
    PEOPLE,
    an_heir,
    an_owner,
    as_drawn,
    case_number,
    certified,
    inherited,
    title_of,
    to_the_spouse,
)


@pytest.fixture(autouse=True)
def _as_drawn() -> Iterator[None]:
    with as_drawn():
        yield


class TestKin:
    def test_are_told_to_those_whom_law_calls_and_to_nobody_else(self) -> None:
        father = an_owner(owners=2, children=1)
        (child,) = CITY.population.children(father.id_number)
        household = CITY.population.members(father.household_no)
        CITY.population.bury(father, date(2026, 11, 20))

        asked = {one.id_number: estate_kin(CITY, one) for one in household if one.id_number != father.id_number}
        for number in (father.spouse, child.id_number):
            kin = asked[number or ""]
            assert kin is not None
            (dead,) = [one for one in kin.deceased if one.name == father.name]
            assert dead.died_on == date(2026, 11, 20)
            assert {(one.kinship, one.name) for one in dead.kin} >= {
                ("spouse", PEOPLE[father.spouse or ""].name),
                ("child", child.name),
            }
            assert [one.name for one in dead.kin if one.is_asker] == [PEOPLE[number or ""].name]
        stranger = somebody_new(lambda _, one: one.household_no != father.household_no)
        assert not any(one.id_number == father.id_number for one in dead_kin(CITY, stranger))

    def test_name_no_numbers(self) -> None:
        heir, _ = an_heir()
        said = msgspec.json.encode((estates(CITY, heir), estate_kin(CITY, heir))).decode()

        assert heir.id_number not in said
        assert not any(one.id_number in said for one in dead_kin(CITY, heir))

    def test_of_the_second_order_are_told_only_where_the_first_is_empty(self) -> None:
        parent = somebody_new(
            lambda city, one: (
                len(city.population.children(one.id_number)) == 2
                and all(
                    age_on(child.birth_date, clock.today()) < ADULT for child in city.population.children(one.id_number)
                )
            )
        )
        one, other = CITY.population.children(parent.id_number)
        CITY.population.bury(one, date(2026, 11, 20))
        with_parents = {how for _, how, _ in kin_of(CITY, PEOPLE[one.id_number])}
        assert with_parents == {"parent"}
        assert dead_kin(CITY, PEOPLE[other.id_number]) == [
            each for each in dead_kin(CITY, PEOPLE[other.id_number]) if each.id_number != one.id_number
        ]

        for number in (one.father, one.mother):
            CITY.population.bury(PEOPLE[number or ""], date(2026, 11, 19))
        alone = {how for _, how, _ in kin_of(CITY, PEOPLE[one.id_number])}
        assert "sibling" in alone
        assert one.id_number in {each.id_number for each in dead_kin(CITY, PEOPLE[other.id_number])}


class TestInheritance:
    def test_is_what_the_register_says_afterwards(self) -> None:
        heir, home = an_heir()
        dead = next(one for one in dead_kin(CITY, heir) if ref(one.id_number) == home.deceased)

        change = inherited(heir, home)

        after = titles(CITY, heir)
        assert after is not None
        (mine,) = [one for one in after.titles if one.title_no == change.title_no]
        assert (mine.share, mine.owners, mine.dead_owners, mine.address) == ("sole", (heir.name,), (), home.address)
        assert change.former_title_no == home.title_no != change.title_no
        assert dead.id_number in change.former_owners
        gone = estates(CITY, heir)
        assert gone is None or home.title_no not in {one.title_no for one in gone.homes}

    def test_is_registered_once(self) -> None:
        heir, home = an_heir()
        inherited(heir, home)

        with pytest.raises(QuestionRefused, match="title_superseded"):
            inherited(heir, home)

    def test_by_shares_tells_each_their_part(self) -> None:
        father = an_owner(owners=2, children=1, mortgaged=False)
        (child,) = CITY.population.children(father.id_number)
        mother = PEOPLE[father.spouse or ""]
        CITY.population.bury(father, date(2026, 11, 20))
        known = estates(CITY, mother)
        assert known is not None
        parents = [one for one, how, _ in kin_of(CITY, PEOPLE[father.id_number]) if how == "parent"]
        left = 2 + sum(one.alive for one in parents)
        owners = [{"ref": ref(father.id_number, mother.id_number), "part": f"{left + 1}/{2 * left}"}] + [
            {"ref": ref(father.id_number, one.id_number), "part": f"1/{2 * left}"}
            for one in (child, *parents)
            if one.alive
        ]

        change = inherited(mother, known.homes[0], owners=owners)

        assert change.share == "by_shares"
        told_of = titles(CITY, child)
        assert told_of is not None
        assert [one.part for one in told_of.titles if one.title_no == change.title_no] == [f"1/{2 * left}"]

    @pytest.mark.parametrize(
        ("owners", "why"),
        [
            ([], "deed_tax_due"),
            ([{"ref": "KNOBODY", "part": "1/1"}], "deed_tax_due"),
        ],
    )
    def test_needs_heirs_by_law(self, owners: list[dict[str, str]], why: str) -> None:
        heir, home = an_heir()

        with pytest.raises(QuestionRefused, match=why):
            inherited(heir, home, owners=owners)

    def test_refuses_parts_that_make_no_whole(self) -> None:
        heir, home = an_heir()
        named = to_the_spouse(home, heir)["owners"]
        assert isinstance(named, list)

        for part in ("1/2", "3/2"):
            with pytest.raises(QuestionRefused, match="parts_wrong"):
                inherited(heir, home, owners=[named[0] | {"part": part}])

    def test_refuses_the_home_of_who_lives(self) -> None:
        heir, home = an_heir()
        owner = an_owner(owners=1, first=True)

        with pytest.raises(QuestionRefused, match="owner_alive"):
            inherited(heir, home, title_no=title_of(owner))

    def test_refuses_who_isnt_kin(self) -> None:
        _, home = an_heir()
        stranger = an_owner(owners=1, first=True)

        with pytest.raises(QuestionRefused, match="not_kin_of_the_dead"):
            certified(case_number(), stranger, title_no=home.title_no, reason="inheritance", deceased=home.deceased)

    def test_refuses_an_unknown_title(self) -> None:
        heir, _ = an_heir()

        for number in ("鲁（2026）烟台市不动产权第0999999号", "x"):
            with pytest.raises(QuestionRefused, match="title_unknown"):
                certified(case_number(), heir, title_no=number, reason="inheritance")

    def test_refuses_what_a_court_has_seized(self) -> None:
        def seized(city: City, person: Person) -> bool:
            known = estates(city, person)
            return known is not None and known.homes[0].seized

        heir = somebody_new(seized)
        known = estates(CITY, heir)
        assert known is not None

        with pytest.raises(QuestionRefused, match="seized"):
            inherited(heir, known.homes[0])
