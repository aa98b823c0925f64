"""Reversals and refunds over HTTP: signed both ways, refused by name, and nothing half done."""

import asyncio
import secrets

import httpx
import msgspec
import pytest

from app.card.structs import SignedReceipt
from app.kernel.actors import Citizen
from tests.app.card.test_routes import believed, certificates_of, code_of, paid_by
from tests.makers.callers import TerminalAuth, a_terminal, headers
from tests.makers.cards import a_card_holder, balance_fen

REFUNDS, REVERSALS = "/v1/terminal/refunds", "/v1/terminal/reversals"
NOTHING = "00000000-0000-7000-8000-000000000001"


async def a_paid(shop: httpx.AsyncClient) -> tuple[Citizen, TerminalAuth, str, str]:
    """A citizen who paid 3 yuan; with the till, the payment and its code."""
    citizen, till = await a_card_holder(1_000), await a_terminal()
    code = await code_of(shop, citizen)
    answer = await paid_by(shop, till, amount_fen=300, payer_code=code)
    return citizen, till, answer.json()["receipt"]["id"], code


async def refunded(
    shop: httpx.AsyncClient, till: TerminalAuth, payment: str, fen: int, sequence: int = 2
) -> httpx.Response:
    body = {"sequence": sequence, "payment_id": payment, "amount_fen": fen}
    return await shop.post(REFUNDS, json=body, headers={"idempotency-key": secrets.token_hex(16)}, auth=till)


def a_reversal(code: str, **instead: object) -> dict[str, object]:
    return {"of_sequence": 1, "amount_fen": 300, "payer_code": code, "reason": "no_answer"} | instead


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (REFUNDS, {"sequence": 2, "payment_id": NOTHING, "amount_fen": 5}),
        (REVERSALS, {"of_sequence": 1, "amount_fen": 5, "payer_code": "A", "reason": "no_answer"}),
        (f"/v1/terminal/payments/{NOTHING}/reverse", {"reason": "no_answer"}),
    ],
)
class TestNobodyElse:
    async def test_may_without_a_terminals_signature(
        self, shop: httpx.AsyncClient, path: str, body: dict[str, object]
    ) -> None:
        anonymous = await shop.post(path, json=body)
        citizen = await shop.post(path, json=body, headers=await headers(await a_card_holder()))

        assert [one.status_code for one in (anonymous, citizen)] == [401, 401]


class TestRefund:
    async def test_is_answered_signed_with_a_receipt_that_the_payer_sees_too(self, shop: httpx.AsyncClient) -> None:
        citizen, till, payment, _ = await a_paid(shop)

        answer = await refunded(shop, till, payment, 100)

        assert answer.status_code == 201
        believed(answer, await certificates_of(shop, till))
        receipt = msgspec.json.decode(answer.content, type=SignedReceipt).receipt
        own = await shop.get(f"/v1/card/transactions/{receipt.id}/receipt", headers=await headers(citizen))
        assert own.json() == answer.json()
        listed = await shop.get("/v1/card/transactions?limit=1", headers=await headers(citizen))
        assert listed.json()["items"][0]["of_transaction_id"] == payment

    async def test_races_twenty_times_and_never_gives_more_than_was_paid(self, shop: httpx.AsyncClient) -> None:
        citizen, till, payment, _ = await a_paid(shop)

        answers = await asyncio.gather(*(refunded(shop, till, payment, 70, 2 + at) for at in range(20)))

        assert [one.status_code for one in answers].count(201) == 4
        refusals = {one.json().get("code") for one in answers if one.status_code != 201}
        assert refusals == {"refund_over_payment"}
        assert await balance_fen(citizen) == 980

    async def test_gives_twenty_identical_answers_to_one_refund(self, shop: httpx.AsyncClient) -> None:
        citizen, till, payment, _ = await a_paid(shop)
        body, key = {"sequence": 2, "payment_id": payment, "amount_fen": 300}, secrets.token_hex(16)

        answers = await asyncio.gather(
            *(shop.post(REFUNDS, json=body, headers={"idempotency-key": key}, auth=till) for _ in range(20))
        )

        assert {one.status_code for one in answers} == {201}
        assert len({one.content for one in answers}) == 1
        assert await balance_fen(citizen) == 1_000

    async def test_is_refused_by_name(self, shop: httpx.AsyncClient) -> None:
        citizen, till, payment, _ = await a_paid(shop)
        back = (await refunded(shop, till, payment, 100)).json()["receipt"]["id"]
        other = await a_terminal(merchant_code="M9")

        refusals = [
            await refunded(shop, till, payment, 201, 3),
            await refunded(shop, till, back, 10, 4),
            await refunded(shop, other, payment, 10, 5),
            await refunded(shop, till, NOTHING, 10, 6),
            await refunded(shop, till, payment, 10, 1),
        ]

        assert [(one.status_code, one.json()["code"]) for one in refusals] == [
            (409, "refund_over_payment"),
            (422, "not_a_payment"),
            (404, "payment_unknown"),
            (404, "payment_unknown"),
            (422, "sequence_reused"),
        ]
        believed(refusals[0], await certificates_of(shop, till))
        assert await balance_fen(citizen) == 800

    @pytest.mark.parametrize(
        "fields",
        [
            '"amount_fen":"5"',
            '"amount_fen":0',
            '"amount_fen":-5',
            '"amount_fen":5.0',
            '"amount_fen":1e2',
            '"amount_fen":100000001',
            '"amount_fen":9223372036854775808',
            '"amount_fen":5,"amount_fen":6',
            '"amount_fen":5,"card":"1"',
            '"amount_fen":null',
        ],
    )
    async def test_takes_only_a_body_that_is_exactly_right(self, shop: httpx.AsyncClient, fields: str) -> None:
        citizen, till, payment, _ = await a_paid(shop)
        body = f'{{"sequence":2,"payment_id":"{payment}",{fields}}}'

        answer = await shop.post(REFUNDS, content=body, headers={"content-type": "application/json"}, auth=till)

        assert (answer.status_code, answer.json()["code"]) == (422, "body_wrong")
        assert await balance_fen(citizen) == 700

    async def test_is_refused_a_replay(self, shop: httpx.AsyncClient) -> None:
        citizen, till, payment, _ = await a_paid(shop)
        body = {"sequence": 2, "payment_id": payment, "amount_fen": 100}
        signed = next(till.auth_flow(shop.build_request("POST", REFUNDS, json=body)))

        answers = [await shop.post(REFUNDS, content=signed.content, headers=dict(signed.headers)) for _ in range(2)]

        assert [one.status_code for one in answers] == [201, 409]
        assert answers[1].json()["code"] == "nonce_replayed"
        assert await balance_fen(citizen) == 800


