"""To whom the services of housing are open, on both sides of each line."""

from datetime import date

import httpx
import pytest

from app.kernel.ids import new_person_id
from lifecycle.rules.declared_kinds import FUND_MONTHS, HOME_TENURE
from lifecycle.rules.fact_kinds import (
    CASES,
    DIVISION,
    HOMES,
    HOUSEHOLD_INCOME_FEN,
    HOUSEHOLD_PERSONS,
    JOB,
    CaseStanding,
    Home,
    Job,
)
from tests.makers.callers import headers
from tests.makers.facts import ADULT, AS_OF, BY_DAY, DAY, Known, a_person, aged, answer, said
from tests.makers.people import a_citizen

OWNS: Known = {HOMES: (Home("芝罘区幸福路1号", owner_died=False, as_of=DAY),)}
NONE: Known = {HOMES: (), HOUSEHOLD_INCOME_FEN: 700_000, HOUSEHOLD_PERSONS: 2}
AWAY: Known = {DIVISION: "110101"}
ANYONES = (
    "home_purchase_info",
    "home_rental_info",
    "home_decoration_info",
    "commercial_housing_query",
    "second_hand_house_query",
    "property_registration",
)


def wanted(name: str, known: Known) -> set[str]:
    """Which facts an unknown answer asks for."""
    found = answer(name, a_person(ADULT, known))
    assert found.answer == "unknown"
    return {kind.name for kind in found.needs}


@pytest.mark.parametrize("code", ANYONES)
def test_what_anyone_may_use(code: str) -> None:
    assert said(f"{code}.open", aged(3)) == "yes"


@pytest.mark.parametrize("code", ["home_construction_push", "home_furnishing_push"])
def test_advertising_is_for_adults(code: str) -> None:
    early = answer(f"{code}.open", aged(18, -1))

    assert said(f"{code}.open", aged(18)) == "yes"
    assert early.verdict is not None
    assert (early.answer, early.verdict.from_on) == ("yes_from", AS_OF + BY_DAY)


@pytest.mark.parametrize("name", ["home_rental_info.filing", "home_decoration_info.filing"])
@pytest.mark.parametrize(
    ("known", "says"),
    [
        (OWNS, "yes"),
        ({HOME_TENURE: "owner"}, "yes"),
        ({HOME_TENURE: "tenant"}, "yes"),
        ({HOME_TENURE: "other"}, "no"),
        (OWNS | {HOME_TENURE: "other"}, "yes"),
        ({HOMES: (), HOME_TENURE: "tenant"}, "yes"),
        ({HOMES: ()}, "unknown"),
        ({}, "unknown"),
    ],
)
def test_filing_is_for_owners_and_tenants(name: str, known: Known, says: str) -> None:
    assert said(name, a_person(ADULT, known)) == says


def test_a_tenant_decorates_with_consent() -> None:
    found = answer("home_decoration_info.filing", a_person(ADULT, {HOME_TENURE: "tenant"}))

    assert found.verdict is not None
    assert "书面同意" in found.verdict.steps[0].zh


@pytest.mark.parametrize(("months", "says"), [(1, "yes"), (0, "no")])
def test_the_fund_is_for_who_pays_in(months: int, says: str) -> None:
    assert said("provident_fund_query.open", a_person(ADULT, {FUND_MONTHS: months})) == says
    assert said("provident_fund_query.open", aged(16, -1)) == "no"
    assert wanted("provident_fund_query.open", {}) == {"fund_months"}


class TestAffordableHousing:
    NAME = "affordable_housing_application.open"

    @pytest.mark.parametrize(
        ("known", "says"),
        [
            (NONE, "yes"),
            (NONE | {HOUSEHOLD_INCOME_FEN: 700_001}, "no"),
            (NONE | OWNS, "no"),
            (NONE | AWAY | {JOB: Job(date(2025, 11, 29))}, "yes"),
            (NONE | AWAY | {JOB: Job(date(2025, 11, 30))}, "yes_from"),
            (NONE | AWAY | {JOB: Job(date(2025, 11, 30), date(2026, 11, 30))}, "no"),
            (NONE | AWAY | {JOB: Job(date(2025, 11, 30), date(2026, 12, 1))}, "yes_from"),
            (NONE | AWAY | {JOB: Job(date(2020, 1, 1), DAY)}, "no"),
            (NONE | AWAY, "unknown"),
        ],
    )
    def test_is_by_home_income_and_work(self, known: Known, says: str) -> None:
        assert said(self.NAME, a_person(ADULT, known)) == says

    def test_asks_for_all_at_once(self) -> None:
        assert wanted(self.NAME, {}) == {"homes", "household_income_fen", "household_persons"}

    def test_is_applied_for_by_adults(self) -> None:
        assert said(self.NAME, aged(18, more=NONE)) == "yes"
        assert said(self.NAME, aged(18, -1, more=NONE)) == "no"

    def test_says_what_an_owner_of_a_small_home_can_do(self) -> None:
        found = answer(self.NAME, a_person(ADULT, NONE | OWNS))

        assert found.verdict is not None
        assert found.verdict.would_be_if is not None
        assert "面积" in found.verdict.would_be_if.zh

    def test_is_followed_by_who_applied(self) -> None:
        name = "affordable_housing_query.open"
        case = CaseStanding(new_person_id(), "affordable_housing_application", True, DAY, False)
        other = CaseStanding(new_person_id(), "property_change_registration", True, DAY, False)

        assert said(name, a_person(ADULT, {CASES: (other, case)})) == "yes"
        assert said(name, a_person(ADULT, {CASES: (other,)})) == "no"
        assert said(name, a_person(ADULT)) == "no"


def test_a_title_is_changed_by_its_owner() -> None:
    assert said("property_change_registration.owner", a_person(ADULT, OWNS)) == "yes"
    assert said("property_change_registration.owner", a_person(ADULT, {HOMES: ()})) == "no"
    assert wanted("property_change_registration.owner", {}) == {"homes"}


@pytest.mark.usefixtures("app")
class TestOverHttp:
    async def test_whose_home_it_is_can_be_said(self, http: httpx.AsyncClient) -> None:
        who, address = await headers(await a_citizen()), "/v1/matters/home_decoration_info/eligibility"
        before = (await http.get(address, headers=who)).json()["answers"]
        assert (await http.put("/v1/me/facts/home_tenure", headers=who, json={"value": "tenant"})).is_success
        after = (await http.get(address, headers=who)).json()["answers"]

        assert [one["answer"] for one in before] == ["yes", "unknown"]
        assert before[1]["needs"][0]["declarable"]
        assert [one["answer"] for one in after] == ["yes", "yes"]

    async def test_whose_home_it_is_has_few_words(self, http: httpx.AsyncClient) -> None:
        who = await headers(await a_citizen())
        answered = await http.put("/v1/me/facts/home_tenure", headers=who, json={"value": "squatter"})

        assert answered.json()["code"] == "fact_impossible"

    async def test_an_application_that_is_not_known_is_none(self, http: httpx.AsyncClient) -> None:
        who = await headers(await a_citizen())
        found = (await http.get("/v1/matters/affordable_housing_query/eligibility", headers=who)).json()["answers"]

        assert [one["answer"] for one in found] == ["no"]
        assert found[0]["would_be_if"]
