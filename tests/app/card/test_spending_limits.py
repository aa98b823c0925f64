"""What a card may spend in a payment, a day and a month holds in the database, whatever races, as `limits_for` says it."""

import asyncio
import random
from datetime import timedelta

import pytest

from app.audit.acts import Act
from app.card import codes, payments
from app.card.classes import CardClass
from app.card.errors import DayLimitReached, MonthLimitReached, PaymentOverLimit
from app.card.events import CardPaid
from app.card.limits import LIMIT_COLUMNS, limits_for
from app.card.numbers import last_digits
from app.card.receipts import SYSTEM
from app.card.structs import SignedReceipt
from app.card.terminal_structs import TerminalPayment
from app.kernel import clock
from app.kernel.actors import Citizen
from app.kernel.database import execute, fetch_one, transaction
from app.kernel.ids import shard_of
from tests.makers.cards import a_card_holder, a_request, a_till, ledger, pay, reverse, the_card

TILL = a_till()
NUMBERS = iter(range(1, 10_000))


async def lower(citizen: Citizen, **columns: object) -> None:
    async with transaction(SYSTEM):
        for name, value in columns.items():
            await execute(
                f"UPDATE card SET {name} = $3 WHERE shard = $1 AND citizen_id = $2",
                shard_of(citizen.id),
                citizen.id,
                value,
            )


async def a_payment_at(citizen: Citizen, amount_fen: int, level: int = 3) -> TerminalPayment:
    card = await the_card(citizen)
    code = codes.new_code(card["id"], clock.now(), level=level, digits=last_digits(card["number"]))
    return TerminalPayment(sequence=next(NUMBERS), amount_fen=amount_fen, payer_code=codes.write_code(code))


async def spend(citizen: Citizen, amount_fen: int, level: int = 3) -> SignedReceipt:
    payment = await a_payment_at(citizen, amount_fen, level)
    return await payments.pay(TILL, payment, a_request(payment))


class TestADay:
    async def test_is_spent_to_the_last_fen_and_no_further(self) -> None:
        citizen = await a_card_holder(5_000)
        await lower(citizen, own_day_fen=1_000)

        await spend(citizen, 600)
        await spend(citizen, 400)
        with pytest.raises(DayLimitReached) as refused:
            await spend(citizen, 1)

        assert set(refused.value.facts) == {"sequence"}
        assert (await ledger()).holds

    async def test_is_not_exceeded_by_fifty_at_once(self) -> None:
        citizen = await a_card_holder(50_000)
        await lower(citizen, own_day_fen=1_000)

        outcomes = await asyncio.gather(*(spend(citizen, 100) for _ in range(50)), return_exceptions=True)

        assert sum(isinstance(one, SignedReceipt) for one in outcomes) == 10
        assert sum(isinstance(one, DayLimitReached) for one in outcomes) == 40

    async def test_begins_anew_but_the_month_goes_on(self, monkeypatch: pytest.MonkeyPatch) -> None:
        citizen, now = await a_card_holder(5_000), clock.now()
        begins = now.replace(day=10, hour=12)
        await lower(citizen, own_day_fen=1_000, own_month_fen=1_500, opened_at=begins)

        for days, amount, refusal in ((0, 1_000, None), (1, 501, MonthLimitReached), (1, 500, None), (31, 1_000, None)):
            monkeypatch.setattr(clock, "now", lambda days=days: begins + timedelta(days=days))
            if refusal is None:
                await spend(citizen, amount)
            else:
                with pytest.raises(refusal):
                    await spend(citizen, amount)

    async def test_has_room_again_for_what_was_reversed(self) -> None:
        citizen = await a_card_holder(5_000)
        await lower(citizen, own_day_fen=1_000)
        payment = await a_payment_at(citizen, 1_000)
        await payments.pay(TILL, payment, a_request(payment))

        await reverse(TILL, payment)

        await spend(citizen, 1_000)


async def test_the_database_counts_as_limits_for_does() -> None:
    draws = random.Random(20261129)
    for _ in range(12):
        citizen, level = await a_card_holder(200_000), draws.choice((2, 3))
        own = {
            f"{kind}_{name}_fen": draws.choice((None, draws.randint(2, 90_000)))
            for kind in ("own", "raised")
            for name in ("payment", "day", "month")
        }
        starts = clock.today() + timedelta(days=draws.choice((-1, 0, 1)))
        await lower(citizen, card_class=draws.choice(list(CardClass)).value, raised_from=starts, **own)
        async with transaction(SYSTEM):
            row = await fetch_one(
                f"SELECT {LIMIT_COLUMNS} FROM card c WHERE c.shard = $1 AND c.citizen_id = $2",
                shard_of(citizen.id),
                citizen.id,
            )
        assert row is not None
        limits = limits_for(row, level, clock.today())

        with pytest.raises(PaymentOverLimit):
            await spend(citizen, limits.payment_fen + 1, level)
        await spend(citizen, limits.payment_fen, level)
        if 2 * limits.payment_fen <= limits.day_fen:
            await spend(citizen, limits.payment_fen, level)
        else:
            with pytest.raises((DayLimitReached, MonthLimitReached)):
                await spend(citizen, limits.payment_fen, level)


async def test_a_payment_is_told_and_sealed_as_any_other_act() -> None:
    citizen = await a_card_holder(1_000)

    paid = await pay(TILL, citizen, 300, sequence=next(NUMBERS))

    async with transaction(SYSTEM):
        told = await fetch_one(
            "SELECT o.*, a.act, a.actor_kind, a.actor_department, a.basis_kind, a.at AS acted_at, u.id IS NOT NULL AS waits FROM outbox o "
            "JOIN act a ON a.shard = o.shard AND a.subject_id = o.subject_id LEFT JOIN unnumbered_acts u ON a.id = ANY (u.acts) "
            "WHERE o.shard = $1 AND o.subject_id = $2",
            *(shard_of(citizen.id), paid.receipt.id),
        )
    assert told is not None
    assert (told["kind"], told["version"], told["cause_id"], told["attempts"]) == (
        CardPaid.kind,
        CardPaid.version,
        None,
        0,
    )
    assert (told["stream"], told["citizen_id"], told["actor"]) == (citizen.id, citizen.id, TILL.principal)
    assert told["at"] == told["try_at"] == told["acted_at"] == paid.receipt.at
    assert (told["act"], told["actor_kind"], told["actor_department"], told["basis_kind"]) == (
        *(Act.CARD_PAID.value, "terminal"),
        *(None, None),
    )
    assert told["waits"]
