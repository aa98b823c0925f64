"""Batches without a line: each sale once, whatever is repeated, torn apart, put together, changed or copied."""

import asyncio
import contextvars
import random
from collections.abc import Sequence
from datetime import timedelta

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.card import cards, taking
from app.card.ledger import Outcome, Posting, post_offline
from app.card.receipts import SYSTEM, receipt_of
from app.card.states import CardStep
from app.kernel import clock
from app.kernel.database import execute, fetch_value, transaction
from app.kernel.ids import shard_of
from app.kernel.settings import load
from app.offline import batches, checking, denials, posting
from app.offline.checking import OfflineWrong, offline_finding
from app.offline.issuer import OFFLINE
from tests.app.card.test_group_posting import asked_for
from tests.makers.cards import balance_fen, ledger, pay, refund, told_of
from tests.makers.offline import POSTED, Phone, a_bus, a_phone_that_pays, became, found, reissued


class TestGoodSales:
    async def test_are_posted_with_receipts_of_when_they_were_sold(self) -> None:
        phone, bus, sold_at = await a_phone_that_pays(1_000), await a_bus(), clock.now() - timedelta(hours=1)
        phone = await reissued(phone, begins=-5_400)

        judged = await bus.sell(bus.sale(phone, 300, sold_at=sold_at), bus.sale(phone, 250))

        assert became(judged) == [POSTED, POSTED]
        assert await balance_fen(phone.citizen) == 450
        assert (await told_of(phone.citizen)).count("card.paid") == 2
        transaction_id = judged.sales[0].transaction_id
        assert transaction_id is not None
        receipt = (await receipt_of(phone.citizen, transaction_id)).receipt
        assert (receipt.at, receipt.amount_fen, receipt.sequence) == (sold_at, 300, 1)
        assert (receipt.terminal_code, receipt.reference) == (bus.terminal.code, "offline 1-1")
        assert await found(bus.terminal) == []

    async def test_never_meet_the_numbers_of_payments_with_a_line(self) -> None:
        phone, bus = await a_phone_that_pays(1_000), await a_bus()

        await pay(bus.terminal, phone.citizen, 100, sequence=1)
        judged = await bus.sell(bus.sale(phone, 100))

        assert became(judged) == [POSTED]
        assert await balance_fen(phone.citizen) == 800

    async def test_can_be_refunded_by_their_transaction(self) -> None:
        phone, bus = await a_phone_that_pays(1_000), await a_bus()
        judged = await bus.sell(bus.sale(phone, 300))
        assert judged.sales[0].transaction_id is not None

        await refund(bus.terminal, judged.sales[0].transaction_id, 120)

        assert await balance_fen(phone.citizen) == 820
        assert (await ledger()).holds

    async def test_of_a_card_that_was_lost_since_are_paid_by_it(self) -> None:
        phone, bus = await a_phone_that_pays(1_000), await a_bus()
        sale = bus.sale(phone, 300)
        await cards.take_step(phone.citizen, CardStep.REPORT_LOSS)
        await denials.review(phone.citizen.id)

        assert became(await bus.sell(sale)) == [POSTED]
        assert await balance_fen(phone.citizen) == 700


class TestRepeats:
    async def test_change_nothing_and_are_answered_the_same(self) -> None:
        phone, bus = await a_phone_that_pays(1_000), await a_bus()
        batch = bus.batch(bus.sale(phone), bus.sale(phone), bus.sale(phone, payer_code="NONE-OF-OURS"))

        answers = [await bus.bring(batch) for _ in range(3)]

        assert answers[1:] == answers[:1] * 2
        assert await balance_fen(phone.citizen) == 600

    async def test_fifty_times_shuffled_and_at_once_have_one_effect(self) -> None:
        phone, bus = await a_phone_that_pays(5_000), await a_bus()
        sent = [bus.batch(*(bus.sale(phone) for _ in range(3))) for _ in range(4)]
        many = [batch for batch in sent for _ in range(50)]
        random.Random(7).shuffle(many)

        answers = await asyncio.gather(*(bus.bring(batch) for batch in many))

        same: dict[int, set[bytes]] = {}
        for answer in answers:
            same.setdefault(answer.batch_number, set()).add(msgspec.json.encode(answer))
        assert [len(same[batch.batch_number]) for batch in sent] == [1, 1, 1, 1]
        assert await balance_fen(phone.citizen) == 5_000 - 12 * 200
        assert await found(bus.terminal) == []
        assert (await ledger()).holds

    async def test_at_two_processes_at_once_have_one_effect(self, monkeypatch: pytest.MonkeyPatch) -> None:
        phone, bus = await a_phone_that_pays(1_000), await a_bus()
        batch = bus.batch(bus.sale(phone), bus.sale(phone))
        monkeypatch.setattr(batches, "_turns", NoTurns())

        answers = await asyncio.gather(*(bus.bring(batch) for _ in range(6)))

        assert all(answer == answers[0] for answer in answers)
        assert await balance_fen(phone.citizen) == 600

    async def test_of_what_was_stored_before_a_crash_are_judged_then(self, monkeypatch: pytest.MonkeyPatch) -> None:
        phone, bus = await a_phone_that_pays(1_000), await a_bus()
        batch = bus.batch(bus.sale(phone))

        async def dies(*_: object) -> None:
            raise ConnectionResetError

        with monkeypatch.context() as patched:
            patched.setattr(posting, "keep", dies)
            with pytest.raises(ConnectionResetError):
                await bus.bring(batch)
        assert await balance_fen(phone.citizen) == 1_000
        monkeypatch.setattr(posting, "_LATE", timedelta())
        await posting.judge_late()

        assert await balance_fen(phone.citizen) == 800
        assert became(await bus.bring(batch)) == [POSTED]

    @settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.data())
    async def test_shuffled_split_and_merged_give_the_same_ledger(self, data: st.DataObject) -> None:
        phone, bus = await a_phone_that_pays(5_000), await a_bus()
        sales = [bus.sale(phone, 100 + number) for number in range(6)]
        cuts = data.draw(st.lists(st.integers(1, 5), max_size=3, unique=True))
        pieces = [sales[a:b] for a, b in zip([0, *sorted(cuts)], [*sorted(cuts), 6], strict=True)]
        sent = [bus.batch(*piece) for piece in pieces]
        regrouped = data.draw(st.lists(st.sampled_from(range(6)), min_size=1, max_size=6, unique=True))
        sent.append(bus.batch(*(sales[at] for at in sorted(regrouped))))
        orders = data.draw(st.permutations(sent + sent))

        for batch in orders:
            await bus.bring(batch)

        assert await balance_fen(phone.citizen) == 5_000 - sum(sale.amount_fen for sale in sales)
        assert [kind for kind, _ in await found(bus.terminal) if kind == "gap"] == []


