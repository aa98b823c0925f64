"""What departments tell, read as bills: pure, and nothing that isn't owed is one."""

from datetime import UTC, date, datetime

import msgspec

from integrations.departments.driving import Offence, Offences, OwnedVehicle
from integrations.departments.health_insurance import MedicalInsurance, Premium
from lifecycle.birth import bills as of_birth
from lifecycle.living.bills import of_heating
from lifecycle.social_security import bills as of_social_security
from lifecycle.travel.bills import fines
from tests.makers.one_bill import a_heating_bill

A_DAY = date(2026, 11, 29)


def an_offence(**changes: object) -> Offence:
    offence = Offence(
        plate="鲁F12345",
        at=datetime(2026, 11, 1, 2, 30, tzinfo=UTC),
        place="福海路听涛街口",
        offence="red_light",
        state="overdue",
        fine_fen=20_000,
        points=6,
        decided_on=date(2026, 11, 2),
        pay_by=date(2026, 11, 17),
        late_fen=7_200,
        decision_no="37062026000000000001",
    )
    return msgspec.structs.replace(offence, **changes)


def a_premium(**changes: object) -> Premium:
    premium = Premium(
        bill_no="YB2027000000000001",
        insured_as="student_child",
        covers_from=date(2027, 1, 1),
        covers_until=date(2027, 12, 31),
        amount_fen=42_000,
        due_on=date(2026, 12, 31),
        standing="due",
    )
    return msgspec.structs.replace(premium, **changes)


class TestFines:
    def test_are_those_that_were_decided_with_what_lateness_adds(self) -> None:
        recorded = an_offence(state="recorded", decided_on=None, pay_by=None, late_fen=0, decision_no=None)
        car = OwnedVehicle("鲁F12345", "福海", A_DAY, A_DAY)

        (bill,) = fines(Offences((car,), (an_offence(), recorded), 27_200))

        assert (bill.amount_fen, bill.due_on, bill.is_open) == (27_200, date(2026, 11, 17), True)
        assert bill.account == "鲁F12345，2026-11-01 10:30，福海路听涛街口"

    def test_that_are_paid_arent_open(self) -> None:
        (bill,) = fines(Offences((), (an_offence(state="paid", late_fen=0),), 0))

        assert not bill.is_open


class TestHeating:
    def test_that_was_stopped_isnt_owed(self) -> None:
        (stopped,) = of_heating(a_heating_bill(amount_fen=0, standing="paid"))
        (owed,) = of_heating(a_heating_bill())

        assert (stopped.is_open, owed.is_open) == (False, True)


class TestPremiums:
    def test_of_newborns_and_of_everybody_else_are_two_matters(self) -> None:
        newborns = a_premium(insured_as="newborn", bill_no="YB2026000000000001")
        told = MedicalInsurance(
            insured_as="newborn",
            scheme_code="390",
            covered_until=None,
            months=0,
            account_fen=None,
            payments=(),
            next_year_paid=False,
            due_fen=84_000,
            premiums=(newborns, a_premium()),
        )

        assert [one.reference for one in of_birth.premiums(told)] == [newborns.bill_no]
        assert [one.reference for one in of_social_security.premiums(told)] == [a_premium().bill_no]
