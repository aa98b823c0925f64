"""The ledger's days follow each other under the seal, and whoever changes one is found out; in a database of its own."""

import secrets
from collections.abc import AsyncIterator, Iterator
from datetime import date, datetime, timedelta

import asyncpg
import msgspec
import pytest
import pytest_asyncio

from app.card import checking, ledger_days
from app.card.checking import check_ledger
from app.card.ledger_days import LedgerDay, close_days, last_over, sealed_days
from app.kernel import clock, ids
from app.kernel.database import DB, close_pool, dsn_config, open_pool
from app.kernel.settings import Settings
from tests.makers import cluster
from tests.makers.cards import a_card_holder, a_till, pay
from tests.makers.seals import seal_holds

DAY = date(2026, 3, 2)


@pytest.fixture
def apart(settings: Settings) -> Iterator[Settings]:
    """A database of its own."""
    with cluster.a_database(f"days_{secrets.token_hex(4)}") as addresses:
        yield msgspec.structs.replace(
            settings,
            database_url=addresses["FUHAI_DATABASE_URL"],
            database_owner_url=addresses["FUHAI_DATABASE_OWNER_URL"],
        )


@pytest_asyncio.fixture
async def books(apart: Settings, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Settings]:
    """Three days of a ledger of its own: on the first and third something moved, and all are closed."""
    monkeypatch.setattr(DB, "pool", None)
    monkeypatch.setattr(ids, "_ticks", ids._Ticks())  # ids never go back in time, and other tests lived later
    await open_pool(apart)
    try:
        for days in (0, 2):
            monkeypatch.setattr(clock, "now", lambda days=days: _noon(days))
            await pay(a_till(), await a_card_holder(1_000), 300, sequence=days + 1)
        monkeypatch.setattr(clock, "now", lambda: _noon(3))
        assert await close_days() == 3
        yield apart
    finally:
        await close_pool()


def _noon(days: int) -> datetime:
    return ledger_days._begin(DAY + timedelta(days=days)) + timedelta(hours=12)


async def vandalise(books: Settings, *statements: str) -> None:
    link = await asyncpg.connect(**dsn_config(books.database_owner_url))
    try:
        for statement in (
            "ALTER TABLE transfer DISABLE TRIGGER ALL",
            "ALTER TABLE ledger_day DISABLE TRIGGER ALL",
            *statements,
        ):
            await link.execute(statement)
    finally:
        await link.close()


async def test_follow_each_other_under_the_seal_also_where_nothing_moved(books: Settings) -> None:
    days = await sealed_days()

    stated = [msgspec.json.decode(one.statement, type=LedgerDay) for one in days]
    assert [(one.day, one.transfers, one.moved_fen) for one in stated] == [
        (DAY, 2, 1_300),
        (DAY + timedelta(days=1), 0, 0),
        (DAY + timedelta(days=2), 2, 1_300),
    ]
    assert stated[0].previous == "0" * 64
    assert all(seal_holds(one.seal.certificate, one.seal.signature, one.statement) for one in days)
    assert await close_days() == 0
    proof = await check_ledger(every_transfer=True)
    assert (proof.holds, proof.closed_days) == (True, 3)
    assert "3 closed days follow each other" in checking.told(proof)


async def test_show_a_transfer_that_was_changed_with_its_account(books: Settings) -> None:
    await vandalise(
        books,
        "UPDATE transfer SET amount_fen = amount_fen + 100 WHERE kind = 'payment' AND at < '2026-03-03'",
        "UPDATE account a SET balance_fen = balance_fen - 100 FROM transfer t WHERE a.shard = t.shard AND a.id = t.debit AND t.amount_fen = 400",
        "UPDATE account a SET balance_fen = balance_fen + 100 FROM transfer t WHERE a.shard = t.shard AND a.id = t.credit AND t.amount_fen = 400",
    )

    proof = await check_ledger()

    assert (proof.wrong_balances, proof.total_fen, proof.days_otherwise) == (0, 0, 1)


async def test_show_a_receipt_that_was_changed(books: Settings) -> None:
    await vandalise(books, "UPDATE transfer SET receipt = receipt || ' ' WHERE kind = 'payment' AND at < '2026-03-03'")

    assert (await check_ledger()).days_otherwise == 0
    assert (await check_ledger(every_transfer=True)).days_otherwise == 1


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM ledger_day WHERE day = '2026-03-03'",
        "UPDATE ledger_day SET statement = statement || ' ' WHERE day = '2026-03-03'",
        "DELETE FROM ledger_day WHERE day = '2026-03-02'",
    ],
)
async def test_show_a_day_that_was_left_out_or_written_again(books: Settings, statement: str) -> None:
    await vandalise(books, statement)

    assert (await check_ledger()).days_otherwise > 0


def test_end_an_hour_after_midnight() -> None:
    midnight = ledger_days._begin(DAY)

    assert last_over(midnight + timedelta(minutes=59)) == DAY - timedelta(days=2)
    assert last_over(midnight + timedelta(minutes=60)) == DAY - timedelta(days=1)
