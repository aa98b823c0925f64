"""Freezing: from one tap on, nobody acts as this person, and only who proves it anew may end it."""

import asyncio
import secrets
from uuid import UUID

import httpx
import pytest
from litestar import Litestar

from app.audit.acts import Act
from app.card import payments
from app.card.errors import PayerFrozen
from app.identity import freezing, one_time_codes, sessions, warning, wechat
from app.identity.errors import ChallengeWrong, FaceMismatch, SignInRefused
from app.identity.events import PersonFrozen
from app.identity.freeze_errors import IdentityFrozen
from app.identity.freeze_structs import Freezing, Unfreezing
from app.identity.structs import CodeEntered
from app.identity.wechat_structs import WeChatCode, WeChatToBind
from app.kernel.actors import Citizen
from app.kernel.database import fetch_all, transaction
from app.keys.persons import open_for_person
from integrations.sms.errors import SmsPhoneBlocked
from tests.makers.callers import SignedIn, signed_in
from tests.makers.cards import a_card_holder, a_payment, a_request, a_till, balance_fen, pay
from tests.makers.devices import OwnDevice, a_face, a_session_of, an_enrolled_device, signed
from tests.makers.outside import MiniProgram, Phones, PoliceRegister
from tests.makers.people import a_citizen, the_resident

pytestmark = pytest.mark.usefixtures("app")


async def frozen(citizen: Citizen, reason: str | None = None) -> None:
    await freezing.freeze(citizen, Freezing(reason))


async def acts_about(citizen: Citizen) -> list[str]:
    async with transaction(sessions.IDENTITY):
        rows = await fetch_all("SELECT act FROM act WHERE citizen_id = $1 ORDER BY id", citizen.id)
    return [row["act"] for row in rows]


async def calling(device: OwnDevice, auth: SignedIn, http: httpx.AsyncClient) -> Citizen:
    listed = (await http.get("/v1/me/sessions", auth=auth)).json()["items"]
    session = next(item for item in listed if item["current"])
    return Citizen(device.owner.id, 3, UUID(session["id"]), "app", device_id=device.id)


class TestWeChat:
    async def test_that_a_thief_bound_signs_nobody_in_after_unfreezing(self) -> None:
        citizen, code = await a_citizen(2), WeChatCode(f"of:{secrets.token_hex(8)}", "mini")
        ticket = (await wechat.sign_in(code, MiniProgram(), "192.0.2.1")).binding
        assert ticket is not None
        await wechat.bind(citizen, WeChatToBind(ticket.ticket))
        await frozen(citizen)

        async with transaction(sessions.IDENTITY):
            await freezing.unfreeze_person(citizen, citizen.id, None)

        assert (await wechat.sign_in(code, MiniProgram(), "192.0.2.1")).tokens is None
        assert (await wechat.bindings(citizen)).items == []
        assert Act.WECHAT_UNBOUND in await acts_about(citizen)


