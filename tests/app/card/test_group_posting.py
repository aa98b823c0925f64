"""Payments posted together: each has its own outcome, the same as if it had been posted alone, and the books hold."""

import asyncio
import secrets
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.card import payments
from app.card.accounts import Clearing, clearing_account
from app.card.cards import take_step
from app.card.errors import BalanceTooLow, SequenceReused
from app.card.ledger import Outcome, Posting, post
from app.card.receipts import SYSTEM
from app.card.states import CardStep
from app.card.structs import SignedReceipt
from app.card.taking import Payment, take_payments
from app.card.terminal_requests import Request, claim
from app.kernel import clock
from app.kernel.actors import Citizen
from app.kernel.database import fetch_value, transaction
from app.kernel.idempotency import IdempotencyKeyReused
from app.kernel.ids import new_id, shard_of
from tests.makers.cards import (
    a_card_holder,
    a_payment,
    a_request,
    a_till,
    balance_fen,
    ledger,
    pay,
    the_card,
    told_of,
)


async def asked_for(citizen: Citizen, fen: int, number: int, key: str = "", code: int = 0) -> Payment:
    """A payment at a till that only this citizen pays at; the same number, key, code and amount make the same request."""
    card = await the_card(citizen)
    code_id = UUID(int=citizen.id.int ^ 1 << 70) if code else new_id(citizen.id)
    return Payment(
        id=new_id(citizen.id),
        shard=shard_of(citizen.id),
        card_id=card["id"],
        code_id=code_id,
        shown_micros=clock.epoch_micros(),
        level=3,
        amount_fen=fen,
        principal=f"terminal:t-{citizen.id}",
        request_key=key or secrets.token_hex(8),
        fingerprint=f"{citizen.id} {fen} {number} {key}".encode(),
        sequence=number,
        merchant_code="M1",
        receipt=b"{}",
        clearing=clearing_account(shard_of(citizen.id), Clearing.TERMINAL),
    )


async def together(*asked: Payment) -> list[Outcome]:
    return await take_payments(asked, clock.now())


async def test_gives_each_its_own_outcome() -> None:
    people = [await a_card_holder(1_000) for _ in range(7)]
    known = await asked_for(people[4], 100, 50)
    await together(known)
    spent = await asked_for(people[5], 100, 60, code=1)
    await together(spent)
    await take_step(people[2], CardStep.REPORT_LOSS)

    outcomes = await together(
        await asked_for(people[0], 300, 1),
        await asked_for(people[1], 1_001, 2),
        await asked_for(people[2], 300, 3),
        (await asked_for(people[3], 300, 4))._replace(doubt="payer_code_expired"),
        known,
        await asked_for(people[5], 100, 6, code=1),
        await asked_for(people[6], 1_000, 7),
    )

    assert [one.code for one in outcomes] == [
        *("posted", "balance_too_low", "card_lost", "payer_code_expired", "repeated", "payer_code_spent", "posted")
    ]
    assert outcomes[4].transfer_id == known.id
    assert [await balance_fen(person) for person in people] == [700, 1_000, 1_000, 1_000, 900, 900, 0]
    assert (await ledger()).holds


async def test_takes_nothing_by_a_code_of_a_level_that_has_no_limits() -> None:
    citizen = await a_card_holder(1_000)

    (outcome,) = await together((await asked_for(citizen, 1, 1))._replace(level=9))

    assert outcome.code == "payment_over_limit"
    assert await balance_fen(citizen) == 1_000


async def test_keeps_each_decline_a_decline() -> None:
    citizen = await a_card_holder(100)
    asked = await asked_for(citizen, 300, 1)

    first, again = (await together(asked))[0], (await together(asked))[0]

    assert first == again == Outcome("balance_too_low", asked.id)
    async with transaction(SYSTEM):
        assert await fetch_value("SELECT count(*) FROM declined_payment WHERE citizen_id = $1", citizen.id) == 1


async def test_credits_each_shard_once_with_the_sum() -> None:
    people = [await a_card_holder(1_000) for _ in range(12)]
    shards = {shard_of(person.id) for person in people}

    async def cleared() -> int:
        async with transaction(SYSTEM):
            total: int = await fetch_value(
                "SELECT sum(balance_fen)::int8 FROM account WHERE kind = 'terminal_clearing' AND shard = ANY ($1::int4[])",
                list(shards),
            )
        return total

    before = await cleared()
    await together(*[await asked_for(person, 10 + at, 200 + at) for at, person in enumerate(people)])

    assert await cleared() - before == sum(10 + at for at in range(12))


