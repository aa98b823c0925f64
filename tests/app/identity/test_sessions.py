"""Sessions: kept by rotating tokens, ended by their owner, by time, or by whoever copied a token."""

import asyncio
from datetime import timedelta

import httpx
import pytest

from app.audit.acts import Act
from app.identity import refresh_tokens, sessions
from app.identity.dpop import thumbprint_of_key
from app.identity.errors import ProofMissing, ProofWrong, RefreshTokenReused, RefreshTokenWrong
from app.identity.structs import Tokens
from app.kernel import clock
from app.kernel.actors import Citizen
from app.kernel.database import fetch_all, fetch_one, fetch_value, transaction
from app.kernel.ids import new_person_id
from app.residents.people import record_death
from tests.makers.callers import SignedIn, a_key, a_proof, signed_in
from tests.makers.people import a_citizen

pytestmark = pytest.mark.usefixtures("app")


async def a_session(citizen: Citizen, jkt: str | None = None) -> Tokens:
    return await sessions.open_session(sessions.Opening(citizen.id, "app", citizen.level, jkt))


def later(monkeypatch: pytest.MonkeyPatch, **pause: float) -> None:
    moved = clock.now() + timedelta(**pause)
    monkeypatch.setattr(clock, "now", lambda: moved)


class TestRefresh:
    async def test_gives_a_new_pair_and_keeps_the_end(self) -> None:
        first = await a_session(await a_citizen(2))

        second = await sessions.refresh(first.refresh_token, None)

        assert second.refresh_token != first.refresh_token
        assert second.level == 2
        assert abs(second.session_expires_at - first.session_expires_at) < timedelta(seconds=1)

    async def test_rotates_once_for_twenty_at_once(self) -> None:
        first = await a_session(await a_citizen(2))

        pairs = await asyncio.gather(*(sessions.refresh(first.refresh_token, None) for _ in range(20)))

        assert len({pair.refresh_token for pair in pairs}) == 1
        assert (await sessions.refresh(pairs[0].refresh_token, None)).level == 2

    async def test_ends_the_session_when_an_old_token_comes_back(self, monkeypatch: pytest.MonkeyPatch) -> None:
        citizen = await a_citizen(2)
        first = await a_session(citizen)
        second = await sessions.refresh(first.refresh_token, None)
        later(monkeypatch, seconds=6)

        with pytest.raises(RefreshTokenReused):
            await sessions.refresh(first.refresh_token, None)

        with pytest.raises(RefreshTokenWrong):
            await sessions.refresh(second.refresh_token, None)
        async with transaction(sessions.IDENTITY):
            told = await fetch_all("SELECT kind FROM outbox WHERE citizen_id = $1", citizen.id)
        assert [row["kind"] for row in told] == ["identity.session_ended_by_reuse"]

    async def test_ends_the_session_for_a_token_of_two_generations_ago_at_once(self) -> None:
        first = await a_session(await a_citizen(2))
        second = await sessions.refresh(first.refresh_token, None)
        third = await sessions.refresh(second.refresh_token, None)

        with pytest.raises(RefreshTokenReused):
            await sessions.refresh(first.refresh_token, None)
        with pytest.raises(RefreshTokenWrong):
            await sessions.refresh(third.refresh_token, None)

    @pytest.mark.parametrize("text", ["", "abc", "é", "=" * 80, "A" * 70, "A" * 512, " " * 70])
    async def test_refuses_what_we_did_not_make(self, text: str) -> None:
        with pytest.raises(RefreshTokenWrong):
            await sessions.refresh(text, None)

    async def test_lets_nobody_end_a_session_by_a_made_up_token(self) -> None:
        first = await a_session(await a_citizen(2))
        body = first.refresh_token[:-3] + ("AAA" if not first.refresh_token.endswith("AAA") else "BBB")

        with pytest.raises(RefreshTokenWrong):
            await sessions.refresh(body, None)
        assert (await sessions.refresh(first.refresh_token, None)).level == 2

    async def test_refuses_the_token_of_a_session_that_never_was(self) -> None:
        with pytest.raises(RefreshTokenWrong):
            await sessions.refresh(refresh_tokens.make(new_person_id(), 0).text, None)

    async def test_ends_for_good_after_thirty_days(self, monkeypatch: pytest.MonkeyPatch) -> None:
        first = await a_session(await a_citizen(2))
        later(monkeypatch, days=30)

        with pytest.raises(RefreshTokenWrong):
            await sessions.refresh(first.refresh_token, None)

    async def test_asks_a_bound_session_for_its_key(self) -> None:
        jkt = thumbprint_of_key(a_key().public_key())
        first = await a_session(await a_citizen(2), jkt)

        with pytest.raises(ProofMissing):
            await sessions.refresh(first.refresh_token, None)
        with pytest.raises(ProofWrong):
            await sessions.refresh(first.refresh_token, "another")
        assert (await sessions.refresh(first.refresh_token, jkt)).token_type == "DPoP"

    async def test_stores_no_token_in_the_clear(self) -> None:
        first = await a_session(await a_citizen(2))
        second = await sessions.refresh(first.refresh_token, None)

        async with transaction(sessions.IDENTITY):
            row = await fetch_value(
                "SELECT session::text FROM session WHERE id = $1", refresh_tokens.read(first.refresh_token).session_id
            )

        for secret in (first.refresh_token, second.refresh_token, second.access_token):
            assert secret not in row
            assert secret.encode().hex() not in row