class NoTurns(dict[str, asyncio.Lock]):
    """As if each caller were in a process of its own."""

    def setdefault(self, key: str, default: asyncio.Lock | None = None, /) -> asyncio.Lock:
        return asyncio.Lock()


class TestManySales:
    async def test_of_many_cards_are_posted_in_one_transaction(self, monkeypatch: pytest.MonkeyPatch) -> None:
        phones, bus = [await a_phone_that_pays(1_000) for _ in range(4)], await a_bus()
        calls: list[int] = []

        async def counted(postings: Sequence[Posting]) -> list[Outcome]:
            calls.append(len(postings))
            return await post_offline(postings)

        monkeypatch.setattr(posting, "post_offline", counted)
        judged = await bus.sell(*(bus.sale(phone, 10) for phone in phones * 10))

        assert calls == [40]
        assert {state for state, _ in became(judged)} == {"posted"}
        assert [await balance_fen(phone.citizen) for phone in phones] == [900] * 4
        assert (await ledger()).holds

    async def test_never_wait_in_a_circle_with_payments_by_the_same_cards(self) -> None:
        first, second = await two_by_falling_shards()
        bus, at = await a_bus(), clock.now()
        asked = [[await asked_for(one.citizen, 100, 1)] for one in (first, second)]

        async with transaction(SYSTEM):
            taken = [await fetch_value(taking._TAKE, at, at.date(), asked[0], *taking._limits(at.date()))]
            sales = (bus.sale(first, 10), bus.sale(second, 10))
            selling = asyncio.create_task(bus.sell(*sales), context=contextvars.Context())
            await asyncio.sleep(0.3)
            taken.append(await fetch_value(taking._TAKE, at, at.date(), asked[1], *taking._limits(at.date())))

        assert (taken, became(await selling)) == ([[1], [1]], [POSTED, POSTED])
        assert [await balance_fen(one.citizen) for one in (first, second)] == [890, 890]


async def two_by_falling_shards() -> tuple[Phone, Phone]:
    """Two whose cards are in one order and whose accounts are in the other, if shards are looked at first."""
    while True:
        first, second = await a_phone_that_pays(1_000), await a_phone_that_pays(1_000)
        if shard_of(first.citizen.id) > shard_of(second.citizen.id):
            return first, second


class TestCheck:
    async def test_finds_a_sale_that_the_ledger_does_not_have(self) -> None:
        phone, bus = await a_phone_that_pays(1_000), await a_bus()
        await bus.sell(bus.sale(phone))
        before = await unlike()
        key = (shard_of(phone.citizen.id), phone.citizen.id)
        change = (
            "UPDATE offline_sale SET state = 'owed', reason = $3, transfer_id = $4 WHERE shard = $1 AND citizen_id = $2"
        )
        back = (
            "UPDATE offline_sale SET state = $3, reason = NULL, transfer_id = $4 WHERE shard = $1 AND citizen_id = $2"
        )
        async with transaction(OFFLINE):
            transfer_id = await fetch_value(
                "SELECT transfer_id FROM offline_sale WHERE shard = $1 AND citizen_id = $2", *key
            )
            await execute(change, *key, "balance_too_low", None)

        assert await unlike() == [one + 1 for one in before]
        with pytest.raises(OfflineWrong, match=r"sales unlike their transfers: \d+, sales unlike their counters: \d+"):
            await offline_finding(load())

        async with transaction(OFFLINE):
            await execute(back, *key, "posted", transfer_id)
        assert await unlike() == before


async def unlike() -> list[int]:
    """How many sales are unlike their transfers, and unlike their counters; tests of settlement leave some."""
    async with transaction(OFFLINE):
        return [await fetch_value(sql) for sql in (checking._UNLIKE, checking._COUNTERS)]
