"""What comes next for who drives."""

from datetime import date

import pytest

from app.kernel.ids import new_person_id
from integrations.departments.driving import DriverLicence, Offences, OwnedVehicle
from lifecycle.rules.fact_kinds import DRIVING, VEHICLES, CaseStanding, Driving, Vehicle
from lifecycle.rules.facts import Said
from lifecycle.travel.agenda import RULES, licence, vehicles
from tests.makers.agendas import TOLD, known, seen, standings, unseen

EXPIRES = date(2026, 5, 18)
DRIVER = known(date(2026, 1, 1), birth_date=date(1990, 1, 1), driving=Driving(date(2020, 5, 18), EXPIRES, "C1"))
RENEWAL = "driving_licence.2026-05-18"


def a_car(**facts: object) -> dict[str, object]:
    """One private car."""
    fields: dict[str, object] = {"registered_on": date(2020, 11, 22), "kind": "private_car", "plate": "鲁F12345"}
    return {"vehicles": (Vehicle(**(fields | facts)),)}  # type: ignore[arg-type]


class TestRenewal:
    def test_opens_ninety_days_before_and_is_possible_for_a_year(self) -> None:
        days = [date(2026, 2, 16), date(2026, 2, 17), EXPIRES, date(2026, 5, 19), date(2027, 5, 18), date(2027, 5, 19)]

        found = standings(RULES, DRIVER, RENEWAL, *days)

        assert found == ["upcoming", "due", "due", "overdue", "overdue", "lapsed"]

    def test_is_done_by_a_case(self) -> None:
        case = CaseStanding(new_person_id(), "driver_service", False, date(2026, 3, 1), True)

        items = seen(RULES, DRIVER.also(Said("cases", (case,), "office", TOLD)), date(2026, 3, 2))

        assert items[RENEWAL].done_on == date(2026, 3, 1)

    def test_is_nothing_for_a_licence_that_holds_for_good(self) -> None:
        facts = known(birth_date=date(1970, 1, 1), driving=Driving(date(2000, 5, 18), None, "C1"))

        assert seen(RULES, facts) == {}


class TestHealthForm:
    OLD = known(birth_date=date(1957, 6, 1), driving=Driving(date(2000, 5, 18), None, "C1"))

    def test_is_due_after_each_cycle_from_seventy_on(self) -> None:
        days = [date(2028, 5, 17), date(2028, 5, 18), date(2028, 6, 17), date(2028, 6, 18), date(2029, 5, 18)]

        assert standings(RULES, self.OLD, "driver_health.2028", *days) == [
            "upcoming",
            "due",
            "due",
            "overdue",
            "lapsed",
        ]

    def test_is_not_asked_for_before_seventy(self) -> None:
        assert "driver_health.2027" not in seen(RULES, self.OLD, date(2027, 5, 18))

    def test_lacks_the_day_of_birth(self) -> None:
        facts = known(driving=Driving(date(2000, 5, 18), None, "C1"))

        assert [one.lacks for one in unseen(RULES, facts)] == ["birth_date"]


class TestPoints:
    def test_want_fines_paid_before_the_cycle_ends(self) -> None:
        facts = known(birth_date=date(1990, 1, 1), driving=Driving(date(2020, 12, 31), None, "C1", 3, 1))
        days = [date(2026, 11, 30), date(2026, 12, 1), date(2026, 12, 30), date(2026, 12, 31)]

        assert standings(RULES, facts, "points_cycle.2026-12-30", *days) == ["upcoming", "due", "due", "lapsed"]

    def test_are_nothing_where_all_is_paid(self) -> None:
        facts = known(birth_date=date(1990, 1, 1), driving=Driving(date(2020, 12, 31), None, "C1", 11, 0))

        assert seen(RULES, facts) == {}

    def test_that_are_full_ask_for_study(self) -> None:
        facts = known(birth_date=date(1990, 1, 1), driving=Driving(date(2020, 12, 31), None, "C1", 12, 1))

        assert list(seen(RULES, facts)) == ["points_full.2026"]


class TestInspection:
    def test_holds_to_the_end_of_the_month_and_opens_two_months_before(self) -> None:
        facts = known(date(2026, 8, 1), **a_car())
        days = [date(2026, 8, 31), date(2026, 9, 1), date(2026, 11, 30), date(2026, 12, 1)]

        assert standings(RULES, facts, "vehicle_mark.F12345.2026-11", *days) == ["upcoming", "due", "due", "overdue"]

    def test_says_whether_there_is_a_test(self) -> None:
        tested = seen(RULES, known(**a_car()))["vehicle_mark.F12345.2026-11"]
        mark_only = seen(RULES, known(date(2028, 9, 1), **a_car()), date(2028, 9, 1))["vehicle_mark.F12345.2028-11"]

        assert "上线检测" in tested.title.zh
        assert "免检" in mark_only.title.zh

    def test_is_done_through_the_day_that_the_police_say(self) -> None:
        facts = known(**a_car(inspected_to=date(2028, 11, 30)))

        assert list(seen(RULES, facts)) == []
        assert list(seen(RULES, facts, date(2028, 1, 1))) == ["vehicle_mark.F12345.2028-11"]

    def test_is_nothing_without_a_vehicle(self) -> None:
        assert (seen(RULES, known()), unseen(RULES, known())) == ({}, ())


class TestWhatIsKnown:
    @pytest.mark.parametrize("kind", ["driving", "vehicles"])
    def test_is_disputed(self, kind: str) -> None:
        driving = Driving(date(2020, 5, 18), EXPIRES, "C1", 3, 1)
        facts = known(birth_date=date(1990, 1, 1), driving=driving, **a_car())
        others = {"driving": Driving(date(2021, 5, 18), EXPIRES, "C1"), "vehicles": ()}

        found = unseen(RULES, facts.also(Said(kind, others[kind], "another", TOLD)))

        assert {one.disputed for one in found} == {kind}

    def test_is_told_by_the_police(self) -> None:
        told = DriverLicence(
            "1", "C1", "valid", date(2020, 5, 18), date(2020, 5, 18), EXPIRES, False, 3, 1, 100, TOLD, TOLD
        )
        owned = OwnedVehicle("鲁F12345", "某", date(2020, 11, 22), date(2026, 11, 30))

        assert dict(licence(told, TOLD)) == {DRIVING: Driving(date(2020, 5, 18), EXPIRES, "C1", 3, 1)}
        assert dict(vehicles(Offences((owned,), (), 0), TOLD)) == {
            VEHICLES: (Vehicle(date(2020, 11, 22), "private_car", "鲁F12345", date(2026, 11, 30)),)
        }
