"""To whom the matters of education are open, on both sides of each day."""

from datetime import date

import httpx
import pytest

from lifecycle.rules.declared_kinds import DIPLOMA, GRADUATED_ON
from lifecycle.rules.fact_kinds import BIRTH_DATE, DISABILITY_GRADE, SCHOOLING, STUDYING, Schooling, SchoolStage
from tests.makers.callers import headers
from tests.makers.facts import ADULT, Known, a_person, aged, answer, facts, said
from tests.makers.people import a_citizen

CHILD = date(2024, 8, 31)
PUPIL = date(2012, 3, 1)


def at(stage: SchoolStage, since: int = 2025, until: int = 2028) -> Known:
    """Learning from one autumn to the summer of another year."""
    return {SCHOOLING: Schooling(stage, date(since, 9, 1), date(until, 8, 31))}


class TestKindergarten:
    NAME = "preschool_info.open"

    @pytest.mark.parametrize(
        ("as_of", "says"),
        [
            (date(2027, 4, 30), "yes_from"),
            (date(2027, 5, 1), "yes"),
            (date(2030, 8, 31), "yes"),
            (date(2030, 9, 1), "no"),
        ],
    )
    def test_is_from_the_year_of_three_to_school(self, as_of: date, says: str) -> None:
        assert said(self.NAME, a_person(CHILD), as_of) == says

    def test_of_who_was_born_a_day_later_is_a_year_later(self) -> None:
        found = answer(self.NAME, a_person(date(2024, 9, 1))).verdict

        assert found is not None
        assert found.from_on == date(2028, 5, 1)

    def test_is_had_by_who_goes_there(self) -> None:
        found = answer(self.NAME, a_person(date(2022, 3, 1), at("kindergarten"))).verdict

        assert found is not None
        assert found.drawn


class TestSchools:
    @pytest.mark.parametrize(
        ("as_of", "says"), [(date(2027, 6, 14), "yes_from"), (date(2027, 6, 15), "yes"), (date(2027, 7, 6), "yes")]
    )
    def test_primary_school_is_as_its_registration_is(self, as_of: date, says: str) -> None:
        assert said("primary_education_info.open", a_person(date(2021, 8, 31)), as_of) == says
        assert said("primary_education_info.open", a_person(date(2021, 9, 1)), as_of) == "no"

    @pytest.mark.parametrize(("as_of", "says"), [(date(2027, 6, 30), "yes_from"), (date(2027, 7, 1), "yes")])
    def test_junior_school_opens_with_its_window(self, as_of: date, says: str) -> None:
        assert said("junior_secondary_info.open", a_person(date(2015, 3, 1)), as_of) == says

    @pytest.mark.parametrize(("as_of", "says"), [(date(2028, 2, 29), "yes_from"), (date(2028, 3, 1), "yes")])
    def test_senior_school_opens_in_the_year_of_leaving(self, as_of: date, says: str) -> None:
        assert said("senior_secondary_info.open", a_person(PUPIL, at("junior")), as_of) == says

    def test_senior_school_is_for_who_comes_from_junior_school(self) -> None:
        name = "senior_secondary_info.open"
        young, beyond = answer(name, a_person(date(2018, 3, 1))), answer(name, a_person(PUPIL, at("senior"))).verdict

        assert (young.answer, young.verdict and young.verdict.would_be_if is not None) == ("no", True)
        assert young.again == date(2033, 3, 1)
        assert beyond is not None
        assert beyond.drawn
        assert [kind.name for kind in answer(name, a_person(ADULT)).needs] == ["schooling"]
        assert said(name, a_person(date(2010, 1, 1), at("junior", 2022, 2025))) == "yes"

    @pytest.mark.parametrize(("as_of", "says"), [(date(2027, 6, 14), "yes_from"), (date(2027, 6, 15), "yes")])
    def test_special_education_is_with_the_registration_for_school(self, as_of: date, says: str) -> None:
        known = a_person(date(2021, 3, 1), {DISABILITY_GRADE: 2})

        assert said("special_education_info.open", known, as_of) == says

    def test_special_education_is_within_compulsory_schooling_and_asks_for_the_grade(self) -> None:
        name = "special_education_info.open"

        assert [kind.name for kind in answer(name, a_person(date(2016, 3, 1))).needs] == ["disability_grade"]
        assert said(name, a_person(ADULT)) == "no"
        assert said(name, a_person(date(2016, 3, 1), {DISABILITY_GRADE: 4}), date(2031, 8, 31)) == "yes"
        assert said(name, a_person(date(2016, 3, 1), {DISABILITY_GRADE: 4}), date(2031, 9, 1)) == "no"


