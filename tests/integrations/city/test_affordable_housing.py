"""The housing party on public rental housing: who applied agrees with leases and incomes, and places in the queue with each other."""

from collections import Counter

from integrations.city.affordable_housing import (
    Applied,
    Terms,
    application_of,
    families_ahead,
    housing_application,
)
from integrations.city.drawing import draw
from integrations.city.employment import income_fen, work
from integrations.city.homes import HOUSING_COMPANY, home_of
from integrations.city.people import HEAD
from integrations.city.registers import listed
from tests.makers.city_people import a_town_of_registers

LARGE = draw(370600, 8_000)
APPLIED = [
    applied for household in LARGE.households.values() if (applied := application_of(LARGE, household)) is not None
]
CITY = a_town_of_registers()


class TestApplication:
    def test_is_housed_exactly_where_the_housing_company_lets(self) -> None:
        for household in LARGE.households.values():
            home, applied = home_of(LARGE, household), application_of(LARGE, household)
            company = home is not None and home.lease is not None and home.lease.landlord == HOUSING_COMPANY
            assert company == (applied is not None and applied.state == "housed")

    def test_is_in_every_state(self) -> None:
        assert set(Counter(one.state for one in APPLIED)) == {"reviewing", "waiting", "offered", "housed"}

    def test_is_made_by_tenants_whose_income_is_within_the_limit(self) -> None:
        limit = listed("affordable_housing", Terms).income_limit_fen
        for applied in APPLIED:
            if applied.state == "housed":
                continue
            members = LARGE.members(applied.household.household_no)
            income = sum(income_fen(known) for one in members if (known := work(LARGE, one)) is not None)
            home = home_of(LARGE, applied.household)
            assert home is not None
            assert home.title is None
            assert income <= limit * len(members)

    def test_is_told_to_the_head_of_the_household_only(self) -> None:
        told = [person for person in CITY.population.people.values() if housing_application(CITY, person) is not None]

        assert told
        assert {person.relation_code for person in told} == {HEAD}

    def test_shows_a_home_where_there_is_one_and_a_place_where_one_waits(self) -> None:
        for person in CITY.population.people.values():
            told = housing_application(CITY, person)
            if told is not None:
                assert (told.home is not None) == (told.state in {"offered", "housed"})
                assert (told.families_ahead is not None) == (told.state == "waiting")


class TestQueue:
    def test_has_one_family_at_each_place_of_a_division_who_applied_earlier_first(self) -> None:
        waiting = [one for one in APPLIED if one.state == "waiting"]
        queues: dict[str, list[tuple[int, Applied]]] = {}
        for one in waiting:
            queues.setdefault(one.household.division_code, []).append((families_ahead(LARGE, one), one))

        assert len(waiting) > 10
        for queue in queues.values():
            queue.sort(key=lambda placed: placed[0])
            assert [place for place, _ in queue] == list(range(len(queue)))
            assert [one.on for _, one in queue] == sorted(one.on for _, one in queue)
