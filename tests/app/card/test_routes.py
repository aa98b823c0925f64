"""The card over HTTP: who may, what is refused, and that a terminal can prove what it was told."""

import asyncio
import base64
import json
import secrets
from typing import Any

import httpx
import msgspec
import pytest
from cryptography import x509

from app.card.structs import SignedReceipt
from app.kernel import clock
from app.kernel.actors import Citizen
from app.keys.algorithms import verifying_key
from app.keys.errors import SignatureWrong
from app.keys.request_signatures import TERMINAL, Answer, Binding, verify_answer
from tests.makers.callers import TerminalAuth, a_terminal, headers, signed_in
from tests.makers.cards import a_card_holder, balance_fen
from tests.makers.people import a_citizen
from tests.makers.seals import seal_holds

PAYMENTS = "/v1/terminal/payments"


async def code_of(shop: httpx.AsyncClient, citizen: Citizen) -> str:
    """A code of the citizen's card, over HTTP."""
    code: str = (await shop.get("/v1/card/code", headers=await headers(citizen))).json()["code"]
    return code


async def paid_by(
    shop: httpx.AsyncClient, till: TerminalAuth, key: str | None = None, **body: object
) -> httpx.Response:
    """A payment, signed by a terminal."""
    given = {"idempotency-key": key or secrets.token_hex(16)}
    return await shop.post(PAYMENTS, json={"sequence": 1} | body, headers=given, auth=till)


def believed(answer: httpx.Response, certificates: str) -> None:
    """Check an answer's signature by the certificate that sign-on gave; refuses as `verify_answer` does."""
    request = answer.request
    binding = Binding(request.method, str(request.url), request.headers["signature"])
    certificate = x509.load_pem_x509_certificate(certificates.encode())
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    keyid, key = names.get_values_for_type(x509.DNSName)[0], verifying_key(certificate.public_key())
    told = Answer(answer.status_code, answer.headers.multi_items(), answer.content)
    verify_answer(told, binding, {keyid: key}.get, profile=TERMINAL, now=clock.epoch_seconds())


async def certificates_of(shop: httpx.AsyncClient, till: TerminalAuth) -> str:
    """What sign-on hands over."""
    pem: str = (await shop.post("/v1/terminal/sign-on", json={}, auth=till)).json()["answer_certificates"]
    return pem


class TestAnybody:
    @pytest.mark.parametrize(
        ("method", "path"),
        [
            ("GET", "/v1/card"),
            ("POST", "/v1/card"),
            ("POST", "/v1/card/loss"),
            ("POST", "/v1/card/found"),
            ("GET", "/v1/card/code"),
            ("GET", "/v1/card/transactions"),
            ("GET", "/v1/card/transactions/00000000-0000-7000-8000-000000000001/receipt"),
            ("GET", "/v1/card/top-ups/00000000-0000-7000-8000-000000000001"),
            ("POST", "/v1/card/top-ups"),
            ("POST", "/v1/terminal/sign-on"),
            ("POST", PAYMENTS),
        ],
    )
    async def test_gets_nothing_without_saying_who_they_are(
        self, shop: httpx.AsyncClient, method: str, path: str
    ) -> None:
        order = {"amount_fen": 500, "channel": "wechat_pay", "sequence": 1, "payer_code": "A"}
        body = {name: order[name] for name in _fields_of(path)}

        answer = await shop.request(method, path, json=body if method == "POST" else None)

        assert answer.status_code == 401
        assert answer.headers["content-type"] == "application/problem+json"


def _fields_of(path: str) -> tuple[str, ...]:
    if path == PAYMENTS:
        return ("sequence", "amount_fen", "payer_code")
    return ("amount_fen", "channel") if path.endswith("top-ups") else ()


