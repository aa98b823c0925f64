"""The ledger can't be written around, and its proof finds what must not be."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import pytest

from app.card.accounts import Clearing, clearing_account
from app.card.checking import REFUNDS, LedgerWrong, check_ledger, ledger_finding
from app.card.receipts import SYSTEM
from app.kernel.actors import Citizen
from app.kernel.database import dsn_config, execute, fetch_value, transaction
from app.kernel.ids import new_id, shard_of
from app.kernel.settings import Settings
from tests.makers.cards import a_card_holder, a_till, balance_fen, ledger, pay, the_card, top_up


async def the_clearing_balance(citizen: Citizen, purpose: Clearing) -> int:
    shard = shard_of(citizen.id)
    async with transaction(SYSTEM):
        balance: int = await fetch_value(
            "SELECT balance_fen FROM account WHERE shard = $1 AND id = $2", shard, clearing_account(shard, purpose)
        )
        return balance


@asynccontextmanager
async def vandalism(settings: Settings, *statements: str) -> AsyncIterator[None]:
    """Do by hand, as the owner of the tables, what the application can't."""
    link = await asyncpg.connect(**dsn_config(settings.database_owner_url))
    try:
        for sql in statements:
            await link.execute(sql)
        yield
    finally:
        await link.close()


class TestRights:
    @pytest.mark.parametrize(
        "sql",
        [
            "UPDATE account SET balance_fen = 999999",
            "INSERT INTO account (id, shard, kind, balance_fen) SELECT id, shard, kind, 5 FROM account LIMIT 1",
            "DELETE FROM account",
            "UPDATE transfer SET amount_fen = 1",
            "DELETE FROM transfer",
            "TRUNCATE transfer",
            "INSERT INTO transfer SELECT * FROM transfer LIMIT 1",
            "DELETE FROM declined_payment",
        ],
    )
    async def test_the_application_may_not_write_to_the_ledger(self, sql: str) -> None:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with transaction(SYSTEM):
                await execute(sql)

    async def test_a_citizen_may_not_post(self) -> None:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with transaction(await a_card_holder()):
                await execute("SELECT post_transfer(NULL::transfer, NULL)")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with transaction(await a_card_holder()):
                await execute("SELECT post_offline('{}'::transfer[])")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with transaction(await a_card_holder()):
                await execute("SELECT stop_payment(NULL::declined_payment, NULL, NULL)")

    async def test_a_citizen_sees_no_other_account(self) -> None:
        citizen = await a_card_holder(500)
        await a_card_holder(700)

        async with transaction(citizen):
            seen = await fetch_value("SELECT sum(balance_fen)::int8 FROM account")

        assert seen == 500

    async def test_even_the_owner_may_not_change_a_transfer(self, settings: Settings) -> None:
        await a_card_holder(500)

        with pytest.raises(asyncpg.RestrictViolationError):
            async with vandalism(settings, "UPDATE transfer SET amount_fen = 1"):
                pass

    async def test_even_the_owner_may_not_overdraw_a_card(self, settings: Settings) -> None:
        await a_card_holder(500)

        with pytest.raises(asyncpg.CheckViolationError, match="account_card_never_negative"):
            async with vandalism(settings, "UPDATE account SET balance_fen = -1 WHERE kind = 'card'"):
                pass


class TestBalances:
    async def test_a_payment_moves_from_the_card_to_its_shards_clearing_account(self) -> None:
        citizen = await a_card_holder(1_000)
        before = await the_clearing_balance(citizen, Clearing.TERMINAL)

        await pay(a_till(), citizen, 300)

        assert await the_clearing_balance(citizen, Clearing.TERMINAL) == before + 300
        assert await balance_fen(citizen) == 700

    async def test_a_top_up_comes_from_the_channels_clearing_account(self) -> None:
        citizen = await a_card_holder()
        before = await the_clearing_balance(citizen, Clearing.TOP_UP)

        await top_up(citizen, 400)

        assert await the_clearing_balance(citizen, Clearing.TOP_UP) == before - 400


class TestCheck:
    async def test_holds_after_ordinary_business(self, settings: Settings) -> None:
        citizen = await a_card_holder(1_000)
        await pay(a_till(), citizen, 300)

        proof = await check_ledger()

        assert proof.holds
        assert proof.transfers >= 2
        assert "transfers, every balance is their sum" in await ledger_finding(settings)
        assert proof.total_fen == 0

    async def test_finds_a_balance_that_was_changed_by_hand(self, settings: Settings) -> None:
        account = (await the_card(await a_card_holder(1_000)))["account_id"]

        async with vandalism(settings, f"UPDATE account SET balance_fen = balance_fen + 1 WHERE id = '{account}'"):
            proof = await ledger()
            with pytest.raises(LedgerWrong, match="total fen: 1, wrong balances: 1"):
                await ledger_finding(settings)
        async with vandalism(settings, f"UPDATE account SET balance_fen = balance_fen - 1 WHERE id = '{account}'"):
            pass

        assert (proof.holds, proof.wrong_balances, proof.total_fen) == (False, 1, 1)
        assert (await ledger()).holds

    async def test_finds_a_top_up_that_nobody_ordered(self, settings: Settings) -> None:
        citizen = await a_card_holder(1_000)
        change = "UPDATE top_up SET amount_fen = {} WHERE citizen_id = '" + str(citizen.id) + "'"

        async with vandalism(settings, change.format(999)):
            proof = await ledger()
        async with vandalism(settings, change.format(1_000)):
            pass

        assert (proof.holds, proof.unmatched_top_ups) == (False, 1)
        assert (await ledger()).holds

    @pytest.mark.parametrize(("kind", "fen", "found"), [("refund", 300, 0), ("refund", 301, 1), ("reversal", 299, 1)])
    async def test_finds_more_given_back_than_was_paid(
        self, settings: Settings, kind: str, fen: int, found: int
    ) -> None:
        citizen = await a_card_holder(1_000)
        paid = (await pay(a_till(), citizen, 300)).receipt.id
        link = await asyncpg.connect(**dsn_config(settings.database_owner_url))
        undone = link.transaction()
        await undone.start()
        try:
            await link.execute(
                "INSERT INTO transfer (id, shard, citizen_id, at, kind, debit, credit, amount_fen, principal, request_key, fingerprint, "
                "sequence, merchant_code, receipt, returns) SELECT $2, shard, citizen_id, at, $3, credit, debit, $4, "
                "principal, 'by hand', fingerprint, 999, merchant_code, receipt, id FROM transfer WHERE id = $1",
                *(paid, new_id(citizen.id), kind, fen),
            )
            assert await link.fetchval(REFUNDS) == found
        finally:
            await undone.rollback()
            await link.close()
