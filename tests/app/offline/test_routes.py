"""Payments without a line over HTTP: certified, sold, brought in, and refused by name."""

import base64
import json
import secrets

import httpx

from tests.app.card.test_routes import believed, certificates_of, paid_by
from tests.makers.callers import TerminalAuth, a_terminal, headers
from tests.makers.cards import a_card_holder, balance_fen, ledger
from tests.makers.offline import POSTED, Bus, Phone, a_device_holder, a_phone_that_pays, became, found

CERTIFICATES, BATCHES = "/v1/card/offline-certificates", "/v1/terminal/offline-batches"


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

    async def test_a_terminal_that_forgot_everything_goes_on_where_it_stood(self, portal: httpx.AsyncClient) -> None:
        phone, bus = await a_phone_that_pays(1_000), Bus(await a_terminal())
        nothing = (await portal.post("/v1/terminal/sign-on", json={}, auth=bus.till)).json()["offline"]
        await bus.sell(bus.sale(phone), bus.sale(phone))

        told = (await portal.post("/v1/terminal/sign-on", json={}, auth=bus.till)).json()["offline"]
        anew = Bus(bus.till)
        anew.number, anew.digest, anew.counter = (
            told[name] for name in ("last_batch_number", "last_batch_digest", "last_counter")
        )

        assert [nothing[name] for name in ("last_batch_number", "last_batch_digest", "last_counter")] == [
            0,
            "0" * 64,
            0,
        ]
        assert became(await anew.sell(anew.sale(phone))) == [POSTED]
        assert await found(bus.terminal) == []

    async def test_the_same_code_pays_where_there_is_a_line(self, portal: httpx.AsyncClient) -> None:
        phone, till = await a_phone_that_pays(1_000), await a_terminal()
        code = phone.code()

        first = await paid_by(portal, till, amount_fen=300, payer_code=code)
        again = await paid_by(portal, till, amount_fen=300, payer_code=code, sequence=2)

        assert first.status_code == 201, first.text
        assert (again.status_code, again.json()["code"]) == (409, "payer_code_spent")
        assert await balance_fen(phone.citizen) == 700


SALE = {"counter": 1, "sold_at": "2026-11-30T10:00:00+08:00", "amount_fen": 200, "payer_code": "FH1:A B"}
BATCH = {"batch_number": 1, "previous_digest": "0" * 64, "sales": [SALE], "ended_at": "2026-11-30T10:00:00+08:00"}


def with_sale(**fields: object) -> str:
    """A batch with one sale that says something else."""
    return json.dumps(BATCH | {"sales": [SALE | fields]})


async def brought(portal: httpx.AsyncClient, body: str, till: TerminalAuth | None) -> tuple[int, str]:
    """The status and the code of the refusal that a body is answered with."""
    given = {"content-type": "application/json", "idempotency-key": secrets.token_hex(16)}
    answer = await portal.post(BATCHES, content=body, headers=given, **({"auth": till} if till else {}))  # type: ignore[arg-type]
    return answer.status_code, answer.json().get("code", "")


class TestBatch:
    async def test_is_taken_from_terminals_only(self, portal: httpx.AsyncClient) -> None:
        way_in = await headers(await a_card_holder())
        citizen = await portal.post(BATCHES, json=BATCH, headers=way_in)

        assert await brought(portal, json.dumps(BATCH), None) == (401, "signature_missing")
        assert citizen.status_code == 401

    async def test_that_was_changed_on_its_way_is_refused(self, portal: httpx.AsyncClient) -> None:
        till = await a_terminal()

        class Meddled(TerminalAuth):
            def auth_flow(self, request: httpx.Request) -> object:  # type: ignore[override]
                for signed in super().auth_flow(request):
                    content = signed.content.replace(b'"amount_fen": 200', b'"amount_fen": 100')
                    yield httpx.Request(signed.method, signed.url, headers=signed.headers, content=content)

        meddled = Meddled(till.terminal, till.keyid, till.key)

        assert await brought(portal, json.dumps(BATCH), meddled) == (400, "digest_mismatch")

    async def test_that_is_not_exactly_right_is_refused_whole(self, portal: httpx.AsyncClient) -> None:
        till = await a_terminal()
        wrong = [
            *(with_sale(amount_fen=amount) for amount in ("5", 1.0, -1, 0, 100_000_001)),
            with_sale().replace("200", "1e3"),
            with_sale(counter=0),
            with_sale(sold_at="2026-11-30T10:00:00"),
            with_sale(payer_code="A B"),
            with_sale(payer_code="FH1:" + "A" * 397),
            with_sale(currency="USD"),
            with_sale().replace('"amount_fen": 200', '"amount_fen": 200, "amount_fen": 2'),
            json.dumps(BATCH | {"sales": []}),
            json.dumps(BATCH | {"previous_digest": "F" * 64}),
            json.dumps(BATCH | {"batch_number": 2**40}),
            json.dumps(BATCH | {"sales": [SALE] * 2_001}),
            "[]",
        ]

        assert {await brought(portal, body, till) for body in wrong} == {(422, "body_wrong")}
        assert (await brought(portal, "{", till))[0] == 400
        assert await brought(portal, json.dumps(BATCH | {"sales": [SALE] * 2}), till) == (
            422,
            "offline_batch_disordered",
        )

    async def test_refused_is_refused_signed(self, portal: httpx.AsyncClient) -> None:
        bus = Bus(await a_terminal())
        phone = await a_phone_that_pays(1_000)
        batch = bus.batch(bus.sale(phone))
        await bus.send(portal, batch)

        answer = await bus.send(portal, bus.batch(bus.sale(phone), batch_number=1))

        assert (answer.status_code, answer.json()["code"]) == (409, "offline_terminal_cloned")
        believed(answer, await certificates_of(portal, bus.till))