class TestFreeze:
    async def test_stops_every_session_at_once(self, http: httpx.AsyncClient) -> None:
        citizen = await a_citizen(2)
        here, there = await a_session_of(citizen), await signed_in(Citizen(citizen.id, 3, citizen.id, "app"))

        answer = await http.post("/v1/me/identity/freeze", json={"reason": "手机丢了"}, auth=here)

        assert answer.status_code == 200
        assert answer.json()["frozen_at"]
        for auth in (here, there):
            for path in ("/v1/me", "/v1/cases", "/v1/inbox", "/v1/card", "/v1/me/timeline"):
                refused = await http.get(path, auth=auth)
                assert (refused.status_code, refused.json()["code"]) == (403, "identity_frozen")

    async def test_leaves_open_what_its_owner_needs(self, http: httpx.AsyncClient) -> None:
        citizen = await a_citizen(2)
        auth = await a_session_of(citizen)
        await frozen(citizen)

        for path in ("/v1/me/identity", "/v1/me/sessions", "/v1/me/devices", "/v1/me/access-log"):
            assert (await http.get(path, auth=auth)).status_code == 200
        assert (await http.post("/v1/sign-out", auth=auth)).status_code == 204

    async def test_lets_nobody_throw_out_the_owners_devices(self, http: httpx.AsyncClient) -> None:
        citizen = await a_citizen(2)
        own, stolen = await an_enrolled_device(citizen), await an_enrolled_device(citizen)
        thief = await stolen.signed_in()
        await frozen(citizen)

        refused = await http.delete(f"/v1/me/devices/{own.id}", auth=thief)

        assert (refused.status_code, refused.json()["code"]) == (403, "identity_frozen")
        assert len((await http.get("/v1/me/devices", auth=thief)).json()["items"]) == 2

    async def test_says_what_was_used_before(self, http: httpx.AsyncClient) -> None:
        citizen = await a_card_holder(1_000)
        device = await an_enrolled_device(citizen)
        auth = await device.signed_in()
        await pay(a_till(), citizen, 300)

        told = (await http.post("/v1/me/identity/freeze", json={}, auth=auth)).json()["last_uses"]

        assert {use["kind"] for use in told} == {"session", "device", "card"}
        assert all(use["used_at"] for use in told)
        assert {use["network"] for use in told if use["kind"] == "device"} == {"203.0.113.0/24"}

    async def test_changes_nothing_when_repeated_even_at_once(self) -> None:
        citizen = await a_citizen(2)

        states = await asyncio.gather(*(freezing.freeze(citizen, Freezing()) for _ in range(5)))

        assert len({state.frozen_at for state in states}) == 1
        assert (await acts_about(citizen)).count(Act.IDENTITY_FROZEN) == 1

    async def test_keeps_the_reason_sealed(self) -> None:
        citizen = await a_citizen(2)
        await frozen(citizen, "手机丢了")

        async with transaction(citizen):
            row = (await fetch_all("SELECT * FROM identity_freeze WHERE citizen_id = $1", citizen.id))[0]
            reason = await open_for_person(citizen.id, "identity_freeze", "reason", row["id"], row["reason"])

        assert (row["step"], reason.decode()) == ("frozen", '"手机丢了"')
        assert "手机".encode() not in row["reason"]

    async def test_is_for_level_1_too(self, http: httpx.AsyncClient) -> None:
        auth = await signed_in(await a_citizen(1))

        assert (await http.post("/v1/me/identity/freeze", json={}, auth=auth)).status_code == 200
        assert (await http.get("/v1/me", auth=auth)).json()["code"] == "identity_frozen"

    async def test_touches_nobody_else(self, http: httpx.AsyncClient) -> None:
        await frozen(await a_citizen(2))

        assert (await http.get("/v1/me", auth=await signed_in(await a_citizen(2)))).status_code == 200

    @pytest.mark.parametrize("body", [{"reason": ""}, {"reason": "x" * 201}, {"reason": "a\x00"}, {"why": "x"}])
    async def test_refuses_a_bad_body(self, http: httpx.AsyncClient, body: dict[str, object]) -> None:
        auth = await signed_in(await a_citizen(2))

        assert (await http.post("/v1/me/identity/freeze", json=body, auth=auth)).status_code == 422
        assert (await http.post("/v1/me/identity/freeze", json=body)).status_code == 401


class TestWhatStops:
    async def test_refreshing(self) -> None:
        citizen = await a_citizen(2)
        pair = await sessions.open_session(sessions.Opening(citizen.id, "app", 2))
        await frozen(citizen)

        with pytest.raises(IdentityFrozen):
            await sessions.refresh(pair.refresh_token, None)

    async def test_signing_in_by_code(self) -> None:
        citizen, phones = await a_citizen(2), Phones()
        phone = (await the_resident(citizen.id)).phone or ""
        await frozen(citizen)
        sent = await one_time_codes.send_code(phone, "192.0.2.1", phones)

        with pytest.raises(IdentityFrozen):
            await one_time_codes.confirm_code(CodeEntered(sent.challenge_id, phones.code_of(phone), "app"), None)

    async def test_paying_with_a_code_that_was_shown_before(self) -> None:
        citizen = await a_card_holder(1_000)
        payment = await a_payment(citizen, 300)
        await frozen(citizen)

        with pytest.raises(PayerFrozen):
            await payments.pay(a_till(), payment, a_request(payment))
        assert await balance_fen(citizen) == 1_000

    async def test_but_not_signing_in_on_a_device_to_unfreeze(self, http: httpx.AsyncClient) -> None:
        citizen = await a_citizen(2)
        device = await an_enrolled_device(citizen)
        await frozen(citizen)

        auth = await device.signed_in()

        assert (await http.get("/v1/me/identity", auth=auth)).json()["level"] == 3
        assert (await http.get("/v1/me", auth=auth)).json()["code"] == "identity_frozen"


