"""What the heat supplier does and refuses when heating is stopped or resumed, and what every member of the household sees."""

from datetime import date, timedelta

import msgspec
import pytest

from integrations.city.heating_stops import CHANGE, SERVICES, ToChange, is_separable, season_start
from integrations.city.household_bills import household_bills
from integrations.city.outcomes import QuestionRefused
from integrations.city.people import Person
from integrations.city.utilities import heat_supply
from integrations.city.world import City
from tests.makers.city_people import a_town_of_registers, somebody_new
from tests.makers.days import let_it_be

CITY = a_town_of_registers()
IN_TIME = date(2026, 10, 1)


def is_heated(city: City, person: Person) -> bool:
    told = heat_supply(city, person)
    members = city.population.members(person.household_no)
    return told is not None and told.separable and members[0] == person and len(members) > 1


@pytest.fixture
def person(monkeypatch: pytest.MonkeyPatch) -> Person:
    let_it_be(monkeypatch, IN_TIME)
    return somebody_new(is_heated)


def account_of(person: Person) -> str:
    told = heat_supply(CITY, person)
    assert told is not None
    return told.account_no


def order(person: Person, what: str, season: int = 2026, *, case: str, account_no: str | None = None) -> object:
    asked = ToChange(
        f"{person.id_number}-{case}",
        person.id_number,
        account_no or account_of(person),
        season,
        what,  # type: ignore[arg-type]
    )
    return SERVICES[CHANGE](CITY, msgspec.Raw(msgspec.json.encode(asked))).body


class TestStop:
    def test_costs_the_season_nothing_for_the_whole_household(self, person: Person) -> None:
        order(person, "stop", case="1")

        for member in CITY.population.members(person.household_no):
            told, bills = heat_supply(CITY, member), household_bills(CITY, member)
            assert told is not None
            assert bills is not None
            assert (told.stopped_seasons, told.amount_fen, told.owed_fen, told.standing) == ((2026,), 0, 0, "paid")
            assert next(one.amount_fen for one in bills.bills if one.kind == "heating") == 0

    def test_is_taken_back_by_another_member(self, person: Person) -> None:
        before = heat_supply(CITY, person)
        other = CITY.population.members(person.household_no)[1]

        order(person, "stop", case="1")
        order(other, "resume", case="2")

        assert heat_supply(CITY, person) == before

    def test_of_one_season_leaves_another_alone(self, person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
        order(person, "stop", 2026, case="1")
        order(person, "stop", 2027, case="2")
        told = heat_supply(CITY, person)
        assert told is not None
        assert told.stopped_seasons == (2026, 2027)

        let_it_be(monkeypatch, date(2027, 4, 1))
        later = heat_supply(CITY, person)
        assert later is not None
        assert later.stopped_seasons == (2027,)

    def test_is_done_once_for_a_case(self, person: Person) -> None:
        assert order(person, "stop", case="1") == order(person, "stop", case="1")


class TestRefusal:
    def test_of_a_second_stop_and_of_resuming_what_runs(self, person: Person) -> None:
        with pytest.raises(QuestionRefused, match="not_stopped"):
            order(person, "resume", case="1")
        order(person, "stop", case="2")
        with pytest.raises(QuestionRefused, match="stopped_already"):
            order(person, "stop", case="3")

    def test_of_a_season_that_has_begun_and_not_of_the_day_before(
        self, person: Person, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        other = somebody_new(lambda city, one: is_heated(city, one) and _is_paid(city, one))
        let_it_be(monkeypatch, season_start(2026) - timedelta(days=1))
        order(other, "stop", case="1")

        let_it_be(monkeypatch, season_start(2026))
        with pytest.raises(QuestionRefused, match="season_begun"):
            order(person, "stop", case="1")

    def test_of_another_account(self, person: Person) -> None:
        with pytest.raises(QuestionRefused, match="account_differs"):
            order(person, "stop", case="1", account_no="GN370600000000")

    def test_of_a_home_without_heating_or_a_valve(self) -> None:
        village = somebody_new(lambda city, one: heat_supply(city, one) is None)
        no_valve = somebody_new(lambda city, one: (told := heat_supply(city, one)) is not None and not told.separable)

        with pytest.raises(QuestionRefused, match="no_heating"):
            order(village, "stop", 2099, case="1", account_no="GN1")
        with pytest.raises(QuestionRefused, match="not_separable"):
            order(no_valve, "stop", 2099, case="1")

    def test_of_arrears(self, monkeypatch: pytest.MonkeyPatch) -> None:
        owing = somebody_new(lambda city, one: is_heated(city, one) and not _is_paid(city, one))
        let_it_be(monkeypatch, date(2026, 11, 15))
        order(owing, "stop", 2027, case="1")

        let_it_be(monkeypatch, date(2026, 11, 16))
        with pytest.raises(QuestionRefused, match="arrears"):
            order(owing, "resume", 2027, case="2")


class TestValve:
    def test_most_homes_have_one_and_some_do_not(self) -> None:
        homes = list(CITY.population.households.values())[:2_000]
        found = [is_separable(CITY.population, one) for one in homes]

        assert 0.9 < sum(found) / len(found) < 1


def _is_paid(city: City, person: Person) -> bool:
    told = heat_supply(city, person)
    return told is not None and told.standing == "paid"
