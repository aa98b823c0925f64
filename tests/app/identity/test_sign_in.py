"""Signing in by a code: from a phone to a session, and nothing in between gives anything away."""

import asyncio
from datetime import timedelta

import httpx
import pytest
from litestar import Litestar

from app.identity import limits, one_time_codes, sessions
from app.identity.errors import CodeSpent, CodeWrong, TriedTooOften
from app.identity.structs import CodeEntered, Tokens
from app.kernel import clock
from app.kernel.database import fetch_value, transaction
from app.residents.directory import find_by_phone
from app.residents.people import RESIDENTS, record_death
from integrations.sms.errors import SmsUnavailable
from tests.makers.callers import SignedIn, a_key, a_proof
from tests.makers.outside import Phones
from tests.makers.people import a_citizen, a_phone, the_resident

pytestmark = pytest.mark.usefixtures("app")
HERE = "192.0.2.7"


@pytest.fixture
def phones(app: Litestar) -> Phones:
    return Phones()


async def sign_in(phone: str, phones: Phones, jkt: str | None = None) -> Tokens:
    sent = await one_time_codes.send_code(phone, HERE, phones)
    return await one_time_codes.confirm_code(CodeEntered(sent.challenge_id, phones.code_of(phone), "app"), jkt, HERE)


async def is_refused(phone: str, address: str, phones: Phones) -> bool:
    try:
        await one_time_codes.send_code(phone, address, phones)
    except TriedTooOften:
        return True
    return False


