"""What the database holds of refunds whatever Python does, and whatever comes at once."""

import asyncio
import secrets
from uuid import UUID

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.card import payments
from app.card.giving_back import refund_posting, the_payment
from app.card.ledger import Outcome, Posting, post
from app.card.receipts import SYSTEM
from app.card.terminal_requests import Request
from app.kernel.actors import Terminal
from app.kernel.database import fetch_value, transaction
from app.kernel.errors import Refusal
from app.kernel.ids import new_id
from tests.makers.cards import (
    a_card_holder,
    a_paid,
    a_payment,
    a_request,
    a_till,
    balance_fen,
    ledger,
    pay,
    refund,
    reverse,
)


class TestDatabase:
    """What holds whatever Python does."""

    async def test_refuses_more_than_was_paid(self) -> None:
        citizen, till, payment = await a_paid()
        posting = await a_refund_posting(till, payment, 301)

        assert (await posted(posting)).code == "refund_over_payment"
        assert await balance_fen(citizen) == 700

    async def test_refuses_to_give_back_to_another_card_or_from_another_account(self) -> None:
        citizen, till, payment = await a_paid()
        stranger = await a_card_holder(500)
        posting = await a_refund_posting(till, payment, 100)
        async with transaction(SYSTEM):
            other = await fetch_value("SELECT account_id FROM card WHERE citizen_id = $1", stranger.id)

        for wrong in (
            {"credit": other},
            {"credit": other, "citizen_id": stranger.id},
            {"debit": other},
            {"merchant_code": "M9"},
            {"returns": new_id(citizen.id)},
            {"returns": None},
            {"sequence": None},
            {"kind": "reversal"},
        ):
            told = {name: getattr(posting, name) for name in Posting.__struct_fields__}
            with pytest.raises(asyncpg.PostgresError):
                await posted(Posting(**(told | wrong)))

        assert (await balance_fen(citizen), await balance_fen(stranger)) == (700, 500)


async def a_refund_posting(till: Terminal, payment: UUID, fen: int) -> Posting:
    async with transaction(SYSTEM):
        paid = await the_payment(till, payment)
    return refund_posting(till, paid, Request(till.principal, secrets.token_hex(8), 77, b"f"), fen)


async def posted(posting: Posting) -> Outcome:
    async with transaction(SYSTEM):
        return await post(posting)


STEP = st.one_of(
    st.tuples(st.just("pay"), st.integers(1, 400)),
    st.tuples(st.just("refund"), st.integers(1, 300)),
    st.tuples(st.just("reverse"), st.integers(0, 3)),
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(STEP, min_size=3, max_size=10))
async def test_any_refunds_and_reversals_at_once_leave_the_card_with_no_more_than_its_funds(
    steps: list[tuple[str, int]],
) -> None:
    citizen, till = await a_card_holder(1_000), a_till()
    asked = [await a_payment(citizen, 250, number) for number in range(1, 4)]
    paid = [(await payments.pay(till, one, a_request(one))).receipt.id for one in asked[:2]]

    async def do(number: int, what: str, fen: int) -> object:
        if what == "pay":
            return await pay(till, citizen, fen, number)
        if what == "refund":
            return await refund(till, paid[number % 2], fen, number)
        return await reverse(till, asked[fen % 3])

    outcomes = await asyncio.gather(*(do(at + 50, *step) for at, step in enumerate(steps)), return_exceptions=True)

    assert all(isinstance(one, Refusal) or not isinstance(one, BaseException) for one in outcomes), outcomes
    assert 0 <= await balance_fen(citizen) <= 1_000
    assert (await ledger()).holds
