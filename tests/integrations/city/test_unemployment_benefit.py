"""Unemployment benefit in the city: granted to who is registered and entitled, as the portal's rules have it, and refused otherwise."""

from collections.abc import Callable, Iterator

import msgspec
import pytest

from integrations.city.departments import SERVICES
from integrations.city.employment import Unemployment, work
from integrations.city.labour_records import ToRegister, left_work, unemployment_record
from integrations.city.occupations import retired_on
from integrations.city.outcomes import QuestionRefused
from integrations.city.people import Person
from integrations.city.population import REFERENCE
from integrations.city.unemployment_benefit import ToGrant, grant, unused_months
from integrations.departments.labour_records import UnemploymentBenefitGranted
from lifecycle.rules.parameters import shipped
from lifecycle.social_security.unemployment_rules import Facts, benefit
from tests.makers.city_people import a_town_of_registers
from tests.makers.city_questions import asked

CITY = a_town_of_registers()
PEOPLE = [one for one in CITY.population.people.values() if one.alive]
BANK = {"bank": "烟台银行股份有限公司", "account": "6223190000000000001"}


@pytest.fixture(autouse=True)
def _nothing_stays_done() -> Iterator[None]:
    """Other tests look at the same city."""
    yield
    CITY.store.write("DELETE FROM carried_out")


def out_of_work(fits: Callable[[Unemployment], object]) -> list[tuple[Person, Unemployment]]:
    known = ((one, work(CITY.population, one)) for one in PEOPLE)
    found = [(one, told.unemployment) for one, told in known if told is not None and told.unemployment is not None]
    return [(one, left) for one, left in found if fits(left)]


def registered(left: Unemployment) -> Unemployment:
    return msgspec.structs.replace(left, registered_on=left.registered_on or left.ended_on)


def order(person: Person, *, at_fault: bool = False) -> ToGrant:
    return ToGrant("YT1", person.id_number, at_fault, **BANK)


def refusal(person: Person, left: Unemployment | None, unused: int = 0) -> str:
    with pytest.raises(QuestionRefused) as refused:
        grant(CITY, person, left, unused, order(person))
    return refused.value.reason


class TestGrant:
    def test_agrees_with_the_portals_rules_for_everybody_out_of_work(self) -> None:
        agreed = 0
        for person, left in out_of_work(lambda left: left.registered_on is None):
            unused = unused_months(CITY.population, person, left)
            now = registered(left)
            assert now.registered_on is not None
            facts = Facts(
                contributed_months=left.contributed_months,
                unused_months=unused,
                reason=left.reason,
                employer_at_fault=False,
                registered_on=now.registered_on,
                retires_on=retired_on(CITY.population, person),
            )
            due = benefit(facts, shipped().reading(REFERENCE, person.division_code))
            if due is None:
                assert refusal(person, now, unused) in {"resigned", "contributed_too_little"}
                continue
            agreed += 1
            assert grant(CITY, person, now, unused, order(person)) == UnemploymentBenefitGranted(
                due.months, due.monthly_fen, due.since, due.until, due.goes_on_until
            )
        assert agreed > 10

    def test_refuses_by_name(self) -> None:
        person, left = out_of_work(lambda left: left.registered_on is None and left.reason == "dismissed")[0]

        assert refusal(person, None) == "in_work"
        assert refusal(person, left) == "not_registered"
        assert refusal(person, msgspec.structs.replace(registered(left), benefit_months=12)) == "granted_already"
        assert refusal(person, msgspec.structs.replace(registered(left), reason="resigned")) == "resigned"
        assert (
            refusal(person, msgspec.structs.replace(registered(left), contributed_months=11))
            == "contributed_too_little"
        )

    def test_takes_an_old_remainder_without_new_contributions(self) -> None:
        person, left = out_of_work(lambda left: left.reason == "redundancy")[0]
        little = msgspec.structs.replace(registered(left), contributed_months=11, benefit_months=0)

        assert grant(CITY, person, little, 5, order(person)).months == 5

    def test_believes_the_offices_finding_of_the_employers_fault(self) -> None:
        person, left = out_of_work(lambda left: left.reason == "resigned" and left.contributed_months >= 12)[0]

        assert grant(CITY, person, registered(left), 0, order(person, at_fault=True)).months >= 12


class TestService:
    def test_is_told_by_the_register_and_done_once(self) -> None:
        city = CITY
        person, left = out_of_work(lambda left: left.registered_on is None and left.reason == "redundancy")[-1]
        services = SERVICES["rsj"]
        to_register = ToRegister("YT9-R", person.id_number, left.ended_on, "same", "370602")
        services["register_unemployment"](city, msgspec.Raw(msgspec.json.encode(to_register)))
        body = asked(person, case_number="YT9-G", employer_at_fault=False, **BANK)

        first, again = (services["grant_unemployment_benefit"](city, body) for _ in range(2))

        assert first.body == again.body
        told, now = unemployment_record(city, person), left_work(city, person)
        assert told is not None
        assert now is not None
        assert (told.benefit_months, told.benefit_fen) == (now.benefit_months, now.benefit_fen)
        assert told.benefit_months >= 12
        assert told.unused_months == 0
        with pytest.raises(QuestionRefused, match="granted_already"):
            services["grant_unemployment_benefit"](
                city, asked(person, case_number="YT9-H", employer_at_fault=False, **BANK)
            )

    def test_draws_a_remainder_for_some_and_for_nobody_who_draws_benefit(self) -> None:
        told = [one for person in PEOPLE if (one := unemployment_record(CITY, person)) is not None]

        assert any(one.unused_months for one in told)
        assert all(one.unused_months <= 12 for one in told)
        assert not any(one.unused_months and one.benefit_months for one in told)
