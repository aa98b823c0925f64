"""To whom the matters of health are open, and what is free by age."""

from datetime import date

import httpx
import pytest

from lifecycle.rules.fact_kinds import ADDRESS_SINCE, BIRTH_DATE, DIVISION, DOSES, MEDICAL_INSURED, SEX
from lifecycle.rules.immunisation import Given
from tests.makers.callers import headers
from tests.makers.facts import ADULT, AS_OF, Known, a_person, aged, answer, facts, said
from tests.makers.people import a_citizen

GIRL = date(2013, 10, 1)


class TestServices:
    @pytest.mark.parametrize(
        "matter",
        [
            "health_supervision_info",
            "food_drug_safety_info",
            "medical_institution_query",
            "pharmacy_query",
            "health_consumption_alert",
            "appointment_registration",
            "health_record_query",
            "checkup_institution",
            "adult_vaccination",
            "health_nursing_push",
        ],
    )
    def test_are_open_to_anyone(self, matter: str) -> None:
        assert said(f"{matter}.open", facts({})) == "yes"

    @pytest.mark.parametrize("matter", ["health_consultation_push", "famous_doctor_push"])
    @pytest.mark.parametrize(("days", "says"), [(-1, "yes_from"), (0, "yes")])
    def test_advice_is_for_adults(self, matter: str, days: int, says: str) -> None:
        assert said(f"{matter}.open", aged(18, days)) == says

    @pytest.mark.parametrize("matter", ["tiered_diagnosis_referral", "medical_insurance_reimbursement"])
    def test_some_are_for_the_insured(self, matter: str) -> None:
        name = f"{matter}.open"
        uninsured = answer(name, a_person(ADULT, {MEDICAL_INSURED: False})).verdict
        insured = answer(name, a_person(ADULT, {MEDICAL_INSURED: True})).verdict

        assert [kind.name for kind in answer(name, a_person(ADULT)).needs] == ["medical_insured"]
        assert uninsured is not None
        assert insured is not None
        assert (uninsured.answer, uninsured.would_be_if is not None) == ("no", True)
        assert (insured.answer, bool(insured.steps)) == ("yes", True)


class TestHpvVaccine:
    NAME = "free_hpv_vaccine"

    @pytest.mark.parametrize(
        ("as_of", "says"),
        [
            (date(2026, 9, 30), "yes_from"),
            (date(2026, 10, 1), "yes"),
            (date(2027, 9, 30), "yes"),
            (date(2027, 10, 1), "no"),
        ],
    )
    def test_begins_at_thirteen_and_before_fourteen(self, as_of: date, says: str) -> None:
        assert said(self.NAME, a_person(GIRL, {DOSES: ()}), as_of) == says

    @pytest.mark.parametrize(
        ("as_of", "says"),
        [
            (date(2027, 4, 14), "yes_from"),
            (date(2027, 4, 15), "yes"),
            (date(2031, 9, 30), "yes"),
            (date(2031, 10, 1), "no"),
        ],
    )
    def test_goes_on_half_a_year_later_until_eighteen(self, as_of: date, says: str) -> None:
        given = {DOSES: (Given(date(2026, 10, 15), "HPV2"),)}

        assert said(self.NAME, a_person(GIRL, given), as_of) == says

    def test_is_had_after_two_doses(self) -> None:
        given = {DOSES: (Given(date(2026, 10, 15), "HPV2"), Given(date(2027, 4, 15), "HPV2"))}
        found = answer(self.NAME, a_person(GIRL, given), date(2027, 5, 1)).verdict

        assert found is not None
        assert found.drawn

    @pytest.mark.parametrize(
        ("born", "sex"), [(date(2011, 11, 10), "female"), (GIRL, "male"), (date(1990, 1, 1), "female")]
    )
    def test_is_for_girls_born_since(self, born: date, sex: str) -> None:
        assert said(self.NAME, a_person(born, sex=sex)) == "no"

    def test_isnt_guessed(self) -> None:
        assert {kind.name for kind in answer(self.NAME, facts({})).needs} == {"birth_date", "sex"}
        assert [kind.name for kind in answer(self.NAME, a_person(GIRL)).needs] == ["doses"]


class TestYearlyCheck:
    NAME = "elderly_check_up"

    @pytest.mark.parametrize(("days", "says"), [(-1, "yes_from"), (0, "yes")])
    def test_is_free_from_sixty_five(self, days: int, says: str) -> None:
        assert said(self.NAME, aged(65, days)) == says

    def test_is_for_who_lives_here(self) -> None:
        known: Known = {BIRTH_DATE: date(1950, 1, 1), SEX: "female", DIVISION: "110101"}

        assert said(self.NAME, facts(known | {ADDRESS_SINCE: AS_OF})) == "yes"
        assert [kind.name for kind in answer(self.NAME, facts(known)).needs] == ["residence_since"]


@pytest.mark.usefixtures("app")
class TestOverHttp:
    async def test_a_matter_says_to_whom_it_is_open_and_what_is_free(self, http: httpx.AsyncClient) -> None:
        who = await headers(await a_citizen(birth_date=date(1950, 1, 1)))

        found = (await http.get("/v1/matters/checkup_institution/eligibility", headers=who)).json()["answers"]
        listed = (await http.get("/v1/me/entitlements", headers=who, params={"stage": "medical"})).json()["items"]

        assert {one["code"]: one["answer"] for one in found} == {
            "elderly_check_up": "yes",
            "checkup_institution.open": "yes",
        }
        assert {one["code"] for one in listed} == {"catastrophic_cover", "free_hpv_vaccine", "elderly_check_up"}

    async def test_declared_insurance_changes_the_answer(self, http: httpx.AsyncClient) -> None:
        who, address = await headers(await a_citizen()), "/v1/matters/tiered_diagnosis_referral/eligibility"

        (before,) = (await http.get(address, headers=who)).json()["answers"]
        await http.put("/v1/me/facts/medical_insured", headers=who, json={"value": True})
        (after,) = (await http.get(address, headers=who)).json()["answers"]

        assert (before["answer"], after["answer"]) == ("unknown", "yes")
