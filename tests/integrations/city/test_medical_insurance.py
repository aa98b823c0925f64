"""Settlements are the visits of the register of health, to the fen, within the limits of the year."""

from collections.abc import Iterator

import msgspec
import pytest

from app.kernel import clock
from integrations.city.departments import SERVICES
from integrations.city.medical import medical
from integrations.city.medical_insurance import SettlementsAsked, limit_fen, settlements
from integrations.city.outcomes import Outcome, QuestionRefused
from integrations.city.people import Person
from integrations.city.population import REFERENCE
from integrations.departments.medical_insurance import Settlements
from tests.makers.city import MOTHER
from tests.makers.city_people import a_town_of_registers

CITY = a_town_of_registers()
SOME = list(CITY.population.people.values())[:500]
YEARS = range(REFERENCE.year - 2, REFERENCE.year + 1)


def told(person: Person, year: int | None = None) -> Settlements | None:
    return settlements(CITY, person, SettlementsAsked(person.id_number, year))


def insured() -> Iterator[tuple[Person, Settlements]]:
    for person in SOME:
        for year in YEARS:
            known = told(person, year)
            if known is not None:
                yield person, known


def asked(**body: object) -> Outcome:
    return SERVICES["ybj"]["medical_settlements"](CITY, msgspec.Raw(msgspec.json.encode(body)))


class TestSettlements:
    def test_of_all_years_are_the_visits_of_the_register(self) -> None:
        for person in SOME:
            known = medical(CITY.population, person)
            if known is not None:
                years = [one for year in YEARS if (one := told(person, year)) is not None]
                settled = [settlement for year in years for settlement in reversed(year.settlements)]
                assert [(one.settled_on, one.cost_fen, one.paid_fen) for one in settled] == [
                    (one.visited_on, one.cost_fen, one.insurance_paid_fen) for one in known.visits
                ]

    def test_add_up_to_the_fen_and_stay_within_the_limit(self) -> None:
        for person, known in insured():
            medical_facts = medical(CITY.population, person)
            assert medical_facts is not None
            assert known.scheme_code == medical_facts.scheme_code
            assert known.paid_fen == sum(one.paid_fen for one in known.settlements)
            assert known.paid_fen + known.left_fen == known.limit_fen == limit_fen(known.scheme_code)
            assert all(one.paid_fen + one.own_fen == one.cost_fen for one in known.settlements)
            assert all(one.settled_on.year == known.year for one in known.settlements)

    def test_have_numbers_of_their_own(self) -> None:
        numbers = [one.settlement_no for _, known in insured() for one in known.settlements]

        assert len(numbers) == len(set(numbers)) > 200

    def test_are_this_years_where_no_year_is_asked(self) -> None:
        person = CITY.person(MOTHER)

        assert told(person) == told(person, clock.today().year)

    def test_of_a_year_without_visits_are_an_empty_list_with_the_whole_limit(self) -> None:
        known = told(CITY.person(MOTHER), 2010)

        assert known is not None
        assert (known.settlements, known.left_fen) == ((), known.limit_fen)

    @pytest.mark.parametrize("year", [1999, 2101, "2026", 2026.5])
    def test_refuse_a_year_out_of_bounds(self, year: object) -> None:
        with pytest.raises(QuestionRefused, match="body_malformed"):
            asked(id_number=MOTHER, year=year)

    def test_take_the_limits_of_both_schemes(self) -> None:
        assert (limit_fen("310"), limit_fen("390")) == (55_000_000, 16_000_000)
