"""Every matter that can be paid, from the bill to its department's confirmation; refused, repeated, raced for, and with a department away."""

import asyncio
import secrets
from datetime import timedelta
from typing import Any

import httpx
import msgspec
import pytest

from app.card import cards
from app.card.errors import BalanceTooLow, CardLost
from app.card.queries import transactions
from app.card.states import CardStep
from app.kernel import clock
from app.kernel.errors import Refusal
from app.kernel.events import deliver_pending
from app.wired_bills import BILLINGS
from integrations.departments.bills import SERVICE
from lifecycle.bills.errors import BillBeingPaid, BillChanged, BillPaidAlready, BillUnknown
from lifecycle.bills.settling import look_through
from lifecycle.bills.structs import BillView
from lifecycle.catalogue.files import shipped_files
from lifecycle.catalogue.structs import Kind
from tests.makers.bills import Owing, a_key, an_owing, paid, settled, the_payment, told_now
from tests.makers.callers import signed_in
from tests.makers.cards import balance_fen, ledger, top_up
from tests.makers.cases import CityPorts, a_fault
from tests.makers.city import Town
from tests.makers.days import let_the_clock_be_turned, turn_on
from tests.makers.people import a_guardian_of

every_matter = pytest.mark.parametrize("matter", [one.matter for one in BILLINGS])
ELSEWHERE = {
    "citizen_card_topup": "POST /v1/card/top-ups",
    "citizen_card_small_payment": "POST /v1/terminal/payments",
    "citizen_card_utility_pay": "the bills of daily life, which this card pays",
}
"""Matters that are paid, and not by a bill of their own."""
BOOKED = {Kind.BOOK}


async def inbox(http: httpx.AsyncClient, owing: Owing) -> list[dict[str, Any]]:
    await deliver_pending()
    items: list[dict[str, Any]] = (await http.get("/v1/inbox", auth=await signed_in(owing.payer))).json()["items"]
    return items


async def paid_elsewhere(owing: Owing, town: Town) -> None:
    """The bill is paid at another counter meanwhile."""
    said = await town.ask(
        owing.party,
        SERVICE,
        case_number=f"GT{secrets.randbelow(10**12):012d}",
        id_number=owing.id_number,
        bill_no=owing.bill.reference,
        amount_fen=owing.bill.amount_fen,
        paid_at=clock.now().isoformat(),
    )
    assert said.status == "ok", said


class TestCatalogue:
    def test_says_of_these_that_they_are_paid_here(self) -> None:
        live = {
            code
            for code, (_, text) in shipped_files().matters.items()
            if Kind.PAY in text.live and not BOOKED & set(text.kinds)
        }

        assert live == {one.matter for one in BILLINGS} | set(ELSEWHERE)


