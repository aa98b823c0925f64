"""Paying by a merchant's code over HTTP: who may, what is refused, and that a repeat is answered the same."""

import asyncio
import secrets
from datetime import timedelta

import httpx
import msgspec
import pytest

from app.card import emvco
from app.card.limits import limit_on
from app.identity.sessions import IDENTITY
from app.kernel import clock
from app.kernel.actors import Citizen
from app.kernel.database import execute, transaction
from app.kernel.ids import shard_of
from tests.app.card.test_emvco import STATIC
from tests.makers.callers import a_terminal, headers, signed_in, the_authorities_of_the_product
from tests.makers.cards import a_card_holder, balance_fen, top_up
from tests.makers.merchants import GROCER, MERCHANT, a_bill_code, a_code
from tests.makers.people import a_citizen

PAY, PREVIEW = "/v1/card/pay", "/v1/card/pay/preview"


async def paid_by(shop: httpx.AsyncClient, citizen: Citizen, **body: object) -> httpx.Response:
    """A payment by a citizen without a device."""
    given = await headers(citizen) | {"idempotency-key": secrets.token_hex(16)}
    return await shop.post(PAY, json=body, headers=given)


async def the_device_is_old(citizen: Citizen) -> None:
    """The citizen's device was enrolled two days ago."""
    async with transaction(IDENTITY):
        await execute(
            "UPDATE device SET enrolled_at = $3 WHERE shard = $1 AND citizen_id = $2",
            *(shard_of(citizen.id), citizen.id, clock.now() - timedelta(days=2)),
        )


class TestAnybody:
    @pytest.mark.parametrize("path", [PAY, PREVIEW])
    async def test_gets_nothing_without_saying_who_they_are(self, shop: httpx.AsyncClient, path: str) -> None:
        answer = await shop.post(path, json={"code": STATIC})

        assert (answer.status_code, answer.headers["content-type"]) == (401, "application/problem+json")

    async def test_who_is_a_terminal_pays_by_no_code(self, shop: httpx.AsyncClient) -> None:
        answer = await shop.post(PAY, json={"code": await a_code(), "amount_fen": 5}, auth=await a_terminal())

        assert answer.status_code == 401


