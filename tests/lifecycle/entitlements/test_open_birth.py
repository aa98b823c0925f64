"""To whom the matters of pregnancy and small children are open, on both sides of each day."""

from datetime import date, timedelta

import httpx
import pytest

from app.kernel import clock
from lifecycle.rules.fact_kinds import (
    ADDRESS_SINCE,
    BIRTH_DATE,
    DIVISION,
    PREGNANCY,
    REGISTERED,
    RESIDENCE,
    SEX,
    Pregnancy,
    Residence,
)
from lifecycle.rules.told_kinds import MATERNAL_CARE
from tests.makers.callers import headers
from tests.makers.facts import ADULT, AS_OF, Known, a_person, aged, answer, facts, said
from tests.makers.people import a_citizen, a_guardian_of, a_resident

BEGAN = date(2026, 8, 1)
DAY = timedelta(days=1)
PREGNANT: Known = {PREGNANCY: Pregnancy(BEGAN)}
BOOKED_IN: Known = PREGNANT | {MATERNAL_CARE: (("handbook", date(2026, 10, 9)),)}
ELSEWHERE: Known = {BIRTH_DATE: ADULT, SEX: "female", DIVISION: "110101"}


def needs(name: str, known: Known) -> set[str]:
    """What a rule asks for."""
    return {kind.name for kind in answer(name, facts(known)).needs}


class TestFertilityRegistration:
    NAME = "birth_registration_service.open"

    @pytest.mark.parametrize(("days", "says"), [(-1, "yes_from"), (0, "yes")])
    def test_is_registered_by_adults(self, days: int, says: str) -> None:
        assert said(self.NAME, aged(18, days)) == says

    def test_is_for_who_is_registered_or_lives_here(self) -> None:
        assert needs(self.NAME, ELSEWHERE) == {"residence_since"}
        assert needs(self.NAME, {}) == {"birth_date", "division", "residence_since"}
        assert said(self.NAME, facts(ELSEWHERE | {ADDRESS_SINCE: AS_OF})) == "yes"
        assert said(self.NAME, facts(ELSEWHERE | {RESIDENCE: Residence("370602", AS_OF)})) == "yes"

    def test_of_who_lives_elsewhere_is_the_partners(self) -> None:
        found = answer(self.NAME, facts(ELSEWHERE | {RESIDENCE: Residence("110101", date(2026, 1, 1))})).verdict

        assert found is not None
        assert found.answer == "no"
        assert found.would_be_if is not None
        assert "partner" in found.would_be_if.en


class TestPregnancy:
    @pytest.mark.parametrize("name", ["antenatal_exam.open", "perinatal_care.open"])
    @pytest.mark.parametrize(
        ("as_of", "says"),
        [
            (BEGAN - DAY, "no"),
            (BEGAN, "yes"),
            (BEGAN + timedelta(weeks=44), "yes"),
            (BEGAN + timedelta(weeks=44) + DAY, "no"),
        ],
    )
    def test_is_from_the_first_day_to_the_last_that_can_be(self, name: str, as_of: date, says: str) -> None:
        assert said(name, a_person(ADULT, PREGNANT), as_of) == says

    @pytest.mark.parametrize(("as_of", "says"), [(date(2026, 11, 28), "yes"), (date(2026, 11, 29), "no")])
    def test_ends_with_the_birth(self, as_of: date, says: str) -> None:
        ended: Known = {PREGNANCY: Pregnancy(date(2026, 2, 22), date(2026, 11, 29))}

        assert said("antenatal_exam.open", a_person(ADULT, ended), as_of) == says

    @pytest.mark.parametrize("name", ["antenatal_exam.open", "perinatal_care.open", "maternity_hospital_booking.open"])
    def test_is_never_guessed_and_no_mans(self, name: str) -> None:
        assert "pregnancy" in {kind.name for kind in answer(name, a_person(ADULT)).needs}
        assert said(name, a_person(ADULT, sex="male")) == "no"

    @pytest.mark.parametrize(("days", "says"), [(-1, "no"), (0, "unknown")])
    def test_isnt_asked_of_children(self, days: int, says: str) -> None:
        assert said("antenatal_exam.open", aged(12, days)) == says

    def test_is_over_and_says_when_it_would_be_again(self) -> None:
        found = answer("antenatal_exam.open", a_person(ADULT, PREGNANT), date(2028, 1, 1)).verdict

        assert found is not None
        assert found.would_be_if is not None