class TestCitizen:
    async def test_opens_a_card_once_with_one_key(self, shop: httpx.AsyncClient) -> None:
        given = await headers(await a_citizen()) | {"idempotency-key": secrets.token_hex(16)}

        first, again = [await shop.post("/v1/card", headers=given) for _ in range(2)]

        assert (first.status_code, again.status_code) == (201, 201)
        assert again.json() == first.json()

    async def test_needs_level_two(self, shop: httpx.AsyncClient) -> None:
        answer = await shop.post("/v1/card", headers=await headers(await a_citizen(level=1)))

        assert (answer.status_code, answer.json()["code"]) == (403, "assurance_too_low")
        assert answer.json()["required_level"] == 2

    async def test_with_a_device_sees_the_card_too(self, shop: httpx.AsyncClient) -> None:
        citizen = await a_citizen(level=3)
        way_in = await signed_in(citizen)

        await shop.post("/v1/card", auth=way_in)

        card = await shop.get("/v1/card", auth=way_in)
        assert card.json()["balance_fen"] == 0
        assert card.headers["cache-control"] == "private, no-store"

    async def test_loses_and_finds_the_card(self, shop: httpx.AsyncClient) -> None:
        given = await headers(await a_card_holder())

        states = [(await shop.post(f"/v1/card/{step}", headers=given)).json()["state"] for step in ("loss", "found")]

        assert states == ["lost", "active"]

    async def test_cannot_see_a_strangers_receipt(self, shop: httpx.AsyncClient) -> None:
        citizen, till = await a_card_holder(1_000), await a_terminal()
        paid = await paid_by(shop, till, amount_fen=300, payer_code=await code_of(shop, citizen))
        path = f"/v1/card/transactions/{paid.json()['receipt']['id']}/receipt"

        own = await shop.get(path, headers=await headers(citizen))
        strange = await shop.get(path, headers=await headers(await a_card_holder()))

        assert own.json() == paid.json()
        assert (strange.status_code, strange.json()["code"]) == (404, "transaction_unknown")

    @pytest.mark.parametrize("query", ["cursor=nonsense", "cursor=ZQ", "limit=0", "limit=101", "limit=x"])
    async def test_is_refused_a_page_that_is_none(self, shop: httpx.AsyncClient, query: str) -> None:
        answer = await shop.get(f"/v1/card/transactions?{query}", headers=await headers(await a_card_holder()))

        assert answer.status_code == 400


