"""Batches without a line: each sale once, whatever is repeated, torn apart, put together, changed or copied."""

import asyncio
import random
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.card import cards
from app.card.ledger import Outcome, Posting, post_offline
from app.card.receipts import receipt_of
from app.card.states import CardStep
from app.kernel import clock
from app.kernel.database import execute, fetch_value, transaction
from app.kernel.ids import shard_of
from app.kernel.settings import load
from app.offline import batches, denials, posting
from app.offline.checking import OfflineWrong, offline_finding
from app.offline.errors import (
    OfflineBatchDisordered,
    OfflineBatchEdited,
    OfflineBatchTooLarge,
    OfflineTerminalCloned,
)
from app.offline.issuer import OFFLINE
from app.offline.reading import digest_of
from app.offline.structs import OfflineBatch, Sale
from tests.makers.callers import a_terminal
from tests.makers.cards import a_payment, balance_fen, ledger, pay, refund, told_of
from tests.makers.offline import Bus, Phone, a_phone_that_pays, became, found, reissued

POSTED = ("posted", None)


async def a_bus() -> Bus:
    """A terminal that sells without a line."""
    return Bus(await a_terminal())


def changed(batch: OfflineBatch, **instead: Any) -> OfflineBatch:
    """A batch that says something else."""
    return msgspec.structs.replace(batch, **instead)


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