class TestReversal:
    async def test_is_answered_signed_and_the_same_each_time(self, shop: httpx.AsyncClient) -> None:
        citizen, till, payment, code = await a_paid(shop)

        by_request = [await shop.post(REVERSALS, json=a_reversal(code), auth=till) for _ in range(2)]
        path, why = f"/v1/terminal/payments/{payment}/reverse", {"reason": "cancelled"}
        by_receipt = await shop.post(path, json=why, auth=till)

        answers = [*by_request, by_receipt]
        assert [one.status_code for one in answers] == [200, 200, 200]
        assert len({one.content for one in answers}) == 1
        assert answers[0].json()["outcome"] == "reversed"
        believed(answers[0], await certificates_of(shop, till))
        assert await balance_fen(citizen) == 1_000

    async def test_comes_before_the_payment_which_is_then_declined_by_name(self, shop: httpx.AsyncClient) -> None:
        citizen, till = await a_card_holder(1_000), await a_terminal()
        code = await code_of(shop, citizen)

        undone = await shop.post(REVERSALS, json=a_reversal(code), auth=till)
        late = await paid_by(shop, till, amount_fen=300, payer_code=code)

        assert undone.json() == {"outcome": "not_paid", "receipt": None}
        assert (late.status_code, late.json()["code"]) == (409, "payment_reversed")
        believed(late, await certificates_of(shop, till))
        assert await balance_fen(citizen) == 1_000

    async def test_is_refused_by_name(self, shop: httpx.AsyncClient) -> None:
        citizen, till, payment, code = await a_paid(shop)
        await refunded(shop, till, payment, 1)

        refusals = [
            await shop.post(REVERSALS, json=a_reversal(code), auth=till),
            await shop.post(REVERSALS, json=a_reversal(code, amount_fen=301), auth=till),
            await shop.post(REVERSALS, json=a_reversal("A" * 111), auth=till),
        ]

        assert [(one.status_code, one.json()["code"]) for one in refusals] == [
            (409, "payment_refunded"),
            (422, "reversal_differs"),
            (422, "payer_code_wrong"),
        ]
        assert await balance_fen(citizen) == 701

    @pytest.mark.parametrize(
        "instead",
        [
            {"amount_fen": 0},
            {"amount_fen": "300"},
            {"of_sequence": 0},
            {"of_sequence": 10**9},
            {"reason": "because"},
            {"payer_code": ""},
            {"sequence": 2},
        ],
    )
    async def test_takes_only_a_body_that_is_exactly_right(
        self, shop: httpx.AsyncClient, instead: dict[str, object]
    ) -> None:
        _, till, _, code = await a_paid(shop)

        answer = await shop.post(REVERSALS, json=a_reversal(code, **instead), auth=till)

        assert (answer.status_code, answer.json()["code"]) == (422, "body_wrong")

    @pytest.mark.parametrize("wrong", ["-1", "9" * 40, "01900000-0000-7000-8000-00000000003", "x"])
    async def test_finds_nothing_under_what_is_no_id(self, shop: httpx.AsyncClient, wrong: str) -> None:
        path, why = f"/v1/terminal/payments/{wrong}/reverse", {"reason": "cancelled"}

        assert (await shop.post(path, json=why, auth=await a_terminal())).status_code == 404
