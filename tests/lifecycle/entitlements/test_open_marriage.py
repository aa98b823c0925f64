"""To whom the matters around a marriage and its end are open."""

from datetime import date

import httpx
import pytest

from lifecycle.rules.fact_kinds import MARITAL_STATUS
from lifecycle.rules.told_kinds import DIVORCE_APPLICATION, DivorceApplication
from tests.makers.callers import headers
from tests.makers.facts import ADULT, Known, a_person, aged, answer, said
from tests.makers.people import a_citizen

APPLIED = DivorceApplication(date(2026, 11, 1), date(2026, 12, 1), date(2026, 12, 2), date(2026, 12, 31))


class TestDivorce:
    NAME = "divorce_registration.open"

    @pytest.mark.parametrize(
        ("status", "says"), [("married", "yes"), ("single", "no"), ("divorced", "no"), ("widowed", "no")]
    )
    def test_is_for_the_married(self, status: str, says: str) -> None:
        found = answer(self.NAME, a_person(ADULT, {MARITAL_STATUS: status}))

        assert found.answer == says
        assert found.verdict is not None
        assert (found.verdict.would_be_if is not None) == (says == "no")
        assert any("agreement" in step.en for step in found.verdict.steps)

    def test_isnt_guessed(self) -> None:
        assert [kind.name for kind in answer(self.NAME, a_person(ADULT)).needs] == ["marital_status"]

    @pytest.mark.parametrize(("days", "says"), [(-1, "no"), (0, "unknown")])
    def test_isnt_asked_of_who_is_too_young_to_be_married(self, days: int, says: str) -> None:
        assert said(self.NAME, aged(20, days)) == says

    @pytest.mark.parametrize(
        ("as_of", "says", "until"),
        [
            (date(2026, 12, 1), "yes_from", None),
            (date(2026, 12, 2), "yes", date(2026, 12, 31)),
            (date(2026, 12, 31), "yes", date(2026, 12, 31)),
            (date(2027, 1, 1), "yes", None),
        ],
    )
    def test_once_applied_for_is_claimed_within_its_days(self, as_of: date, says: str, until: date | None) -> None:
        known: Known = {MARITAL_STATUS: "married", DIVORCE_APPLICATION: APPLIED}
        found = answer(self.NAME, a_person(ADULT, known), as_of)

        assert found.answer == says
        assert found.verdict is not None
        assert found.verdict.until == until


class TestBeforeAMarriage:
    @pytest.mark.parametrize(("sex", "age"), [("male", 22), ("female", 20)])
    def test_the_check_is_for_who_may_marry(self, sex: str, age: int) -> None:
        name = "premarital_medical_exam.open"

        assert said(name, aged(age, 0, sex, {MARITAL_STATUS: "single"})) == "yes"
        assert said(name, aged(age, -1, sex, {MARITAL_STATUS: "single"})) == "yes_from"
        assert said(name, aged(age, 0, sex, {MARITAL_STATUS: "married"})) == "no"
        assert said(name, aged(age, 0, sex)) == "unknown"

    @pytest.mark.parametrize(
        "matter", ["premarital_property_notarization", "wedding_service_push", "wedding_photo_push"]
    )
    @pytest.mark.parametrize(("days", "says"), [(-1, "yes_from"), (0, "yes")])
    def test_a_notary_and_advertising_are_for_adults(self, matter: str, days: int, says: str) -> None:
        assert said(f"{matter}.open", aged(18, days)) == says


class TestSingles:
    NAME = "dating_push.open"

    @pytest.mark.parametrize("status", ["single", "divorced", "widowed"])
    def test_are_of_age_and_unmarried(self, status: str) -> None:
        assert said(self.NAME, aged(18, 0, more={MARITAL_STATUS: status})) == "yes"
        assert said(self.NAME, aged(18, -1, more={MARITAL_STATUS: status})) == "yes_from"

    @pytest.mark.parametrize(("sex", "age"), [("male", 22), ("female", 20)])
    def test_are_so_until_they_may_marry(self, sex: str, age: int) -> None:
        assert said(self.NAME, aged(age, -1, sex)) == "yes"
        assert said(self.NAME, aged(age, 0, sex)) == "unknown"
        assert said(self.NAME, aged(17, 0, sex)) == "yes_from"

    def test_arent_married_and_known_not_to_be(self) -> None:
        married = answer(self.NAME, aged(30, more={MARITAL_STATUS: "married"})).verdict

        assert married is not None
        assert (married.answer, married.would_be_if is not None) == ("no", True)
        assert [kind.name for kind in answer(self.NAME, aged(30)).needs] == ["marital_status"]


@pytest.mark.usefixtures("app")
class TestOverHttp:
    @pytest.mark.parametrize(
        ("matter", "says"), [("divorce_registration", "unknown"), ("premarital_property_notarization", "yes")]
    )
    async def test_answers_by_what_is_known(self, http: httpx.AsyncClient, matter: str, says: str) -> None:
        who = await headers(await a_citizen(birth_date=ADULT))

        (found,) = (await http.get(f"/v1/matters/{matter}/eligibility", headers=who)).json()["answers"]

        assert (found["code"], found["answer"]) == (f"{matter}.open", says)
        assert bool(found["needs"]) == (says == "unknown")
