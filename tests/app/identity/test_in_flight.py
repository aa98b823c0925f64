"""What is on its way while an account is recovered: whoever had the old phone leaves nothing behind that is written afterwards."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import msgspec
import pytest

from app.identity import delegations, devices, one_time_codes, recovering, wechat
from app.identity.errors import SignInRefused
from app.identity.structs import CodeEntered
from app.identity.wechat_structs import WeChatCode, WeChatToBind
from app.kernel.actors import Actor, Citizen, Scope
from tests.app.identity.test_invitations import taken_up
from tests.app.identity.test_recovering import Loss, a_loss
from tests.makers.callers import SignedIn, a_key, signed_in, the_authorities_of_the_product
from tests.makers.delegations import an_offer_to
from tests.makers.outside import MiniProgram, Phones
from tests.makers.people import a_citizen, the_resident

pytestmark = pytest.mark.usefixtures("app")
Sent = Callable[[], Awaitable[Any]]


@pytest.fixture(autouse=True)
def _authorities() -> None:
    the_authorities_of_the_product()


async def during_recovery(loss: Loss, monkeypatch: pytest.MonkeyPatch, *sent: Sent) -> list[Any]:
    """Recover the account, and send something when all of before is ended and nothing is committed yet."""
    reached, go, end_all = asyncio.Event(), asyncio.Event(), delegations.end_all

    async def slowly(actor: Actor, person_id: Any, ended_by: Any) -> None:
        await end_all(actor, person_id, ended_by)
        reached.set()
        await go.wait()

    monkeypatch.setattr(delegations, "end_all", slowly)
    recovery = asyncio.create_task(recovering.recover(loss.new, loss.said, loss.police))
    await reached.wait()
    tasks = [asyncio.ensure_future(one()) for one in sent]
    await asyncio.sleep(0.5)
    go.set()
    await recovery
    return await asyncio.gather(*tasks, return_exceptions=True)


async def a_thief(loss: Loss) -> tuple[Citizen, SignedIn]:
    owner = msgspec.structs.replace(loss.owner, level=3)
    return owner, await signed_in(owner)


class TestRecovery:
    async def test_lets_no_power_device_or_wechat_account_in_afterwards(
        self, http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        loss, accomplice = await a_loss(), await a_citizen(2)
        owner, thief = await a_thief(loss)
        invitation = await taken_up(owner, a_key())
        code = WeChatCode(f"of:{owner.id}", "mini")
        ticket = (await wechat.sign_in(code, MiniProgram(), "192.0.2.1")).binding
        assert ticket is not None
        offer = msgspec.to_builtins(await an_offer_to(accomplice, Scope.RECORDS_READ))
        body = {name: value for name, value in offer.items() if value is not None}

        answers = await during_recovery(
            loss,
            monkeypatch,
            lambda: http.post("/v1/me/delegations", json=body, auth=thief),
            lambda: http.post(f"/v1/me/devices/invitations/{invitation}/approve", auth=thief),
            lambda: http.post("/v1/me/wechat", json=msgspec.to_builtins(WeChatToBind(ticket.ticket)), auth=thief),
        )

        assert [(one.status_code, one.json()["code"]) for one in answers] == [(401, "session_over")] * 3
        assert (await delegations.mine(owner)).given == []
        assert (await devices.my_devices(owner)).items == []
        assert (await wechat.bindings(owner)).items == []

    async def test_signs_nobody_in_by_a_code_of_the_old_number(self, monkeypatch: pytest.MonkeyPatch) -> None:
        loss, phones = await a_loss(), Phones()
        old = (await the_resident(loss.owner.id)).phone or ""
        sent = await one_time_codes.send_code(old, "203.0.113.9", phones)
        entered = CodeEntered(sent.challenge_id, phones.messages[-1][2][0], "app")

        (answer,) = await during_recovery(
            loss, monkeypatch, lambda: one_time_codes.confirm_code(entered, None, "203.0.113.9")
        )

        assert isinstance(answer, SignInRefused)
        assert (await the_resident(loss.owner.id)).phone is not None

    async def test_signs_nobody_in_by_the_wechat_account_of_before(self, monkeypatch: pytest.MonkeyPatch) -> None:
        loss = await a_loss()
        owner = msgspec.structs.replace(loss.owner, level=2)
        code = WeChatCode(f"of:{owner.id}", "mini")
        ticket = (await wechat.sign_in(code, MiniProgram(), "192.0.2.1")).binding
        assert ticket is not None
        await wechat.bind(owner, WeChatToBind(ticket.ticket))

        (answer,) = await during_recovery(loss, monkeypatch, lambda: wechat.sign_in(code, MiniProgram(), "192.0.2.1"))

        assert isinstance(answer, SignInRefused) or answer.tokens is None
