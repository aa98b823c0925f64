"""What a dishonest terminal or payer may try with batches: each is named, and nothing is paid twice."""

import asyncio
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from app.kernel import clock
from app.kernel.database import fetch_value, transaction
from app.offline.errors import (
    OfflineBatchDisordered,
    OfflineBatchEdited,
    OfflineBatchTooLarge,
    OfflineTerminalCloned,
)
from app.offline.issuer import OFFLINE
from app.offline.reading import digest_of
from app.offline.structs import OfflineBatch, Sale
from tests.makers.cards import a_payment, balance_fen
from tests.makers.offline import POSTED, Bus, Phone, a_bus, a_phone_that_pays, became, found, reissued


def changed(batch: OfflineBatch, **instead: Any) -> OfflineBatch:
    """A batch that says something else."""
    return msgspec.structs.replace(batch, **instead)


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
