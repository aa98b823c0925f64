"""Doctors' hours: at listed institutions, within the open days, with fewer places left the nearer the day."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from app.kernel import clock
from integrations.city.outcomes import QuestionRefused
from integrations.city.outpatient import NOT_BOOKED, OPEN_DAYS, ClinicsAsked, Fees, clinics, clinics_of
from integrations.city.registers import listed
from integrations.departments.medical_care import Institutions
from tests.makers.city_people import a_town_of_registers

CITY = a_town_of_registers()
TODAY = clock.today()
INSTITUTIONS = listed("medical_institutions", Institutions).items
FEES = {one.title: one for one in listed("consultation_fees", Fees).items}
SUNDAY = date(2026, 11, 29)


class TestClinics:
    def test_are_of_the_listed_institutions_and_departments_and_never_of_emergencies(self) -> None:
        told = clinics(CITY, ClinicsAsked()).items
        known = {one.code: one for one in INSTITUTIONS}

        assert {one.institution_code for one in told} == set(known)
        assert all(one.department in known[one.institution_code].departments for one in told)
        assert NOT_BOOKED not in {one.department for one in told}
        assert {one.day for one in told} == {TODAY + timedelta(days=1)}

    def test_cost_what_their_title_costs_and_never_have_more_places_than_there_are(self) -> None:
        for ahead in range(OPEN_DAYS + 1):
            for one in clinics(CITY, ClinicsAsked(TODAY + timedelta(days=ahead))).items:
                assert one.fee_fen == FEES[one.title].fee_fen
                assert 0 <= one.left <= one.places == FEES[one.title].places
                assert (one.doctor is None) == (one.title == "general")

    def test_have_numbers_of_their_own(self) -> None:
        codes = [
            one.code for ahead in (1, 2) for one in clinics(CITY, ClinicsAsked(TODAY + timedelta(days=ahead))).items
        ]

        assert len(codes) == len(set(codes))

    def test_fill_up_as_their_day_comes_nearer(self) -> None:
        day = date(2026, 12, 4)
        seen = [
            [one.left for one in clinics_of(1, (INSTITUTIONS[0], "内科"), day, day - timedelta(days=ahead))]
            for ahead in range(OPEN_DAYS, -1, -1)
        ]

        assert all(
            before >= after for earlier, later in pairwise(seen) for before, after in zip(earlier, later, strict=True)
        )
        assert seen[0] != seen[-1]

    def test_are_in_the_morning_only_on_sundays(self) -> None:
        sunday = {one.session for one in clinics_of(1, (INSTITUTIONS[0], "内科"), SUNDAY, SUNDAY)}
        monday = {one.session for one in clinics_of(1, (INSTITUTIONS[0], "内科"), SUNDAY + timedelta(days=1), SUNDAY)}

        assert (sunday, monday) == ({"morning"}, {"morning", "afternoon"})

    def test_are_those_asked_for(self) -> None:
        asked = ClinicsAsked(institution_code=INSTITUTIONS[0].code, department="儿科")
        told = clinics(CITY, asked).items

        assert {(one.institution_code, one.department) for one in told} == {(INSTITUTIONS[0].code, "儿科")}
        assert clinics(CITY, asked) == clinics(CITY, asked)
        assert clinics(CITY, ClinicsAsked(department="占星科")).items == ()

    @pytest.mark.parametrize("ahead", [-1, OPEN_DAYS + 1])
    def test_refuse_a_day_that_is_not_open(self, ahead: int) -> None:
        with pytest.raises(QuestionRefused, match="day_not_open"):
            clinics(CITY, ClinicsAsked(TODAY + timedelta(days=ahead)))

    @pytest.mark.parametrize("ahead", [0, OPEN_DAYS])
    def test_are_told_from_today_to_the_last_open_day(self, ahead: int) -> None:
        assert clinics(CITY, ClinicsAsked(TODAY + timedelta(days=ahead))).items
