"""What the education party tells of schools: the ones to which the city's pupils go."""

from datetime import date

import pytest

from integrations.city.divisions import BY_CODE
from integrations.city.school_directory import SERVICES
from integrations.city.school_year import plan
from integrations.city.schools import entry_year, schooling
from integrations.city.towns import TOWNS
from tests.makers.city_people import a_town_of_registers
from tests.makers.city_questions import refuses, told


def in_street(**asked: str) -> list[tuple[str, str]]:
    return [(one.division_code, one.town) for one in told("jyj", "school_districts", **asked).items]


class TestSchoolCards:
    def test_name_every_school_that_somebody_goes_to(self) -> None:
        population = a_town_of_registers().population
        cards = {card.code: card for card in told("jyj", "schools").items}
        enrolled = [schooling(population, person).enrolment for person in population.people.values()]

        assert all(cards[one.school_code].name == one.school for one in enrolled if one is not None)

    def test_have_codes_and_telephones_of_their_own(self) -> None:
        cards = told("jyj", "schools").items

        assert len({card.code for card in cards}) == len({card.phone for card in cards}) == len(cards)
        assert len({(card.name, card.address) for card in cards}) == len(cards)
        assert {card.stage for card in cards} >= {"kindergarten", "primary", "junior", "senior", "vocational"}


class TestKindergartens:
    def test_charge_by_kind_and_class_and_are_free_in_the_last_year_where_public(self) -> None:
        for one in told("jyj", "kindergartens").items:
            kind = "public" if one.ownership == "public" else "supported" if one.supported else "private"
            assert one.monthly_fee_fen == plan().fee(kind, one.rating).monthly_fen
            assert one.last_year_free == (one.ownership == "public")
            assert 0 <= one.vacant_now < one.places

    def test_are_those_of_a_division_where_one_is_named(self) -> None:
        found = told("jyj", "kindergartens", division_code="370602").items

        assert {one.division_code for one in found} == {"370602"}
        assert len([one for one in found if one.ownership == "public"]) == len(TOWNS["370602"])

    def test_are_the_same_when_asked_again(self) -> None:
        assert told("jyj", "kindergartens") == told("jyj", "kindergartens")


class TestPrimarySchools:
    def test_take_children_who_are_six_by_the_31st_of_august(self) -> None:
        school = told("jyj", "primary_schools").items[0]

        assert (school.born_from, school.born_until) == (date(2020, 9, 1), date(2021, 8, 31))
        assert {entry_year(day) for day in (school.born_from, school.born_until)} == {plan().year}
        assert entry_year(date(2020, 8, 31)) == plan().year - 1
        assert entry_year(date(2021, 9, 1)) == plan().year + 1

    def test_register_before_they_tell_the_result(self) -> None:
        for school in told("jyj", "primary_schools").items:
            assert school.register_from < school.register_until < school.result_on < school.entry_on
            assert school.places > 0


class TestDistricts:
    def test_name_the_schools_of_everybody_who_lives_there(self) -> None:
        population = a_town_of_registers().population
        districts = {(one.division_code, one.town_code): one for one in told("jyj", "school_districts").items}

        for person in population.people.values():
            enrolled = schooling(population, person).enrolment
            if enrolled is None or enrolled.stage not in {"primary", "junior"}:
                continue
            home = population.households[person.household_no]
            district = districts[home.division_code, home.town_code]
            assert enrolled.school_code == getattr(district, f"{enrolled.stage}_code")
            assert in_street(address=home.address) == [(home.division_code, district.town)]

    @pytest.mark.parametrize(
        ("address", "found"),
        [
            ("山东省烟台市芝罘区向阳街道福海路40号28号楼2单元704室", [("370602", "向阳街道")]),
            ("开发区福莱山街道望潮路1号", [("370676", "福莱山街道")]),
            ("福莱山街道望潮路1号", [("370676", "福莱山街道")]),
            ("莱山区莱山街道望潮路1号", [("370613", "莱山街道")]),
            ("龙口市石良镇", [("370681", "石良镇")]),
            ("济南市历下区解放路1号", []),
        ],
    )
    def test_are_found_by_an_address(self, address: str, found: list[tuple[str, str]]) -> None:
        assert in_street(address=address) == found

    def test_are_all_of_the_division_where_the_address_names_no_street(self) -> None:
        assert len(in_street(address="烟台市莱山区")) == len(TOWNS["370613"])
        assert BY_CODE["370613"].name == "莱山区"

    def test_are_found_by_division_and_street(self) -> None:
        assert in_street(division_code="370602", town_code="001") == [("370602", "向阳街道")]
        assert in_street(division_code="370602", town_code="999") == []
        assert len(in_street()) == sum(len(towns) for towns in TOWNS.values())


class TestQuestions:
    @pytest.mark.parametrize("service", ["kindergartens", "primary_schools", "school_districts"])
    def test_about_places_outside_of_yantai_are_refused(self, service: str) -> None:
        refuses("jyj", service, division_code="370102")

    @pytest.mark.parametrize("service", sorted(SERVICES))
    def test_with_parts_that_nobody_knows_are_refused(self, service: str) -> None:
        refuses("jyj", service, colour="red")

    def test_about_a_street_whose_code_has_no_three_digits_are_refused(self) -> None:
        refuses("jyj", "school_districts", town_code="1")
