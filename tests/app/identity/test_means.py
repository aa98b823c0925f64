"""What was shown before a session ended pays nothing afterwards; what goes on, or runs out by itself, takes nothing away."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import httpx
import msgspec
import pytest

from app.card import payments
from app.card.errors import PayerCodeExpired
from app.card.terminal_structs import TerminalPayment
from app.identity import own_sessions, refresh_tokens, sessions, wechat
from app.identity.errors import RefreshTokenReused
from app.identity.sessions import IDENTITY
from app.identity.structs import Tokens
from app.identity.wechat_structs import WeChatCode, WeChatToBind
from app.kernel import clock
from app.kernel.actors import Citizen
from app.kernel.database import execute, transaction
from app.kernel.ids import shard_of
from tests.makers.callers import a_key
from tests.makers.cards import a_card_holder, a_payment, a_request, a_till, balance_fen
from tests.makers.devices import an_enrolled_device
from tests.makers.outside import MiniProgram
from tests.makers.pki import a_csr

pytestmark = pytest.mark.usefixtures("app")
HELD_FEN = 10_000


async def opened(citizen: Citizen) -> tuple[Citizen, Tokens]:
    """The citizen in a new session, and its tokens."""
    pair = await sessions.open_session(sessions.Opening(citizen.id, "app", 2))
    session_id = refresh_tokens.read(pair.refresh_token).session_id
    return msgspec.structs.replace(citizen, session_id=session_id), pair


async def signed_out(citizen: Citizen) -> None:
    await sessions.sign_out((await opened(citizen))[0])


async def ended_by_the_owner(citizen: Citizen) -> None:
    here, there = (await opened(citizen))[0], (await opened(citizen))[0]
    await own_sessions.end_mine(here, there.session_id)


async def ended_for_a_copied_token(citizen: Citizen) -> None:
    first = (await opened(citizen))[1]
    second = await sessions.refresh(first.refresh_token, None)
    await sessions.refresh(second.refresh_token, None)
    with pytest.raises(RefreshTokenReused):
        await sessions.refresh(first.refresh_token, None)


async def unbound(citizen: Citizen) -> None:
    code = WeChatCode(f"of:means-{citizen.id}", "mini")
    ticket = (await wechat.sign_in(code, MiniProgram(), "192.0.2.9")).binding
    await wechat.bind(citizen, WeChatToBind(ticket.ticket if ticket else ""))
    await wechat.unbind(citizen)


async def paid(payment: TerminalPayment) -> None:
    await payments.pay(a_till(), payment, a_request(payment))


class TestCode:
    @pytest.mark.parametrize("end", [signed_out, ended_by_the_owner, ended_for_a_copied_token, unbound])
    async def test_pays_nothing_once_a_session_ended(self, end: Callable[[Citizen], Awaitable[None]]) -> None:
        citizen = await a_card_holder(HELD_FEN)
        payment = await a_payment(citizen, 5_000)

        await end(citizen)

        with pytest.raises(PayerCodeExpired):
            await paid(payment)
        assert await balance_fen(citizen) == HELD_FEN

    async def test_pays_nothing_once_its_device_has_another_key(self, http: httpx.AsyncClient) -> None:
        citizen = await a_card_holder(HELD_FEN)
        device = await an_enrolled_device(citizen)
        auth, payment = await device.signed_in(), await a_payment(citizen, 5_000)

        renewed = await http.post(f"/v1/me/devices/{device.id}/renew", json={"csr": a_csr(a_key())}, auth=auth)

        assert renewed.status_code == 200
        with pytest.raises(PayerCodeExpired):
            await paid(payment)

    async def test_pays_for_a_merged_resident_no_more_either(self) -> None:
        citizen, before = await a_card_holder(HELD_FEN), await a_card_holder()
        pair = (await opened(before))[1]
        async with transaction(IDENTITY):
            await execute("UPDATE resident SET merged_into = $2 WHERE id = $1", before.id, citizen.id)
        second = await sessions.refresh(pair.refresh_token, None)
        await sessions.refresh(second.refresh_token, None)
        payment = await a_payment(citizen, 5_000)

        with pytest.raises(RefreshTokenReused):
            await sessions.refresh(pair.refresh_token, None)

        with pytest.raises(PayerCodeExpired):
            await paid(payment)

    async def test_pays_while_sessions_go_on_and_run_out(self) -> None:
        citizen = await a_card_holder(HELD_FEN)
        _, pair = await opened(citizen)
        past, _ = await opened(citizen)
        payment = await a_payment(citizen, 5_000)

        await sessions.refresh(pair.refresh_token, None)
        async with transaction(IDENTITY):
            long_ago = clock.now() - sessions.REMEMBERED_FOR - timedelta(days=1)
            sql = "UPDATE session SET expires_at = $3 WHERE shard = $1 AND id = $2"
            await execute(sql, shard_of(past.session_id), past.session_id, long_ago)
        await sessions.sweep()

        await paid(payment)
        assert await balance_fen(citizen) == HELD_FEN - 5_000
