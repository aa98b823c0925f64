"""To whom the services of transport and travel are open."""

from datetime import date

import httpx
import pytest

from app.kernel import clock
from lifecycle.rules.fact_kinds import DRIVING, VEHICLES, Driving, Vehicle
from tests.makers.callers import headers
from tests.makers.facts import ADULT, AS_OF, BY_DAY, Known, a_person, aged, answer, said
from tests.makers.people import a_citizen, an_id_number

LICENCE: Known = {DRIVING: Driving(date(2021, 1, 18), date(2027, 1, 18), "C1")}
CAR: Known = {VEHICLES: (Vehicle(date(2020, 11, 22), "private_car", "鲁F12345"),)}
ANYONES = (
    "transport_service_info",
    "travel_service_info",
    "road_condition_query",
    "bus_query",
    "train_schedule_ticket_query",
    "flight_schedule_query",
    "ferry_schedule_query",
    "parking_query",
    "scenic_spot_push",
    "food_push",
    "hotel_push",
    "travel_route_push",
)


@pytest.mark.parametrize("code", ANYONES)
def test_what_anyone_may_use(code: str) -> None:
    assert said(f"{code}.open", aged(3)) == "yes"


@pytest.mark.parametrize("name", ["food_push.offers", "hotel_push.offers", "driver_service.first"])
def test_what_is_for_adults(name: str) -> None:
    early = answer(name, aged(18, -1))

    assert said(name, aged(18)) == "yes"
    assert early.verdict is not None
    assert (early.answer, early.verdict.from_on) == ("yes_from", AS_OF + BY_DAY)


@pytest.mark.parametrize("name", ["motor_vehicle_service.open", "vehicle_violation_query.open"])
def test_what_is_for_owners_of_vehicles(name: str) -> None:
    none = answer(name, a_person(ADULT, {VEHICLES: ()}))

    assert said(name, a_person(ADULT, CAR)) == "yes"
    assert none.verdict is not None
    assert none.answer == "no"
    assert none.verdict.would_be_if
    assert [kind.name for kind in answer(name, a_person(ADULT)).needs] == ["vehicles"]


def test_a_licence_is_looked_at_by_who_holds_it() -> None:
    assert said("driver_info_query.open", a_person(ADULT, LICENCE)) == "yes"
    assert said("driver_info_query.open", aged(18)) == "unknown"
    young = answer("driver_info_query.open", aged(18, -1))
    assert (young.answer, young.again) == ("no", AS_OF + BY_DAY)


def test_who_holds_a_licence_has_the_first_already() -> None:
    found = answer("driver_service.first", a_person(ADULT, LICENCE))

    assert found.verdict is not None
    assert found.verdict.drawn


@pytest.mark.usefixtures("app")
class TestOverHttp:
    async def test_says_what_is_needed_where_no_register_was_asked(self, http: httpx.AsyncClient) -> None:
        who = await headers(await a_citizen())
        found = (await http.get("/v1/matters/vehicle_violation_query/eligibility", headers=who)).json()["answers"]

        assert [(one["answer"], one["needs"][0]["kind"]) for one in found] == [("unknown", "vehicles")]

    async def test_offers_wait_for_the_birthday(self, http: httpx.AsyncClient) -> None:
        day = clock.today().replace(year=clock.today().year - 17)
        who = await headers(await a_citizen(birth_date=day, id_number=an_id_number(day)))
        found = (await http.get("/v1/matters/food_push/eligibility", headers=who)).json()["answers"]

        assert [one["answer"] for one in found] == ["yes", "yes_from"]
        assert found[1]["from_on"] == clock.today().replace(year=clock.today().year + 1).isoformat()
