"""Two things at once about one person: neither leaves something behind that the other ended, and none fails for waiting."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import msgspec
import pytest

from app.card import cards, payments, top_ups
from app.card.errors import PayerCodeExpired
from app.card.structs import NewTopUp
from app.identity import (
    after_death,
    approvals,
    delegations,
    devices,
    one_time_codes,
    recovering,
    refresh_tokens,
    sessions,
    wechat,
)
from app.identity.dpop import thumbprint_of_key
from app.identity.errors import RealNameFixed, SessionOver, SignInRefused
from app.identity.real_name import prove_real_name
from app.identity.rights import IdentityEraser
from app.identity.sessions import IDENTITY, is_known_key
from app.identity.structs import CodeEntered, RealName
from app.identity.wechat_structs import WeChatCode, WeChatToBind
from app.kernel.actors import Citizen, System
from app.kernel.database import fetch_all, transaction
from app.notices.live import wake
from app.privacy import erasing, erasure
from app.privacy.holdings import blocking
from app.residents.directory import find_by_phone
from app.residents.events import PersonDied
from app.residents.people import void_means
from integrations.wechat_pay.port import ChannelIdentity
from tests.app.identity.test_device_keeping import COUNTER, shown, standing_there
from tests.app.identity.test_in_flight import during_recovery
from tests.app.identity.test_recovering import a_loss
from tests.makers.callers import (
    SignedIn,
    a_key,
    an_enrolled_officer,
    signed_in,
    the_authorities_of_the_product,
)
from tests.makers.cards import APPID, MCHID, a_card_holder, a_payment, a_request, a_till, balance_fen, top_up
from tests.makers.devices import an_enrolled_device
from tests.makers.erasure import due, erased, ordered
from tests.makers.outside import MiniProgram, Phones
from tests.makers.people import a_citizen, a_grant, the_resident
from tests.makers.pki import a_csr

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture(autouse=True)
def _authorities() -> None:
    the_authorities_of_the_product()


class Held:
    """A function that stops in its tracks when it is called first, until it is let go."""

    def __init__(self, act: Callable[..., Awaitable[Any]], *, before: bool = False) -> None:
        self._act, self._before = act, before
        self.reached, self._go = asyncio.Event(), asyncio.Event()

    async def __call__(self, *parts: Any, **named: Any) -> Any:
        if self._before:
            await self._stop()
            return await self._act(*parts, **named)
        done = await self._act(*parts, **named)
        await self._stop()
        return done

    async def _stop(self) -> None:
        self.reached.set()
        await self._go.wait()

    def let_go(self) -> None:
        self._go.set()


async def beside(held: Held, first: Awaitable[Any], second: Callable[[], Awaitable[Any]]) -> list[Any]:
    """Begin the first, do the second while it is held, and go on; gives both answers or what they raised."""
    one = asyncio.ensure_future(first)
    await held.reached.wait()
    other = asyncio.ensure_future(second())
    await asyncio.sleep(0.3)
    held.let_go()
    return [*await asyncio.gather(one, other, return_exceptions=True)]


class TestRecovery:
    async def test_keeps_the_new_phone_whatever_the_old_numbers_holder_says(
        self, http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        loss = await a_loss()
        phone = (await the_resident(loss.new.id)).phone or ""
        holder = SignedIn((await sessions.open_session(sessions.Opening(loss.owner.id, "app", 1))).access_token)

        (answer,) = await during_recovery(
            loss, monkeypatch, lambda: http.post("/v1/me/real-name/not-mine", auth=holder)
        )

        assert answer.json()["code"] == "session_over"
        assert await find_by_phone(phone) == loss.owner.id

    async def test_isnt_frozen_by_who_had_the_account_before(
        self, http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        loss = await a_loss()
        thief = await signed_in(msgspec.structs.replace(loss.owner, level=2))

        (answer,) = await during_recovery(
            loss, monkeypatch, lambda: http.post("/v1/me/identity/freeze", json={"reason": "x"}, auth=thief)
        )

        assert answer.json()["code"] == "session_over"
        assert (await the_resident(loss.owner.id)).frozen_at is None

    async def test_lets_no_code_pay_that_was_shown_before(self) -> None:
        loss = await a_loss()
        owner = msgspec.structs.replace(loss.owner, level=2)
        await cards.open_card(owner)
        await top_up(owner, 10_000)
        payment = await a_payment(owner, 5_000)

        await recovering.recover(loss.new, loss.said, loss.police)

        with pytest.raises(PayerCodeExpired):
            await payments.pay(a_till(), payment, a_request(payment))
        assert await balance_fen(owner) == 10_000

    async def test_leaves_no_device_that_a_counter_enrols_meanwhile(
        self, http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        loss, key = await a_loss(), a_key()
        opening = sessions.Opening(loss.owner.id, "app", 2, thumbprint_of_key(key.public_key()))
        auth = SignedIn((await sessions.open_session(opening)).access_token, key)
        body = await standing_there(loss.owner, (await shown(http, auth, a_csr(key)))["code"])
        officer = await an_enrolled_officer(a_grant("enrol_device"))

        (answer,) = await during_recovery(
            loss, monkeypatch, lambda: http.post(COUNTER, json=body, headers=officer.headers)
        )

        assert answer.json()["code"] == "counter_code_unknown"
        assert (await devices.my_devices(loss.owner)).items == []

    async def test_and_proving_the_name_wait_for_each_other(self, monkeypatch: pytest.MonkeyPatch) -> None:
        loss = await a_loss()
        held, name = Held(recovering._owner), RealName(loss.said.name, loss.said.id_number)
        monkeypatch.setattr(recovering, "_owner", held)

        recovered, proved = await beside(
            held,
            recovering.recover(loss.new, loss.said, loss.police),
            lambda: prove_real_name(loss.new, name, loss.police),
        )

        assert recovered.id == loss.owner.id
        assert isinstance(proved, RealNameFixed)

    async def test_waits_for_a_device_that_is_removed(
        self, http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        loss = await a_loss()
        device = await an_enrolled_device(msgspec.structs.replace(loss.owner, level=2))
        auth, held = await device.signed_in(), Held(devices.take_all, before=True)
        monkeypatch.setattr(devices, "take_all", held)

        recovered, removed = await beside(
            held,
            recovering.recover(loss.new, loss.said, loss.police),
            lambda: http.delete(f"/v1/me/devices/{device.id}", auth=auth),
        )

        assert recovered.id == loss.owner.id
        assert removed.status_code == 404


class TestSessions:
    @pytest.mark.parametrize("by", ["their owner", "a death"])
    async def test_that_all_end_and_freezing_wait_for_each_other(
        self, by: str, http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        citizen = await a_citizen(2)
        here, elsewhere = await signed_in(citizen), await signed_in(citizen)
        held = Held(void_means, before=True)
        monkeypatch.setattr(sessions, "void_means", held)

        ended, frozen = await beside(
            held,
            http.post("/v1/me/sessions/end-all", json={"keep_this_one": True}, auth=here)
            if by == "their owner"
            else after_death.on_died(PersonDied(citizen_id=citizen.id, subject_id=citizen.id)),
            lambda: http.post("/v1/me/identity/freeze", json={"reason": "x"}, auth=elsewhere),
        )

        assert ended is None or ended.json() == {"ended": 1}
        assert frozen.json()["code"] == "session_over"

    async def test_arent_ended_by_who_had_the_account_before(
        self, http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        loss = await a_loss()
        thief = await signed_in(msgspec.structs.replace(loss.owner, level=2))

        (answer,) = await during_recovery(
            loss,
            monkeypatch,
            lambda: http.post("/v1/me/sessions/end-all", json={"keep_this_one": False}, auth=thief),
        )

        assert answer.json()["code"] == "session_over"
        assert (await http.get("/v1/me", auth=loss.auth)).status_code == 200


class TestWeChat:
    async def test_isnt_bound_again_by_a_sign_in_beside_its_unbinding(self, monkeypatch: pytest.MonkeyPatch) -> None:
        citizen = await a_citizen(2)
        code = WeChatCode(f"of:w{citizen.id}", "mini")
        ticket = (await wechat.sign_in(code, MiniProgram(), "192.0.2.9")).binding
        assert ticket is not None
        await wechat.bind(citizen, WeChatToBind(ticket.ticket))
        held = Held(wake)
        monkeypatch.setattr(wechat, "wake", held)

        _, answer = await beside(held, wechat.unbind(citizen), lambda: wechat.sign_in(code, MiniProgram(), "192.0.2.9"))

        assert isinstance(answer, SignInRefused) or answer.tokens is None
        assert (await wechat.bindings(citizen)).items == []

    async def test_is_bound_to_nobody_who_was_erased(self) -> None:
        citizen = await a_citizen(2)
        pair = await sessions.open_session(sessions.Opening(citizen.id, "app", 2))
        me = Citizen(citizen.id, 2, refresh_tokens.read(pair.refresh_token).session_id, "app")
        ticket = (await wechat.sign_in(WeChatCode(f"of:e{me.id}", "mini"), MiniProgram(), "192.0.2.9")).binding
        assert ticket is not None
        await erased(me)

        with pytest.raises(SessionOver):
            await wechat.bind(me, WeChatToBind(ticket.ticket))
        async with transaction(System("tests")):
            assert await fetch_all("SELECT 1 FROM wechat_identifier WHERE citizen_id = $1", me.id) == []


class TestDevice:
    async def test_that_signs_in_beside_its_removal_isnt_known_afterwards(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        citizen = await a_citizen(2)
        device = await an_enrolled_device(citizen)
        jkt, held = thumbprint_of_key(device.key.public_key()), Held(sessions.open_session, before=True)
        with monkeypatch.context() as patched:
            patched.setattr(sessions, "open_session", held)
            await beside(held, device.signed_in(), lambda: devices.remove(citizen, device.id))
        phones, phone = Phones(), (await the_resident(citizen.id)).phone or ""
        sent = await one_time_codes.send_code(phone, "203.0.113.9", phones)
        entered = CodeEntered(sent.challenge_id, phones.messages[-1][2][0], "app")

        pair = await one_time_codes.confirm_code(entered, jkt, "203.0.113.9")

        assert pair.level == 1
        async with transaction(IDENTITY):
            assert not await is_known_key(citizen.id, jkt)


class TestErasure:
    async def test_and_an_approval_wait_for_each_other(self, monkeypatch: pytest.MonkeyPatch) -> None:
        citizen = await a_citizen(2)
        device = await an_enrolled_device(citizen)
        pair = await sessions.open_session(sessions.Opening(citizen.id, "mini", 1))
        asking = Citizen(citizen.id, 1, refresh_tokens.read(pair.refresh_token).session_id, "mini")
        asked = await approvals.ask_to_sign_in(asking)
        held = Held(sessions.raise_level, before=True)
        monkeypatch.setattr(sessions, "raise_level", held)

        approved, erased_rows = await beside(
            held,
            approvals.decide(msgspec.structs.replace(citizen, device_id=device.id), asked.id, "approved"),
            lambda: IdentityEraser().erase(citizen.id),
        )

        assert approved.state == "approved"
        assert erased_rows > 0

    async def test_lets_no_top_up_through_that_waited_for_it(self, monkeypatch: pytest.MonkeyPatch) -> None:
        citizen = await a_card_holder()
        job = await due(await ordered(citizen))
        held = Held(blocking)
        monkeypatch.setattr(erasing, "blocking", held)
        order, us = NewTopUp(10_000, "wechat_pay", "oTest"), ChannelIdentity(APPID, MCHID)

        _, answer = await beside(held, erasing.erase(job), lambda: top_ups._ordered(citizen, order, a_request(), us))

        assert isinstance(answer, SessionOver)
        assert (await erasure.mine(citizen)).state == "done"

    @pytest.mark.parametrize("first", ["freeze", "erasure"])
    async def test_and_freezing_wait_for_each_other(
        self, first: str, http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        citizen = await a_citizen(2)
        auth, job = await signed_in(citizen), await due(await ordered(citizen))

        def freeze() -> Awaitable[Any]:
            return http.post("/v1/me/identity/freeze", json={"reason": "x"}, auth=auth)

        if first == "freeze":
            held = Held(delegations.end_all)
            monkeypatch.setattr(delegations, "end_all", held)
            frozen, begun = await beside(held, freeze(), lambda: erasing.erase(job))
            expected = ("cancelled", 200)
        else:
            held = Held(blocking, before=True)
            monkeypatch.setattr(erasing, "blocking", held)
            begun, frozen = await beside(held, erasing.erase(job), freeze)
            expected = ("done", 401)

        assert begun is None
        assert ((await erasure.mine(citizen)).state, frozen.status_code) == expected
