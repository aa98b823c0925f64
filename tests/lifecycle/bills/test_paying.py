"""Paying over HTTP and in the use case: who may, what is refused by name, and that nothing is half written."""

import secrets
from datetime import timedelta
from typing import Any

import httpx
import msgspec
import pytest

from app.card import cards
from app.card.errors import CardNotOpened, NewDevicePaymentOverLimit, PayerFrozen, PaymentOverLimit
from app.kernel import clock
from app.kernel.actors import Citizen, PersonNotYours
from app.kernel.database import execute, fetch_value, transaction
from app.kernel.errors import Refusal
from app.kernel.idempotency import IdempotencyKeyReused, Once
from app.residents.people import RESIDENTS
from integrations.exchange.errors import DepartmentUnavailable
from lifecycle.bills import paying
from lifecycle.bills.errors import BillPaidAlready, BillUnknown, MatterNotPayable
from lifecycle.bills.paybook import OFFICE
from lifecycle.bills.structs import BillToPay, BillView
from lifecycle.catalogue.errors import MatterUnknown
from tests.makers.bills import a_key
from tests.makers.callers import signed_in
from tests.makers.cards import a_card_holder, balance_fen, told_of, top_up
from tests.makers.one_bill import AMOUNT_FEN, MATTER, OneBill, a_heating_bill, owed_by
from tests.makers.people import a_citizen, a_guardian_of, a_resident, the_resident

BAD_AMOUNTS = ('"500"', "500.0", "5e2", "-500", "0", "true", "null", "1" + "0" * 30, "[500]", "NaN")


async def one_who_owes(holding_fen: int = 1_000, **told: object) -> tuple[Citizen, OneBill]:
    """Somebody with a card, and the bill that they owe."""
    citizen = await a_card_holder(holding_fen)
    return citizen, owed_by((await the_resident(citizen.id)).id_number, a_heating_bill(**told))


async def pay(citizen: Citizen, owed: OneBill, key: str | None = None, **changes: Any) -> BillView:
    asked = msgspec.convert(owed.body | changes, BillToPay)
    return await paying.pay(citizen, asked, Once(key or a_key(), "POST", "/v1/bills/pay", msgspec.json.encode(asked)))


async def payments_of(citizen: Citizen) -> int:
    async with transaction(OFFICE):
        count: int = await fetch_value("SELECT count(*) FROM bill_payment WHERE citizen_id = $1", citizen.id)
    return count


class TestAnybody:
    @pytest.mark.parametrize(
        ("method", "path"),
        [
            ("GET", "/v1/bills"),
            ("GET", "/v1/bills/00000000-0000-7000-8000-000000000001"),
            ("POST", "/v1/bills/pay"),
        ],
    )
    async def test_gets_nothing_without_saying_who_they_are(
        self, http: httpx.AsyncClient, method: str, path: str
    ) -> None:
        body = {"matter": MATTER, "reference": "GN1", "amount_fen": 1} if method == "POST" else None

        answer = await http.request(method, path, json=body)

        assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")

    async def test_who_is_known_by_phone_only_proves_their_name_first(self, http: httpx.AsyncClient) -> None:
        answer = await http.get("/v1/bills", auth=await signed_in(await a_citizen(1)))

        assert answer.json()["code"] == "assurance_too_low"


