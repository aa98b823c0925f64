"""Disputes: opened by payers once at a time, decided by two officers, told at every step, and paid by the ledger's own postings."""

import asyncio
from datetime import timedelta
from uuid import UUID, uuid4

import httpx
import pytest

from app.card import queries, receipts
from app.card.errors import TransactionUnknown
from app.card.own_rights import CardEraser
from app.disputes import desk, opening
from app.disputes.desk import QueueFilter
from app.disputes.errors import (
    DisputeClaimedByAnother,
    DisputedAlready,
    DisputeNotFound,
    DisputeStepNotAllowed,
    DisputeTooLate,
    EvidenceAwaited,
    NotDisputable,
    NothingToGiveBack,
    ReturnOverPayment,
)
from app.disputes.own_rights import DisputeEraser, DisputeExporter, DisputesOpen
from app.disputes.states import NEXT, UNDECIDED, DisputeState, DisputeStep
from app.disputes.stepping import ACTS, DISPUTES
from app.disputes.structs import DisputeDecision, DisputeProposal, NewDispute
from app.kernel import clock
from app.kernel.actors import Citizen, NoRight, SameOfficer
from app.kernel.database import execute, fetch_all, transaction
from app.kernel.events import deliver_pending
from app.kernel.ids import shard_of
from app.notices import inbox
from tests.makers.callers import an_enrolled_officer, headers
from tests.makers.cards import a_card_holder, a_paid, balance_fen, ledger, refund, reverse
from tests.makers.disputes import ASKED, NO, YES, a_dispute, a_dispute_officer, proposed
from tests.makers.movements import moved
from tests.makers.people import a_citizen, a_grant, an_officer

CONFIRM, SEND_BACK = DisputeDecision(confirm=True), DisputeDecision(confirm=False, reason="请再核实金额")


@pytest.fixture(autouse=True)
def started(app: object) -> None:
    """The application's pool is open."""


async def acts_about(citizen: Citizen) -> list[str]:
    """What was sealed about somebody's disputes, in order."""
    async with transaction(DISPUTES):
        rows = await fetch_all(
            "SELECT act FROM act WHERE shard = $1 AND citizen_id = $2 AND act LIKE 'dispute%' ORDER BY id",
            *(shard_of(citizen.id), citizen.id),
        )
    return [row["act"] for row in rows]


async def told(citizen: Citizen) -> list[str]:
    """The headings of what somebody was told of their disputes, in order."""
    await deliver_pending()
    notices = (await inbox.inbox(citizen, None, 50)).items
    return [one.title.en.rsplit(": ", 1)[-1] for one in reversed(notices) if ": " in one.title.en]


class TestStates:
    def test_lead_only_from_what_is_undecided(self) -> None:
        assert {state for state, _ in NEXT} == set(UNDECIDED)
        assert set(ACTS) == set(DisputeStep)
        assert {step for _, step in NEXT} == set(DisputeStep) - {DisputeStep.OPEN}


class TestOpening:
    async def test_is_seen_on_the_transaction_and_answered_by_a_day(self) -> None:
        citizen, _, dispute = await a_dispute()

        (mine,) = (await opening.disputes(citizen, None, 20)).items
        payment = next(
            one for one in (await queries.transactions(citizen, None, 20)).items if one.id == dispute.transaction_id
        )

        assert mine == dispute == await opening.one(citizen, dispute.id)
        assert (dispute.state, dispute.amount_fen, dispute.steps[0].text) == ("open", 300, ASKED.text)
        assert dispute.due_on > clock.today() + timedelta(days=14)
        assert payment.dispute is not None
        assert (payment.dispute.id, payment.dispute.state) == (dispute.id, "open")
        assert await acts_about(citizen) == ["dispute_opened"]

    async def test_is_once_at_a_time(self) -> None:
        citizen, _, payment_id = await a_paid(300)

        outcomes = await asyncio.gather(
            *(opening.dispute(citizen, payment_id, ASKED) for _ in range(8)), return_exceptions=True
        )
        opened = [one for one in outcomes if not isinstance(one, BaseException)]
        again = await opening.withdraw(citizen, opened[0].id)
        anew = await opening.dispute(citizen, payment_id, ASKED)

        assert len(opened) == 1
        assert all(isinstance(one, DisputedAlready) for one in outcomes if one is not opened[0])
        assert (again.state, anew.state) == ("withdrawn", "open")

    async def test_is_of_ones_own_payments_only(self) -> None:
        citizen, till, payment_id = await a_paid(300)

        with pytest.raises(TransactionUnknown):
            await opening.dispute(await a_card_holder(), payment_id, ASKED)
        with pytest.raises(TransactionUnknown):
            await opening.dispute(citizen, uuid4(), ASKED)
        back = await refund(till, payment_id, 100)
        with pytest.raises(NotDisputable):
            await opening.dispute(citizen, back.receipt.id, ASKED)

    async def test_is_of_what_is_left(self) -> None:
        citizen, till, payment_id = await a_paid(300)
        await refund(till, payment_id, 300)

        with pytest.raises(NothingToGiveBack):
            await opening.dispute(citizen, payment_id, ASKED)

    async def test_is_in_time(self) -> None:
        citizen = await a_card_holder(1_000)
        old = await moved(citizen, clock.now() - timedelta(days=181), "charge", 100, "UT-W")
        in_time = await moved(citizen, clock.now() - timedelta(days=180), "charge", 100, "UT-W")

        with pytest.raises(DisputeTooLate):
            await opening.dispute(citizen, old, ASKED)
        assert (await opening.dispute(citizen, in_time, ASKED)).state == "open"


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


