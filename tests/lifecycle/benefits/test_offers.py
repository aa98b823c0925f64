"""What becomes of an offer when its person is looked at: pure."""

from datetime import date, timedelta

import pytest

from app.kernel.ids import new_person_id
from app.wired_entitlements import stages_rules
from lifecycle.agenda.outlook import look
from lifecycle.benefits.offers import Offer, OfferState, changes, due
from lifecycle.benefits.watching import watch
from lifecycle.entitlements.judging import judge
from lifecycle.rules.declared_kinds import MEDICAL_SCHEME
from lifecycle.rules.fact_kinds import CASES, REGISTERED, SELF_PAID_FEN, CaseStanding
from lifecycle.rules.facts import Facts
from tests.makers.facts import ADULT, AS_OF, BY_DAY, DAY, RULES, Known, a_person, facts

BORN = date(2026, 3, 1)
SUBSIDY = RULES["childcare_subsidy"]
FIRST = "2026-03-01"
YEAR_ENDS = date(2027, 2, 28)


def after(
    state: OfferState, known: Facts, as_of: date = AS_OF, *, period: str = FIRST, until: date = YEAR_ENDS
) -> OfferState:
    """The state of an offer after its person was looked at."""
    offer = Offer(new_person_id(), SUBSIDY.name, period, state, until)
    found = list(changes(judge(SUBSIDY, known, as_of), [offer], known))
    return found[0].state if found else state


def a_case(*, is_open: bool, issued: bool = False) -> CaseStanding:
    return CaseStanding(new_person_id(), "childcare_subsidy", is_open, DAY, issued)


class TestOffer:
    def test_stands_to_the_last_day_of_its_period_and_lapses_after(self) -> None:
        assert after("offered", a_person(BORN), YEAR_ENDS) == "offered"
        assert after("offered", a_person(BORN), YEAR_ENDS + BY_DAY) == "lapsed"

    def test_is_withdrawn_when_the_facts_are_others_and_stands_again_when_they_are_back(self) -> None:
        unregistered = a_person(BORN, {REGISTERED: False})

        assert after("offered", unregistered) == "withdrawn"
        assert after("withdrawn", unregistered) == "withdrawn"
        assert after("withdrawn", a_person(BORN)) == "offered"
        assert after("withdrawn", a_person(BORN), YEAR_ENDS + BY_DAY) == "lapsed"

    @pytest.mark.parametrize("as_of", [AS_OF, YEAR_ENDS + BY_DAY])
    def test_that_was_declined_stays_so_in_its_period(self, as_of: date) -> None:
        assert after("declined", a_person(BORN), as_of) == "declined"

    def test_that_was_confirmed_stands_again_only_once_its_case_came_to_nothing(self) -> None:
        assert after("confirmed", a_person(BORN, {CASES: (a_case(is_open=True),)})) == "confirmed"
        assert after("confirmed", a_person(BORN, {CASES: (a_case(is_open=False, issued=True),)})) == "confirmed"
        assert after("confirmed", a_person(BORN, {CASES: (a_case(is_open=False),)})) == "offered"

    def test_whose_own_case_was_granted_never_stands_again(self) -> None:
        cover, case = (
            RULES["catastrophic_cover"],
            CaseStanding(new_person_id(), "medical_insurance_reimbursement", False, DAY, True),
        )
        known = a_person(ADULT, {MEDICAL_SCHEME: "resident", SELF_PAID_FEN: 2_000_000, CASES: (case,)})
        own = Offer(new_person_id(), cover.name, "2026", "confirmed", date(2026, 12, 31), case.id)

        assert list(changes(judge(cover, known, AS_OF), [own], known)) == []

    def test_is_no_more_once_it_was_granted_another_way(self) -> None:
        assert after("offered", a_person(BORN, {CASES: (a_case(is_open=False, issued=True),)})) == "withdrawn"


class TestDue:
    def test_is_nothing_that_rests_on_what_was_only_declared(self) -> None:
        paid: Known = {MEDICAL_SCHEME: "resident", SELF_PAID_FEN: 2_000_000}
        said = a_person(ADULT).also(*facts(paid, by="declared", sure="declared").said())

        assert due(judge(RULES["catastrophic_cover"], said, AS_OF)) is None
        assert due(judge(RULES["catastrophic_cover"], a_person(ADULT, paid), AS_OF)) is not None

    def test_is_one_period_at_a_time(self) -> None:
        periods = set()
        for days in range(0, 1200, 7):
            verdict = due(judge(SUBSIDY, a_person(BORN), BORN + timedelta(days=days)))
            periods.add(verdict.period if verdict else None)

        assert periods == {"2026-03-01", "2027-03-01", "2028-03-01", None}


class TestWatch:
    @pytest.mark.parametrize(
        ("as_of", "again"),
        [(AS_OF, date(2027, 3, 1)), (date(2027, 3, 1), date(2028, 3, 1)), (date(2028, 3, 1), date(2029, 3, 1))],
    )
    def test_has_an_agenda_looked_at_when_the_next_period_begins(self, as_of: date, again: date) -> None:
        found = look([watch(SUBSIDY)], a_person(BORN), as_of)

        assert (found.seen, found.again) == ((), again)

    def test_names_what_is_missing_without_hiding_anything(self) -> None:
        rules = [watch(rule) for rule in stages_rules() if rule.without_application]

        assert [one.lacks for one in look(rules, Facts(), AS_OF).unseen if one.lacks]