def another(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


class TestSendCode:
    async def test_answers_alike_whether_or_not_the_phone_is_known(self, phones: Phones) -> None:
        known = await a_phone_of_somebody()

        first = await one_time_codes.send_code(known, HERE, phones)
        second = await one_time_codes.send_code(a_phone(), HERE, phones)

        assert first.expires_in_seconds == second.expires_in_seconds == 300
        assert [template for _, template, _ in phones.messages] == ["sign_in_code", "sign_in_code"]

    async def test_refuses_the_sixth_in_ten_minutes_and_goes_on_counting(self, phones: Phones) -> None:
        phone = a_phone()
        for _ in range(5):
            await one_time_codes.send_code(phone, HERE, phones)

        for _ in range(2):
            with pytest.raises(TriedTooOften) as refused:
                await one_time_codes.send_code(phone, HERE, phones)
            assert 590 < refused.value.retry_after_seconds <= 600

        assert len(phones.messages) == 5

    async def test_counts_anew_once_the_phones_holder_has_signed_in(self, phones: Phones) -> None:
        phone = a_phone()
        for _ in range(25):
            assert (await sign_in(phone, phones)).access_token

    async def test_lets_no_stranger_lock_the_holder_out(self, phones: Phones) -> None:
        phone = a_phone()
        await sign_in(phone, phones)
        strangers = [f"198.51.100.{number}" for number in range(1, 9)]
        refused = 0
        for stranger in strangers:
            for _ in range(5):
                refused += await is_refused(phone, stranger, phones)

        assert refused == 30
        assert await is_refused(phone, "198.51.100.200", phones)
        assert (await sign_in(phone, phones)).access_token

    async def test_sends_no_phone_more_than_strangers_may_ask_for_in_a_day(
        self, phones: Phones, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        phone, start = a_phone(), clock.now()
        for tens in range(6):
            moved = start + timedelta(minutes=11 * tens)
            monkeypatch.setattr(clock, "now", lambda moved=moved: moved)
            for number in range(12):
                await is_refused(phone, f"198.51.100.{number}", phones)

        assert len(phones.messages) == 40

    async def test_forgets_whose_network_it_was_after_a_month(
        self, phones: Phones, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        phone = a_phone()
        await sign_in(phone, phones)
        moved = clock.now() + timedelta(days=31)
        monkeypatch.setattr(clock, "now", lambda: moved)
        for number in range(10):
            await one_time_codes.send_code(phone, f"198.51.100.{number}", phones)

        assert await is_refused(phone, HERE, phones)

    async def test_says_which_limit_was_reached(self, http: httpx.AsyncClient, phones: Phones) -> None:
        phone = a_phone()
        for _ in range(5):
            await one_time_codes.send_code(phone, "127.0.0.1", phones)

        refused = await http.post("/v1/sign-in/otp", json={"phone": phone})

        assert refused.status_code == 429
        assert refused.headers["ratelimit-policy"] == '"codes_to_phone_from_network";q=5;w=600'
        left = int(refused.headers["retry-after"])
        assert refused.headers["ratelimit"] == f'"codes_to_phone_from_network";r=0;t={left}'
        assert 0 < left <= 600
        assert "quota" not in refused.json()

    async def test_counts_what_the_channel_refused(self, phones: Phones) -> None:
        phone, phones.broken = a_phone(), SmsUnavailable()
        for _ in range(5):
            with pytest.raises(SmsUnavailable):
                await one_time_codes.send_code(phone, HERE, phones)

        with pytest.raises(TriedTooOften):
            await one_time_codes.send_code(phone, HERE, phones)

    async def test_stores_neither_code_nor_phone_in_the_clear(self, phones: Phones) -> None:
        phone = a_phone()
        await one_time_codes.send_code(phone, HERE, phones)

        async with transaction(RESIDENTS):
            kept = await fetch_value("SELECT string_agg(short_lived::text, ' ') FROM short_lived")

        for text in (phone, phones.code_of(phone)):
            assert text.encode().hex() not in kept
        assert phone not in kept


class TestNeighbourhood:
    @pytest.mark.parametrize(
        ("address", "counted_as"),
        [
            ("192.0.2.7", "192.0.2.7"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
            ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
            ("::ffff:192.0.2.7", "192.0.2.7"),
            ("testclient", "unknown"),
        ],
    )
    def test_is_an_address_or_its_64(self, address: str, counted_as: str) -> None:
        assert limits.neighbourhood(address) == counted_as


class TestConfirmCode:
    async def test_makes_a_resident_the_first_time(self, phones: Phones) -> None:
        phone = a_phone()

        first, second = await sign_in(phone, phones), await sign_in(phone, phones)

        assert (first.level, first.token_type) == (1, "Bearer")
        resident_id = await find_by_phone(phone)
        assert resident_id is not None
        assert (await the_resident(resident_id)).phone == phone
        assert first.access_token != second.access_token

    async def test_opens_at_level_1_whatever_the_account_has_proved_since_phones_are_given_to_others(
        self, phones: Phones
    ) -> None:
        citizen = await a_citizen(2)
        phone = (await the_resident(citizen.id)).phone or ""

        assert (await sign_in(phone, phones)).level == 1
        assert (await sign_in(phone, phones, "a-key-never-seen")).level == 1

    async def test_opens_at_level_2_for_a_key_that_has_proved_the_name(self, phones: Phones) -> None:
        citizen = await a_citizen(2)
        phone = (await the_resident(citizen.id)).phone or ""
        await sessions.open_session(sessions.Opening(citizen.id, "app", 2, "a-known-key"))
        await sessions.open_session(sessions.Opening(citizen.id, "app", 1, "a-key-at-level-1"))
        other = await a_citizen(2)
        await sessions.open_session(sessions.Opening(other.id, "app", 2, "a-key-of-another"))

        assert (await sign_in(phone, phones, "a-known-key")).level == 2
        assert (await sign_in(phone, phones, "a-key-at-level-1")).level == 1
        assert (await sign_in(phone, phones, "a-key-of-another")).level == 1

    async def test_knows_a_key_no_more_that_was_thrown_out(self, phones: Phones) -> None:
        citizen = await a_citizen(2)
        phone = (await the_resident(citizen.id)).phone or ""
        await sessions.open_session(sessions.Opening(citizen.id, "app", 2, "a-key"))
        async with transaction(sessions.IDENTITY):
            await sessions.end_all(citizen.id, "ended_by_owner")

        assert (await sign_in(phone, phones, "a-key")).level == 1

    async def test_counts_down_and_is_spent_after_three_wrong_tries(self, phones: Phones) -> None:
        phone = a_phone()
        sent = await one_time_codes.send_code(phone, HERE, phones)
        right = phones.code_of(phone)

        for left in (2, 1, 0):
            with pytest.raises(CodeWrong) as refused:
                await one_time_codes.confirm_code(CodeEntered(sent.challenge_id, another(right), "app"), None)
            assert refused.value.facts == {"tries_left": left}

        with pytest.raises(CodeSpent):
            await one_time_codes.confirm_code(CodeEntered(sent.challenge_id, right, "app"), None)
        assert await find_by_phone(phone) is None

    async def test_works_once_of_several_at_once(self, phones: Phones) -> None:
        phone = a_phone()
        sent = await one_time_codes.send_code(phone, HERE, phones)
        entered = CodeEntered(sent.challenge_id, phones.code_of(phone), "app")

        done = await asyncio.gather(
            *(one_time_codes.confirm_code(entered, None) for _ in range(3)), return_exceptions=True
        )

        assert sorted(type(one).__name__ for one in done) == ["CodeSpent", "CodeSpent", "Tokens"]

    async def test_is_spent_after_five_minutes(self, phones: Phones, monkeypatch: pytest.MonkeyPatch) -> None:
        phone = a_phone()
        sent = await one_time_codes.send_code(phone, HERE, phones)
        later = clock.now() + timedelta(seconds=301)
        monkeypatch.setattr(clock, "now", lambda: later)

        with pytest.raises(CodeSpent):
            await one_time_codes.confirm_code(CodeEntered(sent.challenge_id, phones.code_of(phone), "app"), None)

    async def test_is_good_for_its_own_challenge_only(self, phones: Phones) -> None:
        phone = a_phone()
        first = await one_time_codes.send_code(phone, HERE, phones)
        code = phones.code_of(phone)
        second = await one_time_codes.send_code(phone, HERE, phones)
        if phones.code_of(phone) == code:
            pytest.skip("one chance in a million")

        with pytest.raises(CodeWrong):
            await one_time_codes.confirm_code(CodeEntered(second.challenge_id, code, "app"), None)
        assert first.challenge_id != second.challenge_id

    async def test_lets_nobody_in_for_the_dead(self, phones: Phones) -> None:
        citizen = await a_citizen(2)
        phone = (await the_resident(citizen.id)).phone or ""
        await record_death(citizen.id, clock.today())

        with pytest.raises(Exception, match="sign_in_refused"):
            await sign_in(phone, phones)


async def a_phone_of_somebody() -> str:
    citizen = await a_citizen(1)
    return (await the_resident(citizen.id)).phone or ""


class TestOverHttp:
    BAD_BODIES = (
        (b"{", 400),
        (b'{"phone": "13912345678", "more": 1}', 422),
        (b'{"phone": "1391234567\\u0000"}', 422),
        (b'{"phone": 13912345678}', 422),
        (b'{"phone": "13912345678", "phone": "13912345678"}', 422),
        (b'{"phone": "' + b"1" * 100 + b'"}', 422),
        (b"[" * 5_000, 400),
        (b"", 400),
    )

    @pytest.mark.parametrize(("body", "status"), BAD_BODIES)
    async def test_refuses_a_bad_body(self, http: httpx.AsyncClient, body: bytes, status: int) -> None:
        answer = await http.post("/v1/sign-in/otp", content=body, headers={"content-type": "application/json"})

        assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")

    async def test_refuses_what_is_not_json_or_too_long(self, http: httpx.AsyncClient) -> None:
        form = await http.post("/v1/sign-in/otp", data={"phone": "13912345678"})
        long = await http.post(
            "/v1/sign-in/otp", content=b" " * 1_100_000, headers={"content-type": "application/json"}
        )

        assert (form.status_code, long.status_code) == (415, 413)

    async def test_says_no_more_of_a_challenge_that_never_was(self, http: httpx.AsyncClient) -> None:
        entered = {"challenge_id": "0191a1b2-0000-7000-8000-000000000000", "code": "123456", "client_id": "app"}

        answer = await http.post("/v1/sign-in/otp/confirm", json=entered)

        assert (answer.status_code, answer.json()["code"]) == (422, "code_spent")

    async def test_binds_the_session_to_a_proved_key(
        self, http: httpx.AsyncClient, phones: Phones, settings: object
    ) -> None:
        phone, key = a_phone(), a_key()
        sent = await one_time_codes.send_code(phone, HERE, phones)
        entered = {"challenge_id": str(sent.challenge_id), "code": phones.code_of(phone), "client_id": "app"}
        proof = a_proof(key, "POST", f"{http.base_url}/v1/sign-in/otp/confirm".replace("//v1", "/v1"))

        pair = await http.post("/v1/sign-in/otp/confirm", json=entered, headers={"dpop": proof})

        assert pair.status_code == 200
        assert pair.json()["token_type"] == "DPoP"
        token = pair.json()["access_token"]
        assert (await http.get("/v1/me", auth=SignedIn(token, key))).json()["level"] == 1
        assert (await http.get("/v1/me", auth=SignedIn(token))).json()["code"] == "dpop_missing"
        assert (await http.get("/v1/me", auth=SignedIn(token, a_key()))).json()["flaw"] == "key"

    async def test_shows_the_account_masked(self, http: httpx.AsyncClient, phones: Phones) -> None:
        pair = await sign_in(phone := a_phone(), phones)

        me = (await http.get("/v1/me", auth=SignedIn(pair.access_token))).json()

        assert me["phone_masked"] == f"139****{phone[-4:]}"
        assert phone not in str(me)

    async def test_says_that_messages_cannot_be_sent(self, http: httpx.AsyncClient) -> None:
        answer = await http.post("/v1/sign-in/otp", json={"phone": a_phone()})

        assert (answer.status_code, answer.json()["code"]) == (503, "sms_unavailable")
