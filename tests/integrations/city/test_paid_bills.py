"""A bill that was paid through the portal is told as paid by every register that shows it, once, and nothing else changes."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import msgspec
import pytest

from app.kernel import clock
from integrations.city import fines, premiums, school_bills, telecommunications, utilities
from integrations.city.driving import driver_licence, vehicle_offences
from integrations.city.household_bills import household_bills
from integrations.city.orders import done
from integrations.city.outcomes import QuestionRefused
from integrations.city.people import Person
from integrations.city.registers import Service
from integrations.city.utilities import heat_supply, water_supply
from integrations.city.world import City
from integrations.departments.bills import SERVICE
from tests.makers.city_people import a_town_of_registers, somebody_new
from tests.makers.days import let_it_be

CITY = a_town_of_registers()
A_DAY = date(2026, 11, 29)


@pytest.fixture(autouse=True)
def a_day(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The registers' day; the city is as it was drawn after each test."""
    let_it_be(monkeypatch, A_DAY)
    yield
    CITY.store.write("DELETE FROM carried_out")


def told(
    serve: Service, person: Person, bill_no: str, amount_fen: int, payment: str = "", *, paid_at: str = ""
) -> dict[str, Any]:
    body = {
        "case_number": payment or f"P-{bill_no}",
        "id_number": person.id_number,
        "bill_no": bill_no,
        "amount_fen": amount_fen,
        "paid_at": paid_at or "2026-11-29T09:00:00+08:00",
    }
    outcome = serve(CITY, msgspec.Raw(msgspec.json.encode(body)))
    answer: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(outcome.body))
    return answer["told"]  # type: ignore[no-any-return]


def owes(tell: Callable[[City, Person], Any], owed: Callable[[Any], int]) -> Callable[[City, Person], bool]:
    def fits(city: City, person: Person) -> bool:
        known = tell(city, person)
        return known is not None and owed(known) > 0

    return fits


def a_fined_owner() -> Person:
    return somebody_new(
        owes(vehicle_offences, lambda known: sum(one.state in {"fined", "overdue"} for one in known.offences))
    )


class TestWater:
    def test_is_told_as_paid_by_the_supplier_and_on_the_page_of_all_bills(self) -> None:
        person = somebody_new(owes(water_supply, lambda known: known.owed_fen))
        before, page = water_supply(CITY, person), household_bills(CITY, person)
        assert before is not None
        assert page is not None
        bill = before.bills[0]

        said = told(utilities.WATER_SERVICES[SERVICE], person, bill.bill_no, bill.amount_fen)

        after, page_after = water_supply(CITY, person), household_bills(CITY, person)
        assert after is not None
        assert page_after is not None
        assert said == {"bill_no": bill.bill_no, "amount_fen": bill.amount_fen, "entered_on": "2026-11-29"}
        assert (after.owed_fen, after.bills[0].standing) == (0, "paid")
        assert page_after.open_bills == page.open_bills - 1
        assert [one.standing for one in page_after.bills if one.bill_no == bill.bill_no] == ["paid"]
        assert len(page_after.bills) == len(page.bills)

    def test_refuses_by_name_and_knows_a_payment_again(self) -> None:
        person = somebody_new(owes(water_supply, lambda known: known.owed_fen))
        known = water_supply(CITY, person)
        assert known is not None
        bill, serve = known.bills[0], utilities.WATER_SERVICES[SERVICE]

        for number, amount, reason in (
            ("SW1-202610", bill.amount_fen, "no_such_bill"),
            (bill.bill_no, bill.amount_fen + 1, "amount_differs"),
            (known.bills[1].bill_no, known.bills[1].amount_fen, "paid_already"),
        ):
            with pytest.raises(QuestionRefused, match=reason):
                told(serve, person, number, amount, f"P-{reason}-{bill.bill_no}")
        first = told(serve, person, bill.bill_no, bill.amount_fen, f"P1-{bill.bill_no}")
        assert told(serve, person, bill.bill_no, bill.amount_fen, f"P1-{bill.bill_no}") == first
        with pytest.raises(QuestionRefused, match="paid_already"):
            told(serve, person, bill.bill_no, bill.amount_fen, f"P2-{bill.bill_no}")
        with pytest.raises(QuestionRefused, match="case_number_reused"):
            told(serve, person, bill.bill_no, bill.amount_fen + 1, f"P1-{bill.bill_no}")
        assert len(done(CITY, f"{SERVICE}:UT-W", person.id_number)) == 1


