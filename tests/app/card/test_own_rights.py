"""A person gets everything of theirs, and erasure leaves the books whole."""

from uuid import UUID

from app.card.channel_checking import settle_by_hand
from app.card.channel_refunds import settle_refund
from app.card.own_rights import CardEraser, CardExporter, MoneyLeft
from app.card.receipts import SYSTEM
from app.card.settling import settle
from app.kernel.database import execute, fetch_value, transaction
from integrations.wechat_pay.port import RefundState, RefundTold, TradeState
from tests.makers.cards import a_card_holder, a_till, an_order, balance_fen, ledger, paid, pay, the_order, unpaid


class TestExport:
    async def test_holds_the_card_its_movements_and_top_ups(self) -> None:
        citizen = await a_card_holder(1_000)
        payment = await pay(a_till(), citizen, 300)

        told = await CardExporter().export(citizen.id)

        assert [row["balance_fen"] for row in told["account"]] == [700]
        assert [row["kind"] for row in told["transfer"]] == ["top_up", "payment"]
        receipt = told["transfer"][1]["receipt"]
        assert isinstance(receipt, dict)
        assert receipt["id"] == str(payment.receipt.id)
        assert [row["state"] for row in told["top_up"]] == ["paid"]
        assert set(told) == set(CardExporter.tables)

    async def test_holds_nothing_of_others(self) -> None:
        await a_card_holder(1_000)
        stranger = await a_card_holder()

        told = await CardExporter().export(stranger.id)

        assert [len(told[table]) for table in ("card", "transfer", "top_up")] == [1, 0, 0]


class TestErase:
    async def test_keeps_the_books_and_blanks_ended_orders(self) -> None:
        citizen = await a_card_holder(1_000)
        ended, open_order = await an_order(citizen, 500, state="closed"), await an_order(citizen, 500)
        async with transaction(SYSTEM):
            await execute("UPDATE top_up SET client_parameters = '{}' WHERE citizen_id = $1", citizen.id)

        erased = [await CardEraser().erase(citizen.id) for _ in range(2)]

        assert erased == [2, 0]
        assert (await the_order(ended))["client_parameters"] is None
        assert (await the_order(open_order))["client_parameters"] == b"{}"
        assert await balance_fen(citizen) == 1_000
        assert (await ledger()).holds


class TestMoneyLeft:
    async def test_counts_what_goes_back_until_it_has_arrived_or_is_settled(self) -> None:
        citizen = await a_card_holder()
        order = await an_order(citizen, 500)
        await settle(order, unpaid(order, TradeState.CLOSED))
        before = await left(citizen.id)
        await settle(order, paid(order, 500))
        under_way = await left(citizen.id)
        async with transaction(SYSTEM):
            refund = await fetch_value("SELECT id FROM channel_refund WHERE top_up_id = $1", order)
        await settle_refund(refund, RefundTold(refund.hex, order.hex, RefundState.CLOSED, 500))
        failed = await left(citizen.id)
        await settle_by_hand(refund, "V-1")

        assert (before, under_way, failed, await left(citizen.id)) == (0, 1, 1, 0)
        told = await CardExporter().export(citizen.id)
        assert [(row["state"], row["amount_fen"]) for row in told["channel_refund"]] == [("closed", 500)]


async def left(citizen_id: UUID) -> int:
    async with transaction(SYSTEM):
        return await MoneyLeft().count(citizen_id)
