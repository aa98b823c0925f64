"""Who may invite, see and close terminals, over HTTP; and a terminal from its code to its first payment."""

import secrets
from typing import Any

import httpx
import pytest

from app.card.merchants import register_merchant
from app.card.points_of_sale import KEEP, MATTER
from app.identity.terminal_keys import find
from app.kernel.words import Words
from tests.app.card.test_routes import code_of, paid_by
from tests.makers.callers import EnrolledOfficer, TerminalAuth, a_key, an_enrolled_officer, headers
from tests.makers.cards import a_card_holder, balance_fen
from tests.makers.people import a_citizen, a_grant
from tests.makers.pki import a_csr

TERMINALS, ENROLMENTS = "/v1/officer/terminals", "/v1/terminal/enrolments"


async def a_keeper() -> EnrolledOfficer:
    await register_merchant("YT000042", Words(zh="海港书店", en="Harbour Books"))
    return await an_enrolled_officer(a_grant(KEEP, MATTER), department="CARD")


async def invited(shop: httpx.AsyncClient, by: EnrolledOfficer, **facts: object) -> httpx.Response:
    body = {"terminal_code": f"t-{secrets.token_hex(5)}", "merchant_code": "YT000042"} | facts
    return await shop.post(TERMINALS, json=body, headers=by.headers)


async def enrolled(shop: httpx.AsyncClient, given: Any) -> TerminalAuth:
    """The terminal that a code makes."""
    key = a_key()
    answer = await shop.post(ENROLMENTS, json={"code": given["enrolment_code"], "csr_pem": a_csr(key)})
    assert answer.status_code == 201, answer.text
    known = await find(answer.json()["keyid"])
    assert known is not None
    return TerminalAuth(known.terminal, answer.json()["keyid"], key)


class TestFromCodeToPayment:
    async def test_goes_over_http_alone(self, shop: httpx.AsyncClient) -> None:
        keeper, citizen = await a_keeper(), await a_card_holder(5_000)
        given = (await invited(shop, keeper)).json()

        till = await enrolled(shop, given)
        day = (await shop.post("/v1/terminal/sign-on", json={}, auth=till)).json()
        paid = await paid_by(shop, till, amount_fen=700, payer_code=await code_of(shop, citizen))

        assert (day["terminal_code"], day["merchant_code"]) == (given["terminal_code"], "YT000042")
        assert (paid.status_code, await balance_fen(citizen)) == (201, 4_300)
        listed = (await shop.get(f"{TERMINALS}?limit=100", headers=keeper.headers)).json()["items"]
        (seen,) = [one for one in listed if one["terminal_code"] == given["terminal_code"]]
        assert (seen["state"], seen["merchant_name"]) == ("active", "海港书店")
        assert seen["certificate_ends_at"] == day["certificate_ends_at"]

    async def test_ends_when_it_is_closed(self, shop: httpx.AsyncClient) -> None:
        keeper = await a_keeper()
        given = (await invited(shop, keeper)).json()
        till = await enrolled(shop, given)

        closed = await shop.post(f"{TERMINALS}/{given['terminal_code']}/close", headers=keeper.headers)
        refused = await shop.post("/v1/terminal/sign-on", json={}, auth=till)

        assert (closed.status_code, closed.json()["state"]) == (200, "closed")
        assert (refused.status_code, refused.json()["code"]) == (403, "terminal_closed")


class TestOfficers:
    async def test_need_the_right(self, shop: httpx.AsyncClient) -> None:
        other = await an_enrolled_officer(a_grant("handle"))
        calls = [
            await invited(shop, other),
            await shop.get(TERMINALS, headers=other.headers),
            await shop.post(f"{TERMINALS}/t-000001/close", headers=other.headers),
        ]

        assert [(one.status_code, one.json()["code"]) for one in calls] == [(403, "no_right")] * 3

    async def test_are_neither_citizens_nor_anybody(self, shop: httpx.AsyncClient) -> None:
        citizen = await headers(await a_citizen())

        assert (await shop.get(TERMINALS)).status_code == 401
        assert (await shop.get(TERMINALS, headers=citizen)).status_code == 401

    async def test_name_a_merchant_that_is_known_and_a_terminal_that_is(self, shop: httpx.AsyncClient) -> None:
        keeper = await a_keeper()

        nowhere = await invited(shop, keeper, merchant_code="YT999999")
        nobody = await shop.post(f"{TERMINALS}/t-nobody/close", headers=keeper.headers)

        assert (nowhere.status_code, nowhere.json()["code"]) == (404, "merchant_unknown")
        assert (nobody.status_code, nobody.json()["code"]) == (404, "terminal_unknown")

    @pytest.mark.parametrize("code", ["", "-t", "t_1", "t" * 21, "t.1"])
    async def test_name_terminals_as_certificates_can(self, shop: httpx.AsyncClient, code: str) -> None:
        assert (await invited(shop, await a_keeper(), terminal_code=code)).status_code == 422


class TestAnybody:
    async def test_gets_nothing_for_a_wrong_code(self, shop: httpx.AsyncClient) -> None:
        answer = await shop.post(ENROLMENTS, json={"code": "0" * 24, "csr_pem": a_csr()})

        assert (answer.status_code, answer.json()["code"]) == (401, "enrolment_code_wrong")
        assert answer.headers["content-type"] == "application/problem+json"
