"""Disputes: opened by payers once at a time, decided by two officers, told at every step, and paid by the ledger's own postings."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import httpx
import pytest

from app.card import queries
from app.card.errors import TransactionUnknown
from app.card.own_rights import CardEraser
from app.disputes import desk, opening
from app.disputes.errors import (
    DisputedAlready,
    DisputeTooLate,
    NotDisputable,
    NothingToGiveBack,
)
from app.disputes.own_rights import DisputeEraser, DisputeExporter, DisputesOpen
from app.disputes.states import NEXT, UNDECIDED, DisputeStep
from app.disputes.stepping import ACTS, DISPUTES
from app.disputes.structs import DisputeDecision
from app.kernel import clock
from app.kernel.database import transaction
from tests.makers.callers import an_enrolled_officer, headers
from tests.makers.cards import a_card_holder, a_paid, refund
from tests.makers.disputes import ASKED, a_dispute, acts_about
from tests.makers.movements import moved
from tests.makers.people import a_citizen, a_grant

CONFIRM, SEND_BACK = DisputeDecision(confirm=True), DisputeDecision(confirm=False, reason="请再核实金额")


@pytest.fixture(autouse=True)
def started(app: object) -> None:
    """The application's pool is open."""


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
