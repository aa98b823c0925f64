"""Officers: let in by key and code, each once, with the rights of the moment."""

import asyncio
import base64
import secrets
from datetime import date, timedelta

import httpx
import msgspec
import pytest
from cryptography import x509

from app.identity import officer_sessions, officers
from app.identity.errors import ChallengeWrong, SessionOver, SignInRefused, TriedTooOften
from app.kernel import clock
from app.kernel.actors import Grant
from app.kernel.database import fetch_value, transaction
from app.keys.algorithms import LocalKey
from app.pki.revocation import revoke
from tests.makers.callers import a_key, an_enrolled_officer
from tests.makers.officers import code_now, said_by, sign_in
from tests.makers.people import a_grant
from tests.makers.pki import a_csr

pytestmark = pytest.mark.usefixtures("app")


class TestSignIn:
    async def test_gives_a_token_for_a_quarter_of_an_hour(self) -> None:
        officer = await an_enrolled_officer()

        tokens = await sign_in(officer)

        assert (tokens.officer_id, tokens.expires_in, tokens.department) == (officer.officer.id, 900, "GAJ")

    @pytest.mark.parametrize("steps", [-1, 0, 1])
    async def test_takes_the_code_of_a_neighbouring_step(self, steps: int) -> None:
        officer = await an_enrolled_officer()

        assert (await sign_in(officer, code_now(officer, steps))).officer_id == officer.officer.id

    @pytest.mark.parametrize("steps", [-3, 3])
    async def test_refuses_the_code_of_another_time(self, steps: int) -> None:
        officer = await an_enrolled_officer()

        with pytest.raises(SignInRefused):
            await sign_in(officer, code_now(officer, steps))

    async def test_takes_a_code_once(self) -> None:
        officer = await an_enrolled_officer()
        await sign_in(officer)

        with pytest.raises(SignInRefused):
            await sign_in(officer)

    async def test_takes_a_code_once_of_several_at_once(self) -> None:
        officer = await an_enrolled_officer()
        tries = [await said_by(officer, code_now(officer)) for _ in range(4)]

        done = await asyncio.gather(*(officer_sessions.sign_in(said) for said in tries), return_exceptions=True)

        assert sorted(type(one).__name__ for one in done) == ["OfficerTokens", *["SignInRefused"] * 3]

    async def test_takes_a_challenge_once_and_from_whom_it_was_given(self) -> None:
        officer, other = await an_enrolled_officer(), await an_enrolled_officer()
        said = await said_by(officer, code_now(officer))
        await officer_sessions.sign_in(said)

        with pytest.raises(ChallengeWrong):
            await officer_sessions.sign_in(said)
        with pytest.raises(ChallengeWrong):
            await officer_sessions.sign_in(await said_by(officer, code_now(officer), officer_code=other.code))
        with pytest.raises(ChallengeWrong):
            await officer_sessions.sign_in(
                await said_by(officer, code_now(officer), nonce="officer-sign-in.never-was-given")
            )

    async def test_refuses_another_key_and_does_not_count_it(self) -> None:
        officer = await an_enrolled_officer()
        impostor = msgspec.structs.replace(officer, key=a_key())

        for _ in range(6):
            with pytest.raises(SignInRefused):
                await sign_in(impostor)
        assert (await sign_in(officer)).officer_id == officer.officer.id

    async def test_refuses_to_go_on_after_five_wrong_codes(self) -> None:
        officer = await an_enrolled_officer()
        for _ in range(5):
            with pytest.raises(SignInRefused):
                await sign_in(officer, code_now(officer, 5))

        with pytest.raises(TriedTooOften):
            await sign_in(officer)

    async def test_says_the_same_of_somebody_unknown(self) -> None:
        officer = await an_enrolled_officer()
        unknown = msgspec.structs.replace(officer, code="NOBODY-1")

        with pytest.raises(SignInRefused):
            await sign_in(unknown)


class TestOfficer:
    async def test_is_out_once_revoked_or_ended(self, http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
        revoked, ended = [await an_enrolled_officer() for _ in range(2)]
        async with transaction(officers.DIRECTORY):
            serial = await fetch_value("SELECT serial FROM officer WHERE id = $1", revoked.officer.id)
        await revoke(serial, x509.ReasonFlags.key_compromise)

        with pytest.raises(SessionOver):
            await revoked.again()
        with pytest.raises(SignInRefused):
            await sign_in(revoked)
        moved = clock.now() + timedelta(days=8)
        monkeypatch.setattr(clock, "now", lambda: moved)
        with pytest.raises(SessionOver):
            await officers.officer(ended.officer.id)

    async def test_holds_only_the_rights_of_today(self) -> None:
        past = Grant("old", ("*",), ("*",), date(2020, 1, 1), date(2020, 12, 31))
        future = Grant("new", ("*",), ("*",), date(2098, 1, 1), date(2099, 12, 31))

        officer = await an_enrolled_officer(past, future, a_grant("handle"))

        assert [grant.action for grant in officer.officer.grants] == ["handle"]

    async def test_keeps_rights_and_id_with_a_new_certificate(self) -> None:
        officer = await an_enrolled_officer(a_grant("handle"))
        appointment = officers.Appointment(officer.code, "GAJ", "窗口", "李建国")

        again = await officers.enrol_officer(appointment, a_csr(a_key()))

        assert again.id == officer.officer.id
        assert (await officers.officer(again.id)).grants == officer.officer.grants
        with pytest.raises(SignInRefused):
            await sign_in(officer)


class TestOverHttp:
    async def test_signs_in(self, http: httpx.AsyncClient) -> None:
        officer = await an_enrolled_officer()
        nonce = (await http.post("/v1/officer/sign-in/challenge", json={"officer_code": officer.code})).json()["nonce"]
        raw = LocalKey(officer.key).sign(nonce.encode())
        body = {
            "officer_code": officer.code,
            "nonce": nonce,
            "signature": base64.urlsafe_b64encode(raw).rstrip(b"=").decode(),
            "totp": code_now(officer),
        }

        answer = await http.post("/v1/officer/sign-in", json=body)

        assert answer.status_code == 200
        assert set(answer.json()) >= {"access_token", "officer_id", "name", "department", "post"}
        assert (await http.post("/v1/officer/sign-in", json=body)).json()["code"] == "challenge_wrong"

    @pytest.mark.parametrize(
        "changed",
        [
            {"signature": "AAAA"},
            {"totp": "12345"},
            {"totp": "１２３４５６"},
            {"nonce": "short"},
            {"officer_code": "a\x00b"},
            {"officer_code": "x" * 65},
            {"more": 1},
        ],
    )
    async def test_refuses_a_bad_body(self, http: httpx.AsyncClient, changed: dict[str, object]) -> None:
        body = {"officer_code": "A-1", "nonce": "officer-sign-in.x" * 2, "signature": "A" * 86, "totp": "123456"}

        answer = await http.post("/v1/officer/sign-in", json=body | changed)

        assert (answer.status_code, answer.json()["code"]) == (422, "body_wrong")

    async def test_gives_a_stranger_a_challenge_that_leads_nowhere(self, http: httpx.AsyncClient) -> None:
        code = f"NOBODY-{secrets.token_hex(3)}"
        nonce = (await http.post("/v1/officer/sign-in/challenge", json={"officer_code": code})).json()["nonce"]
        body = {"officer_code": code, "nonce": nonce, "signature": "A" * 86, "totp": "123456"}

        answer = await http.post("/v1/officer/sign-in", json=body)

        assert (answer.status_code, answer.json()["code"]) == (401, "sign_in_refused")
