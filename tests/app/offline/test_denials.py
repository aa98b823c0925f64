"""The list of what doesn't pay, and who bears what was sold by it meanwhile."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import httpx
import msgspec
import pytest

from app.card import cards
from app.card.states import CardStep
from app.identity import devices, freezing
from app.identity.freeze_structs import Freezing
from app.kernel import clock
from app.kernel.database import execute, fetch_value, transaction
from app.offline import denials
from app.offline.issuer import OFFLINE
from tests.app.card.test_routes import believed, certificates_of
from tests.makers.callers import a_terminal, headers
from tests.makers.cards import a_card_holder, balance_fen, ledger
from tests.makers.offline import Bus, Phone, a_phone_that_pays, became, found, reissued
from tests.makers.streams import deliver_of

LIST = "/v1/terminal/deny-list"


async def lost(phone: Phone) -> None:
    await cards.take_step(phone.citizen, CardStep.REPORT_LOSS)


async def frozen(phone: Phone) -> None:
    await freezing.freeze(phone.citizen, Freezing("手机丢了"))


async def removed(phone: Phone) -> None:
    assert phone.citizen.device_id is not None
    await devices.remove(phone.citizen, phone.citizen.device_id)


async def stopped_before(phone: Phone, ago: timedelta) -> None:
    """Let a card have been on the list for some time."""
    await lost(phone)
    await denials.review(phone.citizen.id)
    await earlier("offline_denial", "account", phone.listed_as, ago)


async def earlier(table: str, column: str, value: str, ago: timedelta) -> None:
    """Let what is known under a value have happened earlier (the system may only add rows)."""
    async with transaction(OFFLINE):
        rows = await fetch_value(f"SELECT to_jsonb(t) FROM {table} t WHERE {column} = $1 ORDER BY version DESC", value)
        row = msgspec.json.decode(rows)
        await execute(f"DELETE FROM {table} WHERE {column} = $1 AND version = $2", value, row["version"])
        row["at"] = (clock.now() - ago).isoformat()
        await execute(
            f"INSERT INTO {table} SELECT * FROM jsonb_populate_record(NULL::{table}, $1)",
            msgspec.json.encode(row).decode(),
        )


class TestList:
    @pytest.mark.parametrize("stop", [lost, frozen, removed])
    async def test_names_who_is_stopped(self, stop: Callable[[Phone], Awaitable[None]]) -> None:
        phone, bus = await a_phone_that_pays(), Bus(await a_terminal())
        before = await denials.list_version()

        await stop(phone)
        for _ in range(2):
            await deliver_of(phone.citizen.id)

        told = await denials.list_since(bus.terminal, before)
        mine = [(one.account, one.change) for one in told.changes if one.account == phone.listed_as]
        assert mine == [(phone.listed_as, "add")]
        assert (told.version > before, told.more) == (True, False)

    async def test_forgets_who_pays_again_and_what_ended_by_itself(self) -> None:
        phone, bus = await a_phone_that_pays(), Bus(await a_terminal())
        ended = await reissued(phone, begins=-90_000)
        before = await denials.list_version()

        await lost(phone)
        await denials.review(phone.citizen.id)
        await cards.take_step(phone.citizen, CardStep.REPORT_FOUND)
        for _ in range(2):
            await denials.review(phone.citizen.id)

        told = await denials.list_since(bus.terminal, before)
        changes = [one.change for one in told.changes if one.account == phone.listed_as]
        assert changes == ["add", "remove"]
        assert ended.listed_as not in {one.account for one in told.changes}

    async def test_comes_in_pages_and_whole_for_a_version_that_nobody_knows(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        phones, bus = [await a_phone_that_pays() for _ in range(3)], Bus(await a_terminal())
        before = await denials.list_version()
        for phone in phones:
            await stopped_before(phone, timedelta())
        monkeypatch.setattr(denials, "MOST_CHANGES", 2)

        first = await denials.list_since(bus.terminal, before)
        second = await denials.list_since(bus.terminal, first.version)
        whole = [await denials.list_since(bus.terminal, version) for version in (0, 10**9)]

        assert [one.account for one in (*first.changes, *second.changes)] == [one.listed_as for one in phones]
        assert (first.more, second.more, first.full) == (True, False, False)
        assert [one.full for one in whole] == [True, True]

    async def test_is_for_terminals_and_signed(self, portal: httpx.AsyncClient) -> None:
        till = await a_terminal()

        mine = await portal.get(f"{LIST}?since=0", auth=till)
        nobodys = await portal.get(LIST)
        citizens = await portal.get(LIST, headers=await headers(await a_card_holder()))
        malformed = [await portal.get(f"{LIST}?since={since}", auth=till) for since in ("-1", "x", "1.5", 2**60)]

        assert [mine.status_code, nobodys.status_code, citizens.status_code] == [200, 401, 401]
        believed(mine, await certificates_of(portal, till))
        assert [one.status_code for one in malformed] == [400] * 4

    async def test_forgets_what_no_sale_can_be_about(self) -> None:
        phone = await reissued(await a_phone_that_pays(), begins=-8 * 86_400)

        await denials.sweep()

        async with transaction(OFFLINE):
            left = await fetch_value(
                "SELECT count(*) FROM offline_certificate WHERE account = ANY ($1::text[])", [phone.listed_as]
            )
        assert left == 0


class TestSaleByAStoppedCard:
    async def test_is_borne_by_the_issuer_while_the_terminal_could_not_know(self) -> None:
        phone, bus = await a_phone_that_pays(1_000), Bus(await a_terminal())
        await denials.list_since(bus.terminal, 0)
        await stopped_before(phone, timedelta(minutes=1))

        judged = await bus.sell(bus.sale(phone, 300))

        assert became(judged) == [("borne", "stopped_meanwhile")]
        assert await found(bus.terminal) == [("borne", "1")]
        assert await balance_fen(phone.citizen) == 1_000
        assert (await ledger()).holds

    async def test_is_refused_once_the_terminal_had_the_list(self) -> None:
        phone, bus = await a_phone_that_pays(1_000), Bus(await a_terminal())
        await stopped_before(phone, timedelta(minutes=1))
        await denials.list_since(bus.terminal, 0)

        judged = await bus.sell(bus.sale(phone, 300))

        assert became(judged) == [("refused", "account_stopped")]
        assert await found(bus.terminal) == [("account_stopped", "1")]

    async def test_is_refused_at_a_terminal_that_did_not_ask_for_a_day(self) -> None:
        phone, bus = await a_phone_that_pays(1_000), Bus(await a_terminal())
        await stopped_before(phone, timedelta(hours=25))

        assert became(await bus.sell(bus.sale(phone, 300))) == [("refused", "account_stopped")]

    async def test_pays_by_the_card_again_once_it_was_found(self) -> None:
        phone, bus = await a_phone_that_pays(1_000), Bus(await a_terminal())
        await stopped_before(phone, timedelta(minutes=1))
        await denials.list_since(bus.terminal, 0)
        await cards.take_step(phone.citizen, CardStep.REPORT_FOUND)
        await denials.review(phone.citizen.id)

        assert became(await bus.sell(bus.sale(phone, 300))) == [("posted", None)]