class TestFraud:
    @pytest.fixture
    async def at(self) -> tuple[Phone, Bus]:
        return await a_phone_that_pays(10_000), await a_bus()

    async def test_an_edited_batch_is_refused_and_kept(self, at: tuple[Phone, Bus]) -> None:
        phone, bus = at
        batch = bus.batch(bus.sale(phone), bus.sale(phone))
        await bus.bring(batch)
        dearer = msgspec.structs.replace(batch.sales[0], amount_fen=900)
        edited = changed(batch, sales=[dearer, batch.sales[1]])

        for _ in range(2):
            with pytest.raises(OfflineBatchEdited):
                await bus.bring(edited)

        assert await balance_fen(phone.citizen) == 9_600
        assert await found(bus.terminal) == [("edited", digest_of(edited))]
        assert await kept(bus, edited) == "edited"

    async def test_a_copy_of_the_terminal_is_refused_with_all_that_follows(self, at: tuple[Phone, Bus]) -> None:
        phone, bus = at
        copy = Bus(bus.till)
        await bus.sell(bus.sale(phone))
        first, second = copy.batch(copy.sale(phone, 700)), copy.batch(copy.sale(phone, 700))
        other_number = copy.batch(copy.sale(phone), previous_digest="0" * 64, batch_number=9)

        for batch in (first, second, other_number):
            with pytest.raises(OfflineTerminalCloned):
                await bus.bring(batch)

        assert await balance_fen(phone.citizen) == 9_800
        assert {kind for kind, _ in await found(bus.terminal)} == {"cloned"}

    async def test_split_merged_and_renumbered_batches_are_named(self, at: tuple[Phone, Bus]) -> None:
        phone, bus = at
        a, b, c, d = (bus.sale(phone) for _ in range(4))
        await bus.sell(a, b)
        await bus.sell(c)

        regrouped = [await bus.sell(b), await bus.sell(b, c), await bus.sell(a, b), await bus.sell(c, d)]

        names = [one.findings for one in regrouped]
        assert names == [("split",), ("merged",), ("renumbered",), ("merged",)]
        assert await balance_fen(phone.citizen) == 9_200

    async def test_a_counter_stands_for_one_sale(self, at: tuple[Phone, Bus]) -> None:
        phone, bus = at
        await bus.sell(bus.sale(phone))

        judged = await bus.sell(bus.sale(phone, 300, counter=1))

        assert became(judged) == [("refused", "counter_reused")]
        assert judged.findings == ("counter_reused", "rewind")
        assert await balance_fen(phone.citizen) == 9_800

    async def test_a_counter_that_goes_back_is_named(self, at: tuple[Phone, Bus]) -> None:
        phone, bus = at
        await bus.sell(bus.sale(phone, counter=5))

        judged = await bus.sell(bus.sale(phone, counter=3))

        assert (became(judged), judged.findings) == ([POSTED], ("rewind",))
        assert await found(bus.terminal) == [("gap", "1-2"), ("gap", "4"), ("rewind", "2")]

    async def test_a_gap_is_named_until_it_is_filled(self, at: tuple[Phone, Bus]) -> None:
        phone, bus = at
        first, late, last = bus.batch(bus.sale(phone)), bus.batch(bus.sale(phone)), bus.batch(bus.sale(phone))

        await bus.bring(first)
        await bus.bring(last)
        missing = await found(bus.terminal)
        await bus.bring(late)

        assert set(missing) == {("gap", digest_of(late)), ("gap", "2")}
        assert await found(bus.terminal) == []

    async def test_a_code_pays_once_at_one_terminal_and_at_two(self, at: tuple[Phone, Bus]) -> None:
        phone, bus = at
        other, code = await a_bus(), phone.code()

        first = await bus.sell(bus.sale(phone, payer_code=code), bus.sale(phone, payer_code=code))
        again = await bus.sell(bus.sale(phone, payer_code=code))
        elsewhere = await other.sell(other.sale(phone, payer_code=code))

        assert became(first) == [POSTED, ("refused", "code_repeated")]
        assert became(again) == [("refused", "code_repeated")]
        assert became(elsewhere) == [("refused", "code_on_two_terminals")]
        assert await found(other.terminal) == [("code_on_two_terminals", "1")]
        assert await balance_fen(phone.citizen) == 9_800

    async def test_one_code_at_many_terminals_at_once_pays_once(self, at: tuple[Phone, Bus]) -> None:
        phone, _ = at
        code, buses = phone.code(), [await a_bus() for _ in range(4)]

        judged = await asyncio.gather(*(bus.sell(bus.sale(phone, payer_code=code)) for bus in buses))

        states = sorted(one.sales[0].state for one in judged)
        assert states == ["posted", "refused", "refused", "refused"]
        assert await balance_fen(phone.citizen) == 9_800

    async def test_each_flaw_of_a_sale_is_named_and_the_others_are_paid(self, at: tuple[Phone, Bus]) -> None:
        phone, bus = at
        now = clock.now()
        early, old = await reissued(phone, begins=3_600), await reissued(phone, begins=-90_000)
        long_ago = await reissued(phone, begins=-80 * 3_600)
        online = (await a_payment(phone.citizen, 100)).payer_code
        flawed = {
            "payer_code_wrong": bus.sale(phone, payer_code=online),
            "code_expired": bus.sale(phone, payer_code=phone.code(now - timedelta(minutes=3))),
            "certificate_expired": bus.sale(old),
            "sold_in_future": bus.sale(phone, sold_at=now + timedelta(minutes=10)),
            "sold_too_long_ago": bus.sale(long_ago, sold_at=now - timedelta(hours=73)),
            "amount_over_limit": bus.sale(phone, 20_001),
        }
        not_yet = bus.sale(early)

        judged = await bus.sell(*flawed.values(), not_yet, bus.sale(phone))

        expected = [("refused", reason) for reason in flawed]
        assert became(judged) == [*expected, ("refused", "certificate_expired"), POSTED]
        assert {kind for kind, _ in await found(bus.terminal)} == set(flawed)
        assert await balance_fen(phone.citizen) == 9_800

    async def test_more_than_a_certificates_sum_is_refused_within_a_batch(self) -> None:
        phone, bus = await a_phone_that_pays(60_000), await a_bus()

        judged = await bus.sell(*(bus.sale(phone, fen) for fen in (20_000, 20_000, 10_001, 10_000)))

        assert became(judged) == [POSTED, POSTED, ("refused", "sum_over_limit"), POSTED]

    async def test_a_batch_that_is_too_large_or_disordered_is_refused_whole(self, at: tuple[Phone, Bus]) -> None:
        phone, bus = at
        one, two = bus.sale(phone), bus.sale(phone)
        dear = [bus.sale(phone, 20_000, payer_code="A") for _ in range(101)]
        many = [Sale(number, clock.now(), 1, "A") for number in range(1, 502)]

        for batch, refusal in (
            (changed(bus.batch(one), sales=[two, one]), OfflineBatchDisordered),
            (changed(bus.batch(one), sales=dear), OfflineBatchTooLarge),
            (changed(bus.batch(one), sales=many), OfflineBatchTooLarge),
        ):
            with pytest.raises(refusal):
                await bus.bring(batch)
            assert await kept(bus, batch) is None

    async def test_a_stranger_terminal_takes_no_part_in_anothers_past(self, at: tuple[Phone, Bus]) -> None:
        phone, bus = at
        batch = bus.batch(bus.sale(phone))
        await bus.bring(batch)

        judged = await (await a_bus()).bring(batch)

        assert became(judged) == [("refused", "code_on_two_terminals")]
        assert await balance_fen(phone.citizen) == 9_800


async def kept(bus: Bus, batch: OfflineBatch) -> str | None:
    """The state of a batch as it was stored, if it was."""
    async with transaction(OFFLINE):
        state: str | None = await fetch_value(
            "SELECT state FROM offline_batch WHERE principal = $1 AND digest = $2",
            *(bus.terminal.principal, digest_of(batch)),
        )
    return state


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


class TestCheck:
    async def test_finds_a_sale_that_the_ledger_does_not_have(self) -> None:
        phone, bus = await a_phone_that_pays(1_000), await a_bus()
        await bus.sell(bus.sale(phone))
        told = await offline_finding(load())
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

        with pytest.raises(OfflineWrong, match="sales unlike their transfers: 1, sales unlike their counters: 1"):
            await offline_finding(load())

        async with transaction(OFFLINE):
            await execute(back, *key, "posted", transfer_id)
        assert await offline_finding(load()) == told
