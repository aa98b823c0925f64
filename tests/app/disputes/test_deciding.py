"""Deciding disputes: opened by payers once at a time, decided by two officers, told at every step, and paid by the ledger's own postings."""

import asyncio
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from app.card import payments, queries, receipts
from app.disputes import desk, opening
from app.disputes.desk import QueueFilter
from app.disputes.errors import (
    DisputeClaimedByAnother,
    DisputeNotFound,
    DisputeStepNotAllowed,
    EvidenceAwaited,
    ReturnOverPayment,
)
from app.disputes.states import DisputeState
from app.disputes.stepping import DISPUTES
from app.disputes.structs import DisputeDecision, DisputeProposal, NewDispute
from app.kernel import clock
from app.kernel.actors import NoRight, SameOfficer
from app.kernel.database import execute, transaction
from tests.makers.cards import a_card_holder, a_payment, a_request, a_till, balance_fen, ledger, refund, reverse
from tests.makers.disputes import ASKED, NO, YES, a_dispute, a_dispute_officer, acts_about, proposed, told
from tests.makers.movements import moved
from tests.makers.people import a_grant, an_officer

CONFIRM, SEND_BACK = DisputeDecision(confirm=True), DisputeDecision(confirm=False, reason="请再核实金额")


@pytest.fixture(autouse=True)
def started(app: object) -> None:
    """The application's pool is open."""


class TestDeciding:
    async def test_gives_the_money_back_once_two_officers_agree(self) -> None:
        citizen, _, dispute = await a_dispute(300)
        first, file = await proposed(dispute.id)
        with pytest.raises(SameOfficer):
            await desk.decide(first, dispute.id, CONFIRM)

        done = await desk.decide(a_dispute_officer(), dispute.id, CONFIRM)
        seen = await opening.one(citizen, dispute.id)

        assert (file.state, file.proposed_fen, file.holder_name) == ("proposed", 300, "王*红")
        assert (done.state, done.returned_fen, await balance_fen(citizen)) == ("accepted", 300, 1_000)
        assert (seen.state, seen.steps[-1].text) == ("accepted", YES.reason)
        assert [one.text for one in seen.steps if one.step == "propose"] == [None]
        assert seen.return_id is not None
        assert (await receipts.receipt_of(citizen, seen.return_id)).receipt.reference == str(dispute.transaction_id)
        assert (await ledger()).holds
        assert await told(citizen) == ["disputed", "taken up", "awaits a second officer", "the dispute is accepted"]
        assert await acts_about(citizen) == [
            f"dispute_{step}" for step in ("opened", "claimed", "proposed", "accepted")
        ]

    async def test_is_confirmed_once_whatever_races(self) -> None:
        citizen, _, dispute = await a_dispute(300)
        await proposed(dispute.id)

        outcomes = await asyncio.gather(
            *(desk.decide(a_dispute_officer(), dispute.id, CONFIRM) for _ in range(6)), return_exceptions=True
        )

        assert sum(isinstance(one, DisputeStepNotAllowed) for one in outcomes) == 5
        assert await balance_fen(citizen) == 1_000
        assert (await ledger()).holds

    async def test_gives_part_of_a_charge_back(self) -> None:
        citizen = await a_card_holder(1_000)
        charge_id = await moved(citizen, clock.now(), "charge", 400, "UT-W")
        dispute = await opening.dispute(citizen, charge_id, NewDispute(reason="amount_wrong", text="多收了钱"))
        await proposed(dispute.id, DisputeProposal(accept=True, reason="多收一百", amount_fen=100))

        await desk.decide(a_dispute_officer(), dispute.id, CONFIRM)

        (back,) = [
            one for one in (await queries.transactions(citizen, None, 20)).items if one.of_transaction_id == charge_id
        ]
        assert (back.kind, back.amount_fen) == ("return", 100)

    async def test_rejects_with_a_reason(self) -> None:
        citizen, _, dispute = await a_dispute(300)
        await proposed(dispute.id, NO)

        await desk.decide(a_dispute_officer(), dispute.id, CONFIRM)

        seen = await opening.one(citizen, dispute.id)
        assert (seen.state, seen.returned_fen, seen.steps[-1].text) == ("rejected", 0, NO.reason)
        assert await balance_fen(citizen) == 700
        with pytest.raises(DisputeStepNotAllowed):
            await opening.withdraw(citizen, dispute.id)

    async def test_goes_back_and_is_proposed_anew(self) -> None:
        citizen, _, dispute = await a_dispute(300)
        first, _ = await proposed(dispute.id, NO)

        back = await desk.decide(a_dispute_officer(), dispute.id, SEND_BACK)
        await desk.propose(first, dispute.id, YES)
        await desk.decide(a_dispute_officer(), dispute.id, CONFIRM)

        assert (back.state, back.proposal) == ("claimed", None)
        assert await balance_fen(citizen) == 1_000

    async def test_never_gives_back_more_than_is_left(self) -> None:
        citizen, till, dispute = await a_dispute(300)
        officer, _ = await proposed(dispute.id)
        await refund(till, dispute.transaction_id, 200)

        with pytest.raises(ReturnOverPayment):
            await desk.decide(a_dispute_officer(), dispute.id, CONFIRM)
        await desk.decide(officer, dispute.id, SEND_BACK)
        with pytest.raises(ReturnOverPayment):
            await desk.propose(officer, dispute.id, DisputeProposal(accept=True, reason="全退", amount_fen=101))
        await desk.propose(officer, dispute.id, YES)
        await desk.decide(a_dispute_officer(), dispute.id, CONFIRM)

        assert await balance_fen(citizen) == 1_000

    async def test_waits_for_the_merchant_as_long_as_they_may_answer(self) -> None:
        citizen, _, dispute = await a_dispute()
        officer = a_dispute_officer()
        await desk.claim(officer, dispute.id)

        asked = await desk.ask_evidence(officer, dispute.id, "请出示发货单")
        with pytest.raises(EvidenceAwaited):
            await desk.propose(officer, dispute.id, YES)
        answered = await desk.give_evidence(officer, dispute.id, "未发货")

        assert asked.evidence_due_on is not None
        assert answered.state == "claimed"
        seen = await opening.one(citizen, dispute.id)
        assert [one.text for one in seen.steps[2:]] == ["请出示发货单", "未发货"]

    async def test_goes_on_without_a_merchant_who_is_late(self) -> None:
        _, _, dispute = await a_dispute()
        officer = a_dispute_officer()
        await desk.claim(officer, dispute.id)
        await desk.ask_evidence(officer, dispute.id, "请出示发货单")
        async with transaction(DISPUTES):
            await execute("UPDATE card_dispute SET evidence_due_on = $1", clock.today() - timedelta(days=1))

        assert (await desk.propose(officer, dispute.id, YES)).state == "proposed"


