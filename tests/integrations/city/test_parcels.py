"""Parcels: found by number and phone only, told as far as they have come, the same on every day; and delivery to villages."""

from datetime import date, datetime, time, timedelta

import msgspec
import pytest

from integrations.city.elsewhere import PEOPLE as ELSEWHERE
from integrations.city.numbers import body_of, is_checked, person_at, with_check
from integrations.city.outcomes import QuestionRefused
from integrations.city.parcels import FIRST_DAY, PERIOD, SERVICES, AboutParcel, parcel, period_of, tracking_no
from integrations.city.rural_delivery import rural_delivery, village_of
from integrations.city.towns import TOWNS, is_rural
from integrations.departments.parcels import Parcel
from integrations.departments.rural_delivery import RuralDelivery
from tests.makers.city_people import a_town_of_registers
from tests.makers.days import let_it_be

CITY = a_town_of_registers()
POPULATION = CITY.population
PEOPLE = list(POPULATION.people.values())[:800]
MOTHER = PEOPLE[0]
A_PERIOD = period_of(date(2026, 10, 1))
LONG_AFTER = FIRST_DAY + PERIOD * (A_PERIOD + 3)
NUMBERS = {
    number: person for person in PEOPLE if (number := tracking_no(POPULATION, person, A_PERIOD)) and person.phone
}
SERVED = [(person, found) for person in PEOPLE if (found := rural_delivery(CITY, person))]
ORDER = ["accepted", "in_transit", "in_transit", "at_station", "out_for_delivery", "delivered"]


def told(number: str, tail: str) -> Parcel | None:
    return parcel(CITY, AboutParcel(number, tail))


def tail_of(number: str) -> str:
    return (NUMBERS[number].phone or "")[-4:]


class TestNumbers:
    def test_lead_back_to_the_person(self) -> None:
        assert all(person_at(POPULATION, body_of(POPULATION, person)) == person for person in PEOPLE)

    @pytest.mark.parametrize("body", ["000000000", "999999000", "000001999"])
    def test_of_nobody_lead_nowhere(self, body: str) -> None:
        assert person_at(POPULATION, body) is None

    def test_have_the_check_digit_of_the_standard(self) -> None:
        assert with_check("7992739871") == "79927398713"
        assert is_checked("79927398713")
        assert not is_checked("79927398710")
        assert not is_checked("x")

    def test_are_each_ones_own(self) -> None:
        assert len(NUMBERS) > len(PEOPLE) // 3
        assert all(person.phone for person in NUMBERS.values())

    def test_hold_no_identity_number(self) -> None:
        assert not any(person.id_number[6:14] in number for number, person in NUMBERS.items())