async def test_takes_two_payments_of_a_card_one_after_the_other() -> None:
    citizen, other = await a_card_holder(1_000), await a_card_holder(1_000)

    outcomes = await together(
        await asked_for(other, 10, 1), await asked_for(citizen, 600, 2), await asked_for(citizen, 600, 3)
    )

    assert outcomes[0].code == "posted"
    assert {one.code for one in outcomes[1:]} == {"posted", "balance_too_low"}
    assert (await balance_fen(citizen), await balance_fen(other)) == (400, 990)


async def test_never_waits_in_a_circle_with_another_batch_of_the_same_cards() -> None:
    people = [await a_card_holder(1_000) for _ in range(8)]
    rounds = 10

    for number in range(rounds):
        there = [await asked_for(person, 1, 2 * number + 1) for person in people]
        back = [await asked_for(person, 1, 2 * number + 2) for person in reversed(people)]
        outcomes = await asyncio.gather(together(*there), together(*back))
        assert {one.code for batch in outcomes for one in batch} == {"posted"}

    assert [await balance_fen(person) for person in people] == [1_000 - 2 * rounds] * len(people)


async def test_takes_from_an_account_that_another_transaction_changes_what_it_holds_afterwards() -> None:
    citizen, other = await a_card_holder(1_000), await a_card_holder(1_000)
    before = await by_itself(citizen, await asked_for(citizen, 300, 1))
    later, beside = await asked_for(citizen, 800, 2), await asked_for(other, 10, 1)
    async with transaction(SYSTEM):
        await post(before)
        asked = asyncio.create_task(together(later, beside))
        await asyncio.sleep(0.1)

    assert [one.code for one in await asked] == ["balance_too_low", "posted"]
    assert (await balance_fen(citizen), await balance_fen(other)) == (700, 990)


async def test_answers_a_wrong_code_alike_each_time_and_keeps_its_number_for_that_request() -> None:
    citizen = await a_card_holder(1_000)
    right = await asked_for(citizen, 100, 1)
    wrong = right._replace(card_id=new_id(citizen.id), request_key="another-key", fingerprint=b"another request")

    outcomes = [(await together(one))[0].code for one in (wrong, wrong, right)]

    assert outcomes == ["payer_code_wrong", "payer_code_wrong", "sequence_reused"]
    assert await balance_fen(citizen) == 1_000


async def test_serves_the_others_when_two_cards_are_asked_for_under_one_number() -> None:
    people, till = [await a_card_holder(1_000) for _ in range(40)], a_till()
    asked = [(person, 1 if at in {3, 17} else at + 10) for at, person in enumerate(people)]

    outcomes = await asyncio.gather(*(pay(till, person, 5, number) for person, number in asked), return_exceptions=True)

    assert sum(isinstance(one, SignedReceipt) for one in outcomes) == 39
    assert sum([await balance_fen(person) for person in people]) == 40 * 1_000 - 39 * 5


async def test_tells_and_seals_each_under_its_own_terminal() -> None:
    people, tills = [await a_card_holder(1_000) for _ in range(5)], [a_till(f"t-{at}") for at in range(5)]

    await asyncio.gather(*(pay(till, person, 5) for till, person in zip(tills, people, strict=True)))

    for till, person in zip(tills, people, strict=True):
        assert (await told_of(person)).count("card.paid") == 1
        async with transaction(SYSTEM):
            seen = await fetch_value(
                "SELECT array_agg(o.actor || ' ' || a.actor) FROM outbox o JOIN act a ON a.shard = o.shard AND a.subject_id = o.subject_id "
                "WHERE o.shard = $1 AND o.citizen_id = $2 AND o.kind = 'card.paid' AND a.act = 'card_paid'",
                *(shard_of(person.id), person.id),
            )
        assert seen == [f"{till.principal} {till.principal}"]


async def test_pays_though_whoever_asked_went_away() -> None:
    citizen, till = await a_card_holder(1_000), a_till()
    payment = await a_payment(citizen, 300)
    asked = asyncio.create_task(payments.pay(till, payment, once := a_request(payment)))
    await asyncio.sleep(0.001)
    asked.cancel()
    await payments.finish()

    assert (await payments.pay(till, payment, once)).receipt.amount_fen == 300
    assert await balance_fen(citizen) == 700


