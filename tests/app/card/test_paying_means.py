"""What an account says may be paid from it is what its card and its holder allow, whoever changes them and when."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from app.card import cancelling, cards, own_limits, payments, terminal_requests
from app.card.cards import take_step
from app.card.errors import BalanceTooLow, CardLost, PayerFrozen, PaymentOverLimit
from app.card.receipts import SYSTEM
from app.card.states import CardStep
from app.card.structs import OwnLimits, SignedReceipt
from app.kernel import clock
from app.kernel.actors import Citizen
from app.kernel.database import execute, fetch_one, transaction
from app.kernel.ids import shard_of
from app.kernel.settings import Settings
from tests.app.card.test_ledger import vandalism
from tests.makers.card_holders import replaced
from tests.makers.cards import a_card_holder, a_payment, a_request, a_till, balance_fen, ledger, pay, the_card, top_up
from tests.makers.people import a_citizen

NEVER = 2**63 - 1


async def holder_is(citizen: Citizen, **fields: object) -> None:
    """Change the holder's row, as the room of residents does."""
    async with transaction(SYSTEM):
        for name, value in fields.items():
            await execute(
                f"UPDATE resident SET {name} = $3 WHERE shard = $1 AND id = $2",
                *(shard_of(citizen.id), citizen.id, value),
            )


async def means(citizen: Citizen) -> tuple[object, ...]:
    """What the account says: the card that pays, its class, the most of a payment, day and month, and from when on a code counts."""
    async with transaction(SYSTEM):
        row = await fetch_one(
            "SELECT paying_card, card_class, most_payment_fen, most_day_fen, most_month_fen, shown_from FROM account "
            "WHERE shard = $1 AND citizen_id = $2",
            *(shard_of(citizen.id), citizen.id),
        )
    assert row is not None
    return tuple(row)


async def frozen(citizen: Citizen) -> None:
    await holder_is(citizen, frozen_at=clock.now())


async def thawed(citizen: Citizen) -> None:
    await frozen(citizen)
    await holder_is(citizen, frozen_at=None)


async def dead(citizen: Citizen) -> None:
    await holder_is(citizen, died_on=clock.today())


async def on_a_new_phone(citizen: Citizen) -> None:
    await holder_is(citizen, means_from=clock.now())


async def lost(citizen: Citizen) -> None:
    await take_step(citizen, CardStep.REPORT_LOSS)


async def found(citizen: Citizen) -> None:
    await lost(citizen)
    await take_step(citizen, CardStep.REPORT_FOUND)


async def replaced_by_another(citizen: Citizen) -> None:
    await replaced(citizen)


async def cancelled(citizen: Citizen) -> None:
    await cancelling.cancel(citizen, a_request())


async def bounded(citizen: Citizen) -> None:
    await own_limits.choose(citizen, OwnLimits(5_000, 2_000, None), None)


async def of_another_class(citizen: Citizen) -> None:
    async with transaction(SYSTEM):
        await execute(
            "UPDATE card SET card_class = 'student' WHERE shard = $1 AND citizen_id = $2",
            *(shard_of(citizen.id), citizen.id),
        )


