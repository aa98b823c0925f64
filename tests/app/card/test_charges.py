"""Paying within the app: with what it is paid for or not at all, once, and given back once."""

import asyncio
from uuid import UUID

import asyncpg
import msgspec
import pytest

from app.card import cards, charges
from app.card.accounts import Clearing
from app.card.charges import Charge, Payee
from app.card.errors import BalanceTooLow, CardLost, CardNotOpened, NewDevicePaymentOverLimit, PaymentOverLimit
from app.card.limits import limit_on
from app.card.queries import transactions
from app.card.receipts import receipt_of
from app.card.states import CardStep
from app.card.verifying import ReceiptVerifier
from app.kernel import clock
from app.kernel.actors import Citizen
from app.kernel.database import transaction
from app.kernel.ids import new_id
from app.kernel.words import Words
from tests.app.card.test_ledger import the_clearing_balance
from tests.makers.cards import a_card_holder, balance_fen, ledger, told_of
from tests.makers.people import a_citizen

WATER = Payee("YTWATER", Words(zh="烟台市自来水有限公司", en="Yantai Water"))


def a_charge(citizen: Citizen, amount_fen: int) -> Charge:
    return Charge(new_id(citizen.id), WATER, amount_fen, "202611-1")


async def charged(citizen: Citizen, asked: Charge) -> UUID:
    await charges.prepare(asked.payee)
    async with transaction(citizen):
        return await charges.charge(citizen, asked)


async def given_back(citizen: Citizen, charge_id: UUID, amount_fen: int | None = None) -> UUID:
    async with transaction(citizen):
        return await charges.give_back(charge_id, amount_fen)


class TestCharge:
    async def test_moves_money_to_the_clearing_account_and_gives_a_receipt(self) -> None:
        citizen = await a_card_holder(1_000)
        before = await the_clearing_balance(citizen, Clearing.CHARGE)

        charge_id = await charged(citizen, a_charge(citizen, 300))

        shown = (await receipt_of(citizen, charge_id)).receipt
        assert await balance_fen(citizen) == 700
        assert await the_clearing_balance(citizen, Clearing.CHARGE) == before + 300
        assert (shown.kind, shown.amount_fen, shown.merchant, shown.reference) == (
            "charge",
            300,
            WATER.name,
            "202611-1",
        )
        assert (await transactions(citizen, None, 1)).items[0].direction == "out"
        found = await ReceiptVerifier().find(str(charge_id))
        assert found is not None
        assert found.holds
        assert (await told_of(citizen))[-1] == "card.charged"

    async def test_pays_once_for_one_thing(self) -> None:
        citizen = await a_card_holder(1_000)
        asked = a_charge(citizen, 300)

        several = await asyncio.gather(*(charged(citizen, asked) for _ in range(5)))

        assert len(set(several)) == 1
        assert await balance_fen(citizen) == 700
        assert (await told_of(citizen)).count("card.charged") == 1

    async def test_of_many_at_once_only_those_covered_are_paid(self) -> None:
        citizen = await a_card_holder(1_000)

        several = await asyncio.gather(
            *(charged(citizen, a_charge(citizen, 400)) for _ in range(5)), return_exceptions=True
        )

        assert sum(isinstance(one, UUID) for one in several) == 2
        assert {type(one) for one in several if not isinstance(one, UUID)} == {BalanceTooLow}
        assert await balance_fen(citizen) == 200

    async def test_is_undone_with_what_it_paid_for(self) -> None:
        citizen = await a_card_holder(1_000)
        asked = a_charge(citizen, 300)
        await charges.prepare(WATER)

        with pytest.raises(RuntimeError):
            async with transaction(citizen):
                await charges.charge(citizen, asked)
                raise RuntimeError

        assert await balance_fen(citizen) == 1_000
        assert (await ledger()).holds

    async def test_refuses_by_name(self) -> None:
        poor, loser, rich = await a_card_holder(299), await a_card_holder(1_000), await a_card_holder(1_000)
        await cards.take_step(loser, CardStep.REPORT_LOSS)
        newcomer = msgspec.structs.replace(rich, device_since=clock.now())

        for citizen, amount_fen, refusal in (
            (poor, 300, BalanceTooLow),
            (loser, 300, CardLost),
            (await a_citizen(), 300, CardNotOpened),
            (rich, limit_on(clock.today(), "charge_max_fen") + 1, PaymentOverLimit),
            (newcomer, limit_on(clock.today(), "new_device_payment_fen") + 1, NewDevicePaymentOverLimit),
        ):
            with pytest.raises(refusal):
                await charged(citizen, a_charge(citizen, amount_fen))

        assert await balance_fen(poor) == 299

    async def test_who_acts_for_somebody_pays_from_their_own_card(self) -> None:
        guardian, child = await a_card_holder(1_000), await a_citizen()
        acting = msgspec.structs.replace(guardian, id=child.id, agent_id=guardian.id)

        await charged(acting, a_charge(child, 300))

        assert await balance_fen(guardian) == 700


class TestGiveBack:
    async def test_brings_the_money_back_once(self) -> None:
        citizen = await a_card_holder(1_000)
        charge_id = await charged(citizen, a_charge(citizen, 300))

        several = await asyncio.gather(*(given_back(citizen, charge_id) for _ in range(5)))

        assert len(set(several)) == 1
        assert await balance_fen(citizen) == 1_000
        shown = (await receipt_of(citizen, several[0])).receipt
        assert (shown.kind, shown.reference) == ("return", str(charge_id))
        assert (await transactions(citizen, None, 1)).items[0].direction == "in"
        assert (await ledger()).holds

    async def test_also_to_a_card_that_was_lost_since(self) -> None:
        citizen = await a_card_holder(1_000)
        charge_id = await charged(citizen, a_charge(citizen, 300))
        await cards.take_step(citizen, CardStep.REPORT_LOSS)

        await given_back(citizen, charge_id, 200)

        assert await balance_fen(citizen) == 900

    async def test_never_more_than_was_charged(self) -> None:
        citizen = await a_card_holder(1_000)
        charge_id = await charged(citizen, a_charge(citizen, 300))

        with pytest.raises(asyncpg.CheckViolationError, match="more given back"):
            await given_back(citizen, charge_id, 301)

        assert await balance_fen(citizen) == 700

    async def test_nothing_else_than_a_charge(self) -> None:
        citizen = await a_card_holder(1_000)
        moved = (await transactions(citizen, None, 1)).items[0]

        with pytest.raises(LookupError):
            await given_back(citizen, moved.id)
