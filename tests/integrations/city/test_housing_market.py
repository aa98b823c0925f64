"""The housing party on the market: permits, tables of homes, and listings that agree with the property register."""

import msgspec
import pytest

from integrations.city.homes import own_title
from integrations.city.housing_market import (
    SERVICES,
    Buildings,
    ProjectsQuestion,
    listing,
    listings,
    project,
    projects,
    public_place,
    rentals,
)
from integrations.city.outcomes import QuestionRefused
from integrations.city.property_titles import seizure
from integrations.city.registers import listed
from integrations.city.towns import is_rural
from tests.makers.city_people import a_town_of_registers

CITY = a_town_of_registers()
SEED = CITY.population.seed
DRAWN = listed("housing_projects", Buildings).items
HOUSEHOLDS = list(CITY.population.households.values())


class TestProjects:
    def test_are_told_without_their_tables_until_one_is_asked_for(self) -> None:
        told = projects(CITY, ProjectsQuestion())
        code = DRAWN[0].project_code
        one = projects(CITY, ProjectsQuestion(code))

        assert told is not None
        assert one is not None
        assert {project.homes for project in told.items} == {()}
        assert [project.project_code for project in one.items] == [code]
        assert len(one.items[0].homes) == len(DRAWN[0].buildings) * DRAWN[0].floors * DRAWN[0].homes_a_floor

    def test_that_nobody_knows_are_not_found(self) -> None:
        assert projects(CITY, ProjectsQuestion("000")) is None

    def test_sell_nothing_in_buildings_without_a_permit(self) -> None:
        for drawn in DRAWN:
            for home in project(SEED, drawn).homes:
                assert (home.state == "not_released") == (home.building not in drawn.permitted_buildings)

    def test_have_no_permit_number_date_or_account_without_a_permitted_building(self) -> None:
        for told in (project(SEED, drawn) for drawn in DRAWN):
            permitted = bool(told.permitted_buildings)
            assert permitted == (told.presale_permit_no is not None) == (told.permitted_on is not None)
            assert permitted == (told.supervised_account is not None)
            assert permitted or told.homes_for_sale == told.homes_sold == 0

    def test_count_what_their_table_says_and_price_by_area(self) -> None:
        for told in (project(SEED, drawn) for drawn in DRAWN):
            assert told.homes_sold == sum(home.state == "sold" for home in told.homes)
            assert len({(home.building, home.number) for home in told.homes}) == len(told.homes)
            assert all(home.total_fen == home.price_fen_m2 * home.area_dm2 // 100 for home in told.homes)

    def test_are_the_same_each_time(self) -> None:
        assert project(SEED, DRAWN[0]) == project(SEED, DRAWN[0])

    def test_refuse_another_question(self) -> None:
        with pytest.raises(QuestionRefused, match="body_malformed"):
            SERVICES["housing_projects"](CITY, msgspec.Raw(b'{"project": "1"}'))


class TestListings:
    def test_are_homes_of_the_register_with_its_mortgage_and_seizure(self) -> None:
        agreed = 0
        for place, household in enumerate(HOUSEHOLDS[10:]):
            told, title = listing(CITY.population, household, place), own_title(CITY.population, household)
            if told is None or title is None:
                continue
            assert told.area_dm2 == title.area_dm2
            if told.owner_agreed:
                agreed += 1
                assert told.mortgaged == (title.mortgage is not None)
                assert told.seized == (seizure(CITY.population, title) is not None)
            else:
                assert told.mortgaged is told.seized is None
        assert agreed

    def test_say_nothing_of_the_owner_nor_of_the_door(self) -> None:
        told = msgspec.json.encode(listings(CITY)).decode()

        assert not any(person.id_number in told for person in CITY.population.people.values())
        assert "单元" not in told
        assert "号楼" not in told

    def test_are_never_of_villagers_tenants_or_the_demos_families(self) -> None:
        tenants = [one for one in HOUSEHOLDS if own_title(CITY.population, one) is None]
        villagers = [one for one in HOUSEHOLDS if is_rural(one.town_code)]
        demo = [CITY.population.household_of(one) for one in CITY.population.people.values() if one.demo]

        assert tenants
        assert villagers
        assert all(listing(CITY.population, one, 0) is None for one in (*tenants, *villagers, *demo) if one is not None)

    def test_have_a_code_each_and_are_many(self) -> None:
        codes = [one.verification_code for one in listings(CITY).items]

        assert len(set(codes)) == len(codes) >= 20

    def test_end_at_the_number_in_the_road(self) -> None:
        title = next(one for one in (own_title(CITY.population, household) for household in HOUSEHOLDS) if one)

        assert public_place(title).endswith("号")
        assert title.address.startswith(public_place(title))


class TestRentals:
    def test_cost_a_months_rent_as_deposit_and_are_spread_over_the_city(self) -> None:
        told = rentals(CITY).items

        assert all(one.rent_fen == one.deposit_fen > 0 for one in told)
        assert len({one.division_code for one in told}) == 13
        assert all(one.rooms == 1 for one in told if one.let_as == "shared")

    def test_are_the_same_each_time(self) -> None:
        assert rentals(CITY) == rentals(CITY)