class TestFollows:
    @pytest.mark.parametrize(
        "change",
        [
            *(frozen, thawed, dead, on_a_new_phone, lost, found, replaced_by_another, cancelled, bounded),
            of_another_class,
        ],
    )
    async def test_whatever_happens(self, change: Callable[[Citizen], Awaitable[None]]) -> None:
        citizen = await a_card_holder(1_000)

        await change(citizen)

        assert (await ledger()).means_otherwise == 0

    async def test_the_card_that_pays(self) -> None:
        citizen = await a_card_holder()
        first = (await the_card(citizen))["id"]
        assert await means(citizen) == (first, "ordinary", None, None, None, 0)

        await lost(citizen)
        assert (await means(citizen))[0] is None

        await replaced(citizen)
        assert (await means(citizen))[0] == (await the_card(citizen))["id"] != first

    async def test_a_holder_who_is_frozen_and_one_who_isnt_any_more(self) -> None:
        citizen, since = await a_card_holder(), clock.now() - timedelta(hours=1)

        await frozen(citizen)
        assert (await means(citizen))[-1] == NEVER

        await holder_is(citizen, frozen_at=None, means_from=since)
        assert (await means(citizen))[-1] == clock.to_epoch_micros(since)

    async def test_a_holder_who_was_frozen_before_the_card_was_opened(self) -> None:
        citizen = await a_citizen()
        await frozen(citizen)

        await cards.open_card(citizen)

        assert (await means(citizen))[-1] == NEVER

    async def test_the_lowest_of_the_holders_limits(self) -> None:
        citizen = await a_card_holder()

        await bounded(citizen)

        assert (await means(citizen))[2:5] == (2_000, 2_000, None)

    async def test_the_lowest_of_the_holders_limits_but_what_was_raised_is_paid_all_the_same(self) -> None:
        citizen, till = await a_card_holder(1_000), a_till()
        async with transaction(SYSTEM):
            await execute(
                "UPDATE card SET own_payment_fen = 100, raised_payment_fen = 500, raised_from = $3 WHERE shard = $1 AND citizen_id = $2",
                *(shard_of(citizen.id), citizen.id, clock.today()),
            )
        assert (await means(citizen))[2] == 100

        await pay(till, citizen, 500)
        with pytest.raises(PaymentOverLimit):
            await pay(till, citizen, 501, sequence=2)

    async def test_and_the_ledger_finds_one_that_doesnt(self, settings: Settings) -> None:
        citizen = await a_card_holder()
        await lost(citizen)
        change = "UPDATE account SET paying_card = {} WHERE citizen_id = '" + str(citizen.id) + "'"

        async with vandalism(settings, change.format(f"'{(await the_card(citizen))['id']}'")):
            proof = await ledger()
        async with vandalism(settings, change.format("NULL")):
            pass

        assert (proof.holds, proof.means_otherwise) == (False, 1)


class TestRaces:
    async def test_a_freeze_beside_the_opening_of_the_card_is_never_missed(self) -> None:
        people = [await a_citizen() for _ in range(20)]

        await asyncio.gather(*(step for one in people for step in (cards.open_card(one), frozen(one))))

        assert [(await means(one))[-1] for one in people] == [NEVER] * len(people)

    async def test_a_freeze_beside_the_replacement_of_the_card_is_never_missed_and_neither_waits_in_a_circle(
        self,
    ) -> None:
        people = [await a_card_holder(1_000) for _ in range(10)]

        await asyncio.gather(*(step for one in people for step in (replaced(one), frozen(one))))

        assert [(await means(one))[-1] for one in people] == [NEVER] * len(people)
        assert (await ledger()).means_otherwise == 0

    @pytest.mark.parametrize(("stop", "refusal"), [(frozen, PayerFrozen), (lost, CardLost)])
    async def test_a_payment_beside_it_pays_or_is_refused_and_none_pays_after_it(
        self, stop: Callable[[Citizen], Awaitable[None]], refusal: type[Exception]
    ) -> None:
        till, people = a_till(), [await a_card_holder(1_000) for _ in range(10)]
        asked = [await a_payment(one, 300, number) for number, one in enumerate(people, 1)]
        late = [await a_payment(one, 300, number) for number, one in enumerate(people, 101)]

        came = await asyncio.gather(
            *(
                step
                for one, payment in zip(people, asked, strict=True)
                for step in (payments.pay(till, payment, a_request(payment)), stop(one))
            ),
            return_exceptions=True,
        )
        after = await asyncio.gather(*(payments.pay(till, one, a_request(one)) for one in late), return_exceptions=True)

        paid = [isinstance(one, SignedReceipt) for one in came[::2]]
        assert all(isinstance(one, SignedReceipt | refusal) for one in came[::2])
        assert [type(one) for one in after] == [refusal] * len(people)
        assert [await balance_fen(one) for one in people] == [700 if was_paid else 1_000 for was_paid in paid]


class TestDeclines:
    async def test_stand_when_claims_are_forgotten(self, monkeypatch: pytest.MonkeyPatch) -> None:
        citizen, till = await a_card_holder(100), a_till()
        payment = await a_payment(citizen, 300)
        once = a_request(payment)
        with pytest.raises(BalanceTooLow):
            await payments.pay(till, payment, once)
        monkeypatch.setattr(terminal_requests, "KEPT", -timedelta(days=1))
        await terminal_requests.sweep()
        await top_up(citizen, 500)

        with pytest.raises(BalanceTooLow):
            await payments.pay(till, payment, once)

        assert await balance_fen(citizen) == 600