class TestCitizen:
    async def test_sees_whom_the_code_pays_and_pays(self, shop: httpx.AsyncClient) -> None:
        citizen, code = await a_card_holder(50_000), await a_code(19_842, "HTTP-1")

        seen = (await shop.post(PREVIEW, json={"code": code}, headers=await headers(citizen))).json()
        paid = await paid_by(shop, citizen, code=code, amount_fen=seen["amount_fen"])

        assert (seen["merchant"]["zh"], seen["reference"], seen["obstacle"]) == (GROCER.zh, "HTTP-1", None)
        assert (paid.status_code, paid.headers["cache-control"]) == (201, "private, no-store")
        assert (paid.json()["merchant_code"], paid.json()["amount_fen"]) == (MERCHANT, 19_842)
        path = f"/v1/card/transactions/{paid.json()['transaction_id']}/receipt"
        receipt = (await shop.get(path, headers=await headers(citizen))).json()["receipt"]
        assert (receipt["amount_fen"], receipt["reference"]) == (19_842, "HTTP-1")
        stranger = await shop.get(path, headers=await headers(await a_citizen()))
        assert (stranger.status_code, stranger.json()["code"]) == (404, "transaction_unknown")

    async def test_is_answered_the_same_when_it_asks_fifty_times_at_once(self, shop: httpx.AsyncClient) -> None:
        citizen, code = await a_card_holder(1_000), await a_code()
        given = await headers(citizen) | {"idempotency-key": secrets.token_hex(16)}

        answers = await asyncio.gather(
            *(shop.post(PAY, json={"code": code, "amount_fen": 300}, headers=given) for _ in range(50))
        )

        assert {(answer.status_code, answer.content) for answer in answers} == {(201, answers[0].content)}
        assert await balance_fen(citizen) == 700

    async def test_is_told_by_name_that_somebody_else_paid_the_bill(self, shop: httpx.AsyncClient) -> None:
        code = await a_bill_code()
        await paid_by(shop, await a_card_holder(50_000), code=code)

        answer = await paid_by(shop, await a_card_holder(50_000), code=code)

        assert (answer.status_code, answer.json()["code"]) == (409, "merchant_code_paid")

    @pytest.mark.parametrize(
        "written",
        [
            '"5"',
            "1.0",
            "1.5",
            "1e3",
            "0",
            "-5",
            "100000001",
            "9223372036854775808",
            "1e400",
            "true",
            "[5]",
            '""',
            "NaN",
        ],
    )
    async def test_pays_no_amount_but_a_whole_number_of_fen(self, shop: httpx.AsyncClient, written: str) -> None:
        citizen = await a_card_holder(1_000)
        given = await headers(citizen) | {"idempotency-key": secrets.token_hex(16), "content-type": "application/json"}
        body = f'{{"code": "{await a_code()}", "amount_fen": {written}}}'

        for path in (PAY, PREVIEW):
            answer = await shop.post(path, content=body, headers=given)
            assert answer.status_code in {400, 422}, answer.text

        assert await balance_fen(citizen) == 1_000

    @pytest.mark.parametrize(
        "body", [{}, {"code": ""}, {"code": 5}, {"code": "A\n"}, {"code": "A" * 513}, {"code": "A", "fen": 5}]
    )
    async def test_is_refused_what_is_no_request(self, shop: httpx.AsyncClient, body: dict[str, object]) -> None:
        assert (await paid_by(shop, await a_citizen(), **body)).status_code == 422

    async def test_is_refused_damaged_forged_and_foreign_codes_by_name(self, shop: httpx.AsyncClient) -> None:
        citizen, code = await a_card_holder(50_000), await a_bill_code()
        said = emvco.read(code)
        cheaper = emvco.write(msgspec.structs.replace(said, amount_fen=1))
        in_dollars = code[:-8].replace("5303156", "5303840") + "6304"

        for scanned, status, name, flaw in (
            (code[:-4] + "0000", 422, "merchant_code_wrong", "checksum"),
            (in_dollars + emvco.crc(in_dollars), 422, "merchant_code_wrong", "currency"),
            (cheaper, 422, "merchant_code_wrong", "changed"),
            (STATIC, 422, "merchant_code_foreign", None),
            ("https://qr.95516.com/0001", 422, "merchant_code_foreign", None),
        ):
            answer = await paid_by(shop, citizen, code=scanned)
            assert (answer.status_code, answer.json()["code"], answer.json().get("flaw")) == (status, name, flaw)

        assert await balance_fen(citizen) == 50_000

    async def test_needs_a_key(self, shop: httpx.AsyncClient) -> None:
        answer = await shop.post(
            PAY, json={"code": await a_code(), "amount_fen": 5}, headers=await headers(await a_card_holder(100))
        )

        assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_missing")

    async def test_needs_level_two(self, shop: httpx.AsyncClient) -> None:
        answer = await paid_by(shop, await a_citizen(level=1), code=await a_code(), amount_fen=5)

        assert (answer.json()["code"], answer.json()["required_level"]) == ("assurance_too_low", 2)

    async def test_steps_up_to_the_device_for_a_large_amount(self, shop: httpx.AsyncClient) -> None:
        citizen, code = await a_citizen(level=3), await a_code()
        way_in = await signed_in(citizen)
        the_authorities_of_the_product()
        await shop.post("/v1/card", auth=way_in)
        await top_up(citizen, 200_000)
        await the_device_is_old(citizen)
        large = limit_on(clock.today(), "scan_step_up_fen") + 1

        refused = await paid_by(
            shop, msgspec.structs.replace(citizen, level=2, device_id=None), code=code, amount_fen=large
        )
        paid = await shop.post(
            PAY,
            json={"code": code, "amount_fen": large},
            headers={"idempotency-key": secrets.token_hex(16)},
            auth=way_in,
        )

        assert (refused.status_code, refused.json()["code"]) == (403, "assurance_too_low")
        assert (refused.json()["required_level"], bool(refused.json()["ways"])) == (3, True)
        assert paid.status_code == 201, paid.text
