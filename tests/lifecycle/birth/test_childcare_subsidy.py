"""Who may claim the childcare subsidy, and what they are told."""

from datetime import date, datetime
from uuid import uuid4

import pytest

from app.kernel.actors import Citizen
from app.kernel.clock import SHANGHAI
from app.residents.structs import Resident
from lifecycle.birth.childcare_subsidy import ChildcareForm, ChildcareSubsidyMatter
from lifecycle.cases.errors import NotFitFor

AS_OF = date(2026, 11, 29)
MATTER = ChildcareSubsidyMatter.__new__(ChildcareSubsidyMatter)


def a_child(born_on: date) -> Resident:
    empty = dict.fromkeys(Resident.__struct_fields__)
    known = {"id": uuid4(), "known_since": datetime(2026, 1, 1, tzinfo=SHANGHAI), "birth_date": born_on}
    return Resident(**(empty | known))  # type: ignore[arg-type]


def a_guardian(child: Resident) -> Citizen:
    return Citizen(id=uuid4(), level=2, session_id=uuid4(), client_id="tests", wards=(child.id,))


class TestFit:
    @pytest.mark.parametrize("born_on", [date(2025, 1, 1), date(2026, 11, 1)])
    def test_admits_a_guardian(self, born_on: date) -> None:
        child = a_child(born_on)

        MATTER.fit(child, a_guardian(child), AS_OF)

    @pytest.mark.parametrize("born_on", [date(2021, 12, 31), date(2024, 12, 31)])
    def test_refuses_who_was_three_already_or_comes_too_late(self, born_on: date) -> None:
        child = a_child(born_on)

        with pytest.raises(NotFitFor):
            MATTER.fit(child, a_guardian(child), AS_OF)

    def test_is_open_on_the_last_day_and_not_after(self) -> None:
        child = a_child(date(2025, 6, 1))

        MATTER.fit(child, a_guardian(child), date(2026, 12, 31))
        with pytest.raises(NotFitFor):
            MATTER.fit(child, a_guardian(child), date(2027, 1, 1))

    def test_refuses_anybody_but_a_guardian(self) -> None:
        child, other = a_child(date(2026, 1, 1)), a_child(date(2026, 1, 1))

        with pytest.raises(NotFitFor):
            MATTER.fit(child, a_guardian(other), AS_OF)


class TestForm:
    def test_tells_what_it_gives(self) -> None:
        said = list(MATTER.notes({"born_on": "2025-06-01"}, datetime(2026, 11, 29, tzinfo=SHANGHAI)))

        assert "10800元" in said[0].zh
        assert "2026-12-31" in said[1].zh

    def test_a_second_grant_is_refused(self) -> None:
        form = ChildcareForm(
            name="王安然", id_number="370602202506010019", born_on=date(2025, 6, 1), granted_on=date(2025, 9, 1),
            division_code="370602", phone="13863800001", bank="烟台银行", account_no="621700000000000001",
        )  # fmt: skip

        assert [one.code for one in MATTER.problems(form)] == ["granted_already"]
        assert not MATTER.decides_itself(form)
