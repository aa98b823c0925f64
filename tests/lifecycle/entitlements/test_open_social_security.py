"""To whom insurance, help and care are open, on both sides of each day and line."""

from datetime import date

import httpx
import pytest

from app.kernel import clock
from app.kernel.ids import new_person_id
from lifecycle.rules.ages import Span
from lifecycle.rules.declared_kinds import INJURED_ON, RESIDENCE_AREA, WORK_INJURY
from lifecycle.rules.fact_kinds import (
    ADDRESS_SINCE,
    CHILDREN,
    DIVISION,
    GUARDIANS,
    HOUSEHOLD_INCOME_FEN,
    HOUSEHOLD_PERSONS,
    JOB,
    MEDICAL_INSURED,
    RESIDENCE,
    Child,
    Guardian,
    Job,
    Residence,
)
from lifecycle.rules.told_kinds import INSURANCES, LIVING_ALLOWANCE, MEDICAL_PAID_UNTIL, LivingAllowance
from tests.makers.callers import headers
from tests.makers.facts import ADULT, AS_OF, BY_DAY, DAY, Known, a_person, aged, answer, said
from tests.makers.people import a_citizen, a_guardian_of, a_resident

AWAY: Known = {DIVISION: "110101"}
LOW: Known = {HOUSEHOLD_INCOME_FEN: 329_999, HOUSEHOLD_PERSONS: 3, RESIDENCE_AREA: "urban"}
ENOUGH: Known = LOW | {HOUSEHOLD_INCOME_FEN: 330_000}
DRAWS: Known = {LIVING_ALLOWANCE: LivingAllowance(150_000, date(2027, 3, 31))}
HURT: Known = {WORK_INJURY: "not_recognised"}
ANYONES = ("insurance_knowledge_push", "nursing_home_info_push")


def wanted(name: str, known: Known, born: date = ADULT) -> set[str]:
    """Which facts an unknown answer asks for."""
    found = answer(name, a_person(born, known))
    assert found.answer == "unknown"
    return {kind.name for kind in found.needs}


@pytest.mark.parametrize("code", ANYONES)
def test_news_is_anyones(code: str) -> None:
    assert said(f"{code}.open", aged(3)) == "yes"


@pytest.mark.parametrize("name", ["social_insurance_info.open", "medical_insurance.open"])
class TestInsurance:
    @pytest.mark.parametrize(
        ("known", "says"),
        [
            ({}, "yes"),
            (AWAY, "unknown"),
            (AWAY | {JOB: Job(DAY)}, "yes"),
            (AWAY | {JOB: Job(DAY, AS_OF + BY_DAY)}, "yes"),
            (AWAY | {JOB: Job(DAY, AS_OF)}, "unknown"),
            (AWAY | {ADDRESS_SINCE: DAY}, "yes"),
            (AWAY | {RESIDENCE: Residence("370613", DAY)}, "yes"),
            (AWAY | {RESIDENCE: Residence("110101", DAY)}, "no"),
        ],
    )
    def test_is_for_who_works_or_lives_here(self, name: str, known: Known, says: str) -> None:
        assert said(name, a_person(ADULT, known)) == says

    def test_asks_who_is_registered_elsewhere_whether_they_live_here(self, name: str) -> None:
        assert wanted(name, AWAY) == {"residence_since"}

    def test_says_who_registers_and_what_would_change_a_no(self, name: str) -> None:
        at_work = answer(name, a_person(ADULT, {JOB: Job(DAY, AS_OF + BY_DAY)}))
        elsewhere = answer(name, a_person(ADULT, AWAY | {RESIDENCE: Residence("110101", DAY)}))

        assert at_work.verdict is not None
        assert "单位" in at_work.verdict.steps[0].zh
        assert at_work.again == AS_OF + BY_DAY
        assert elsewhere.verdict is not None
        assert elsewhere.verdict.would_be_if


def test_who_is_insured_has_it_until_it_ends() -> None:
    known = a_person(ADULT, {MEDICAL_INSURED: True, MEDICAL_PAID_UNTIL: date(2026, 12, 31)})
    now, later = (answer("medical_insurance.open", known, day) for day in (date(2026, 12, 31), date(2027, 1, 1)))

    assert now.verdict is not None
    assert (now.verdict.drawn, now.again) == (True, date(2027, 1, 1))
    assert later.verdict is not None
    assert (later.answer, later.verdict.drawn) == ("yes", False)
    assert said("social_insurance_info.open", a_person(ADULT, AWAY | {INSURANCES: ("110",)})) == "yes"


class TestWorkInjury:
    @pytest.mark.parametrize(
        ("known", "says"),
        [
            ({WORK_INJURY: "none"}, "no"),
            ({WORK_INJURY: "recognised"}, "yes"),
            (HURT | {INJURED_ON: date(2025, 11, 29)}, "yes"),
            (HURT | {INJURED_ON: date(2025, 11, 28)}, "no"),
            (HURT, "unknown"),
            ({}, "unknown"),
        ],
    )
    def test_is_recognised_within_a_year(self, known: Known, says: str) -> None:
        assert said("work_injury_insurance.open", a_person(ADULT, known)) == says

    def test_names_the_last_day_and_who_decides(self) -> None:
        found = answer("work_injury_insurance.open", a_person(ADULT, HURT | {INJURED_ON: DAY}))

        assert found.verdict is not None
        assert found.verdict.until == date(2027, 11, 1)
        assert found.again == date(2027, 11, 2)
        assert any("人社部门" in one.zh for one in found.verdict.steps)

    def test_asks_for_the_injury_and_then_for_its_day(self) -> None:
        assert wanted("work_injury_insurance.open", {}) == {"work_injury"}
        assert wanted("work_injury_insurance.open", HURT) == {"injured_on"}