class TestOthers:
    def test_heating_that_is_paid_isnt_owed(self) -> None:
        person = somebody_new(owes(heat_supply, lambda known: known.owed_fen))
        known = heat_supply(CITY, person)
        assert known is not None

        told(utilities.HEAT_SERVICES[SERVICE], person, known.bill_no, known.amount_fen)

        after = heat_supply(CITY, person)
        assert after is not None
        assert (after.owed_fen, after.standing, after.amount_fen) == (0, "paid", known.amount_fen)

    def test_cable_television_goes_on_for_a_year(self) -> None:
        person = somebody_new(owes(telecommunications.cable_television, lambda known: known.owed_fen))
        known = telecommunications.cable_television(CITY, person)
        assert known is not None

        told(telecommunications.CABLE_SERVICES[SERVICE], person, known.bills[0].bill_no, known.owed_fen)

        after = telecommunications.cable_television(CITY, person)
        assert after is not None
        assert after.ends_on == known.bills[0].period_end
        assert [one.standing for one in after.bills if one.bill_no == known.bills[0].bill_no] == ["paid"]

    def test_a_line_owes_nothing_any_more_and_no_number_is_in_the_bills(self) -> None:
        person = somebody_new(
            owes(telecommunications.phone_lines, lambda known: sum(line.owed_fen for line in known.lines))
        )
        known = telecommunications.phone_lines(CITY, person)
        assert known is not None
        bill = next(one for line in known.lines for one in line.bills if one.standing != "paid")

        told(telecommunications.PHONE_SERVICES[SERVICE], person, bill.bill_no, bill.amount_fen)

        after = telecommunications.phone_lines(CITY, person)
        assert after is not None
        assert bill.bill_no in {one.bill_no for line in after.lines for one in line.bills if one.standing == "paid"}
        assert (person.phone or "-") not in bill.bill_no

    def test_a_late_fine_costs_what_it_cost_on_the_day_of_the_payment(self) -> None:
        person = a_fined_owner()
        known, licence = vehicle_offences(CITY, person), driver_licence(CITY, person)
        assert known is not None
        assert licence is not None
        one = next(offence for offence in known.offences if offence.state in {"fined", "overdue"})
        assert one.decision_no is not None
        assert one.pay_by is not None
        in_time = clock.now() - (clock.today() - one.pay_by) - timedelta(hours=1)

        with pytest.raises(QuestionRefused, match="amount_differs"):
            told(fines.SERVICES[SERVICE], person, one.decision_no, one.fine_fen + one.late_fen + 1)
        told(fines.SERVICES[SERVICE], person, one.decision_no, one.fine_fen, paid_at=in_time.isoformat())

        after, licence_after = vehicle_offences(CITY, person), driver_licence(CITY, person)
        assert after is not None
        assert licence_after is not None
        states = {offence.decision_no: (offence.state, offence.late_fen) for offence in after.offences}
        assert states[one.decision_no] == ("paid", 0)
        assert after.unpaid_fen == known.unpaid_fen - one.fine_fen - one.late_fen
        assert licence_after.unsettled == licence.unsettled - 1
        assert licence_after.points == licence.points

    def test_a_recorded_offence_has_no_decision_to_pay(self) -> None:
        person = somebody_new(
            owes(vehicle_offences, lambda known: sum(one.state == "recorded" for one in known.offences))
        )
        known = vehicle_offences(CITY, person)
        assert known is not None

        assert all((one.decision_no is None) == (one.state == "recorded") for one in known.offences)

    def test_next_years_insurance_is_open_within_its_window_only(self, monkeypatch: pytest.MonkeyPatch) -> None:
        person = somebody_new(lambda city, one: premiums.due_fen(premiums.premiums(city, one)))
        (bill,) = premiums.premiums(CITY, person)

        told(premiums.SERVICES[SERVICE], person, bill.bill_no, bill.amount_fen)

        assert [one.standing for one in premiums.premiums(CITY, person)] == ["paid"]
        assert premiums.next_year_paid(CITY, person)
        let_it_be(monkeypatch, date(2026, 8, 31))
        assert premiums.premiums(CITY, person) == ()
        let_it_be(monkeypatch, date(2027, 1, 1))
        assert premiums.premiums(CITY, person) == ()

    def test_schools_ask_for_what_isnt_voluntary_and_compulsory_schooling_for_nothing(self) -> None:
        stages: dict[str, set[str]] = {}
        for person in list(CITY.population.people.values())[:3_000]:
            known = school_bills.school_bills(CITY, person)
            if known is not None:
                stages.setdefault(known.stage, set()).update(one.code for one in known.bills)

        assert stages["primary"] == stages["junior"] == stages["vocational"] == set()
        assert stages["senior"] == {"SENIOR_TUITION"}
        assert stages["kindergarten"] == {"KG_PUBLIC"}
