"""A person gets everything of theirs, and erasure leaves the books whole."""

from app.card.own_rights import CardEraser, CardExporter
from app.card.receipts import SYSTEM
from app.kernel.database import execute, transaction
from tests.makers.cards import a_card_holder, a_till, an_order, balance_fen, ledger, pay, the_order


class TestExport:
    async def test_holds_the_card_its_movements_and_top_ups(self) -> None:
        citizen = await a_card_holder(1_000)
        paid = await pay(a_till(), citizen, 300)

        told = await CardExporter().export(citizen.id)

        assert [row["balance_fen"] for row in told["account"]] == [700]
        assert [row["kind"] for row in told["transfer"]] == ["top_up", "payment"]
        receipt = told["transfer"][1]["receipt"]
        assert isinstance(receipt, dict)
        assert receipt["id"] == str(paid.receipt.id)
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
