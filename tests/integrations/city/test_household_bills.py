"""Bills of households: what is told agrees with meters, tariffs and days, and the page of all bills with each company's."""

import itertools
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta

import msgspec
import pytest

from integrations.city import household_bills, telecommunications, utilities
from integrations.city.bills import account_no, accounts_of
from integrations.city.elsewhere import PEOPLE as ELSEWHERE
from integrations.city.people import Person
from integrations.city.subscriptions import cable_of, lines_of
from integrations.city.tariffs import ELECTRICITY, ELECTRICITY_OF_MANY, WATER, rounded_fen, tariff_of
from integrations.city.towns import is_rural
from integrations.city.utilities import heat_supply, metered_supply, standing, tier_at, water_supply
from integrations.departments.household_bills import HouseholdBills
from integrations.departments.utilities import MeteredSupply, WaterSupply
from tests.makers.city_people import a_town_of_registers
from tests.makers.days import let_it_be

CITY = a_town_of_registers()
PEOPLE = [person for person in CITY.population.people.values() if person.alive][:600]
MOTHER = PEOPLE[0]
A_DAY = date(2026, 11, 29)
electricity, gas = metered_supply("electricity"), metered_supply("gas")
SERVICES = (
    utilities.WATER_SERVICES
    | utilities.POWER_SERVICES
    | utilities.GAS_SERVICES
    | utilities.HEAT_SERVICES
    | telecommunications.CABLE_SERVICES
    | telecommunications.PHONE_SERVICES
    | household_bills.SERVICES
)


@pytest.fixture(autouse=True)
def _a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    let_it_be(monkeypatch, A_DAY)


def town_of(person: Person) -> str:
    return CITY.population.households[person.household_no].town_code


def kind_of(person: Person) -> str:
    return CITY.population.households[person.household_no].kind


def metered(person: Person) -> Iterator[WaterSupply | MeteredSupply]:
    for tell in (water_supply, electricity, gas):
        told = tell(CITY, person)
        if told is not None:
            yield told


class TestSupply:
    def test_bills_follow_each_other_on_the_meter_and_add_up(self) -> None:
        for person in PEOPLE:
            for told in metered(person):
                oldest_first = told.bills[::-1]
                assert all(bill.last_reading - bill.first_reading == bill.used for bill in oldest_first)
                assert all(
                    one.last_reading == other.first_reading and one.period_end + timedelta(1) == other.period_start
                    for one, other in itertools.pairwise(oldest_first)
                )
                assert told.used_this_year == sum(bill.used for bill in told.bills)
                assert told.owed_fen == sum(bill.amount_fen for bill in told.bills if bill.standing != "paid")

    def test_costs_in_all_what_the_tariff_says_of_the_year(self) -> None:
        for person in PEOPLE:
            told = electricity(CITY, person)
            if told is not None:
                tariff = ELECTRICITY_OF_MANY if told.people >= 5 else ELECTRICITY
                assert sum(bill.amount_fen for bill in told.bills) == rounded_fen(tariff.charge(told.used_this_year))
                assert [(tier.up_to, tier.price_hundredths) for tier in told.tiers] == list(tariff.tiers)

    def test_lists_water_and_sewage_apart(self) -> None:
        for person in PEOPLE:
            told = water_supply(CITY, person)
            if told is not None:
                assert all(bill.water_fen + bill.sewage_fen == bill.amount_fen for bill in told.bills)
                sewage = sum(bill.sewage_fen for bill in told.bills)
                assert sewage == rounded_fen(told.sewage_hundredths * told.used_this_year)

    @pytest.mark.parametrize(("used", "tier"), [(0, 1), (180, 1), (181, 2), (300, 2), (301, 3), (9_999, 3)])
    def test_a_bound_belongs_to_the_lower_tier(self, used: int, tier: int) -> None:
        assert tier_at(WATER, used) == tier

    def test_says_what_is_left_of_the_tier(self) -> None:
        for person in PEOPLE:
            told = electricity(CITY, person)
            if told is not None:
                bound = tariff_of("electricity", told.people).tiers[told.tier - 1][0]
                assert told.left_in_tier == (None if bound is None else bound - told.used_this_year)
                assert told.tier == told.bills[0].tier

    def test_every_member_of_a_household_sees_the_same_account(self) -> None:
        told = [water_supply(CITY, person) for person in CITY.population.members(MOTHER.household_no)]

        assert len(told) == 2
        assert told[0] == told[1] is not None

    def test_villages_have_neither_gas_nor_heating_and_collective_households_nothing(self) -> None:
        families = [person for person in PEOPLE if kind_of(person) == "family"]
        assert all((gas(CITY, one) is None) == is_rural(town_of(one)) for one in families)
        assert all((heat_supply(CITY, one) is None) == is_rural(town_of(one)) for one in families)
        assert all(water_supply(CITY, one) is None for one in PEOPLE if kind_of(one) == "collective")

    def test_who_lives_elsewhere_is_not_known(self) -> None:
        assert all(water_supply(CITY, person) is None for person in ELSEWHERE.values())
        assert all(heat_supply(CITY, person) is None for person in ELSEWHERE.values())


class TestHeating:
    def test_is_due_before_the_season_and_stopped_thirty_days_before(self) -> None:
        told = heat_supply(CITY, MOTHER)

        assert told is not None
        assert (told.season_start, told.due_on, told.stop_by) == (
            date(2026, 11, 16),
            date(2026, 11, 15),
            date(2026, 10, 17),
        )
        assert told.least_celsius == 18
        assert told.amount_fen == told.area_dm2 * told.fen_per_m2 // 100

    def test_agrees_with_the_account(self) -> None:
        household = CITY.population.households[MOTHER.household_no]
        told = heat_supply(CITY, MOTHER)

        assert told is not None
        assert told.account_no == account_no(household, "heating")


