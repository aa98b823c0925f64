"""What comes next for a newborn: pure, day by day."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from app.kernel.identity_numbers import Sex
from app.kernel.ids import new_person_id
from lifecycle.agenda.structs import AgendaItem
from lifecycle.birth.agenda import IMMUNISATION, LOOKS_AHEAD, REGISTRATION, ChildFacts, OpenCase, items
from lifecycle.rules.immunisation import Given, Schedule, schedule
from lifecycle.rules.parameters import shipped

BORN = date(2026, 11, 1)
CHILD = ChildFacts(new_person_id(), None, BORN, registered=False)
REGISTERED = ChildFacts(CHILD.id, "林安然", BORN, registered=True)
AT_BIRTH = [Given(BORN, "HepB"), Given(BORN, "BCG")]


def a_schedule(as_of: date, given: list[Given] | None = None) -> Schedule:
    """A girl's schedule on a day."""
    return schedule(BORN, Sex.FEMALE, AT_BIRTH if given is None else given, as_of, shipped())


def registration(as_of: date, case: UUID | None = None) -> AgendaItem:
    """The item of the household registration on a day."""
    cases = [OpenCase(case, REGISTRATION)] if case else []
    (item,) = items(CHILD, cases, None, as_of)
    return item


class TestRegistration:
    @pytest.mark.parametrize(
        ("as_of", "standing"), [(BORN, "due"), (date(2026, 12, 1), "due"), (date(2026, 12, 2), "overdue")]
    )
    def test_is_due_within_a_month(self, as_of: date, standing: str) -> None:
        item = registration(as_of)

        assert (item.standing, item.due_on, item.case_id) == (standing, date(2026, 12, 1), None)

    def test_is_in_progress_once_a_case_is_open(self) -> None:
        case = new_person_id()

        assert (registration(date(2026, 12, 9), case).standing, registration(BORN, case).case_id) == (
            "in_progress",
            case,
        )

    def test_is_gone_once_the_child_is_registered(self) -> None:
        assert items(REGISTERED, [], None, BORN) == []

    def test_is_not_mixed_up_with_another_matters_case(self) -> None:
        (item,) = items(CHILD, [OpenCase(new_person_id(), IMMUNISATION)], None, BORN)

        assert item.standing == "due"


class TestDoses:
    def test_are_not_guessed_while_nothing_is_known(self) -> None:
        assert items(REGISTERED, [], None, date(2027, 3, 1)) == []

    def test_stand_there_two_months_ahead_with_their_reason(self) -> None:
        as_of = date(2026, 11, 5)
        found = items(REGISTERED, [], a_schedule(as_of), as_of)

        assert found[0].code == "infant_immunization.hepatitis_b.2"
        assert (found[0].standing, found[0].from_on) == ("upcoming", date(2026, 12, 1))
        assert found[0].subject_name == "林安然"
        assert "第2剂" in found[0].title.zh
        assert all(item.from_on is not None and item.from_on <= as_of + LOOKS_AHEAD for item in found)

    def test_become_due_and_then_overdue(self) -> None:
        standings = []
        for as_of in (date(2026, 12, 1), date(2027, 6, 1)):
            found = items(REGISTERED, [], a_schedule(as_of), as_of)
            standings.append(next(item.standing for item in found if item.code.endswith("hepatitis_b.2")))

        assert standings == ["due", "overdue"]

    def test_go_once_they_are_given(self) -> None:
        as_of = date(2026, 12, 3)
        found = items(REGISTERED, [], a_schedule(as_of, [*AT_BIRTH, Given(date(2026, 12, 2), "HepB")]), as_of)

        assert "infant_immunization.hepatitis_b.2" not in [item.code for item in found]

    def test_have_codes_of_their_own(self) -> None:
        for days in range(0, 2500, 250):
            as_of = BORN + timedelta(days=days)
            codes = [item.code for item in items(CHILD, [], a_schedule(as_of), as_of)]
            assert len(set(codes)) == len(codes)
