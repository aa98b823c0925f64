"""Bills paid in cash: the fund's own figures agree with the portal's rules, the register tells what was settled, and nothing twice."""

from collections.abc import Iterator
from datetime import date
from functools import cache
from itertools import islice
from typing import Any

import msgspec
import pytest

from app.kernel import clock
from integrations.city.departments import SERVICES
from integrations.city.medical import InsuredAs, medical
from integrations.city.medical_insurance import SettlementsAsked, limit_fen, reimburse, settlements
from integrations.city.outcomes import QuestionRefused
from integrations.city.people import Person
from integrations.city.reimbursements import ToReimburse
from integrations.departments.medical_insurance import Settlements
from lifecycle.medical.reimbursement_notes import KINDS
from lifecycle.rules import medical_reimbursement as rules
from lifecycle.rules.parameters import shipped
from tests.makers.city_people import a_town_of_registers
from tests.makers.city_questions import asked

CITY = a_town_of_registers()
PEOPLE = [one for one in CITY.population.people.values() if one.alive and medical(CITY.population, one)]
TODAY = date(2026, 11, 29)
WAYS: tuple[dict[str, Any], ...] = (
    {},
    {"tier": "tier1", "essential": True},
    {"tier": "tier2", "where": "unfiled"},
    {"where": "emergency", "total_fen": 60_000_000},
    {"inpatient": False, "tier": "tier1", "total_fen": 12_345},
    {"inpatient": False, "where": "referral", "total_fen": 777_777},
    {"total_fen": 70_000},
)


@pytest.fixture(autouse=True)
def _nothing_stays_done() -> Iterator[None]:
    """Other tests look at the same city."""
    yield
    CITY.store.write("DELETE FROM carried_out")


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "today", lambda: TODAY)


def bill(person: Person, **changes: Any) -> ToReimburse:
    made = ToReimburse(
        case_number="YT2026112900000001",
        id_number=person.id_number,
        institution="青岛市某人民医院",
        tier="tier3",
        inpatient=True,
        from_on=date(2026, 11, 1),
        to_on=date(2026, 11, 9),
        where="local",
        essential=False,
        total_fen=3_000_001,
        excluded_fen=200,
        prepay_fen=1_000,
        bank="烟台银行股份有限公司",
        account="6223190000000000005",
    )
    return msgspec.structs.replace(made, **changes)


def told(person: Person) -> Settlements:
    found = settlements(CITY, person, SettlementsAsked(person.id_number, 2026))
    assert found is not None
    return found


@cache
def insured_as(kind: InsuredAs) -> list[Person]:
    found = (one for one in PEOPLE if (known := medical(CITY.population, one)) and known.insured_as == kind)
    return list(islice(found, 5))


def ours(person: Person, ordered: ToReimburse) -> rules.Reimbursement:
    known = told(person)
    year = rules.YearSoFar(
        admissions=known.admissions,
        paid_fen=known.paid_fen,
        outpatient_cost_fen=known.outpatient_cost_fen,
        outpatient_paid_fen=known.outpatient_paid_fen,
        compliant_own_fen=known.compliant_own_fen,
    )
    made = rules.Bill(
        inpatient=ordered.inpatient,
        tier=ordered.tier,
        where=ordered.where,
        total_fen=ordered.total_fen,
        excluded_fen=ordered.excluded_fen,
        prepay_fen=ordered.prepay_fen,
        essential=ordered.essential,
    )
    return rules.reimburse(made, KINDS[known.insured_as], year, shipped().reading(ordered.to_on))


def refusal(person: Person, ordered: ToReimburse) -> str:
    with pytest.raises(QuestionRefused) as refused:
        reimburse(CITY, person, ordered)
    return refused.value.reason


class TestReimburse:
    @pytest.mark.parametrize("kind", sorted(KINDS))
    @pytest.mark.parametrize("way", WAYS, ids=str)
    def test_agrees_with_the_portals_rules(self, kind: InsuredAs, way: dict[str, Any]) -> None:
        for person in insured_as(kind):
            ordered = bill(person, **way)

            said = reimburse(CITY, person, ordered)

            expected = ours(person, ordered)
            assert (said.basic_fen, said.catastrophic_fen, said.own_fen) == (
                expected.basic_fen,
                expected.catastrophic_fen,
                expected.own_fen,
            )

    def test_refuses_by_name(self) -> None:
        person = PEOPLE[40]

        assert refusal(person, bill(person, from_on=date(2026, 11, 10))) == "days_wrong"
        assert refusal(person, bill(person, to_on=date(2026, 11, 30))) == "days_wrong"
        assert refusal(person, bill(person, excluded_fen=3_000_000)) == "amounts_wrong"

    def test_has_the_same_limits_as_the_portal(self) -> None:
        caps = shipped().find("medical_reimbursement.inpatient", TODAY).value

        assert limit_fen("310") == caps["employee"]["cap_fen"] == caps["retiree"]["cap_fen"]
        assert limit_fen("390") == caps["plan1"]["cap_fen"] == caps["plan2"]["cap_fen"]


class TestService:
    def test_is_told_by_the_register_and_counts_for_the_next_bill(self) -> None:
        person, before = PEOPLE[-1], told(PEOPLE[-1])
        serve = SERVICES["ybj"]["reimburse_medical_bill"]
        parts: dict[str, Any] = msgspec.to_builtins(bill(person, case_number="YT-M-1", excluded_fen=0, prepay_fen=0))
        del parts["id_number"]

        assert serve(CITY, asked(person, **parts)).body == serve(CITY, asked(person, **parts)).body

        after = told(person)
        assert (after.admissions, len(after.settlements)) == (before.admissions + 1, len(before.settlements) + 1)
        assert after.paid_fen + after.left_fen == after.limit_fen
        assert after.settlements[0].settled_on == TODAY
        assert after.compliant_own_fen == 3_000_001 - after.settlements[0].paid_fen
        second = bill(person, from_on=date(2026, 11, 12), to_on=date(2026, 11, 20))
        assert reimburse(CITY, person, second).basic_fen == ours(person, second).basic_fen
        assert ours(person, second).deductible_fen < 80_000
        with pytest.raises(QuestionRefused, match="settled_already"):
            serve(CITY, asked(person, **(parts | {"case_number": "YT-M-2"})))

    def test_keeps_another_years_bill_out_of_this_one(self) -> None:
        person, before = PEOPLE[-2], told(PEOPLE[-2])
        parts: dict[str, Any] = msgspec.to_builtins(
            bill(person, case_number="YT-M-3", from_on=date(2025, 12, 20), to_on=date(2025, 12, 31))
        )
        del parts["id_number"]

        SERVICES["ybj"]["reimburse_medical_bill"](CITY, asked(person, **parts))

        assert told(person) == before
        last_year = settlements(CITY, person, SettlementsAsked(person.id_number, 2025))
        assert last_year is not None
        assert last_year.admissions == 1