class TestRights:
    async def test_are_exported_block_erasure_and_are_erased(self) -> None:
        citizen, _, dispute = await a_dispute()

        exported = await DisputeExporter().export(citizen.id)
        async with transaction(DISPUTES):
            open_ones = await DisputesOpen().count(citizen.id)
        await opening.withdraw(citizen, dispute.id)
        erased = await DisputeEraser().erase(citizen.id)

        assert exported["card_dispute_step"][0]["text"] == ASKED.text
        assert (open_ones, erased) == (1, 3)
        assert (await opening.disputes(citizen, None, 20)).items == []
        assert "card_dispute" not in CardEraser().tables


class TestHttp:
    async def test_walks_from_the_payer_to_the_decision(self, http: httpx.AsyncClient) -> None:
        citizen, _, payment_id = await a_paid(300)
        mine = await headers(citizen)
        first, second = [(await an_enrolled_officer(a_grant(desk.RIGHT), department="CARD")).headers for _ in range(2)]
        body = {"reason": "not_mine", "text": "不是我付的"}
        path = f"/v1/card/transactions/{payment_id}/dispute"

        opened = await http.post(path, headers=mine | {"idempotency-key": "d" * 20}, json=body)
        again = await http.post(path, headers=mine | {"idempotency-key": "d" * 20}, json=body)
        twice = await http.post(path, headers=mine, json=body)
        desk_path = f"/v1/officer/disputes/{opened.json()['id']}"
        steps = [
            await http.post(f"{desk_path}/claim", headers=first),
            await http.post(f"{desk_path}/proposal", headers=first, json={"accept": True, "reason": "属实"}),
            await http.post(f"{desk_path}/decision", headers=first, json={"confirm": True}),
            await http.post(f"{desk_path}/decision", headers=second, json={"confirm": True}),
        ]

        assert (opened.status_code, again.json()) == (201, opened.json())
        assert (twice.status_code, twice.json()["dispute_id"]) == (409, opened.json()["id"])
        assert [one.status_code for one in steps] == [200, 200, 409, 200]
        assert (await http.get("/v1/card", headers=mine)).json()["balance_fen"] == 1_000
        assert (await http.get("/v1/officer/disputes", headers=second)).status_code == 200

    async def test_is_nobody_elses_business(self, http: httpx.AsyncClient) -> None:
        _, _, dispute = await a_dispute()
        stranger = await headers(await a_citizen())

        for method, path in (("GET", ""), ("POST", "/withdraw")):
            answer = await http.request(method, f"/v1/card/disputes/{dispute.id}{path}", headers=stranger)
            assert (answer.status_code, answer.json()["code"]) == (404, "dispute_not_found")
            assert (await http.request(method, f"/v1/card/disputes/{dispute.id}{path}")).status_code == 401
        assert (await http.get("/v1/officer/disputes")).status_code == 401

    async def test_refuses_what_is_malformed(self, http: httpx.AsyncClient) -> None:
        citizen, _, payment_id = await a_paid(300)
        mine = await headers(citizen)
        good = {"reason": "other", "text": "说明"}

        for body in ({}, good | {"reason": "x"}, good | {"text": "a"}, good | {"text": "x" * 1001}, good | {"more": 1}):
            answer = await http.post(f"/v1/card/transactions/{payment_id}/dispute", headers=mine, json=body)
            assert answer.status_code == 422
        assert (await http.get("/v1/card/disputes?cursor=x", headers=mine)).status_code == 400
        assert (await opening.disputes(citizen, None, 20)).items == []


async def test_a_reversed_payment_leaves_nothing_to_give_back() -> None:
    from app.card import payments
    from tests.makers.cards import a_payment, a_request, a_till

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