class TestOfficers:
    async def test_one_handles_it_at_a_time(self) -> None:
        _, _, dispute = await a_dispute()
        first, second = a_dispute_officer(), a_dispute_officer()

        assert (await desk.claim(first, dispute.id)) == (await desk.claim(first, dispute.id))
        for step in (desk.claim(second, dispute.id), desk.propose(second, dispute.id, YES)):
            with pytest.raises(DisputeClaimedByAnother):
                await step
        await desk.release(first, dispute.id)
        assert (await desk.claim(second, dispute.id)).yours

    async def test_of_other_offices_or_without_the_right_learn_nothing(self) -> None:
        _, _, dispute = await a_dispute()

        with pytest.raises(DisputeNotFound):
            await desk.look(a_dispute_officer("GAJ"), dispute.id)
        with pytest.raises(NoRight):
            await desk.look(an_officer(a_grant("handle"), department="CARD"), dispute.id)
        with pytest.raises(NoRight):
            await desk.queue(a_dispute_officer("GAJ"), QueueFilter(), None, 20)
        with pytest.raises(DisputeNotFound):
            await desk.look(a_dispute_officer(), uuid4())

    async def test_whose_own_affair_it_is_take_no_part(self) -> None:
        from msgspec.structs import replace

        citizen, _, dispute = await a_dispute()

        with pytest.raises(SameOfficer):
            await desk.claim(replace(a_dispute_officer(), person_id=citizen.id), dispute.id)

    async def test_see_what_is_due_first_first_and_each_page_once(self) -> None:
        officer = a_dispute_officer()
        made = [(await a_dispute())[2] for _ in range(3)]
        await desk.claim(officer, made[1].id)

        found: list[UUID] = []
        cursor = None
        while True:
            listed = await desk.queue(officer, QueueFilter(), cursor, 2)
            found += [one.id for one in listed.items]
            if (cursor := listed.next) is None:
                break
        mine = (await desk.queue(officer, QueueFilter(mine=True), None, 20)).items
        claimed = (await desk.queue(officer, QueueFilter(DisputeState.CLAIMED), None, 100)).items

        assert len(found) == len(set(found))
        assert {one.id for one in made} <= set(found)
        assert [(one.id, one.yours) for one in mine] == [(made[1].id, True)]
        assert made[1].id in {one.id for one in claimed}

    async def test_a_look_stands_in_the_payers_log(self) -> None:
        citizen, _, dispute = await a_dispute()

        file = await desk.look(a_dispute_officer(), dispute.id)

        assert file.steps[0].text == ASKED.text
        assert (await acts_about(citizen))[-1] == "dispute_looked_at"


async def test_a_reversed_payment_leaves_nothing_to_give_back() -> None:

    citizen, till = await a_card_holder(1_000), a_till()
    payment = await a_payment(citizen, 300)
    paid = await payments.pay(till, payment, a_request(payment))
    dispute = await opening.dispute(citizen, paid.receipt.id, ASKED)
    await reverse(till, payment)
    officer = a_dispute_officer()
    await desk.claim(officer, dispute.id)

    with pytest.raises(ReturnOverPayment):
        await desk.propose(officer, dispute.id, YES)
    await desk.propose(officer, dispute.id, NO)
    assert (await desk.decide(a_dispute_officer(), dispute.id, CONFIRM)).state == "rejected"
    assert await balance_fen(citizen) == 1_000
