"""The housing party on contracts, and the fund on loans: a sold home has one buyer, a lease its tenants, and a loan one home."""

from pathlib import Path

import msgspec
import pytest

from integrations.city.home_contracts import filed_leases, purchase_contract
from integrations.city.homes import home_of
from integrations.city.housing_fund import SERVICES, ToLend, fund_account, grant_loan
from integrations.city.housing_market import ProjectsQuestion, projects
from integrations.city.outcomes import QuestionRefused
from integrations.city.people import Person
from integrations.city.population import REFERENCE
from integrations.city.world import City, CityOptions
from tests.makers.city_people import a_town_of_registers
from tests.makers.city_questions import asked

CITY = a_town_of_registers()
BUYERS = [
    (person, bought)
    for person in CITY.population.people.values()
    if (bought := purchase_contract(CITY, person)) is not None
]


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> City:
    """A city of its own, since loans are granted in it."""
    folder = tmp_path_factory.mktemp("loans")
    return City(CityOptions(Path(folder), "http://127.0.0.1:9", "http://127.0.0.1:9", 370600, 20_000))


class TestPurchase:
    def test_is_of_a_sold_home_that_nobody_else_bought(self) -> None:
        numbers = [bought.contract_no for _, bought in BUYERS]

        assert len(numbers) == len(set(numbers)) > 50
        for _, bought in BUYERS[:20]:
            code = bought.contract_no.removeprefix("YTWQ").partition("-")[0]
            told = projects(CITY, ProjectsQuestion(code))
            assert told is not None
            sold = {(home.number, home.total_fen) for home in told.items[0].homes if home.state == "sold"}
            assert (bought.contract_no.rpartition("-")[2], bought.price_fen) in sold

    def test_is_paid_down_by_a_fifth_and_signed_once_it_was_permitted(self) -> None:
        for _, bought in BUYERS:
            assert bought.price_fen // 5 <= bought.paid_fen < bought.price_fen
            assert bought.signed_on <= REFERENCE


class TestLease:
    def test_is_told_to_the_adults_of_a_household_that_rents(self) -> None:
        for person in list(CITY.population.people.values())[:2_000]:
            told, household = filed_leases(CITY, person), CITY.population.household_of(person)
            home = home_of(CITY.population, household) if household and person.alive else None
            if told is not None:
                assert home is not None
                assert home.lease is not None
                assert told.leases[0].filing_no == home.lease.filing_no


class TestLoan:
    def test_is_granted_once_and_told_with_the_account(self, city: City) -> None:
        borrower = self.somebody(city, lent=False)

        assert (
            SERVICES["grant_fund_loan"](city, asked(**msgspec.to_builtins(self.wanted(city, borrower)))).status == "ok"
        )

        account = fund_account(city, borrower)
        assert account is not None
        assert [(one.amount_fen, one.months) for one in account.granted] == [(10_000_000, 240)]
        assert account.granted[0].rate_percent in {"2.6", "3.075"}
        assert self.refusal(city, borrower, case_number="another") == "loan_left"

    def test_is_refused_where_the_registers_contradict_it(self, city: City) -> None:
        borrower, lent = self.somebody(city, lent=False, place=1), self.somebody(city, lent=True)
        nobody = next(one for one in city.population.people.values() if fund_account(city, one) is None)
        bought = purchase_contract(city, borrower)
        assert bought is not None
        left = (bought.price_fen - bought.paid_fen) // 100_000 * 100_000

        assert self.refusal(city, nobody) == "no_account"
        assert self.refusal(city, lent) == "loan_left"
        assert self.refusal(city, borrower, purchase_contract_no="YTWQ1") == "contract_unknown"
        assert self.refusal(city, borrower, amount_fen=left + 100_000) == "amount_wrong"
        assert self.refusal(city, borrower, amount_fen=10_050_000) == "amount_wrong"
        assert self.refusal(city, borrower, months=361) == "term_too_long"
        assert grant_loan(city, borrower, self.wanted(city, borrower, months=60)).rate_percent in {"2.1", "2.525"}

    def somebody(self, city: City, *, lent: bool, place: int = 0) -> Person:
        people = city.population.people
        found = [
            people[person.id_number]
            for person, _ in BUYERS
            if (account := fund_account(city, people[person.id_number])) is not None
            and account.state == "paying"
            and bool(account.loans) is lent
        ]
        return found[place]

    def wanted(self, city: City, person: Person, **changes: object) -> ToLend:
        bought = purchase_contract(city, person)
        parts = {
            "case_number": f"C{person.id_number}",
            "id_number": person.id_number,
            "purchase_contract_no": bought.contract_no if bought else "YTWQ0",
            "amount_fen": 10_000_000,
            "months": 240,
            "method": "equal_instalments",
        }
        return msgspec.convert(parts | changes, ToLend)

    def refusal(self, city: City, person: Person, **changes: object) -> str:
        with pytest.raises(QuestionRefused) as refused:
            grant_loan(city, person, self.wanted(city, person, **changes))
        return refused.value.reason