class TestTerminal:
    async def test_signs_on(self, shop: httpx.AsyncClient) -> None:
        till = await a_terminal()

        answer = await shop.post("/v1/terminal/sign-on", json={"software": "till 1.0"}, auth=till)

        assert answer.status_code == 200
        assert answer.json()["terminal_code"] == till.terminal.code
        believed(answer, answer.json()["answer_certificates"])

    async def test_gets_a_sealed_receipt_in_a_signed_answer(self, shop: httpx.AsyncClient) -> None:
        citizen, till = await a_card_holder(1_000), await a_terminal()

        answer = await paid_by(shop, till, amount_fen=300, payer_code=await code_of(shop, citizen))

        assert answer.status_code == 201
        paid = msgspec.json.decode(answer.content, type=SignedReceipt)
        signature, payload = base64.b64decode(paid.signature), base64.b64decode(paid.signed_bytes_b64)
        assert seal_holds(paid.certificate_chain, signature, payload)
        believed(answer, await certificates_of(shop, till))

    async def test_can_prove_a_decline(self, shop: httpx.AsyncClient) -> None:
        citizen, till = await a_card_holder(100), await a_terminal()

        answer = await paid_by(shop, till, amount_fen=300, payer_code=await code_of(shop, citizen))

        assert (answer.status_code, answer.json()["code"]) == (409, "balance_too_low")
        believed(answer, await certificates_of(shop, till))

    async def test_finds_an_answer_to_another_request_out(self, shop: httpx.AsyncClient) -> None:
        citizen, till = await a_card_holder(1_000), await a_terminal()
        certificates = await certificates_of(shop, till)
        first = await paid_by(shop, till, amount_fen=300, payer_code=await code_of(shop, citizen))
        second = await paid_by(shop, till, amount_fen=300, sequence=2, payer_code=await code_of(shop, citizen))
        first.request = second.request

        with pytest.raises(SignatureWrong):
            believed(first, certificates)

    async def test_gets_fifty_identical_answers_to_one_payment(self, shop: httpx.AsyncClient) -> None:
        citizen, till = await a_card_holder(1_000), await a_terminal()
        code, key = await code_of(shop, citizen), secrets.token_hex(16)

        answers = await asyncio.gather(*(paid_by(shop, till, key, amount_fen=300, payer_code=code) for _ in range(50)))

        assert {answer.status_code for answer in answers} == {201}
        assert len({answer.content for answer in answers}) == 1
        assert await balance_fen(citizen) == 700

    @pytest.mark.parametrize(
        "body",
        [
            '{"sequence":1,"amount_fen":"5","payer_code":"A"}',
            '{"sequence":1,"amount_fen":1.0,"payer_code":"A"}',
            '{"sequence":1,"amount_fen":1e3,"payer_code":"A"}',
            '{"sequence":1,"amount_fen":-1,"payer_code":"A"}',
            '{"sequence":1,"amount_fen":0,"payer_code":"A"}',
            '{"sequence":1,"amount_fen":100000001,"payer_code":"A"}',
            '{"sequence":1,"amount_fen":5,"amount_fen":500,"payer_code":"A"}',
            '{"sequence":1,"amount_fen":5,"payer_code":"A","currency":"USD"}',
            '{"sequence":0,"amount_fen":5,"payer_code":"A"}',
            '{"sequence":1,"amount_fen":5}',
            '{"sequence":1,"amount_fen":5,"payer_code":"A\\u0000"}',
            '{"sequence":1,"amount_fen":5,"payer_code":"' + "A" * 121 + '"}',
            "[]",
        ],
    )
    async def test_is_refused_a_body_that_is_not_exactly_right(self, shop: httpx.AsyncClient, body: str) -> None:
        sent = {"content-type": "application/json"}

        answer = await shop.post(PAYMENTS, content=body, headers=sent, auth=await a_terminal())

        assert (answer.status_code, answer.json()["code"]) == (422, "body_wrong")

    @pytest.mark.parametrize(
        ("body", "kind", "status"),
        [
            (b"{", "application/json", 400),
            (b'{"sequence":' * 5_000, "application/json", 400),
            (b"{}", "text/plain", 415),
        ],
    )
    async def test_is_refused_what_is_no_json(
        self, shop: httpx.AsyncClient, body: bytes, kind: str, status: int
    ) -> None:
        answer = await shop.post(PAYMENTS, content=body, headers={"content-type": kind}, auth=await a_terminal())

        assert answer.status_code == status

    async def test_is_refused_when_somebody_changed_the_amount(self, shop: httpx.AsyncClient) -> None:
        citizen, till = await a_card_holder(1_000), await a_terminal()
        body = {"sequence": 1, "amount_fen": 300, "payer_code": await code_of(shop, citizen)}
        request = shop.build_request("POST", PAYMENTS, json=body)
        signed = next(till.auth_flow(request))
        changed = json.dumps(body | {"amount_fen": 900}).encode()
        fields = {name: value for name, value in signed.headers.items() if name != "content-length"}

        answer = await shop.post(PAYMENTS, content=changed, headers=fields)

        assert (answer.status_code, answer.json()["code"]) == (400, "digest_mismatch")
        assert await balance_fen(citizen) == 1_000

    async def test_is_refused_a_replay(self, shop: httpx.AsyncClient) -> None:
        citizen, till = await a_card_holder(1_000), await a_terminal()
        body = {"sequence": 1, "amount_fen": 300, "payer_code": await code_of(shop, citizen)}
        signed = next(till.auth_flow(shop.build_request("POST", PAYMENTS, json=body)))
        sent: dict[str, Any] = {"content": signed.content, "headers": dict(signed.headers)}

        first, again = [await shop.post(PAYMENTS, **sent) for _ in range(2)]

        assert first.status_code == 201
        assert (again.status_code, again.json()["code"]) == (409, "nonce_replayed")
        assert await balance_fen(citizen) == 700
