"""Queries of daily life whose questions have parts of their own, over HTTP against the city."""

import httpx

from tests.makers.callers import headers
from tests.makers.cases import CityPorts
from tests.makers.people import a_citizen

PARCEL = "/v1/matters/express_logistics_query/query"
PRICES = "/v1/matters/vegetable_price_query/query"


class TestParcel:
    async def test_is_told_to_who_knows_the_number_and_the_phone(
        self, http: httpx.AsyncClient, registers: CityPorts
    ) -> None:
        sent = await headers(await a_citizen(2))
        asked = {"tracking_no": "FH02190000010006", "phone_tail": "0002"}

        told = await http.post(PARCEL, json=asked, headers=sent)
        wrong_phone = await http.post(PARCEL, json=asked | {"phone_tail": "0003"}, headers=sent)
        no_phone = await http.post(PARCEL, json={"tracking_no": "FH02190000010006"}, headers=sent)

        assert (told.status_code, told.json()["result"]["state"]) == (200, "delivered")
        assert (wrong_phone.status_code, wrong_phone.json()["code"]) == (404, "not_known_to_department")
        assert no_phone.status_code == 422


class TestPrices:
    async def test_are_asked_for_by_district_and_days_and_found_by_name(
        self, http: httpx.AsyncClient, registers: CityPorts
    ) -> None:
        sent = await headers(await a_citizen(2))
        asked = {"division_code": "370681", "days": 3, "text": "西红柿"}

        told = (await http.post(PRICES, json=asked, headers=sent)).json()["result"]
        elsewhere = await http.post(PRICES, json={"division_code": "370101"}, headers=sent)

        [tomatoes] = told["items"]
        assert (tomatoes["goods"], tomatoes["division_code"], len(tomatoes["course"])) == ("西红柿", "370681", 3)
        assert elsewhere.status_code == 422
