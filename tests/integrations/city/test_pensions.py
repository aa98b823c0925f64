"""Pension and medical insurance as told agree with work, with the months since work began, and with the law's ages and months."""

from datetime import date

import pytest

from app.kernel import clock
from integrations.city.contribution_rates import rates
from integrations.city.contributions import SINCE
from integrations.city.days import birthday, months_between
from integrations.city.employers import employer
from integrations.city.employment import Employment, Work, work
from integrations.city.health_insurance import medical_insurance
from integrations.city.months_paid import months_paid
from integrations.city.occupations import first_day_of_work, occupation, retired_on
from integrations.city.outcomes import NOT_FOUND
from integrations.city.pensions import SERVICES, deemed_months, months_needed, pension_record
from integrations.city.population import REFERENCE
from tests.makers.city_people import a_town_of_registers
from tests.makers.city_questions import asked

CITY = a_town_of_registers()
PEOPLE = list(CITY.population.people.values())[:900]


class TestPensionRecord:
    def test_is_of_who_paid_or_draws_and_has_the_months_of_work(self) -> None:
        standings = set()
        for person in PEOPLE:
            told, known = pension_record(CITY, person), work(CITY.population, person)
            if told is None:
                assert known is None or (
                    known.pension is None and all(one.months == 0 for one in known.contributions[:1])
                )
                continue
            assert known is not None
            standings.add(told.standing)
            worked = months_between(first_day_of_work(CITY.population, person), min(REFERENCE, told.claims_from))
            assert told.months + told.deemed_months <= worked
            assert told.claims_from == retired_on(CITY.population, person)
            assert (told.standing == "drawing") == (told.claims_from <= REFERENCE) == (told.pension is not None)
            assert len(told.payments) <= min(10, told.months)
            assert all(one.month.year == 2026 and one.month < REFERENCE for one in told.payments)
        assert standings == {"paying", "paused", "drawing"}

    def test_has_an_account_of_no_more_than_was_paid_into_it(self) -> None:
        for person in PEOPLE:
            told, known = pension_record(CITY, person), work(CITY.population, person)
            if told is None or known is None or told.account_fen is None:
                continue
            if told.code == "170":
                assert told.account_fen <= told.months // 12 * max(rates().resident.pension_year_fen)
                assert told.claims_from == birthday(person.birth_date, 60)
            else:
                assert told.account_fen <= known.contributions[0].base_fen * 8 // 100 * told.months

    @pytest.mark.parametrize(
        ("code", "year", "months"),
        [("110", 2010, 180), ("110", 2029, 180), ("120", 2030, 186), ("110", 2035, 216), ("110", 2039, 240),
         ("110", 2050, 240), ("170", 2050, 180)],
    )  # fmt: skip
    def test_needs_the_laws_months(self, code: str, year: int, months: int) -> None:
        assert months_needed(code, date(year, 5, 1)) == months

    @pytest.mark.parametrize(
        ("code", "since", "months"),
        [("120", date(2014, 9, 30), 1), ("120", date(2014, 10, 1), 0), ("110", date(1991, 1, 1), 12)],
    )
    def test_deems_paid_what_was_worked_before_the_insurance_began(self, code: str, since: date, months: int) -> None:
        job = Work("employee", Employment(employer(1, "370602", 0), since, 500_000))

        assert deemed_months(job, code) == months
        assert since >= SINCE[code] or months

    def test_is_unknown_of_a_pupil(self) -> None:
        pupil = next(one for one in PEOPLE if occupation(CITY.population, one) == "pupil")

        assert SERVICES["pension"](CITY, asked(pupil)) == NOT_FOUND


class TestMonthsPaid:
    def test_are_of_the_present_job_by_the_rates_of_the_law(self) -> None:
        for person in PEOPLE:
            known = work(CITY.population, person)
            if known is None or known.employment is None:
                continue
            code = known.contributions[0].insurance_code
            told = months_paid(known, code)
            assert len(told) == min(10, months_between(known.employment.since, REFERENCE))
            for one in told:
                assert one.own_fen == one.base_fen * 8 // 100
                assert one.employer_fen == one.base_fen * 16 // 100

    def test_end_with_the_job(self) -> None:
        for person in PEOPLE:
            known = work(CITY.population, person)
            if known is not None and known.unemployment is not None:
                left = known.unemployment.ended_on
                assert all(one.month < left.replace(day=1) for one in months_paid(known, "110"))


class TestMedicalInsurance:
    def test_is_of_everybody_here_with_an_account_for_employees_only(self) -> None:
        schemes = set()
        for person in PEOPLE:
            told = medical_insurance(CITY, person)
            if told is None:
                assert work(CITY.population, person) is None
                continue
            schemes.add(told.insured_as)
            assert (told.account_fen is None) == (told.scheme_code == "390")
            assert (told.next_year_paid is None) == (told.scheme_code == "310")
            assert (told.covered_until is None) == (told.insured_as == "employee_retired")
            assert told.covered_until is None or told.covered_until >= REFERENCE
            if told.scheme_code == "390":
                assert len(told.payments) == 1
        assert schemes >= {"employee_active", "employee_retired", "flexible", "student_child", "resident_plan1"}

    def test_of_next_year_is_paid_within_the_window(self, monkeypatch: pytest.MonkeyPatch) -> None:
        paid = []
        for day in (date(2026, 8, 31), date(2026, 10, 31), date(2026, 12, 31)):
            monkeypatch.setattr(clock, "today", lambda day=day: day)
            told = [medical_insurance(CITY, person) for person in PEOPLE]
            paid.append({place for place, one in enumerate(told) if one is not None and one.next_year_paid})

        assert not paid[0]
        assert paid[0] < paid[1] < paid[2]
