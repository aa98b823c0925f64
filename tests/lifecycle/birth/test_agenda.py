"""What comes next for a newborn: pure, day by day."""

from datetime import date, timedelta

import pytest

from app.kernel.ids import new_person_id
from lifecycle.agenda.book import Book, Kept, progress
from lifecycle.agenda.outlook import look
from lifecycle.agenda.reading import standing
from lifecycle.birth.agenda import IMMUNISATION, REGISTRATION, RULES
from lifecycle.rules.fact_kinds import BIRTH_DATE, CASES, DOSES, REGISTERED, SEX, CaseStanding
from lifecycle.rules.facts import Facts, Said
from lifecycle.rules.immunisation import Given

BORN = date(2026, 11, 1)
AT_BIRTH = (Given(BORN, "HepB"), Given(BORN, "BCG"))


def a_girl(*doses: Given, registered: bool = True, known: bool = True, cases: tuple[CaseStanding, ...] = ()) -> Facts:
    """A girl, with what is known of her doses."""
    said = {BIRTH_DATE.name: BORN, SEX.name: "female", REGISTERED.name: registered, CASES.name: cases}
    said |= {DOSES.name: (*AT_BIRTH, *doses)} if known else {}
    return Facts(Said(kind, value, "tests", BORN) for kind, value in said.items())


def on(facts: Facts, as_of: date, before: Book | None = None) -> Book:
    """The agenda on a day."""
    return progress(before, look(RULES, facts, as_of), as_of)[0]


def item(book: Book, code: str) -> Kept:
    """The item of a code."""
    return next(one for one in book.kept if one.item.code.endswith(code))


class TestRegistration:
    @pytest.mark.parametrize(
        ("as_of", "said"), [(BORN, "due"), (date(2026, 12, 1), "due"), (date(2026, 12, 2), "overdue")]
    )
    def test_is_due_within_a_month(self, as_of: date, said: str) -> None:
        found = item(on(a_girl(registered=False), as_of), REGISTRATION)

        assert (standing(found, as_of), found.item.due, found.item.case_id) == (said, date(2026, 12, 1), None)

    def test_is_in_progress_once_a_case_is_open(self) -> None:
        case = CaseStanding(new_person_id(), REGISTRATION, True, BORN, False)
        found = item(on(a_girl(registered=False, cases=(case,)), date(2026, 12, 9)), REGISTRATION)

        assert (standing(found, date(2026, 12, 9)), found.item.case_id) == ("in_progress", case.id)

    def test_is_gone_once_the_child_is_registered(self) -> None:
        before = on(a_girl(registered=False), BORN)
        after = on(a_girl(), BORN, before)

        assert [one.ended for one in after.kept if one.item.code == REGISTRATION] == ["not_needed"]

    def test_is_not_mixed_up_with_another_matters_case(self) -> None:
        case = CaseStanding(new_person_id(), IMMUNISATION, True, BORN, False)
        found = item(on(a_girl(registered=False, cases=(case,)), BORN), REGISTRATION)

        assert standing(found, BORN) == "due"


class TestDoses:
    def test_are_not_guessed_while_nothing_is_known(self) -> None:
        book = on(a_girl(known=False), date(2027, 3, 1))

        assert not [one for one in book.kept if one.item.code.startswith(IMMUNISATION)]
        assert [(one.rule, one.lacks) for one in book.unseen] == [("birth.vaccinations", "doses")]

    def test_stand_there_a_year_ahead_with_their_reason(self) -> None:
        as_of = date(2026, 11, 5)
        found = item(on(a_girl(), as_of), "hepatitis_b.2")

        assert (standing(found, as_of), found.item.opens) == ("upcoming", date(2026, 12, 1))
        assert "第2剂" in found.item.title.zh
        assert found.seen.law
        assert "doses" in found.seen.facts

    def test_become_due_and_then_overdue(self) -> None:
        days = (date(2026, 12, 1), date(2027, 6, 1))

        assert [standing(item(on(a_girl(), day), "hepatitis_b.2"), day) for day in days] == ["due", "overdue"]

    def test_are_done_once_they_are_given(self) -> None:
        as_of = date(2026, 12, 3)
        before = on(a_girl(), date(2026, 12, 1))
        after = on(a_girl(Given(date(2026, 12, 2), "HepB")), as_of, before)

        found = item(after, "hepatitis_b.2")
        assert (found.ended, found.ended_on) == ("done", date(2026, 12, 2))

    def test_none_is_lost_while_days_go_by(self) -> None:
        book: Book | None = None
        for days in range(2600):
            before = set() if book is None else {one.item.code for one in book.open()}
            book = on(a_girl(), BORN + timedelta(days=days), book)
            assert before <= {one.item.code for one in book.kept}

    def test_have_codes_of_their_own(self) -> None:
        for days in range(0, 2500, 250):
            codes = [one.item.code for one in on(a_girl(registered=False), BORN + timedelta(days=days)).kept]
            assert len(set(codes)) == len(codes)
