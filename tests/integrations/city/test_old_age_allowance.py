"""The old-age allowance: drawn by most who are old enough, granted to the others once, by their age of the day."""

from collections.abc import Iterator
from datetime import date

import pytest

from app.kernel import clock
from integrations.city.civil import SENIOR_ALLOWANCES_FEN
from integrations.city.departments import SERVICES
from integrations.city.elsewhere import PEOPLE as ELSEWHERE
from integrations.city.old_age_allowance import ToGrant, drawn, grant
from integrations.city.outcomes import QuestionRefused
from integrations.city.people import Person, age_on
from integrations.city.welfare import welfare_allowances
from lifecycle.rules.parameters import shipped
from lifecycle.social_security.old_age_rules import step
from tests.makers.city_people import a_town_of_registers
from tests.makers.city_questions import asked

CITY = a_town_of_registers()
TODAY = date(2026, 11, 29)
PEOPLE = [one for one in CITY.population.people.values() if one.alive and CITY.population.household_of(one)]
OLD = [one for one in PEOPLE if age_on(one.birth_date, TODAY) >= 80]


@pytest.fixture(autouse=True)
def _nothing_stays_done() -> Iterator[None]:
    """Other tests look at the same city."""
    yield
    CITY.store.write("DELETE FROM carried_out")


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "today", lambda: TODAY)


def order(person: Person) -> ToGrant:
    return ToGrant("YT1", person.id_number, "烟台银行", "6223190000000000003")


def refusal(person: Person) -> str:
    with pytest.raises(QuestionRefused) as refused:
        grant(CITY, person, order(person))
    return refused.value.reason


class TestDrawn:
    def test_is_claimed_by_most_and_owed_to_some(self) -> None:
        claimed = [one for one in OLD if drawn(CITY, one)]

        assert len(OLD) * 7 // 10 < len(claimed) < len(OLD)
        assert all(drawn(CITY, one) is None for one in PEOPLE if age_on(one.birth_date, TODAY) < 80)


class TestGrant:
    def test_is_by_the_age_of_the_day_as_the_portal_says(self) -> None:
        owed = [one for one in OLD if drawn(CITY, one) is None]

        assert owed
        for person in owed:
            expected = step(person.birth_date, shipped().reading(TODAY))
            assert expected is not None
            assert grant(CITY, person, order(person)).monthly_fen == expected.monthly_fen

    def test_steps_are_the_portals(self) -> None:
        ours = shipped().find("old_age_allowance.steps", TODAY).value

        assert sorted(SENIOR_ALLOWANCES_FEN) == [(one["from_age"], one["monthly_fen"]) for one in ours]

    def test_refuses_by_name(self) -> None:
        young = next(one for one in PEOPLE if age_on(one.birth_date, TODAY) == 79)

        assert refusal(young) == "too_young"
        assert refusal(next(one for one in OLD if drawn(CITY, one))) == "drawn_already"
        assert refusal(next(iter(ELSEWHERE.values()))) == "no_household_here"

    def test_is_told_by_the_register_from_this_month_on(self) -> None:
        person = [one for one in OLD if drawn(CITY, one) is None][-1]
        body = asked(person, case_number="YT-O-1", bank="烟台银行", account="6223190000000000003")
        serve = SERVICES["mzj"]["grant_old_age_allowance"]

        assert serve(CITY, body).body == serve(CITY, body).body

        told = welfare_allowances(CITY, person)
        assert told is not None
        (given,) = [one for one in told.allowances if one.kind == "senior"]
        assert given.since == date(2026, 11, 1)
        assert refusal(person) == "drawn_already"
