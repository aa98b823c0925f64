"""To whom the services of daily life are open."""

import httpx
import pytest

from lifecycle.rules.declared_kinds import HOME_TENURE, RESIDENCE_AREA
from lifecycle.rules.fact_kinds import HEATING, HOMES, Heating, Home
from tests.makers.callers import headers
from tests.makers.facts import ADULT, AS_OF, BY_DAY, DAY, Known, a_person, aged, answer, said
from tests.makers.people import a_citizen

OWNS: Known = {HOMES: (Home("芝罘区幸福路1号", owner_died=False, as_of=DAY),)}
ANYONES = (
    "supermarket_promotion_query",
    "vegetable_price_query",
    "grain_oil_meat_egg_price_query",
    "water_service",
    "electricity_service",
    "gas_service",
    "heating_service",
    "cable_tv_service",
    "telecom_service",
    "express_logistics_query",
    "public_utility_bill_query",
)
OF_THE_HOME = ("water_service.connection", "heating_service.stopping", "public_utility_online_handling.open")


@pytest.mark.parametrize("code", ANYONES)
def test_what_anyone_may_use(code: str) -> None:
    assert said(f"{code}.open", aged(3)) == "yes"


@pytest.mark.parametrize("code", ["water_service", "gas_service", "public_utility_bill_query", "telecom_service"])
def test_what_takes_an_account_says_who_looks_at_it(code: str) -> None:
    found = answer(f"{code}.open", a_person(ADULT))

    assert found.verdict is not None
    assert found.verdict.steps


def test_messages_with_offers_are_for_adults() -> None:
    early = answer("supermarket_promotion_query.offers", aged(18, -1))

    assert said("supermarket_promotion_query.offers", aged(18)) == "yes"
    assert early.verdict is not None
    assert (early.answer, early.verdict.from_on) == ("yes_from", AS_OF + BY_DAY)


@pytest.mark.parametrize("name", OF_THE_HOME)
@pytest.mark.parametrize(
    ("known", "says"),
    [
        (OWNS, "yes"),
        ({HOME_TENURE: "owner"}, "yes"),
        ({HOME_TENURE: "tenant"}, "yes"),
        ({HOME_TENURE: "other"}, "no"),
        ({}, "unknown"),
    ],
)
def test_supply_is_changed_by_owner_or_tenant(name: str, known: Known, says: str) -> None:
    assert said(name, a_person(ADULT, known)) == says


def test_heat_is_stopped_by_who_has_the_contract() -> None:
    known: Known = {HEATING: Heating("YT-0042-17", stopped=False), HOME_TENURE: "other"}

    assert said("heating_service.stopping", a_person(ADULT, known)) == "yes"


@pytest.mark.parametrize(("area", "says"), [("rural", "yes"), ("urban", "no")])
def test_delivery_is_for_the_country(area: str, says: str) -> None:
    assert said("rural_community_delivery.open", a_person(ADULT, {RESIDENCE_AREA: area})) == says
    assert [kind.name for kind in answer("rural_community_delivery.open", a_person(ADULT)).needs] == ["residence_area"]


@pytest.mark.usefixtures("app")
class TestOverHttp:
    async def test_paying_is_open_and_stopping_asks_whose_home_it_is(self, http: httpx.AsyncClient) -> None:
        who = await headers(await a_citizen())
        found = (await http.get("/v1/matters/heating_service/eligibility", headers=who)).json()["answers"]

        assert [(one["code"], one["answer"]) for one in found] == [
            ("heating_service.open", "yes"),
            ("heating_service.stopping", "unknown"),
        ]
        assert [one["kind"] for one in found[1]["needs"]] == ["home_tenure"]

    async def test_who_lives_in_town_is_told_where_it_is_had(self, http: httpx.AsyncClient) -> None:
        who = await headers(await a_citizen())
        await http.put("/v1/me/facts/residence_area", headers=who, json={"value": "urban"})
        found = (await http.get("/v1/matters/rural_community_delivery/eligibility", headers=who)).json()["answers"]

        assert [(one["answer"], bool(one["would_be_if"])) for one in found] == [("no", True)]