async def test_lets_one_of_fifty_spend_all_while_others_pay_along() -> None:
    rich, poor = [await a_card_holder(1_000) for _ in range(10)], await a_card_holder(1_000)
    asked = [pay(a_till(), poor, 1_000, number) for number in range(1, 51)]
    asked += [pay(a_till("t-2"), person, 1, at + 1) for at, person in enumerate(rich)]

    outcomes = await asyncio.gather(*asked, return_exceptions=True)

    assert sum(isinstance(one, SignedReceipt) for one in outcomes[:50]) == 1
    assert sum(isinstance(one, BalanceTooLow) for one in outcomes[:50]) == 49
    assert all(isinstance(one, SignedReceipt) for one in outcomes[50:])
    assert await balance_fen(poor) == 0


STEP = st.tuples(st.integers(1, 400), st.integers(1, 4), st.sampled_from(("", "key-1", "key-2")), st.integers(0, 1))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(STEP, min_size=1, max_size=8))
async def test_judges_as_a_single_posting_does(steps: list[tuple[int, int, str, int]]) -> None:
    """Two cards live through the same requests, one by claims and `post_transfer`, and one by `take_payments`."""
    alone, grouped = await a_card_holder(500), await a_card_holder(500)
    codes: list[tuple[str, str]] = []
    for fen, number, key, code in steps:
        one, other = [
            await asked_for(citizen, fen, number, key and f"{key} {citizen.id}", code) for citizen in (alone, grouped)
        ]
        codes.append((await became_of(alone, one), (await together(other))[0].code))

    assert [one for one, _ in codes] == [other for _, other in codes]
    assert await balance_fen(alone) == await balance_fen(grouped)


async def became_of(citizen: Citizen, asked: Payment) -> str:
    """What becomes of a payment that is posted alone."""
    try:
        await claim(Request(asked.principal, asked.request_key, asked.sequence, asked.fingerprint))
    except (IdempotencyKeyReused, SequenceReused) as refused:
        return refused.code
    async with transaction(SYSTEM):
        return (await post(await by_itself(citizen, asked))).code


async def by_itself(citizen: Citizen, asked: Payment) -> Posting:
    """The same payment as a transfer to be posted alone."""
    same = (
        "id",
        "amount_fen",
        "principal",
        "request_key",
        "fingerprint",
        "sequence",
        "merchant_code",
        "code_id",
        "receipt",
    )
    return Posting(
        citizen_id=citizen.id,
        at=clock.now(),
        kind="payment",
        debit=(await the_card(citizen))["account_id"],
        credit=clearing_account(shard_of(citizen.id), Clearing.TERMINAL),
        **{name: getattr(asked, name) for name in same},
    )


async def test_asks_for_payments_just_as_the_database_reads_them() -> None:
    async with transaction(SYSTEM):
        fields = await fetch_value(
            "SELECT array_agg(attname::text ORDER BY attnum) FROM pg_attribute WHERE attrelid = 'payment_asked'::regclass"
        )

    assert tuple(fields) == Payment._fields


async def test_takes_and_judges_side_by_side_what_two_batches_want_of_the_same_cards() -> None:
    people = [await a_card_holder(100) for _ in range(30)]
    first = [await asked_for(person, 60, 1) for person in people]
    second = [await asked_for(person, 60, 2) for person in reversed(people)]

    async with transaction(SYSTEM):
        await post(await by_itself(people[15], await asked_for(people[15], 1, 9)))
        both = [asyncio.create_task(together(*batch)) for batch in (first, second)]
        await asyncio.sleep(0.2)
    one, other = await asyncio.gather(*both)

    became = [{a.code, b.code} for a, b in zip(one, reversed(other), strict=True)]
    assert became == [{"posted", "balance_too_low"}] * len(people)
    assert [await balance_fen(person) for person in people] == [40] * 15 + [39] + [40] * 14
    assert (await ledger()).holds


async def test_takes_once_what_two_batches_ask_for_at_once() -> None:
    citizen, *others = [await a_card_holder(1_000) for _ in range(5)]
    asked = await asked_for(citizen, 100, 1)
    again = asked._replace(id=new_id(citizen.id))
    beside = [await asked_for(other, 100, 1) for other in others]

    one, other = await asyncio.gather(together(asked, *beside[:2]), together(again, *beside[2:]))

    assert {one[0].code, other[0].code} == {"posted", "repeated"}
    assert one[0].transfer_id == other[0].transfer_id
    assert [each.code for each in (*one[1:], *other[1:])] == ["posted"] * 4
    assert [await balance_fen(person) for person in (citizen, *others)] == [900] * 5