class TestPay:
    async def test_takes_the_money_once_and_tells_of_it(self) -> None:
        citizen, owed = await one_who_owes()

        paid = await pay(citizen, owed)

        assert (paid.standing, paid.amount_fen, paid.account) == ("paid", AMOUNT_FEN, owed.told.account_no)
        assert await balance_fen(citizen) == 1_000 - AMOUNT_FEN
        assert (await told_of(citizen))[-2:] == ["card.charged", "bill.paid"]

    async def test_a_repeat_is_answered_as_before_also_once_the_bill_is_settled(self) -> None:
        citizen, owed = await one_who_owes()
        key = a_key()
        first = await pay(citizen, owed, key)
        owed.told = msgspec.structs.replace(owed.told, standing="paid")

        assert await pay(citizen, owed, key) == first
        with pytest.raises(IdempotencyKeyReused):
            await pay(citizen, owed, key, amount_fen=AMOUNT_FEN + 1)
        with pytest.raises(BillPaidAlready):
            await pay(citizen, owed)
        assert await balance_fen(citizen) == 1_000 - AMOUNT_FEN

    async def test_for_a_ward_comes_from_the_guardians_own_card(self) -> None:
        child = await a_resident(birth_date=clock.today())
        guardian = await a_guardian_of(child)
        await cards.open_card(guardian)
        await top_up(guardian, 1_000)
        owed = owed_by((await the_resident(child)).id_number)

        paid = await pay(guardian, owed, person_id=child)

        assert (paid.person_id, await balance_fen(guardian)) == (child, 1_000 - AMOUNT_FEN)
        with pytest.raises(BillUnknown):
            await pay(guardian, owed)
        with pytest.raises(PersonNotYours):
            await pay(await a_card_holder(1_000), owed, person_id=child)

    async def test_is_refused_by_name_and_leaves_nothing(self) -> None:
        citizen, owed = await one_who_owes()
        newcomer = msgspec.structs.replace(citizen, device_since=clock.now())
        dear, owes_much = await one_who_owes(1_000_000, amount_fen=500_001)
        without, owes = await a_citizen(), owed

        for who, bill, changes, refusal in (
            (citizen, owed, {"matter": "no_such_matter"}, MatterUnknown),
            (citizen, owed, {"matter": "vegetable_price_query"}, MatterNotPayable),
            (dear, owes_much, {}, PaymentOverLimit),
        ):
            owed_by(bill.id_number, bill.told)
            await self.refuses(who, bill, changes, refusal)
        owed_by((await the_resident(without.id)).id_number, owes.told)
        await self.refuses(without, owes, {}, CardNotOpened)
        owed_by(owed.id_number, a_heating_bill(bill_no=owed.told.bill_no, amount_fen=50_001))
        await self.refuses(newcomer, owed, {"amount_fen": 50_001}, NewDevicePaymentOverLimit)
        owed_by(owed.id_number, owed.told, away=("UT-H",))
        await self.refuses(citizen, owed, {}, DepartmentUnavailable)
        assert await balance_fen(citizen) == 1_000

    async def refuses(self, who: Citizen, owed: OneBill, changes: dict[str, Any], refusal: type[Refusal]) -> None:
        with pytest.raises(refusal):
            await pay(who, owed, **changes)
        assert await payments_of(who) == 0

    async def test_by_somebody_whose_identity_was_frozen_meanwhile_takes_nothing(self) -> None:
        citizen, owed = await one_who_owes()
        async with transaction(RESIDENTS):
            await execute("UPDATE resident SET frozen_at = $2 WHERE id = $1", citizen.id, clock.now())

        await self.refuses(citizen, owed, {}, PayerFrozen)

        assert await balance_fen(citizen) == 1_000

    async def test_what_costs_nothing_isnt_paid(self) -> None:
        citizen, owed = await one_who_owes(amount_fen=0)

        await self.refuses(citizen, owed, {"amount_fen": 1}, BillPaidAlready)


class TestBody:
    @pytest.mark.parametrize("amount", BAD_AMOUNTS)
    async def test_of_another_shape_is_refused(self, http: httpx.AsyncClient, amount: str) -> None:
        citizen, owed = await one_who_owes()
        body = f'{{"matter":"{MATTER}","reference":"{owed.told.bill_no}","amount_fen":{amount}}}'

        answer = await self.sent(http, citizen, body)

        assert answer.status_code in {400, 422}, answer.text
        assert answer.json()["code"] in {"body_wrong", "body_unreadable"}
        assert await balance_fen(citizen) == 1_000

    async def test_with_more_or_repeated_or_odd_fields_is_refused(self, http: httpx.AsyncClient) -> None:
        citizen, owed = await one_who_owes()
        whole = msgspec.json.encode(owed.body).decode()[:-1]
        for more in (',"card":"x"}', ',"amount_fen":500}', ',"person_id":"x"}', ""):
            answer = await self.sent(http, citizen, whole + more)
            assert answer.status_code in {400, 422}, answer.text
        for reference in ("", "a b", "é", "x" * 41, "A\\u0000"):
            body = f'{{"matter":"{MATTER}","reference":"{reference}","amount_fen":500}}'
            assert (await self.sent(http, citizen, body)).status_code in {400, 422}
        assert await balance_fen(citizen) == 1_000

    async def test_needs_a_key(self, http: httpx.AsyncClient) -> None:
        citizen, owed = await one_who_owes()

        answer = await http.post("/v1/bills/pay", json=owed.body, auth=await signed_in(citizen))

        assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_missing")

    async def sent(self, http: httpx.AsyncClient, citizen: Citizen, body: str) -> httpx.Response:
        key = {"idempotency-key": secrets.token_hex(8), "content-type": "application/json"}
        return await http.post("/v1/bills/pay", content=body.encode(), auth=await signed_in(citizen), headers=key)


class TestDevice:
    async def test_a_device_pays_by_a_proof_with_our_nonce(self, http: httpx.AsyncClient) -> None:
        citizen, owed = await one_who_owes()
        at_its_device = msgspec.structs.replace(citizen, level=3, device_since=clock.now() - timedelta(days=9))
        sent = await signed_in(at_its_device)

        answer = await http.post(
            "/v1/bills/pay", json=owed.body, auth=sent, headers={"idempotency-key": secrets.token_hex(8)}
        )

        assert answer.status_code == 201, answer.text
