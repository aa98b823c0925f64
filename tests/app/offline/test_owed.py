"""A card that lacks the money for what it bought without a line: it owes, and pays first of all."""

import asyncio
from datetime import timedelta

import pytest

from app.card.channel_errors import OfflineSalesAwaited
from app.kernel import clock
from app.kernel.database import fetch_all, transaction
from app.kernel.ids import shard_of
from app.offline import issuing, owed
from app.offline.errors import OfflineSalesOwed
from app.offline.issuer import OFFLINE
from app.offline.owed import ToCollect
from app.offline.own_rights import OfflineEraser, OfflineExporter, SalesOwed, awaited
from tests.makers.callers import a_terminal
from tests.makers.cards import a_card_holder, balance_fen, ledger, told_of, top_up
from tests.makers.offline import Bus, Phone, a_phone_that_pays, became
from tests.makers.streams import deliver_of

OWED = ("owed", "balance_too_low")


async def an_owing_phone() -> tuple[Phone, Bus]:
    """A card with 1 yuan that bought for 2 and for 3."""
    phone, bus = await a_phone_that_pays(100), Bus(await a_terminal())
    judged = await bus.sell(bus.sale(phone, 200), bus.sale(phone, 300), bus.sale(phone, 90))
    assert became(judged) == [OWED, OWED, ("posted", None)]
    return phone, bus


async def jobs_for(phone: Phone) -> int:
    """How many collections wait for this card."""
    async with transaction(OFFLINE):
        rows = await fetch_all("SELECT payload FROM pgqueuer WHERE entrypoint = $1", owed.JOB)
    return sum(str(phone.citizen.id).encode() in row["payload"] for row in rows)


async def phrases(phone: Phone) -> set[str]:
    """What the owner was told."""
    async with transaction(OFFLINE):
        rows = await fetch_all(
            "SELECT phrase FROM notice WHERE shard = $1 AND citizen_id = $2",
            *(shard_of(phone.citizen.id), phone.citizen.id),
        )
    return {row["phrase"] for row in rows}


class TestOwed:
    async def test_is_paid_in_its_order_as_soon_as_money_comes(self) -> None:
        phone, bus = await an_owing_phone()

        await top_up(phone.citizen, 250)
        await deliver_of(phone.citizen.id)
        waiting = await jobs_for(phone)
        await owed.collect(ToCollect(phone.citizen.id))

        assert waiting >= 1
        assert {"offline.owed", "card.paid"} <= await phrases(phone)
        assert await balance_fen(phone.citizen) == 60
        again = await bus.bring(bus.sent[0])
        assert became(again) == [("posted", None), OWED, ("posted", None)]
        assert again.sales[0].transaction_id is not None
        # What was paid at once was told before, and delivered.
        assert (await told_of(phone.citizen)).count("card.paid") == 1
        assert (await ledger()).holds

    async def test_is_paid_once_by_many_collections_at_once(self) -> None:
        phone, bus = await an_owing_phone()
        await top_up(phone.citizen, 1_000)

        await asyncio.gather(*(owed.collect(ToCollect(phone.citizen.id)) for _ in range(8)))

        assert await balance_fen(phone.citizen) == 510
        assert [state for state, _ in became(await bus.bring(bus.sent[0]))] == ["posted"] * 3

    async def test_lets_nothing_new_be_certified(self) -> None:
        phone, _ = await an_owing_phone()

        with pytest.raises(OfflineSalesOwed) as refusal:
            await issuing.certify(phone.citizen)
        assert refusal.value.facts == {"owed_fen": 500}

        await top_up(phone.citizen, 1_000)
        await owed.collect(ToCollect(phone.citizen.id))
        await issuing.certify(phone.citizen)

    async def test_keeps_the_card_from_being_cancelled_until_nothing_more_can_come(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        owing, free = (await an_owing_phone())[0], await a_phone_that_pays()

        owes, may_come = await awaited(owing.citizen.id), await awaited(free.citizen.id)

        assert isinstance(owes, OfflineSalesAwaited)
        assert isinstance(may_come, OfflineSalesAwaited)
        assert (owes.facts["owed_fen"], may_come.facts["owed_fen"]) == (500, 0)
        assert await awaited((await a_card_holder()).id) is None
        later = clock.now() + timedelta(days=5)
        monkeypatch.setattr(clock, "now", lambda: later)
        assert await awaited(free.citizen.id) is None
        assert await awaited(owing.citizen.id) is not None

    async def test_holds_an_erasure_up_and_is_exported(self) -> None:
        phone, _ = await an_owing_phone()

        blocked = await SalesOwed().count(phone.citizen.id)
        told = await OfflineExporter().export(phone.citizen.id)
        erased = [await OfflineEraser().erase(phone.citizen.id) for _ in range(2)]

        assert (blocked, erased) == (3, [1, 0])
        assert [row["state"] for row in told["offline_sale"]] == ["owed", "owed", "posted"]
        assert len(told["offline_certificate"]) == 1
        assert await SalesOwed().count(phone.citizen.id) == 2
