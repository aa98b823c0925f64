"""The matters of the card that are paid without a bill of their own: money comes onto it, pays a shop, and pays a home's bill."""

import pytest

from app.card.queries import transactions
from app.card.receipts import receipt_of
from app.card.verifying import ReceiptVerifier
from lifecycle.catalogue.files import shipped_files
from lifecycle.catalogue.structs import Kind
from tests.lifecycle.bills.test_paying import pay as pay_bill
from tests.makers.cards import a_card_holder, a_till, balance_fen, ledger, pay
from tests.makers.one_bill import AMOUNT_FEN, owed_by
from tests.makers.people import the_resident

pytestmark = pytest.mark.usefixtures("app")


class TestCard:
    async def test_is_topped_up_pays_at_a_till_and_pays_a_bill_each_with_a_receipt(self) -> None:
        citizen = await a_card_holder(1_000)
        owed = owed_by((await the_resident(citizen.id)).id_number)

        await pay(a_till(), citizen, 300)
        await pay_bill(citizen, owed)

        moved = (await transactions(citizen, None, 10)).items
        assert [one.kind for one in moved] == ["charge", "payment", "top_up"]
        assert await balance_fen(citizen) == 1_000 - 300 - AMOUNT_FEN
        for one in moved:
            found = await ReceiptVerifier().find(str((await receipt_of(citizen, one.id)).receipt.id))
            assert found is not None
            assert found.holds
        assert (await ledger()).holds

    def test_these_matters_say_that_they_are_live_and_riding_a_bus_doesnt(self) -> None:
        live = {code for code, (_, text) in shipped_files().matters.items() if Kind.PAY in text.live}

        assert {"citizen_card_topup", "citizen_card_small_payment", "citizen_card_utility_pay"} <= live
        assert not {"citizen_card_transit_pay", "citizen_card_education"} & live
