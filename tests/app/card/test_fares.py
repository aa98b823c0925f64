"""Fares: a bus learns by which fare somebody rides, a shop learns nothing."""

from datetime import timedelta

import httpx
import pytest

from app.card import cards, fares
from app.card.errors import CardLost, CardReplaced, NoFaresHere, PayerCodeExpired, PayerCodeWrong
from app.card.merchants import register_merchant
from app.card.receipts import SYSTEM
from app.card.states import CardStep
from app.card.terminal_structs import FareQuestion
from app.kernel import clock
from app.kernel.actors import Citizen, Terminal
from app.kernel.database import execute, transaction
from app.kernel.ids import shard_of
from app.kernel.words import Words
from tests.makers.callers import a_terminal
from tests.makers.card_holders import replaced
from tests.makers.cards import a_card_holder, a_till, pay

BUS = ("BUS-1", Words(zh="公交集团", en="City buses"), "4131")


async def a_bus() -> Terminal:
    """A reader on a bus."""
    await register_merchant(*BUS)
    return a_till("bus-000001", BUS[0])


async def a_rider(card_class: str, until_days: int | None = None) -> Citizen:
    """A citizen whose card is of a class, which may have ended."""
    citizen = await a_card_holder(1_000)
    until = None if until_days is None else clock.today() + timedelta(days=until_days)
    async with transaction(SYSTEM):
        await execute(
            "UPDATE card SET card_class = $3, class_until = $4 WHERE shard = $1 AND citizen_id = $2",
            *(shard_of(citizen.id), citizen.id, card_class, until),
        )
    return citizen


async def asked(citizen: Citizen) -> FareQuestion:
    """The question with a new code of somebody's."""
    return FareQuestion((await cards.payer_code(citizen)).code)


@pytest.mark.parametrize(
    ("card_class", "until_days", "fare"),
    [
        ("ordinary", None, 10),
        ("child", None, 10),
        ("student", 0, 20),
        ("student", -1, 10),
        ("elder_60", 100, 30),
        ("elder_65", None, 31),
        ("disabled", None, 40),
    ],
)
async def test_a_bus_learns_the_fare_and_the_code_pays_after(
    card_class: str, until_days: int | None, fare: int
) -> None:
    citizen, bus = await a_rider(card_class, until_days), await a_bus()

    assert (await fares.fare_of(bus, await asked(citizen))).fare_class == fare
    assert (await pay(bus, citizen, 100)).receipt.amount_fen == 100


async def test_a_shop_learns_nothing() -> None:
    with pytest.raises(NoFaresHere):
        await fares.fare_of(a_till(), await asked(await a_rider("disabled")))


async def test_a_code_that_does_not_pay_has_no_fare(monkeypatch: pytest.MonkeyPatch) -> None:
    citizen, bus = await a_rider("student"), await a_bus()
    question = await asked(citizen)

    with pytest.raises(PayerCodeWrong):
        await fares.fare_of(bus, FareQuestion("A" * 119))
    await cards.take_step(citizen, CardStep.REPORT_LOSS)
    with pytest.raises(CardLost):
        await fares.fare_of(bus, question)
    await replaced(citizen, "lost")
    with pytest.raises(CardReplaced):
        await fares.fare_of(bus, question)
    late = clock.now() + timedelta(minutes=2)
    monkeypatch.setattr(clock, "now", lambda: late)
    with pytest.raises(PayerCodeExpired):
        await fares.fare_of(bus, question)


async def test_is_answered_under_a_signature_and_to_terminals_only(shop: httpx.AsyncClient) -> None:
    await register_merchant(*BUS)
    question = {"payer_code": (await asked(await a_rider("student"))).payer_code}

    answer = await shop.post("/v1/terminal/fares", json=question, auth=await a_terminal(BUS[0]))

    assert (answer.status_code, answer.json()) == (200, {"fare_class": 20})
    assert answer.headers["signature"]
    assert (await shop.post("/v1/terminal/fares", json=question)).status_code == 401