@every_matter
class TestPaid:
    async def test_is_listed_paid_told_and_confirmed_once(
        self, http: httpx.AsyncClient, departments: CityPorts, large_town: Town, matter: str
    ) -> None:
        owing = await an_owing(matter, large_town, departments)
        sent, key = await signed_in(owing.payer), {"idempotency-key": a_key()}
        listed = (await http.get(f"/v1/bills?matter={matter}", auth=sent)).json()
        (seen,) = [one for one in listed["items"] if one["reference"] == owing.bill.reference]

        answer = await http.post("/v1/bills/pay", json=owing.body(), auth=sent, headers=key)
        again = await http.post("/v1/bills/pay", json=owing.body(), auth=sent, headers=key)

        assert answer.status_code == 201, answer.text
        assert again.json() == answer.json()
        told = msgspec.convert(answer.json(), BillView)
        assert (told.standing, told.amount_fen, str(told.person_id)) == ("paid", seen["amount_fen"], seen["person_id"])
        assert (seen["person_name"], seen["account"], seen["id"]) == (told.person_name, told.account, None)
        assert listed["silent"] == []
        assert await balance_fen(owing.payer) == 1_000
        assert await self.verified(http, owing)
        assert owing.id_number not in answer.text

        assert [await settled(departments, told.id) for _ in range(2)] == ["settled", "settled"]  # type: ignore[arg-type]
        after = [one for one in await told_now(owing, large_town) if one.reference == owing.bill.reference]
        assert all(one.paid for one in after)
        shown = (await http.get(f"/v1/bills/{told.id}", auth=sent)).json()
        assert (shown["standing"], shown["receipt_id"]) == ("settled", str(told.receipt_id))
        left = (await http.get(f"/v1/bills?matter={matter}", auth=sent)).json()["items"]
        assert {one["reference"] for one in left} == {one["reference"] for one in listed["items"]} - {seen["reference"]}
        history = (await http.get(f"/v1/bills?standing=paid&matter={matter}", auth=sent)).json()["items"]
        assert [one["id"] for one in history] == [str(told.id)]
        titles = [one["title"]["zh"] for one in await inbox(http, owing)]
        assert sum(title.startswith("已入账") for title in titles) == 1
        assert (await ledger()).holds

    async def verified(self, http: httpx.AsyncClient, owing: Owing) -> bool:
        """The receipt is found again, names the bill, and anybody can check it."""
        moved = (await transactions(owing.payer, None, 1)).items[0]
        sent = await signed_in(owing.payer)
        receipt = (await http.get(f"/v1/card/transactions/{moved.id}/receipt", auth=sent)).json()
        checked = await http.post("/v1/verify", json={"code": str(moved.id)})
        assert receipt["receipt"]["reference"] == owing.bill.reference
        return checked.status_code == 200

    async def test_is_paid_by_one_of_two_guardians_at_once(
        self, departments: CityPorts, large_town: Town, matter: str
    ) -> None:
        owing = await an_owing(matter, large_town, departments)
        other = await a_guardian_of(owing.person_id)
        await cards.open_card(other)
        await top_up(other, owing.bill.amount_fen)

        both = [paid(owing), paid(owing, other, person_id=owing.person_id)]
        done = await asyncio.gather(*both, return_exceptions=True)

        assert {type(one) for one in done} == {BillView, BillBeingPaid}
        left = (await balance_fen(owing.payer), await balance_fen(other))
        assert left in {(1_000, owing.bill.amount_fen), (owing.bill.amount_fen + 1_000, 0)}
        (first,) = [one for one in done if isinstance(one, BillView)]
        assert first.id is not None
        assert await settled(departments, first.id) == "settled"
        with pytest.raises(BillPaidAlready):
            await paid(owing, other, person_id=owing.person_id)

    async def test_of_another_amount_than_was_seen_takes_nothing(
        self, departments: CityPorts, large_town: Town, matter: str
    ) -> None:
        owing = await an_owing(matter, large_town, departments)

        with pytest.raises(BillChanged) as changed:
            await paid(owing, amount_fen=owing.bill.amount_fen - 1)

        assert changed.value.facts["amount_fen"] == owing.bill.amount_fen
        assert await balance_fen(owing.payer) == owing.bill.amount_fen + 1_000

    async def test_that_the_card_doesnt_cover_leaves_nothing(
        self, departments: CityPorts, large_town: Town, matter: str
    ) -> None:
        owing = await an_owing(matter, large_town, departments, holding_fen=owing_less())

        await self.refuses(owing, BalanceTooLow)
        await cards.take_step(owing.payer, CardStep.REPORT_LOSS)
        await self.refuses(owing, CardLost)

        await cards.take_step(owing.payer, CardStep.REPORT_FOUND)
        await top_up(owing.payer, owing.bill.amount_fen)
        assert (await paid(owing)).standing == "paid"

    async def refuses(self, owing: Owing, refusal: type[Refusal]) -> None:
        with pytest.raises(refusal):
            await paid(owing)

    async def test_of_a_stranger_doesnt_exist(self, departments: CityPorts, large_town: Town, matter: str) -> None:
        owing, another = [await an_owing(matter, large_town, departments) for _ in range(2)]

        with pytest.raises(BillUnknown):
            await paid(owing, reference=another.bill.reference, amount_fen=another.bill.amount_fen)


def owing_less() -> int:
    """A balance that covers no bill of the city."""
    return 1


@every_matter
class TestRefusedByItsDepartment:
    async def test_the_money_comes_back_and_the_payer_is_told_why(
        self, http: httpx.AsyncClient, departments: CityPorts, large_town: Town, matter: str
    ) -> None:
        owing = await an_owing(matter, large_town, departments)
        payment = await paid(owing)
        assert payment.id is not None
        await paid_elsewhere(owing, large_town)

        assert [await settled(departments, payment.id) for _ in range(2)] == ["returned", "returned"]

        assert await balance_fen(owing.payer) == owing.bill.amount_fen + 1_000
        sent = await signed_in(owing.payer)
        shown = (await http.get(f"/v1/bills/{payment.id}", auth=sent)).json()
        assert (shown["standing"], shown["why"]["zh"]) == ("returned", "收费单位显示该账单已缴清")
        receipt = await http.get(f"/v1/card/transactions/{shown['return_receipt_id']}/receipt", auth=sent)
        assert receipt.json()["receipt"]["kind"] == "return"
        told = [one for one in await inbox(http, owing) if one["title"]["zh"].startswith("未能入账")]
        assert len(told) == 1
        assert "已缴清" in told[0]["text"]["zh"]
        assert (await ledger()).holds


@every_matter
class TestWhileItsDepartmentIsAway:
    async def test_it_is_told_an_hour_later_exactly_once(
        self, departments: CityPorts, large_town: Town, monkeypatch: pytest.MonkeyPatch, matter: str
    ) -> None:
        let_the_clock_be_turned(monkeypatch)
        owing = await an_owing(matter, large_town, departments)
        payment = await paid(owing)
        assert payment.id is not None

        async with a_fault(large_town, party=owing.party, outage=True):
            with pytest.raises(Exception, match="department_"):
                await settled(departments, payment.id)
            assert (await the_payment(payment.id))["state"] == "paid"
            with pytest.raises(Exception, match="department_"):
                await paid(owing, key=a_key())

        turn_on(timedelta(minutes=61))
        await look_through()

        again = await asyncio.gather(*(settled(departments, payment.id) for _ in range(2)))
        assert again == ["settled", "settled"]
        assert await balance_fen(owing.payer) == 1_000