class TestParcel:
    def test_goes_its_way_in_order(self, monkeypatch: pytest.MonkeyPatch) -> None:
        let_it_be(monkeypatch, LONG_AFTER)
        for number in NUMBERS:
            found = told(number, tail_of(number))
            assert found is not None
            assert [event.state for event in found.trace[::-1]] == ORDER
            at = [event.at for event in found.trace[::-1]]
            assert at == sorted(at)
            assert timedelta(days=1) < at[-1] - at[0] < timedelta(days=5)
            assert period_of(at[0].date()) == A_PERIOD
            assert all(time(8) <= event.at.timetz().replace(tzinfo=None) for event in found.trace[:2])

    def test_is_known_from_when_it_is_sent_and_then_only_comes_further(self, monkeypatch: pytest.MonkeyPatch) -> None:
        number = next(iter(NUMBERS))
        let_it_be(monkeypatch, LONG_AFTER)
        whole = told(number, tail_of(number))
        assert whole is not None
        before = whole.trace[-1].at - timedelta(seconds=1)
        moments = [before, *(event.at for event in whole.trace[::-1])]

        seen = [self.at(monkeypatch, moment, number) for moment in moments]

        assert seen[0] is None
        assert [one.state for one in seen if one] == ORDER
        assert [len(one.trace) for one in seen if one] == [1, 2, 3, 4, 5, 6]
        assert seen[-1] == whole

    def at(self, monkeypatch: pytest.MonkeyPatch, moment: datetime, number: str) -> Parcel | None:
        let_it_be(monkeypatch, moment.date(), moment.time())
        return told(number, tail_of(number))

    def test_is_not_known_by_another_phone_or_a_wrong_number(self, monkeypatch: pytest.MonkeyPatch) -> None:
        let_it_be(monkeypatch, LONG_AFTER)
        number = next(iter(NUMBERS))
        tail = tail_of(number)
        other = f"{(int(tail) + 1) % 10_000:04d}"
        wrong_check = number[:-1] + str((int(number[-1]) + 1) % 10)

        assert told(number, tail) is not None
        assert told(number, other) is None
        assert told(wrong_check, tail) is None
        assert told("SF" + number[2:], tail) is None
        assert told("FH12345678", tail) is None

    def test_that_nobody_was_sent_is_not_known(self, monkeypatch: pytest.MonkeyPatch) -> None:
        let_it_be(monkeypatch, LONG_AFTER)
        person = next(one for one in PEOPLE if one.phone and not tracking_no(POPULATION, one, A_PERIOD))
        made_up = "FH" + with_check(f"{A_PERIOD:04d}{body_of(POPULATION, person)}")

        assert told(made_up, (person.phone or "")[-4:]) is None

    def test_tells_nothing_of_the_receiver_but_the_office(self, monkeypatch: pytest.MonkeyPatch) -> None:
        let_it_be(monkeypatch, LONG_AFTER)
        for number, person in NUMBERS.items():
            shown = msgspec.json.encode(told(number, tail_of(number))).decode()
            assert (person.phone or "") not in shown
            assert person.id_number not in shown
            assert POPULATION.households[person.household_no].address not in shown

    def test_goes_to_nobody_of_elsewhere(self) -> None:
        assert all(tracking_no(POPULATION, person, A_PERIOD) is None for person in ELSEWHERE.values())

    @pytest.mark.parametrize(
        "asked", [{"tracking_no": "FH02190000010006"}, {"tracking_no": "x", "phone_tail": "0002"}, {"phone_tail": "2"}]
    )
    def test_refuses_what_is_no_question(self, asked: dict[str, str]) -> None:
        with pytest.raises(QuestionRefused, match="body_malformed"):
            SERVICES["parcel"](CITY, msgspec.Raw(msgspec.json.encode(asked)))


class TestRuralDelivery:
    def test_names_the_villages_own_station_or_the_towns(self) -> None:
        villagers = [(person, found) for person, found in SERVED if found.village]

        assert {found.covered for _, found in villagers} == {True, False}
        for person, found in villagers:
            home = POPULATION.households[person.household_no]
            town = dict(TOWNS[home.division_code])[home.town_code]
            assert f"{town}{found.village}" in home.address
            assert found.station.name.startswith(f"{town}{found.village}" if found.covered else f"{town}寄递")

    def test_is_one_station_for_a_whole_village(self) -> None:
        stations: dict[str, RuralDelivery] = {}
        for person, found in SERVED:
            home = POPULATION.households[person.household_no]
            key = f"{home.division_code}{home.town_code}{found.village}"
            assert stations.setdefault(key, found) == found

    def test_in_a_street_names_the_nearest_where_the_district_has_towns(self) -> None:
        for person in PEOPLE:
            home = POPULATION.household_of(person)
            if home is not None and not is_rural(home.town_code):
                found = rural_delivery(CITY, person)
                has_towns = any(is_rural(code) for code, _ in TOWNS[home.division_code])
                assert village_of(home) is None
                assert (found is not None) == has_towns
                assert found is None or (found.village, found.covered) == (None, False)

    def test_costs_more_the_farther_it_goes(self) -> None:
        freight = SERVED[0][1].freight

        assert [one.zone for one in freight] == ["city", "province", "country", "far"]
        assert [one.first_kg_fen for one in freight] == sorted(one.first_kg_fen for one in freight)
        assert all(one.least_days <= one.most_days for one in freight)