class TestPerinatalCare:
    NAME = "perinatal_care.open"

    @pytest.mark.parametrize(("as_of", "says"), [(date(2026, 11, 28), "yes_from"), (date(2026, 11, 29), "yes")])
    def test_of_who_came_is_after_half_a_year(self, as_of: date, says: str) -> None:
        came = facts(ELSEWHERE | PREGNANT | {ADDRESS_SINCE: date(2026, 5, 29)})

        assert said(self.NAME, came, as_of) == says

    def test_of_who_came_too_late_for_this_pregnancy_is_not(self) -> None:
        late = facts(ELSEWHERE | PREGNANT | {ADDRESS_SINCE: date(2027, 1, 1)})

        assert said(self.NAME, late, date(2027, 2, 1)) == "no"

    def test_asks_for_all_that_is_missing_at_once(self) -> None:
        assert needs(self.NAME, ELSEWHERE) == {"pregnancy", "residence_since"}


class TestHospital:
    NAME = "maternity_hospital_booking.open"

    @pytest.mark.parametrize(("as_of", "says"), [(date(2026, 10, 23), "yes_from"), (date(2026, 10, 24), "yes")])
    def test_takes_bookings_from_the_twelfth_week(self, as_of: date, says: str) -> None:
        assert said(self.NAME, a_person(ADULT, BOOKED_IN), as_of) == says

    def test_asks_for_the_handbook_of_this_pregnancy(self) -> None:
        old: Known = PREGNANT | {MATERNAL_CARE: (("handbook", date(2024, 1, 1)),)}
        found = answer(self.NAME, a_person(ADULT, old)).verdict

        assert {kind.name for kind in answer(self.NAME, a_person(ADULT, PREGNANT)).needs} == {"maternal_care"}
        assert found is not None
        assert (found.answer, found.would_be_if is not None) == ("no", True)


class TestChild:
    @pytest.mark.parametrize(("born", "says"), [(date(1995, 12, 31), "no"), (date(1996, 1, 1), "yes")])
    def test_a_birth_certificate_is_since_there_is_one(self, born: date, says: str) -> None:
        assert said("birth_medical_certificate.open", a_person(born)) == says

    @pytest.mark.parametrize(("days", "says"), [(-1, "yes"), (0, "no")])
    def test_the_programmes_vaccines_end_at_eighteen(self, days: int, says: str) -> None:
        found = answer("infant_immunization.open", aged(18, days))

        assert found.answer == says
        assert found.again == (AS_OF + DAY if says == "yes" else None)

    def test_is_registered_once_and_late_as_well(self) -> None:
        name, late = "birth_household_registration.open", date(2026, 6, 1)
        unregistered = answer(name, a_person(late, {REGISTERED: False})).verdict
        registered = answer(name, a_person(late)).verdict

        assert unregistered is not None
        assert registered is not None
        assert (unregistered.answer, unregistered.drawn) == ("yes", False)
        assert any("police" in step.en for step in unregistered.steps)
        assert registered.drawn
        assert needs(name, {}) == {"registered", "birth_date"}


class TestPushes:
    def test_advice_is_by_choice_and_advertising_for_adults(self) -> None:
        assert said("early_health_education_push.open", facts({})) == "yes"
        assert said("maternal_infant_goods_push.open", aged(18, -1)) == "yes_from"
        assert said("maternal_infant_goods_push.open", aged(18)) == "yes"


@pytest.mark.usefixtures("app")
class TestOverHttp:
    async def test_of_a_ward_is_judged_of_the_child(self, http: httpx.AsyncClient) -> None:
        child = await a_resident(birth_date=clock.today())
        guardian = await headers(await a_guardian_of(child))
        address = "/v1/matters/infant_immunization/eligibility"

        own = (await http.get(address, headers=guardian)).json()["answers"]
        of_child = (await http.get(address, headers=guardian, params={"person_id": str(child)})).json()["answers"]

        assert [(one["code"], one["answer"]) for one in of_child] == [("infant_immunization.open", "yes")]
        assert [one["answer"] for one in own] == ["no"]
        assert [one["kind"] for one in of_child[0]["facts"]] == ["birth_date"]
        assert of_child[0]["parameters"]

    async def test_of_who_said_nothing_names_what_is_needed(self, http: httpx.AsyncClient) -> None:
        who = await headers(await a_citizen(sex="female"))

        (found,) = (await http.get("/v1/matters/antenatal_exam/eligibility", headers=who)).json()["answers"]

        assert (found["answer"], [one["kind"] for one in found["needs"]]) == ("unknown", ["pregnancy"])
