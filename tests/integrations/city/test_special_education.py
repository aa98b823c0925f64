"""What the education party tells of disabled children: by their card, at the school where they are on record."""

import pytest

from integrations.city.civil import disability_of
from integrations.city.divisions import BY_CODE
from integrations.city.registers import listed
from integrations.city.schools import grade_of, schooling
from integrations.city.special_education import SpecialSchools, arrangement_of, special_education
from integrations.city.towns import TOWNS
from integrations.departments.special_education import Disability
from tests.makers.city_people import a_town_of_registers

CITY = a_town_of_registers()


class TestSpecialEducation:
    def test_is_of_children_with_a_card_alone(self) -> None:
        found = 0
        for person in CITY.population.people.values():
            card = disability_of(CITY.population, person)
            told = special_education(CITY, person)
            of_age = -2 <= grade_of(person.birth_date) <= 12
            assert (told is not None) == (card is not None and of_age)
            if told is None or card is None:
                continue
            found += 1
            enrolled = schooling(CITY.population, person).enrolment
            assert (told.disability, told.disability_level) == (str(card.class_code), card.level)
            assert (told.school.code if told.school else None) == (enrolled.school_code if enrolled else None)
            assert (told.arrangement == "not_yet") == (enrolled is None) == (told.assessed_on is None)
        assert found

    def test_offers_special_schools_that_take_the_class_and_the_division(self) -> None:
        for person in CITY.population.people.values():
            told = special_education(CITY, person)
            if told is not None:
                assert all(told.disability in school.for_disabilities for school in told.special_schools)


class TestArrangement:
    @pytest.mark.parametrize(
        ("kind", "level", "found"),
        [
            ("4", 1, "at_home"),
            ("1", 1, "supported_school"),
            ("5", 2, "supported_school"),
            ("2", 3, "ordinary_class"),
            ("7", 4, "ordinary_class"),
        ],
    )
    def test_follows_class_and_level(self, kind: Disability, level: int, found: str) -> None:
        assert arrangement_of(kind, level) == found


class TestSchools:
    def test_are_there_for_every_division_and_class(self) -> None:
        schools = listed("special_education", SpecialSchools).schools

        for division in BY_CODE:
            kinds = {kind for one in schools if division in one.divisions for kind in one.for_disabilities}
            assert kinds >= {"2", "4", "5", "6", "7"}

    def test_stand_in_streets_that_there_are(self) -> None:
        names = {f"{BY_CODE[division].name}{town}" for division, towns in TOWNS.items() for _, town in towns}

        assert all(
            any(name in one.address for name in names) for one in listed("special_education", SpecialSchools).schools
        )
