"""Where money moves a proof carries a nonce of ours, so that one made beforehand is worth nothing."""

from datetime import timedelta

import httpx
import pytest

from app.identity import dpop_nonces, sessions
from app.identity.dpop import thumbprint_of_key
from app.kernel import clock
from app.kernel.actors import Citizen
from tests.makers.callers import Key, a_key, a_proof, headers
from tests.makers.cards import a_card_holder
from tests.makers.people import a_citizen

pytestmark = pytest.mark.usefixtures("app")
PATH = "/v1/card/top-ups"
ORDER = {"amount_fen": 1_000, "channel": "wechat_pay", "payer_openid": "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"}


def later(monkeypatch: pytest.MonkeyPatch, seconds: int) -> None:
    moved = clock.now() + timedelta(seconds=seconds)
    monkeypatch.setattr(clock, "now", lambda: moved)
    monkeypatch.setattr(clock, "epoch_seconds", lambda: int(moved.timestamp()))


async def bound(citizen: Citizen) -> tuple[str, Key]:
    key = a_key()
    jkt = thumbprint_of_key(key.public_key())
    return (await sessions.open_session(sessions.Opening(citizen.id, "app", 2, jkt))).access_token, key


async def ordered(http: httpx.AsyncClient, token: str, key: Key, **claims: object) -> httpx.Response:
    address = str(http.base_url.copy_with(path=PATH))
    proof = a_proof(key, "POST", address, token, **claims)
    named = {"authorization": f"DPoP {token}", "dpop": proof, "idempotency-key": "a-key-of-its-own"}
    return await http.post(PATH, json=ORDER, headers=named)


class TestIsFresh:
    def test_holds_for_its_key_for_a_minute_or_two(self, monkeypatch: pytest.MonkeyPatch) -> None:
        nonce = dpop_nonces.nonce_of("one")

        assert dpop_nonces.is_fresh("one", nonce)
        later(monkeypatch, 60)
        assert dpop_nonces.is_fresh("one", nonce)
        later(monkeypatch, 60)
        assert not dpop_nonces.is_fresh("one", nonce)

    def test_serves_no_other_key(self) -> None:
        assert not dpop_nonces.is_fresh("another", dpop_nonces.nonce_of("one"))

    @pytest.mark.parametrize("nonce", [None, "", "0.", "é", "1.AAAAAAAAAAAAAAAAAAAAAA", "x" * 4_000])
    def test_is_not_made_by_others(self, nonce: str | None) -> None:
        assert not dpop_nonces.is_fresh("one", nonce)


class TestOrder:
    async def test_is_asked_for_a_nonce_and_then_taken(self, http: httpx.AsyncClient) -> None:
        token, key = await bound(await a_card_holder())

        without = await ordered(http, token, key)
        taken = await ordered(http, token, key, nonce=without.headers["dpop-nonce"])

        assert (without.status_code, without.json()["code"]) == (401, "use_dpop_nonce")
        assert without.headers["www-authenticate"].startswith('DPoP error="use_dpop_nonce"')
        assert taken.json()["code"] == "payment_channel_unavailable"

    async def test_takes_neither_an_old_one_nor_anothers(
        self, http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        token, key = await bound(await a_card_holder())
        own, others = dpop_nonces.nonce_of(thumbprint_of_key(key.public_key())), dpop_nonces.nonce_of("another")

        assert (await ordered(http, token, key, nonce=others)).json()["code"] == "use_dpop_nonce"
        later(monkeypatch, 130)
        assert (await ordered(http, token, key, nonce=own)).json()["code"] == "use_dpop_nonce"

    async def test_takes_a_proof_once_all_the_same(self, http: httpx.AsyncClient) -> None:
        token, key = await bound(await a_card_holder())
        nonce = dpop_nonces.nonce_of(thumbprint_of_key(key.public_key()))
        await ordered(http, token, key, nonce=nonce, jti="the-same-again")

        again = await ordered(http, token, key, nonce=nonce, jti="the-same-again")

        assert (again.json()["code"], again.json()["flaw"]) == ("dpop_wrong", "replayed")

    async def test_gives_no_nonce_to_whoever_does_not_hold_the_key(self, http: httpx.AsyncClient) -> None:
        token, _ = await bound(await a_card_holder())

        refused = await ordered(http, token, a_key())

        assert (refused.json()["code"], "dpop-nonce" in refused.headers) == ("dpop_wrong", False)

    async def test_needs_none_from_a_bearer_who_has_no_key(self, http: httpx.AsyncClient) -> None:
        named = await headers(await a_card_holder()) | {"idempotency-key": "a-key-of-its-own"}

        assert (await http.post(PATH, json=ORDER, headers=named)).json()["code"] == "payment_channel_unavailable"

    async def test_is_asked_for_nowhere_else(self, http: httpx.AsyncClient) -> None:
        citizen = await a_citizen(2)
        token, key = await bound(citizen)
        address = str(http.base_url.copy_with(path="/v1/sign-out"))
        named = {"authorization": f"DPoP {token}", "dpop": a_proof(key, "POST", address, token)}

        assert (await http.post("/v1/sign-out", headers=named)).status_code == 204