class TestStanding:
    def test_the_last_day_is_in_time(self) -> None:
        assert standing(A_DAY, paid=False) == "due"
        assert standing(A_DAY - timedelta(1), paid=False) == "overdue"
        assert standing(A_DAY - timedelta(400), paid=True) == "paid"

    def test_an_open_bill_becomes_overdue_with_the_days(self, monkeypatch: pytest.MonkeyPatch) -> None:
        owing = next(one for one in PEOPLE if (told := water_supply(CITY, one)) is not None and told.owed_fen)

        def at(day: date) -> str:
            let_it_be(monkeypatch, day)
            told = water_supply(CITY, owing)
            return told.bills[0].standing if told else ""

        assert (at(date(2026, 11, 30)), at(date(2026, 12, 1))) == ("due", "overdue")


class TestCable:
    def test_ends_on_its_day_and_asks_for_the_next_year_a_month_before(self, monkeypatch: pytest.MonkeyPatch) -> None:
        somebody = next(one for one in PEOPLE if telecommunications.cable_television(CITY, one))
        ends_on = telecommunications.cable_television(CITY, somebody).ends_on  # type: ignore[union-attr]

        def at(days: int) -> tuple[str, bool]:
            let_it_be(monkeypatch, ends_on + timedelta(days))
            told = telecommunications.cable_television(CITY, somebody)
            assert told is not None
            assert told.owed_fen in {0, 12 * told.month_fen}
            return told.reception, told.owed_fen > 0

        assert [at(-30), at(-29), at(0), at(1)] == [("on", False), ("on", True), ("on", True), ("ended", True)]

    def test_many_families_have_it_and_no_collective_household(self) -> None:
        households = [household for household in CITY.population.households.values() if household.kind == "family"]
        have = sum(cable_of(CITY.population, household) is not None for household in households)
        others = [household for household in CITY.population.households.values() if household.kind == "collective"]

        assert len(households) // 3 < have < len(households) * 2 // 3
        assert all(cable_of(CITY.population, household) is None for household in others)


class TestLines:
    def test_are_ones_own_and_show_little_of_a_mobile_number(self) -> None:
        told = telecommunications.phone_lines(CITY, MOTHER)

        assert told is not None
        assert [line.number for line in told.lines if line.kind == "mobile"] == ["199****0002"]

    def test_who_owes_has_no_balance(self) -> None:
        lines = [line for one in PEOPLE if (told := telecommunications.phone_lines(CITY, one)) for line in told.lines]

        assert any(line.owed_fen for line in lines)
        assert all(line.balance_fen == 0 or line.owed_fen == 0 for line in lines)
        assert all(bill.amount_fen == line.month_fen + bill.beyond_package_fen for line in lines for bill in line.bills)

    def test_a_home_has_one_broadband_line_at_the_most(self) -> None:
        homes = Counter(
            person.household_no
            for person in CITY.population.people.values()
            for line in lines_of(CITY.population, person)
            if line.kind == "broadband"
        )

        assert homes
        assert max(homes.values()) == 1

    def test_a_child_without_a_phone_has_none(self) -> None:
        child = next(one for one in PEOPLE if one.phone is None)

        assert telecommunications.phone_lines(CITY, child) is None


class TestAllBills:
    def told(self) -> Iterator[tuple[Person, HouseholdBills]]:
        for person in PEOPLE:
            told = household_bills.household_bills(CITY, person)
            if told is not None:
                yield person, told

    def test_open_ones_come_first_and_add_up(self) -> None:
        for _, told in self.told():
            is_open = [bill.standing != "paid" for bill in told.bills]
            unpaid = told.bills[: told.open_bills]
            assert is_open == sorted(is_open, reverse=True)
            assert sum(is_open) == told.open_bills
            assert told.owed_fen == sum(bill.amount_fen for bill in unpaid)
            assert told.due_next == min((bill.due_on for bill in unpaid), default=None)

    def test_owe_what_the_companies_say(self) -> None:
        for person, told in self.told():
            supplies = [tell(CITY, person) for tell in (water_supply, electricity, gas, heat_supply)]
            cable = telecommunications.cable_television(CITY, person)
            lines = telecommunications.phone_lines(CITY, person)
            owed = [*supplies, cable, *(lines.lines if lines else ())]
            assert told.owed_fen == sum(one.owed_fen for one in owed if one is not None)

    def test_are_all_the_accounts_of_the_household(self) -> None:
        for person, told in self.told():
            household = CITY.population.households[person.household_no]
            numbers = {account.account_no for account in accounts_of(CITY.population, household)}
            assert numbers <= {bill.account_no for bill in told.bills}

    def test_never_show_a_relatives_phone(self) -> None:
        for person, told in self.told():
            mobiles = {bill.account_no for bill in told.bills if bill.kind == "mobile"}
            own = f"{person.phone[:3]}****{person.phone[-4:]}" if person.phone else None
            assert mobiles <= {own}


class TestServices:
    @pytest.mark.parametrize("name", sorted({*SERVICES} - {"settle_bill"}))
    def test_refuse_other_questions_and_dont_know_people_of_elsewhere(self, name: str) -> None:
        serve, stranger = SERVICES[name], next(iter(ELSEWHERE))

        with pytest.raises(Exception, match="body_malformed"):
            serve(CITY, msgspec.Raw(msgspec.json.encode({"id_number": MOTHER.id_number, "account_no": "SW1"})))
        assert serve(CITY, msgspec.Raw(msgspec.json.encode({"id_number": stranger}))).status == "not_found"