class TestUnfreeze:
    async def test_takes_the_devices_signature_and_the_face_and_ends_the_rest(self, http: httpx.AsyncClient) -> None:
        citizen = await a_citizen(2)
        device, elsewhere = await an_enrolled_device(citizen), await a_session_of(citizen)
        await frozen(citizen)
        auth = await device.signed_in()
        nonce = (await http.post("/v1/me/identity/unfreeze/challenge", auth=auth)).json()["nonce"]
        said = Unfreezing(nonce, signed(device.key, nonce), await a_face(citizen))

        state = await freezing.unfreeze(await calling(device, auth, http), said, PoliceRegister())

        assert state.frozen_at is None
        assert (await http.get("/v1/me", auth=auth)).json()["level"] == 3
        assert (await http.get("/v1/me", auth=elsewhere)).json()["code"] == "session_over"
        assert (await acts_about(citizen))[-1] == Act.IDENTITY_UNFROZEN

    async def test_takes_every_other_device_away(self, http: httpx.AsyncClient) -> None:
        """Whoever stole the phone may have enrolled another one from it."""
        citizen = await a_citizen(2)
        device, invited = await an_enrolled_device(citizen), await an_enrolled_device(citizen, "小偷的手机")
        await frozen(citizen)
        auth = await device.signed_in()
        nonce = (await http.post("/v1/me/identity/unfreeze/challenge", auth=auth)).json()["nonce"]
        said = Unfreezing(nonce, signed(device.key, nonce), await a_face(citizen))

        await freezing.unfreeze(await calling(device, auth, http), said, PoliceRegister())

        left = (await http.get("/v1/me/devices", auth=auth)).json()["items"]
        assert [one["id"] for one in left] == [str(device.id)]
        with pytest.raises(SignInRefused):
            await invited.signed_in()

    async def test_refuses_whoever_holds_the_phone_without_the_face(self) -> None:
        device, citizen = await a_frozen_device()
        nonce = (await freezing.unfreeze_challenge(citizen)).nonce

        with pytest.raises(FaceMismatch):
            await freezing.unfreeze(citizen, Unfreezing(nonce, signed(device.key, nonce), "x"), PoliceRegister())
        assert (await the_resident(citizen.id)).frozen_at is not None

    async def test_refuses_another_key_and_a_used_challenge(self) -> None:
        device, citizen = await a_frozen_device()
        other = await an_enrolled_device(await a_citizen(2))
        nonce, face = (await freezing.unfreeze_challenge(citizen)).nonce, await a_face(citizen)

        with pytest.raises(SignInRefused):
            await freezing.unfreeze(citizen, Unfreezing(nonce, signed(other.key, nonce), face), PoliceRegister())
        with pytest.raises(ChallengeWrong):
            await freezing.unfreeze(citizen, Unfreezing(nonce, signed(device.key, nonce), face), PoliceRegister())

    async def test_needs_level_3(self, http: httpx.AsyncClient) -> None:
        citizen = await a_citizen(2)
        auth = await a_session_of(citizen)
        await frozen(citizen)

        refused = await http.post("/v1/me/identity/unfreeze/challenge", auth=auth)

        assert (refused.status_code, refused.json()["code"]) == (403, "assurance_too_low")
        body = {"nonce": "unfreeze.0123456789abcdef", "signature": "A" * 86, "face_token": "x"}
        assert (await http.post("/v1/me/identity/unfreeze", json=body, auth=auth)).status_code == 403
        assert (await http.post("/v1/me/identity/unfreeze", json=body)).status_code == 401


async def a_frozen_device() -> tuple[OwnDevice, Citizen]:
    citizen = await a_citizen(2)
    device = await an_enrolled_device(citizen)
    await frozen(citizen)
    return device, Citizen(citizen.id, 3, citizen.id, "app", device_id=device.id)


class TestWarning:
    async def test_goes_to_the_phone(self, app: Litestar) -> None:
        citizen, phones = await a_citizen(2), Phones()

        await warning.warn(phones, warning.WarningDue(citizen.id, PersonFrozen.kind))

        assert phones.messages == [((await the_resident(citizen.id)).phone, "notice", ("您的身份已冻结",))]

    async def test_gives_up_on_a_phone_that_takes_none(self) -> None:
        citizen, phones = await a_citizen(2), Phones()
        phones.broken = SmsPhoneBlocked()

        await warning.warn(phones, warning.WarningDue(citizen.id, PersonFrozen.kind))

    async def test_is_ordered_once_for_each_freeze(self) -> None:
        citizen = await a_citizen(2)
        event = PersonFrozen(citizen_id=citizen.id, subject_id=citizen.id, id=citizen.id)

        async with transaction(sessions.IDENTITY):
            await warning.on_warned(event)
            await warning.on_warned(event)
            rows = await fetch_all("SELECT 1 FROM pgqueuer WHERE dedupe_key = $1", f"{warning.JOB}:{citizen.id}")

        assert len(rows) == 1