class TestMedicalAssistance:
    @pytest.mark.parametrize(
        ("known", "says"),
        [
            ({MEDICAL_INSURED: False} | DRAWS, "no"),
            ({MEDICAL_INSURED: True} | DRAWS, "yes"),
            ({MEDICAL_INSURED: True} | LOW, "no"),
            ({MEDICAL_INSURED: True} | ENOUGH, "no"),
            ({MEDICAL_INSURED: True}, "unknown"),
            (DRAWS, "unknown"),
        ],
    )
    def test_is_for_the_insured_who_are_recognised(self, known: Known, says: str) -> None:
        assert said("medical_assistance", a_person(ADULT, known)) == says

    def test_says_to_the_poor_to_be_recognised_first(self) -> None:
        found = answer("medical_assistance", a_person(ADULT, {MEDICAL_INSURED: True} | LOW))

        assert found.verdict is not None
        assert found.verdict.would_be_if is not None
        assert "低保" in found.verdict.would_be_if.zh


class TestChildren:
    def test_are_adopted_by_who_is_thirty(self) -> None:
        assert said("child_welfare_institution.open", aged(30)) == "yes"
        assert said("child_welfare_institution.open", aged(30, -1)) == "yes_from"
        assert said("child_welfare_institution.open", aged(18)) == "yes_from"

    @pytest.mark.parametrize(("count", "steps"), [(0, 2), (1, 2), (2, 3)])
    def test_with_more_than_one_child_only_some_may_be_adopted(self, count: int, steps: int) -> None:
        own: Known = {CHILDREN: tuple(Child(date(2015, 1, 1), new_person_id()) for _ in range(count))}
        found = answer("child_welfare_institution.open", a_person(ADULT, own))

        assert found.verdict is not None
        assert len(found.verdict.steps) == steps

    @pytest.mark.parametrize(
        ("until", "says"), [(None, "no"), (AS_OF + BY_DAY, "no"), (AS_OF, "yes"), (DAY, "yes"), ("nobody", "yes")]
    )
    def test_are_taken_in_of_whom_there_is_no_guardian(self, until: date | str | None, says: str) -> None:
        guardian = () if until == "nobody" else (Guardian(new_person_id(), until),)  # type: ignore[arg-type]
        assert said("child_welfare_institution.open", aged(9, more={GUARDIANS: guardian})) == says

    def test_of_whom_nothing_is_known_are_unknown(self) -> None:
        assert wanted("child_welfare_institution.open", {}, date(2017, 1, 1)) == {"guardians"}


@pytest.mark.parametrize(
    ("age", "days", "says"), [(60, 0, "yes"), (60, -1, "yes"), (18, 0, "yes"), (18, -1, "yes_from")]
)
def test_care_is_for_the_old_and_adults_of_their_families(age: int, days: int, says: str) -> None:
    found = answer("elderly_care_push.open", aged(age, days))

    assert found.answer == says
    assert found.verdict is not None
    assert bool(found.verdict.steps) == (age < 60 or days < 0)


@pytest.mark.usefixtures("app")
class TestOverHttp:
    async def test_asks_for_what_can_be_said_and_answers_by_it(self, http: httpx.AsyncClient) -> None:
        who, address = await headers(await a_citizen()), "/v1/matters/work_injury_insurance/eligibility"
        before = (await http.get(address, headers=who)).json()["answers"][0]
        today = clock.today()
        for kind, value in (("work_injury", "not_recognised"), ("injured_on", today.isoformat())):
            assert (await http.put(f"/v1/me/facts/{kind}", headers=who, json={"value": value})).is_success
        after = (await http.get(address, headers=who)).json()["answers"][0]

        assert (before["answer"], before["needs"][0]["declarable"]) == ("unknown", True)
        assert (after["answer"], after["until_on"]) == ("yes", Span.read("1y").after(today).isoformat())

    @pytest.mark.parametrize(
        ("kind", "value"), [("work_injury", "perhaps"), ("injured_on", "2999-01-01"), ("injured_on", "1800-01-01")]
    )
    async def test_refuses_an_injury_that_cannot_be(self, http: httpx.AsyncClient, kind: str, value: str) -> None:
        who = await headers(await a_citizen())
        answered = await http.put(f"/v1/me/facts/{kind}", headers=who, json={"value": value})

        assert answered.json()["code"] == "fact_impossible"

    async def test_of_a_ward_looks_at_the_child(self, http: httpx.AsyncClient) -> None:
        child = await a_resident(birth_date=clock.today())
        address, query = "/v1/matters/child_welfare_institution/eligibility", {"person_id": str(child)}
        found = (await http.get(address, headers=await headers(await a_guardian_of(child)), params=query)).json()

        assert found["answers"][0]["answer"] == "no"

    async def test_a_service_is_not_among_the_entitlements(self, http: httpx.AsyncClient) -> None:
        listed = (await http.get("/v1/me/entitlements", headers=await headers(await a_citizen()))).json()["items"]

        assert not [one for one in listed if "." in one["code"]]
        assert "medical_assistance" in {one["code"] for one in listed}
