"""What moves on a card reaches its owner, and stays in their record."""

from app.card import cards, payments, telling
from app.card.events import CardOpened, CardPaid, CardPaymentReversed, CardRefunded, CardReportedLost
from app.card.merchants import register_merchant
from app.card.receipts import SYSTEM
from app.kernel.database import transaction
from app.kernel.ids import new_id
from app.kernel.words import Words
from app.notices.inbox import inbox
from app.records.queries import timeline
from tests.makers.cards import a_card_holder, a_payment, a_request, a_till, pay, refund, reverse


class TestMoved:
    async def test_a_payment_is_told_with_amount_and_merchant(self) -> None:
        await register_merchant("M88", Words(zh="振华量贩", en="Zhenhua Supermarket"))
        citizen = await a_card_holder(1_000)
        paid = await pay(a_till(merchant_code="M88"), citizen, 305)
        event = CardPaid(id=new_id(citizen.id), citizen_id=citizen.id, subject_id=paid.receipt.id)

        async with transaction(SYSTEM):
            await telling.on_moved(event)
            await telling.on_moved(event)

        told = (await inbox(citizen, None, 10)).items
        assert [notice.title.zh for notice in told] == ["在振华量贩支付3.05元"]
        filed = (await timeline(citizen, None, None, None, 10)).items
        assert [entry.title.en for entry in filed] == ["Paid 3.05 yuan at Zhenhua Supermarket"]

    async def test_a_refund_and_a_reversal_are_told_and_filed(self) -> None:
        await register_merchant("M88", Words(zh="振华量贩", en="Zhenhua Supermarket"))
        citizen, till = await a_card_holder(1_000), a_till(merchant_code="M88")
        payment = await a_payment(citizen, 200, 2)
        await payments.pay(till, payment, a_request(payment))
        back = await refund(till, (await pay(till, citizen, 305, 1)).receipt.id, 100, 3)
        undone = (await reverse(till, payment)).receipt
        assert undone is not None

        async with transaction(SYSTEM):
            for kind, receipt in ((CardRefunded, back), (CardPaymentReversed, undone)):
                told = receipt.receipt.id
                await telling.on_moved(kind(id=new_id(citizen.id), citizen_id=citizen.id, subject_id=told))

        notices = [notice.title.zh for notice in (await inbox(citizen, None, 10)).items]
        assert notices == ["在振华量贩的2.00元支付已撤销", "振华量贩退款1.00元到市民卡"]
        filed = {entry.title.en: entry.about_id for entry in (await timeline(citizen, None, None, None, 10)).items}
        assert filed == {
            "Zhenhua Supermarket refunded 1.00 yuan to your card": back.receipt.id,
            "Your payment of 2.00 yuan at Zhenhua Supermarket was undone": undone.receipt.id,
        }

    async def test_nothing_is_told_of_what_did_not_move(self) -> None:
        citizen = await a_card_holder()

        async with transaction(SYSTEM):
            await telling.on_moved(CardPaid(id=citizen.id, citizen_id=citizen.id, subject_id=citizen.id))

        assert (await inbox(citizen, None, 10)).items == []


class TestCard:
    async def test_its_owner_is_told_that_it_is_open_and_lost(self) -> None:
        citizen = await a_card_holder()
        card = (await cards.card_of(citizen)).id

        async with transaction(SYSTEM):
            await telling.on_opened(CardOpened(id=new_id(card), citizen_id=citizen.id, subject_id=card))
            await telling.on_reported_lost(CardReportedLost(id=new_id(card), citizen_id=citizen.id, subject_id=card))

        told = (await inbox(citizen, None, 10)).items
        assert [notice.title.zh for notice in told] == ["市民卡已挂失", "市民卡已开通"]
