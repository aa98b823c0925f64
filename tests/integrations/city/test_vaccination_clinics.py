"""Vaccination clinics: what each gives for good and has today, and what is free for whom."""

from datetime import date

import msgspec
import pytest

from integrations.city.departments import SERVICES
from integrations.city.divisions import BY_CODE
from integrations.city.outcomes import QuestionRefused
from integrations.city.registers import listed
from integrations.city.vaccination_clinics import EVERYWHERE, ClinicList, ClinicsAsked, clinics, offers
from integrations.departments.prevention import VACCINES
from tests.makers.city_people import a_town_of_registers

CITY = a_town_of_registers()
LISTED = listed("vaccination_clinics", ClinicList)
CLINIC = LISTED.items[0].code


class TestClinics:
    def test_are_in_every_division_and_give_what_is_given_everywhere(self) -> None:
        told = clinics(CITY, ClinicsAsked()).items

        assert {one.division_code for one in told} == set(BY_CODE)
        assert all(set(EVERYWHERE) <= {vaccine.code for vaccine in one.vaccines} for one in told)
        assert {vaccine.code for one in told for vaccine in one.vaccines} == set(VACCINES)

    def test_are_those_that_have_doses_of_a_vaccine(self) -> None:
        told = clinics(CITY, ClinicsAsked("HPV9")).items

        assert 0 < len(told) < len(LISTED.items)
        assert all(any(vaccine.code == "HPV9" and vaccine.stock for vaccine in one.vaccines) for one in told)

    def test_give_the_same_vaccines_on_another_day_from_another_stock(self) -> None:
        one, other = (offers(1, CLINIC, LISTED.vaccines, date(2026, 11, day)) for day in (28, 29))

        assert [vaccine.code for vaccine in one] == [vaccine.code for vaccine in other]
        assert [vaccine.stock for vaccine in one] != [vaccine.stock for vaccine in other]
        assert one == offers(1, CLINIC, LISTED.vaccines, date(2026, 11, 28))

    def test_give_free_of_charge_only_what_the_programme_has(self) -> None:
        assert [one.code for one in LISTED.vaccines if one.free_for] == ["HPV2"]
        assert all(one.price_fen > 0 for one in LISTED.vaccines)

    @pytest.mark.parametrize("body", [b'{"vaccine": "BCG"}', b'{"vaccine": 9}', b'{"code": "FLU"}'])
    def test_refuse_a_question_of_another_shape(self, body: bytes) -> None:
        with pytest.raises(QuestionRefused, match="body_malformed"):
            SERVICES["wjw"]["vaccination_clinics"](CITY, msgspec.Raw(body))
