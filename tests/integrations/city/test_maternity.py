"""Pregnancies: windows of the guideline, results only of checks that were made, and what ends with a birth."""

from datetime import date, timedelta
from pathlib import Path

import msgspec
import pytest

from app.kernel import clock
from integrations.city.births import deliver
from integrations.city.departments import SERVICES
from integrations.city.maternity import antenatal_care, check_of, fertility_registrations, handbook, schedule
from integrations.city.outcomes import QuestionRefused
from integrations.city.people import Person, age_on
from integrations.city.pregnancies import KNOWN_AFTER, Pregnancy, mothers_births, pregnancy_before, pregnancy_of
from integrations.city.world import City, CityOptions
from tests.makers.city import FATHER, MOTHER
from tests.makers.city_people import a_town_of_registers

CITY = a_town_of_registers()
TODAY = clock.today()
EVERYBODY = list(CITY.population.people.values())


@pytest.fixture
def city(prepared: Path) -> City:
    """A city of its own, in which children may be born."""
    return City(CityOptions(prepared, "http://127.0.0.1:9", "http://127.0.0.1:9", people=60))


def expecting() -> list[tuple[Person, Pregnancy]]:
    known = [(person, pregnancy_of(CITY, person, TODAY)) for person in EVERYBODY]
    return [(person, one) for person, one in known if one is not None]


class TestPregnancy:
    def test_is_of_married_women_in_some_week_known_to_the_register(self) -> None:
        going_on = [(woman, one) for woman, one in expecting() if one.born_on is None]

        assert len(going_on) > 10
        for woman, one in going_on:
            assert woman.sex == "female"
            assert woman.spouse
            assert len(mothers_births(CITY, woman)) < 3
            assert 91 <= (TODAY - one.last_period_on).days < 273
            assert one.last_period_on + timedelta(days=42) <= one.opened_on < one.last_period_on + timedelta(weeks=13)

    def test_stays_the_same_from_day_to_day(self) -> None:
        tomorrow = TODAY + timedelta(days=1)
        going_on = [(woman, one) for woman, one in expecting() if one.born_on is None]
        kept = [pregnancy_of(CITY, woman, tomorrow) == one for woman, one in going_on]

        assert kept.count(False) <= len(kept) // 50

    def test_that_ended_with_a_birth_is_told_for_a_year(self) -> None:
        mother, born_on = next(
            (person, births[-1].born_on)
            for person in EVERYBODY
            if person.sex == "female" and len(births := mothers_births(CITY, person)) == 3
        )

        ended = pregnancy_of(CITY, mother, born_on + KNOWN_AFTER)

        assert ended == pregnancy_before(CITY, mother, born_on)
        assert ended.born_on == born_on
        assert -7 <= (ended.due_on - born_on).days <= 21
        assert pregnancy_of(CITY, mother, born_on + KNOWN_AFTER + timedelta(days=1)) is None

    def test_of_the_demos_mother_ends_when_she_is_delivered(self, city: City) -> None:
        mother = city.person(MOTHER)
        before, registered = antenatal_care(city, mother), fertility_registrations(city, mother)
        born_on = deliver(city, MOTHER, "female").born_on
        after, kept = handbook(city, mother), fertility_registrations(city, mother)

        assert before is not None
        assert before.born_on is None
        assert registered is not None
        assert registered.children == 0
        assert after is not None
        assert after.born_on == born_on
        assert [visit.planned_on for visit in after.visits] == [
            born_on + timedelta(days=7),
            born_on + timedelta(days=42),
        ]
        assert kept is not None
        assert (kept.children, kept.registrations[0].born_on) == (1, born_on)


class TestChecks:
    def test_have_the_windows_of_the_guideline(self) -> None:
        known = Pregnancy(date(2026, 8, 1), date(2026, 9, 20), None)
        woman = CITY.person(MOTHER)

        told = {one.code: check_of(CITY, woman, known, one) for one in schedule()}

        assert known.due_on == date(2027, 5, 8)
        assert (told["first_visit"].from_on, told["first_visit"].until_on) == (date(2026, 9, 12), date(2026, 11, 6))
        assert (told["nt_scan"].from_on, told["nt_scan"].until_on) == (date(2026, 10, 17), date(2026, 11, 6))
        assert told["system_ultrasound"].from_on == date(2026, 12, 19)
        assert told["system_ultrasound"].until_on == date(2027, 1, 22)
        assert (told["ogtt"].from_on, told["ogtt"].until_on) == (date(2027, 1, 16), date(2027, 2, 19))

    def test_have_a_report_only_once_they_were_made(self) -> None:
        for woman, known in expecting():
            told = antenatal_care(CITY, woman)
            assert told is not None
            for check in told.checks:
                assert (check.state == "done") == (check.done_on is not None) == (check.report is not None)
                assert check.done_on is None or check.from_on <= check.done_on <= min(check.until_on, TODAY)
                assert check.state != "due" or check.from_on <= TODAY <= check.until_on
                assert check.state != "coming" or check.from_on > TODAY
            assert told.checks[0].done_on == known.opened_on

    def test_are_told_the_same_again(self) -> None:
        woman, _ = expecting()[0]

        assert antenatal_care(CITY, woman) == antenatal_care(CITY, woman)


class TestHandbook:
    def test_has_a_number_of_its_own(self) -> None:
        told = [handbook(CITY, woman) for woman, _ in expecting()]
        numbers = {one.handbook_no for one in told if one is not None}

        assert len(numbers) == len(told)

    def test_never_calls_a_mother_of_thirty_five_low_risk(self) -> None:
        older = [
            told
            for woman, known in expecting()
            if age_on(woman.birth_date, known.due_on) >= 35 and (told := handbook(CITY, woman)) is not None
        ]

        assert older
        assert all(told.risk != "green" for told in older)

    def test_is_of_nobody_who_is_not_pregnant(self) -> None:
        assert antenatal_care(CITY, CITY.person(FATHER)) is None
        assert handbook(CITY, CITY.person(FATHER)) is None


class TestRegistrations:
    def test_are_told_alike_to_both_partners(self) -> None:
        mother, father = CITY.person(MOTHER), CITY.person(FATHER)
        hers, his = fertility_registrations(CITY, mother), fertility_registrations(CITY, father)

        assert hers is not None
        assert his is not None
        assert [one.partner for one in hers.registrations] == [father.name]
        assert [one.partner for one in his.registrations] == [mother.name]
        assert [one.registration_no for one in hers.registrations] == [one.registration_no for one in his.registrations]

    def test_count_the_children_of_the_register(self) -> None:
        for person in EVERYBODY:
            told = fertility_registrations(CITY, person)
            if told is not None and person.sex == "female":
                assert told.children == len(CITY.population.children(person.id_number))
                born = [one for one in told.registrations if one.born_on is not None]
                assert len(born) <= told.children
                assert all(one.born_on is None or one.registered_on < one.born_on for one in told.registrations)

    def test_of_who_has_none_are_an_empty_list(self) -> None:
        child = next(person for person in EVERYBODY if age_on(person.birth_date, TODAY) < 10)
        told = fertility_registrations(CITY, child)

        assert told is not None
        assert (told.children, told.registrations) == (0, ())

    def test_refuse_a_question_of_another_shape(self) -> None:
        body = msgspec.Raw(msgspec.json.encode({"id_number": MOTHER, "week": 12}))

        with pytest.raises(QuestionRefused, match="body_malformed"):
            SERVICES["wjw"]["antenatal_care"](CITY, body)
