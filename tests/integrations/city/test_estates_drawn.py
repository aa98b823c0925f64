"""Homes of the dead: they stay in their names, as drawn and when somebody dies later, and nothing else of a home changes by a death."""

from datetime import date

import msgspec

from integrations.city.drawing import draw
from integrations.city.homes import Title, home_of, own_title, titles_of
from integrations.city.people import HEAD, Person
from integrations.city.population import REFERENCE, Population

DAY = date(2026, 11, 20)


def a_city() -> Population:
    return draw(370600, 1_500)


def drawn_estates(city: Population) -> list[Title]:
    titles = [own_title(city, household) for household in city.households.values()]
    return [title for title in titles if title is not None and any(owner.died_on for owner in title.owners)]


def an_owning_couple(city: Population) -> tuple[Person, Person, Title]:
    for household in list(city.households.values())[5:]:
        title = own_title(city, household)
        if title and title.mortgage and len(title.owners) == 2:
            one, other = (city.people[owner.id_number] for owner in title.owners)
            if one.alive and other.alive:
                return one, other, title
    raise LookupError


class TestDrawn:
    def test_of_some_widowed_owners_the_dead_spouse_is_an_owner_still(self) -> None:
        city = a_city()
        found = drawn_estates(city)

        assert found
        for title in found:
            left, dead = (city.people[owner.id_number] for owner in title.owners)
            assert left.alive
            assert left.relation_code == HEAD
            assert left.spouse == dead.id_number
            assert title.owners[1].died_on == dead.died_on
            assert dead.died_on is not None
            assert title.registered_on < dead.died_on <= REFERENCE
            assert title in titles_of(city, dead)
            assert title in titles_of(city, left)

    def test_are_the_same_in_each_drawing_and_in_a_larger_city(self) -> None:
        assert drawn_estates(a_city()) == drawn_estates(a_city())
        assert drawn_estates(draw(370600, 1_800))[: len(drawn_estates(a_city()))] == drawn_estates(a_city())


class TestLater:
    def test_the_home_of_who_dies_stays_theirs_with_its_mortgage(self) -> None:
        city = a_city()
        one, other, before = an_owning_couple(city)

        city.bury(one, DAY)

        household = city.households[one.household_no]
        after = own_title(city, household)
        assert after is not None
        assert [(owner.id_number, owner.share, owner.died_on) for owner in after.owners] == [
            (one.id_number, "joint", DAY),
            (other.id_number, "joint", None),
        ]
        assert msgspec.structs.replace(after, owners=before.owners) == before
        assert after in titles_of(city, city.people[one.id_number])
        assert [person.id_number for person in city.members(one.household_no)].count(one.id_number) == 0

    def test_also_where_nobody_is_left(self) -> None:
        city = a_city()
        household = next(
            one for one in city.households.values() if own_title(city, one) and len(city.members(one.household_no)) == 1
        )
        (person,) = city.members(household.household_no)
        before = home_of(city, household)

        city.bury(person, DAY)

        after = home_of(city, household)
        assert before is not None
        assert after is not None
        assert after.title is not None
        assert before.title is not None
        assert after.title.title_no == before.title.title_no
        assert {owner.died_on for owner in after.title.owners} >= {DAY}

    def test_a_tenant_keeps_the_lease_of_a_landlord_who_dies(self) -> None:
        city = a_city()
        household, landlord = next(
            (one, city.people[home.lease.landlord_id_number])
            for one in city.households.values()
            if (home := home_of(city, one)) and home.lease and home.lease.landlord_id_number
        )
        before = home_of(city, household)

        city.bury(landlord, DAY)

        assert home_of(city, household) == before
