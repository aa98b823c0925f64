"""Officers' sessions: bound to a key where one is proved, listed, and over at once."""

from datetime import timedelta

import httpx
import msgspec
import pytest

from app.audit.acts import Act
from app.identity import officer_sessions, officers, tokens
from app.identity.dpop import thumbprint_of_key
from app.identity.errors import SessionOver
from app.kernel import clock
from app.kernel.database import fetch_all, fetch_value, transaction
from tests.makers.callers import EnrolledOfficer, SignedIn, a_key, a_proof
from tests.makers.officers import a_powerless_officer, code_now, said_by, sign_in

pytestmark = pytest.mark.usefixtures("app")
ME = "/v1/officer/me"


async def bound(officer: EnrolledOfficer) -> SignedIn:
    """A session of the officer's that is bound to a key."""
    key = a_key()
    jkt = thumbprint_of_key(key.public_key())
    async with transaction(officers.DIRECTORY):
        session_id = await officer_sessions.open_session(officer.officer.id, jkt)
    return SignedIn(tokens.sign(officer_sessions.claims_of(officer.officer.id, session_id, jkt)), key)


class TestSession:
    async def test_is_over_with_sign_out_and_others_go_on(self, http: httpx.AsyncClient) -> None:
        officer = await a_powerless_officer()
        other = await bound(officer)
        before = await http.get("/v1/officer/sessions", headers=officer.headers)

        answer = await http.post("/v1/officer/sign-out", headers=officer.headers)

        assert (answer.status_code, len(before.json()["items"])) == (204, 2)
        assert [one["current"] for one in before.json()["items"]] == [False, True]
        assert [one["bound"] for one in before.json()["items"]] == [True, False]
        again = await http.get(ME, headers=officer.headers)
        assert (again.status_code, again.json()["code"]) == (401, "session_over")
        assert (await http.get(ME, auth=other)).status_code == 200
        assert (await http.post("/v1/officer/sign-out", headers=officer.headers)).status_code == 401

    async def test_ends_with_its_quarter_of_an_hour(self, monkeypatch: pytest.MonkeyPatch) -> None:
        officer = await a_powerless_officer()
        started = clock.now()

        monkeypatch.setattr(clock, "now", lambda: started + timedelta(minutes=14))
        assert (await officer.again()).session_id == officer.session_id
        monkeypatch.setattr(clock, "now", lambda: started + timedelta(minutes=15, seconds=1))
        with pytest.raises(SessionOver):
            await officer.again()

    async def test_is_its_officers_own(self) -> None:
        officer, other = await a_powerless_officer(), await a_powerless_officer()

        with pytest.raises(SessionOver):
            await officers.officer(officer.officer.id, other.session_id)

    async def test_must_be_named_by_the_token(self, http: httpx.AsyncClient) -> None:
        officer = await a_powerless_officer()
        bare = tokens.sign(tokens.claims_of("officer", officer.officer.id, "tests"))

        answer = await http.get(ME, headers={"authorization": f"Bearer {bare}"})

        assert (answer.status_code, answer.json()["code"]) == (401, "token_wrong")

    async def test_is_forgotten_a_day_after_its_end(self, monkeypatch: pytest.MonkeyPatch) -> None:
        officer = await a_powerless_officer()
        started = clock.now()
        monkeypatch.setattr(clock, "now", lambda: started + timedelta(days=1, hours=1))

        await officer_sessions.sweep()

        async with transaction(officers.DIRECTORY):
            assert not await fetch_value("SELECT 1 FROM officer_session WHERE id = $1", officer.session_id)


class TestBound:
    async def test_works_with_its_key_only(self, http: httpx.AsyncClient) -> None:
        session = await bound(await a_powerless_officer())

        good = await http.get(ME, auth=session)
        bare = await http.get(ME, headers={"authorization": f"Bearer {session.token}"})
        stolen = await http.get(ME, auth=SignedIn(session.token, a_key()))

        assert good.status_code == 200
        assert (bare.json()["code"], stolen.json()["code"]) == ("dpop_missing", "dpop_wrong")

    async def test_is_bound_by_a_proof_at_sign_in(self, http: httpx.AsyncClient) -> None:
        officer, key = await a_powerless_officer(), a_key()
        said = await said_by(officer, code_now(officer))
        path = "/v1/officer/sign-in"
        proof = a_proof(key, "POST", f"{http.base_url}{path}".replace("//v1", "/v1"))

        answer = await http.post(path, json=msgspec.to_builtins(said), headers={"DPoP": proof})

        assert (answer.status_code, answer.json()["token_type"]) == (200, "DPoP")
        assert (await http.get(ME, auth=SignedIn(answer.json()["access_token"], key))).status_code == 200
        wrong = await http.post(path, json=msgspec.to_builtins(said), headers={"DPoP": "nonsense"})
        assert wrong.json()["code"] == "dpop_wrong"


class TestActs:
    async def test_of_signing_in_and_out_are_sealed(self) -> None:
        officer = await a_powerless_officer()
        await sign_in(officer)
        await officer_sessions.sign_out(officer.officer)

        async with transaction(officers.DIRECTORY):
            rows = await fetch_all("SELECT act, actor FROM act WHERE citizen_id = $1 ORDER BY id", officer.officer.id)
        assert [row["act"] for row in rows] == [Act.SIGNED_IN, Act.SIGNED_OUT]
        assert {row["actor"] for row in rows} == {officer.officer.principal}
