"""The property party: what it tells of titles agrees with the register of homes."""

import msgspec
import pytest

from integrations.city.homes import titles_of
from integrations.city.outcomes import NOT_FOUND, QuestionRefused
from integrations.city.population import REFERENCE
from integrations.city.property_titles import SERVICES, changeables, seizure, serial_of, titles
from tests.makers.city_people import a_town_of_registers

CITY = a_town_of_registers()
PEOPLE = list(CITY.population.people.values())
OWNED = [(person, titles_of(CITY.population, person)) for person in PEOPLE]
OWNERS = [(person, owned) for person, owned in OWNED if owned]


class TestTitles:
    def test_are_those_of_the_register(self) -> None:
        for person, owned in OWNERS:
            told = titles(CITY, person)
            assert told is not None
            assert [one.title_no for one in told.titles] == [title.title_no for title in owned]
            assert all(person.name in one.owners for one in told.titles)
            assert all(
                (one.mortgage is None) == (title.mortgage is None)
                for one, title in zip(told.titles, owned, strict=True)
            )

    def test_have_a_unit_of_twenty_eight_characters_that_is_theirs_alone(self) -> None:
        units = {
            one.title_no: one.unit_no for person, _ in OWNERS if (told := titles(CITY, person)) for one in told.titles
        }

        assert len(set(units.values())) == len(units)
        assert {len(unit) for unit in units.values()} == {28}

    def test_are_owned_jointly_by_two_or_alone(self) -> None:
        for person, _ in OWNERS:
            told = titles(CITY, person)
            assert told is not None
            assert all((one.share == "joint") == (len(one.owners) == 2) for one in told.titles)

    def test_say_which_owner_died_and_when(self) -> None:
        told = [one for person, _ in OWNERS if (found := titles(CITY, person)) for one in found.titles]
        dead = {(one.title_no, each.name, each.died_on) for one in told for each in one.dead_owners}

        assert dead == {
            (title.title_no, owner.name, owner.died_on)
            for _, owned in OWNERS
            for title in owned
            for owner in title.owners
            if owner.died_on
        }
        assert dead

    def test_are_not_found_for_who_owns_none(self) -> None:
        nobody = next(person for person, owned in OWNED if not owned)
        asked = msgspec.Raw(msgspec.json.encode({"id_number": nobody.id_number}))

        assert [serve(CITY, asked) for serve in SERVICES.values()] == [NOT_FOUND, NOT_FOUND]

    def test_are_told_of_one_person_only(self) -> None:
        with pytest.raises(QuestionRefused, match="body_malformed"):
            SERVICES["property_titles"](CITY, msgspec.Raw(b'{"title_no": "1"}'))


class TestChangeables:
    def test_name_what_stands_in_the_way_and_nothing_else(self) -> None:
        for person, owned in OWNERS:
            told = changeables(CITY, person)
            assert told is not None
            for one, title in zip(told.titles, owned, strict=True):
                died = next((owner.died_on for owner in title.owners if owner.died_on), None)
                stands = {
                    "seizure": one.seized_on,
                    "mortgage": one.mortgage,
                    "co_owner": one.co_owners or None,
                    "owner_died": died,
                }
                assert list(one.obstacles) == [what for what, there in stands.items() if there is not None]
                assert person.name not in one.co_owners or len(one.co_owners) == 1

    def test_are_the_same_for_both_owners(self) -> None:
        told = {person.id_number: changeables(CITY, person) for person, _ in OWNERS}
        seen: dict[str, set[object]] = {}
        for one in (title for answer in told.values() if answer is not None for title in answer.titles):
            seen.setdefault(one.title_no, set()).add((one.seized_on, one.mortgage))

        assert all(len(says) == 1 for says in seen.values())


class TestSeizure:
    def test_lies_between_registration_and_the_reference_day_and_ends_after_three_years(self) -> None:
        found = {title.title_no: (title, seizure(CITY.population, title)) for _, owned in OWNERS for title in owned}
        seized = [(title, one) for title, one in found.values() if one is not None]

        assert 0 < len(seized) < len(found) // 20
        assert all(title.registered_on <= one.on <= REFERENCE for title, one in seized)
        assert all((REFERENCE - one.on).days < 3 * 365 for _, one in seized)

    def test_is_the_same_each_time(self) -> None:
        assert all(
            seizure(CITY.population, title) == seizure(CITY.population, title) for _, owned in OWNERS for title in owned
        )


def test_the_serial_of_a_title_is_that_of_who_lives_there() -> None:
    person, owned = OWNERS[0]
    household = CITY.population.household_of(person)

    assert household is not None
    assert serial_of(owned[0]) == household.serial
