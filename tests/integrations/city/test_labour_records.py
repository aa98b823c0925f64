"""What the social security party says of work agrees with the registers of work, schools, families and with labour law."""

from datetime import date, timedelta

import pytest

from integrations.city.days import months_after, years_after
from integrations.city.employers import employer
from integrations.city.employment import Employment, work
from integrations.city.graduates import graduate_record
from integrations.city.labour_records import (
    SERVICES,
    contract_of,
    grounds,
    hardship_record,
    labour_record,
    unemployment_record,
)
from integrations.city.outcomes import NOT_FOUND
from integrations.city.people import age_on
from integrations.city.population import REFERENCE
from integrations.city.schools import schooling
from tests.makers.city_people import a_town_of_registers
from tests.makers.city_questions import asked

CITY = a_town_of_registers()
PEOPLE = list(CITY.population.people.values())


def a_job(since: date, place: int) -> Employment:
    return Employment(employer(1, "370602", place), since, 500_000)


class TestLabourRecord:
    def test_is_of_everybody_of_sixteen_and_agrees_with_work(self) -> None:
        for person in PEOPLE[:600]:
            told, known = labour_record(CITY, person), work(CITY.population, person)
            if told is None:
                assert known is None or age_on(person.birth_date, REFERENCE) < 17
                continue
            assert known is not None
            assert age_on(person.birth_date, REFERENCE) >= 16
            assert (told.job is None) == (known.employment is None)
            assert [one.months for one in told.insurances] == [one.months for one in known.contributions]
            if told.job and known.employment:
                assert told.job.uscc == known.employment.employer.uscc
                assert told.job.since <= told.job.reported_on <= told.job.since + timedelta(days=30)

    def test_has_a_contract_that_runs(self) -> None:
        kinds = set()
        for person in PEOPLE[:800]:
            told = labour_record(CITY, person)
            if told is None or told.job is None:
                continue
            kinds.add(told.job.contract)
            if told.job.contract_from is not None:
                assert told.job.since <= told.job.contract_from <= REFERENCE
            if told.job.contract_until is not None:
                assert told.job.contract_until >= REFERENCE - timedelta(days=1)

        assert kinds == {"fixed_term", "open_ended", "staffing", "civil_service"}

    @pytest.mark.parametrize(
        ("since", "place", "years", "told"),
        [
            (date(2026, 5, 1), 6, 3, ("fixed_term", date(2026, 5, 1), date(2029, 4, 30))),
            (date(2023, 11, 2), 6, 3, ("fixed_term", date(2023, 11, 2), date(2026, 11, 1))),
            (date(2023, 11, 1), 6, 3, ("fixed_term", date(2026, 11, 1), date(2029, 10, 31))),
            (date(2020, 11, 2), 6, 3, ("fixed_term", date(2023, 11, 2), date(2026, 11, 1))),
            (date(2020, 11, 1), 6, 3, ("open_ended", date(2026, 11, 1), None)),
            (date(2005, 3, 1), 6, 1, ("open_ended", date(2007, 3, 1), None)),
            (date(2005, 3, 1), 1, 1, ("staffing", date(2026, 3, 1), date(2029, 2, 28))),
            (date(2005, 3, 1), 0, 5, ("civil_service", None, None)),
        ],
    )
    def test_has_an_open_ended_contract_after_two_terms(
        self, since: date, place: int, years: int, told: tuple[str, date | None, date | None]
    ) -> None:
        assert contract_of(a_job(since, place), years) == told

    def test_is_unknown_of_a_child(self) -> None:
        child = next(one for one in PEOPLE if age_on(one.birth_date, REFERENCE) == 10)

        assert SERVICES["labour_record"](CITY, asked(child)) == NOT_FOUND


class TestUnemploymentRecord:
    def test_agrees_with_work_and_the_law(self) -> None:
        told = [(one, unemployment_record(CITY, one)) for one in PEOPLE]
        known = [one for _, one in told if one is not None]

        assert all((record is not None) == _is_unemployed(one) for one, record in told)
        assert {one.registered_on is None for one in known} == {True, False}
        for one in known:
            assert (one.certificate_no is None) == (one.registered_on is None)
            assert one.benefit_months in {0, 12, 18, 24}
            if one.benefit_months:
                assert one.registered_on is not None
                assert one.contributed_months >= 12
                assert one.reason != "resigned"
                assert one.benefit_until == months_after(one.registered_on, one.benefit_months)
                assert (one.benefit_until > REFERENCE) == (one.benefit_fen > 0)
            else:
                assert (one.benefit_until, one.benefit_fen) == (None, 0)

    def test_has_a_certificate_of_sixteen_digits_of_ones_own(self) -> None:
        numbers = [one.certificate_no for person in PEOPLE if (one := unemployment_record(CITY, person))]
        given = [one for one in numbers if one is not None]

        assert len(set(given)) == len(given)
        assert all(len(one) == 16 and one.isdigit() for one in given)


class TestHardshipRecord:
    def test_is_only_of_who_is_registered_and_recognised_for_a_ground_that_held(self) -> None:
        told = [(one, hardship_record(CITY, one)) for one in PEOPLE]
        known = [(person, record) for person, record in told if record is not None]

        assert known
        assert any(record.recognised_on for _, record in known)
        for person, record in known:
            held = grounds(CITY.population, person, record.registered_on)
            assert set(record.grounds) == set(held)
            if record.recognised_on is not None:
                assert any(day <= record.recognised_on for day in held.values())
                assert record.recognised_on <= REFERENCE

    def test_knows_the_ages_of_the_law(self) -> None:
        for person in PEOPLE:
            record = hardship_record(CITY, person)
            if record is not None:
                of_age = age_on(person.birth_date, REFERENCE) >= (40 if person.sex == "female" else 50)
                assert ("age" in record.grounds) == of_age
                assert ("long_unemployed" in record.grounds) == (years_after(record.registered_on, 1) <= REFERENCE)


class TestGraduateRecord:
    def test_is_of_who_left_a_college_within_three_years(self) -> None:
        told = [(one, graduate_record(CITY, one)) for one in PEOPLE]
        known = [(person, record) for person, record in told if record is not None]

        assert any(record.employer for _, record in known)
        for person, record in known:
            assert schooling(CITY.population, person).level_code == record.level_code
            assert record.graduated_on <= REFERENCE < record.period_until == years_after(record.graduated_on, 3)
            assert all(one.met == (record.insured_months >= one.insured_months) for one in record.subsidies)
            if record.employed_since is not None:
                assert record.employed_since >= record.graduated_on


def _is_unemployed(person: object) -> bool:
    known = work(CITY.population, person)  # type: ignore[arg-type]
    return known is not None and known.unemployment is not None