class TestPupils:
    @pytest.mark.parametrize(
        ("as_of", "says"),
        [
            (date(2025, 8, 31), "yes_from"),
            (date(2025, 9, 1), "yes"),
            (date(2027, 8, 31), "yes"),
            (date(2027, 9, 1), "no"),
        ],
    )
    def test_change_schools_before_the_final_year(self, as_of: date, says: str) -> None:
        assert said("school_transfer.open", a_person(PUPIL, at("junior")), as_of) == says

    @pytest.mark.parametrize("name", ["study_suspension.open", "score_analysis_report.open", "education_fee.open"])
    @pytest.mark.parametrize(
        ("as_of", "says"),
        [
            (date(2025, 8, 31), "yes_from"),
            (date(2025, 9, 1), "yes"),
            (date(2028, 8, 30), "yes"),
            (date(2028, 8, 31), "no"),
        ],
    )
    def test_are_pupils_while_they_are_enrolled(self, name: str, as_of: date, says: str) -> None:
        assert said(name, a_person(PUPIL, at("junior")), as_of) == says

    @pytest.mark.parametrize("name", ["school_transfer.open", "study_suspension.open", "score_analysis_report.open"])
    def test_are_at_school_and_known_to_be(self, name: str) -> None:
        found = answer(name, a_person(ADULT, at("university"))).verdict

        assert [kind.name for kind in answer(name, a_person(PUPIL)).needs] == ["schooling"]
        assert found is not None
        assert (found.answer, found.would_be_if is not None) == ("no", True)
        assert said(name, a_person(ADULT, {STUDYING: False})) == "no"

    def test_pay_by_what_they_say_where_no_school_is_told(self) -> None:
        assert said("education_fee.open", a_person(ADULT, {STUDYING: True})) == "yes"
        assert said("education_fee.open", a_person(ADULT, {STUDYING: False})) == "no"
        assert [kind.name for kind in answer("education_fee.open", a_person(ADULT)).needs] == ["studying"]


class TestGraduates:
    NAME = "student_startup_push.open"

    @pytest.mark.parametrize(("as_of", "says"), [(date(2026, 6, 30), "yes"), (date(2026, 7, 1), "no")])
    def test_count_as_such_for_five_years(self, as_of: date, says: str) -> None:
        assert said(self.NAME, a_person(ADULT, {GRADUATED_ON: date(2021, 6, 30)}), as_of) == says

    def test_are_students_or_say_when_they_graduated(self) -> None:
        assert said(self.NAME, a_person(ADULT, at("university"))) == "yes"
        assert said(self.NAME, a_person(PUPIL, at("junior"))) == "no"
        assert said(self.NAME, a_person(ADULT, {DIPLOMA: "secondary"})) == "no"
        assert {kind.name for kind in answer(self.NAME, a_person(ADULT)).needs} == {"schooling", "graduated_on"}

    @pytest.mark.parametrize(("diploma", "says"), [("none", "no"), ("secondary", "yes"), ("higher", "yes")])
    def test_have_a_diploma_verified(self, diploma: str, says: str) -> None:
        assert said("diploma_verification.open", a_person(ADULT, {DIPLOMA: diploma})) == says

    def test_arent_asked_about_it_for_nothing(self) -> None:
        assert [kind.name for kind in answer("diploma_verification.open", a_person(ADULT)).needs] == ["diploma"]


class TestEverybody:
    @pytest.mark.parametrize(
        "matter",
        [
            "higher_education_info",
            "continuing_education_info",
            "foreign_exchange_study",
            "education_assistance_info",
            "school_district_lookup",
            "proficiency_grade_exam",
            "vocational_qualification_cert",
            "school_info_push",
            "education_policy_push",
        ],
    )
    def test_may_look_things_up(self, matter: str) -> None:
        assert said(f"{matter}.open", facts({})) == "yes"

    @pytest.mark.parametrize(
        "matter", ["higher_education_info", "vocational_qualification_cert", "proficiency_grade_exam"]
    )
    def test_is_told_what_the_office_judges(self, matter: str) -> None:
        found = answer(f"{matter}.open", facts({BIRTH_DATE: ADULT})).verdict

        assert found is not None
        assert found.steps

    def test_gets_advertising_from_eighteen(self) -> None:
        assert said("study_abroad_agency_push.open", aged(18, -1)) == "yes_from"
        assert said("study_abroad_agency_push.open", aged(18)) == "yes"


@pytest.mark.usefixtures("app")
class TestOverHttp:
    async def test_a_declared_diploma_changes_the_answer(self, http: httpx.AsyncClient) -> None:
        who, address = await headers(await a_citizen()), "/v1/matters/diploma_verification/eligibility"

        (before,) = (await http.get(address, headers=who)).json()["answers"]
        declared = await http.put("/v1/me/facts/diploma", headers=who, json={"value": "higher"})
        (after,) = (await http.get(address, headers=who)).json()["answers"]

        assert (before["answer"], before["needs"][0]["declarable"]) == ("unknown", True)
        assert declared.status_code == 200
        assert (after["answer"], after["facts"][0]["confidence"]) == ("yes", "declared")

    async def test_a_service_is_said_at_its_matter_and_isnt_listed(self, http: httpx.AsyncClient) -> None:
        who = await headers(await a_citizen())

        (found,) = (await http.get("/v1/matters/school_district_lookup/eligibility", headers=who)).json()["answers"]
        listed = (await http.get("/v1/me/entitlements", headers=who, params={"stage": "education"})).json()["items"]

        assert found["answer"] == "yes"
        assert {one["code"] for one in listed} == {
            "primary_school_admission",
            "junior_school_admission",
            "student_aid",
        }
