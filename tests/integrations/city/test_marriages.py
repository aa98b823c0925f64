"""Marriages and divorces as civil affairs have them, the periods of art. 1077, and one's own check alone."""

from datetime import date, timedelta

import msgspec
import pytest

from app.kernel import clock
from integrations.city.civil import civil
from integrations.city.departments import SERVICES
from integrations.city.marriages import application, application_of, divorce, marriage, premarital_exam
from integrations.city.outcomes import QuestionRefused
from integrations.city.people import Person, age_on
from tests.makers.city import FATHER, MOTHER
from tests.makers.city_people import a_town_of_registers

CITY = a_town_of_registers()
TODAY = clock.today()
EVERYBODY = [person for person in CITY.population.people.values() if person.alive]


def couples() -> list[tuple[Person, Person]]:
    people = CITY.population.people
    return [
        (person, people[person.spouse])
        for person in EVERYBODY
        if person.sex == "male" and person.spouse in people and people[person.spouse].alive
    ]


class TestMarriage:
    def test_is_told_as_the_register_has_it(self) -> None:
        for person in EVERYBODY[::2]:
            told, known = marriage(CITY, person), civil(CITY.population, person)
            if told is None or known is None:
                assert known is None or age_on(person.birth_date, TODAY) < 20
                continue
            assert told.marital_code == known.marital_code
            assert (told.marriage is None) == (known.marriage is None)
            if told.marriage is not None and known.marriage is not None:
                assert told.marriage.registered_on == known.marriage.registered_on
                assert told.marriage.spouse == CITY.population.people[known.marriage.other_id_number].name
                assert (told.marriage.standing == "in_force") == (known.marital_code == "20")

    def test_is_the_same_for_husband_and_wife(self) -> None:
        for husband, wife in couples():
            his, hers = marriage(CITY, husband), marriage(CITY, wife)
            assert his is not None
            assert hers is not None
            assert his.marriage is not None
            assert hers.marriage is not None
            assert his.marriage.certificate_no == hers.marriage.certificate_no
            assert (his.marriage.spouse, hers.marriage.spouse) == (wife.name, husband.name)

    def test_of_a_child_is_unknown_and_of_a_single_adult_is_none(self) -> None:
        child = next(one for one in EVERYBODY if age_on(one.birth_date, TODAY) == 19)
        single = next(
            one
            for one in EVERYBODY
            if age_on(one.birth_date, TODAY) >= 20 and not one.spouse and not one.former_spouse and one.household_no
            if civil(CITY.population, one) is not None
        )
        told = marriage(CITY, single)

        assert marriage(CITY, child) is None
        assert told is not None
        assert (told.marital_code, told.marriage) == ("10", None)

    def test_refuses_a_question_about_two(self) -> None:
        body = msgspec.Raw(msgspec.json.encode({"id_number": MOTHER, "spouse_id_number": FATHER}))

        with pytest.raises(QuestionRefused, match="body_malformed"):
            SERVICES["mzj"]["marriage_registration"](CITY, body)


class TestDivorce:
    def test_comes_after_the_marriage_and_ends_it_on_its_day(self) -> None:
        parted = [person for person in EVERYBODY if person.former_spouse]
        told = [(marriage(CITY, person), divorce(CITY, person)) for person in parted]

        assert told
        for married, ended in told:
            assert married is not None
            assert ended is not None
            assert married.marriage is not None
            assert ended.divorce is not None
            assert ended.marital_code == "40"
            assert married.marriage.registered_on < ended.divorce.registered_on == married.marriage.ended_on
            assert ended.divorce.certificate_no.startswith("L")
            assert ended.application is None

    @pytest.mark.parametrize(
        ("applied", "withdraw_until", "claim_until"),
        [
            (date(2026, 9, 1), date(2026, 10, 1), date(2026, 11, 2)),
            (date(2026, 1, 15), date(2026, 2, 14), date(2026, 3, 16)),
        ],
    )
    def test_application_has_thirty_days_and_thirty_more_until_a_working_day(
        self, applied: date, withdraw_until: date, claim_until: date
    ) -> None:
        told = application(applied, "芝罘区民政局婚姻登记处", applied)

        assert (told.withdraw_until, told.claim_from) == (withdraw_until, withdraw_until + timedelta(days=1))
        assert told.claim_until == claim_until

    @pytest.mark.parametrize(
        ("day", "state"),
        [
            (date(2026, 9, 1), "cooling"),
            (date(2026, 10, 1), "cooling"),
            (date(2026, 10, 2), "claimable"),
            (date(2026, 11, 2), "claimable"),
            (date(2026, 11, 3), "lapsed"),
        ],
    )
    def test_application_passes_from_cooling_to_claimable_to_lapsed(self, day: date, state: str) -> None:
        assert application(date(2026, 9, 1), "芝罘区民政局婚姻登记处", day).state == state

    def test_application_ends_on_a_monday_where_days_off_are_not_known(self) -> None:
        assert application(date(2031, 1, 14), "芝罘区民政局婚姻登记处", date(2031, 1, 14)).claim_until == date(
            2031, 3, 17
        )

    def test_application_is_the_couples_and_stands_for_its_days(self) -> None:
        days = [TODAY + timedelta(days=ahead) for ahead in range(0, 300, 100)]
        applied = 0
        for husband, wife in couples():
            his = [application_of(CITY.population, husband, day) for day in days]
            hers = [application_of(CITY.population, wife, day) for day in days]
            seen = [one for one in his if one is not None]
            assert his == hers
            applied += bool(seen)
            assert len({one.applied_on for one in seen}) <= 2
            assert not (seen and husband.demo)
        assert 0 < applied < len(couples()) // 10


class TestPremaritalExam:
    def test_was_made_in_the_two_months_before_the_marriage(self) -> None:
        examined = 0
        for person in EVERYBODY:
            told, known = premarital_exam(CITY, person), civil(CITY.population, person)
            if told is not None:
                examined += 1
                assert known is not None
                assert known.marriage is not None
                assert timedelta() < known.marriage.registered_on - told.examined_on <= timedelta(days=60)
        assert examined > 20

    def test_has_results_of_ones_own_and_an_opinion_that_fits_them(self) -> None:
        told = [one for person in EVERYBODY if (one := premarital_exam(CITY, person)) is not None]

        assert len({one.certificate_no for one in told}) == len(told)
        for one in told:
            found = {part.result for part in one.parts}
            assert (one.opinion == "nothing_found") == (found == {"nothing_found"})

    def test_of_somebody_never_married_is_unknown(self) -> None:
        single = next(one for one in EVERYBODY if not one.spouse and not one.former_spouse)

        assert premarital_exam(CITY, single) is None
