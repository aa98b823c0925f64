"""Payments without a line over HTTP: certified, sold, brought in, and refused by name."""

import base64

import httpx

from tests.app.card.test_routes import believed, certificates_of, paid_by
from tests.makers.callers import a_terminal
from tests.makers.cards import balance_fen, ledger
from tests.makers.offline import Bus, Phone, a_device_holder, a_phone_that_pays

CERTIFICATES, BATCHES, LIST = "/v1/card/offline-certificates", "/v1/terminal/offline-batches", "/v1/terminal/deny-list"


class TestTheWholeWay:
    async def test_a_phone_pays_in_a_bus_that_brings_it_in_later(self, portal: httpx.AsyncClient) -> None:
        citizen, key, way_in = await a_device_holder(1_000)
        issued = await portal.post(CERTIFICATES, auth=way_in)
        phone = Phone(citizen, key, way_in, base64.b64decode(issued.json()["certificate"]))
        bus = Bus(await a_terminal())

        answer = await bus.send(portal, bus.batch(bus.sale(phone), bus.sale(phone, 300)))

        assert (issued.status_code, answer.status_code) == (201, 200)
        assert [sale["state"] for sale in answer.json()["sales"]] == ["posted", "posted"]
        assert answer.json()["digest"] == bus.digest
        believed(answer, await certificates_of(portal, bus.till))
        assert await balance_fen(citizen) == 500
        assert (await ledger()).holds

    async def test_the_same_code_pays_where_there_is_a_line(self, portal: httpx.AsyncClient) -> None:
        phone, till = await a_phone_that_pays(1_000), await a_terminal()
        code = phone.code()

        first = await paid_by(portal, till, amount_fen=300, payer_code=code)
        again = await paid_by(portal, till, amount_fen=300, payer_code=code, sequence=2)

        assert first.status_code == 201, first.text
        assert (again.status_code, again.json()["code"]) == (409, "payer_code_spent")
        assert await balance_fen(phone.citizen) == 700
