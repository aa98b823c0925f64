"""`fuhai channel`, as an operator runs it: each command a process of its own."""

from datetime import timedelta

import pytest

from app.card.channel_checking import settle_by_hand, waiting_for_a_person
from app.card.channel_errors import NothingWaits
from app.card.settling import settle
from app.kernel import clock
from app.kernel.ids import new_id
from integrations.wechat_pay.port import TradeState
from tests.app.test_cli import fuhai
from tests.makers.cards import a_card_holder, an_order, paid, unpaid

pytestmark = pytest.mark.usefixtures("app")


class TestChannel:
    async def test_lists_what_waits_until_it_is_settled_by_hand_once(self) -> None:
        order = await an_order(await a_card_holder(), 500)
        await settle(order, unpaid(order, TradeState.CLOSED))
        await settle(order, paid(order, 499))

        listed = fuhai("channel", "waiting")
        await settle_by_hand(order, "V-1")

        assert listed.returncode == 0, listed.stderr
        assert f"amount_differs                 500 fen  {order}" in listed.stdout
        assert order not in {one.id for one in await waiting_for_a_person()}
        for unknown in (order, new_id(order)):
            with pytest.raises(NothingWaits):
                await settle_by_hand(unknown, "V-2")

    def test_refuses_in_one_line(self) -> None:
        ran = fuhai("channel", "bill", f"{clock.today() - timedelta(days=1)}")

        assert (ran.returncode, "暂不可用" in ran.stderr) == (1, True), ran.stderr