class TestOver:
    async def test_a_session_is_over_after_signing_out(self, http: httpx.AsyncClient) -> None:
        citizen = await a_citizen(2)
        pair = await a_session(citizen)
        auth = SignedIn(pair.access_token)

        assert (await http.post("/v1/sign-out", auth=auth)).status_code == 204

        assert (await http.get("/v1/me", auth=auth)).json()["code"] == "session_over"
        assert (await http.post("/v1/sign-out", auth=auth)).status_code == 401
        body = {"refresh_token": pair.refresh_token}
        assert (await http.post("/v1/token/refresh", json=body)).json()["code"] == "refresh_token_wrong"
        async with transaction(sessions.IDENTITY):
            acts = await fetch_all("SELECT act FROM act WHERE citizen_id = $1 ORDER BY id", citizen.id)
        assert [row["act"] for row in acts] == [Act.SIGNED_IN, Act.SIGNED_OUT]

    async def test_a_session_is_over_when_its_owner_dies(self, http: httpx.AsyncClient) -> None:
        citizen = await a_citizen(2)
        auth = await signed_in(citizen)
        await record_death(citizen.id, clock.today())

        assert (await http.get("/v1/me", auth=auth)).json()["code"] == "session_over"

    async def test_an_access_token_expires_after_five_minutes(
        self, http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        auth = await signed_in(await a_citizen(2))
        assert (await http.get("/v1/me", auth=auth)).status_code == 200
        later(monkeypatch, seconds=301)

        assert (await http.get("/v1/me", auth=auth)).json()["code"] == "token_expired"

    async def test_nobody_signs_out(self, http: httpx.AsyncClient) -> None:
        assert (await http.post("/v1/sign-out")).status_code == 401


class TestMySessions:
    async def test_lists_open_ones_and_says_which_is_calling(self, http: httpx.AsyncClient) -> None:
        citizen = await a_citizen(2)
        ended, other = await signed_in(citizen), await signed_in(citizen)
        await http.post("/v1/sign-out", auth=ended)

        listed = (await http.get("/v1/me/sessions", auth=other)).json()["items"]

        assert [item["current"] for item in listed] == [True]
        assert (await http.get("/v1/me/sessions")).status_code == 401

    async def test_shows_nobody_elses(self, http: httpx.AsyncClient) -> None:
        await signed_in(await a_citizen(2))

        listed = (await http.get("/v1/me/sessions", auth=await signed_in(await a_citizen(2)))).json()["items"]

        assert len(listed) == 1


class TestOverHttp:
    async def test_refreshes_a_bound_session_with_a_proof(self, http: httpx.AsyncClient) -> None:
        key = a_key()
        first = await a_session(await a_citizen(2), thumbprint_of_key(key.public_key()))
        address = str(http.base_url.copy_with(path="/v1/token/refresh"))
        proof = a_proof(key, "POST", address)
        body = {"refresh_token": first.refresh_token}

        refreshed = await http.post("/v1/token/refresh", json=body, headers={"dpop": proof})
        replayed = await http.post("/v1/token/refresh", json=body, headers={"dpop": proof})

        assert refreshed.json()["token_type"] == "DPoP"
        assert (replayed.status_code, replayed.json()["flaw"]) == (401, "replayed")

    async def test_publishes_the_keys(self, http: httpx.AsyncClient) -> None:
        keys = (await http.get("/.well-known/jwks.json")).json()["keys"]

        assert keys
        assert all(set(key) == {"kty", "crv", "x", "y", "kid", "alg", "use"} for key in keys)


async def test_a_session_row_has_no_gaps() -> None:
    citizen = await a_citizen(2)
    await a_session(citizen)
    async with transaction(sessions.IDENTITY):
        row = await fetch_one("SELECT * FROM session WHERE citizen_id = $1", citizen.id)
    assert row is not None
    assert (row["generation"], row["ended_at"], row["pair"]) == (0, None, None)


async def test_nobody_refreshes_for_the_dead() -> None:
    citizen = await a_citizen(2)
    pair = await a_session(citizen)
    await record_death(citizen.id, clock.today())

    with pytest.raises(RefreshTokenWrong):
        await sessions.refresh(pair.refresh_token, None)


class TestSweep:
    async def test_forgets_only_what_was_over_long_ago(self, monkeypatch: pytest.MonkeyPatch) -> None:
        ended, expired, fresh = await a_citizen(2), await a_citizen(2), await a_citizen(2)
        pair = await a_session(ended)
        session_id = refresh_tokens.read(pair.refresh_token).session_id
        await sessions.sign_out(Citizen(ended.id, 2, session_id, "app"))
        await a_session(expired)
        later(monkeypatch, days=89)
        await sessions.sweep()
        assert await count_of(ended) == 1
        later(monkeypatch, days=2)
        await a_session(fresh)

        await sessions.sweep()

        assert [await count_of(one) for one in (ended, expired, fresh)] == [0, 1, 1]


async def count_of(citizen: Citizen) -> int:
    async with transaction(sessions.IDENTITY):
        counted: int = await fetch_value("SELECT count(*) FROM session WHERE citizen_id = $1", citizen.id)
        return counted
