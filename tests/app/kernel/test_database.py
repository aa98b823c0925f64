"""The one transaction: all or nothing, for whom, and without leaking connections whatever goes wrong (dependencies.md, trap 2)."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta, timezone

import asyncpg
import msgspec
import pytest
import pytest_asyncio

from app.kernel import clock, database, short_lived
from app.kernel.actors import System
from app.kernel.database import (
    DB,
    NoTransaction,
    TransactionLost,
    alone,
    execute,
    fetch_all,
    fetch_one,
    fetch_value,
    mine,
    transaction,
    violated_constraint,
)
from app.kernel.errors import Conflict
from app.kernel.ids import new_person_id, shard_of
from app.kernel.settings import Settings
from tests.makers.transactions import SYSTEM, keep, kept, somebody

SMALL_POOL = 2


@pytest_asyncio.fixture(autouse=True)
async def small_pool(settings: Settings) -> AsyncIterator[None]:
    """A pool of two connections, so that each leak is felt; the application's own comes back afterwards."""
    had = DB.pool
    DB.pool = None
    await database.open_pool(msgspec.structs.replace(settings, database_pool=SMALL_POOL))
    yield
    await database.close_pool()
    DB.pool = had


async def every_connection_works() -> None:
    """Use all connections of the pool at once; hangs (and times out) if one has leaked."""
    met = asyncio.Barrier(SMALL_POOL)

    async def use() -> None:
        async with transaction(SYSTEM):
            await met.wait()
            assert await fetch_value("SELECT 1") == 1

    async with asyncio.timeout(5):
        await asyncio.gather(*(use() for _ in range(SMALL_POOL)))
    assert DB.current_transaction.get() is None


class TestTransaction:
    async def test_keeps_what_was_done(self) -> None:
        async with transaction(SYSTEM):
            await keep("kept")

        assert await kept("kept")

    async def test_keeps_nothing_of_what_was_refused(self) -> None:
        with pytest.raises(Conflict):
            async with transaction(SYSTEM):
                await keep("refused")
                raise Conflict

        assert not await kept("refused")
        await every_connection_works()

    async def test_says_when_postgresql_rolled_back_instead(self) -> None:
        with pytest.raises(TransactionLost):
            async with transaction(SYSTEM):
                await keep("swallowed")
                try:
                    await fetch_value("SELECT 1 / 0")
                except asyncpg.DivisionByZeroError:
                    """Somebody thought that it doesn't matter."""

        assert not await kept("swallowed")
        await every_connection_works()

    async def test_gives_its_connection_back_when_commit_fails(self) -> None:
        for _ in range(SMALL_POOL * 2):
            with pytest.raises(asyncpg.PostgresError, match="at commit"):
                async with transaction(SYSTEM):
                    await fails_at_commit()

        await every_connection_works()

    async def test_gives_its_connection_back_when_cancelled(self) -> None:
        for _ in range(SMALL_POOL * 2):
            task = asyncio.create_task(work_slowly())
            await asyncio.sleep(0.05)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

        await every_connection_works()

    async def test_gives_its_connection_back_when_cancelled_while_it_rolls_back(self) -> None:
        for wait in (0, 0.0001, 0.001, 0.005, 0.01):
            task = asyncio.create_task(work_slowly())
            await asyncio.sleep(0.03)
            task.cancel()
            await asyncio.sleep(wait)
            task.cancel()
            with pytest.raises((asyncio.CancelledError, asyncpg.InterfaceError)):
                await task

        await every_connection_works()

    async def test_gives_its_connection_back_when_cancelled_at_any_moment(self) -> None:
        for step in range(40):
            task = asyncio.create_task(work_slowly(0.002))
            await asyncio.sleep(step * 0.0003)
            task.cancel()
            await asyncio.wait({task})

        await every_connection_works()

    async def test_cancelled_while_it_begins_it_rolls_back_itself(self) -> None:
        loop, told = asyncio.get_running_loop(), list[str]()
        loop.set_exception_handler(lambda _loop, context: told.append(str(context.get("message"))))
        try:
            for pauses in range(12):
                begun = asyncio.ensure_future(_nothing())
                for _ in range(pauses):
                    await asyncio.sleep(0)
                begun.cancel()
                await asyncio.gather(begun, return_exceptions=True)
        finally:
            loop.set_exception_handler(None)

        assert told == []

    async def test_gives_its_connection_back_when_the_server_drops_it(self) -> None:
        for _ in range(SMALL_POOL):
            with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError, OSError)):
                async with transaction(SYSTEM):
                    await fetch_value("SELECT pg_terminate_backend(pg_backend_pid())")

        await every_connection_works()

    async def test_leaves_no_trace_of_its_actor_on_the_connection(self) -> None:
        async with transaction(somebody()):
            pass

        async with DB.pool.acquire() as connection:  # type: ignore[union-attr]
            assert await connection.fetchval("SELECT current_user::text = session_user::text")
            assert not await connection.fetchval("SELECT current_setting('fuhai.people', true)")

    async def test_outside_it_no_statement_runs(self) -> None:
        with pytest.raises(NoTransaction):
            await fetch_value("SELECT 1")
        with pytest.raises(NoTransaction):
            database.connection()

    async def test_before_the_pool_is_open_it_refuses(self) -> None:
        await database.close_pool()

        with pytest.raises(NoTransaction):
            async with transaction(SYSTEM):
                raise AssertionError("no statement may run")

    async def test_that_never_ends_is_cut_off_when_the_pool_is_closed(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(database, "_CLOSING_SECONDS", 0.2)
        begun, closed = asyncio.Event(), asyncio.Event()

        async def goes_on() -> None:
            async with transaction(SYSTEM):
                await keep("cut off")
                begun.set()
                await closed.wait()

        task = asyncio.create_task(goes_on())
        await begun.wait()

        await database.close_pool()

        assert DB.pool is None
        closed.set()
        with pytest.raises(asyncpg.InterfaceError):
            await task

    async def test_refuses_a_name_that_could_end_the_statement(self) -> None:
        with pytest.raises(ValueError, match="not a principal"):
            async with transaction(System("x'; RESET ROLE; --")):
                raise AssertionError("no statement may run")

        await every_connection_works()

    async def test_two_at_once_have_a_connection_each(self) -> None:
        async def backend() -> int:
            async with transaction(SYSTEM):
                await asyncio.sleep(0.01)
                pid: int = await fetch_value("SELECT pg_backend_pid()")
                return pid

        first, second = await asyncio.gather(backend(), backend())

        assert first != second


async def work_slowly(seconds: float = 5) -> None:
    async with transaction(SYSTEM), transaction(somebody()):
        await fetch_value("SELECT pg_sleep($1)", seconds)


async def fails_at_commit() -> None:
    """Make COMMIT itself fail: a deferred trigger of a temporary table refuses then."""
    connection = database.connection()
    await connection.execute("RESET ROLE; CREATE TEMP TABLE late (id int) ON COMMIT DROP")
    await connection.execute(
        "CREATE FUNCTION pg_temp.refuse() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'refused at commit'; END $$"
    )
    await connection.execute(
        "CREATE CONSTRAINT TRIGGER late AFTER INSERT ON late DEFERRABLE INITIALLY DEFERRED "
        "FOR EACH ROW EXECUTE FUNCTION pg_temp.refuse()"
    )
    await connection.execute("INSERT INTO late VALUES (1)")


async def _nothing() -> None:
    async with transaction(SYSTEM):
        await asyncio.sleep(0)


class TestAlone:
    async def test_serves_more_at_once_than_there_are_connections(self) -> None:
        async with asyncio.timeout(10):
            rows = await asyncio.gather(*(alone("SELECT $1::int4", number, durable=False) for number in range(50)))

        assert [one[0][0] for one in rows] == list(range(50))

    async def test_goes_on_over_new_connections_when_the_server_closed_those_at_hand(self) -> None:
        asked = [alone("SELECT pg_backend_pid(), pg_sleep(0.05)") for _ in range(3)]
        backends = {rows[0][0] for rows in await asyncio.gather(*asked)}
        assert DB.pool is not None
        async with DB.pool.acquire() as connection:
            await connection.execute("SELECT pg_terminate_backend(b) FROM unnest($1::int4[]) b", list(backends))
        await asyncio.sleep(0.1)

        rows = [(await alone("SELECT pg_backend_pid()"))[0][0] for _ in range(3)]

        assert len(backends) == 3
        assert backends.isdisjoint(rows)


class TestInstants:
    @pytest.mark.parametrize(
        "instant",
        [
            datetime(2026, 11, 22, 8, 0, 0, 123_456, tzinfo=clock.SHANGHAI),
            datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
            datetime(1, 1, 2, tzinfo=UTC),
            datetime(9999, 12, 30, tzinfo=timezone(timedelta(hours=-11))),
        ],
    )
    async def test_come_back_as_the_same_instant_at_plus_eight(self, instant: datetime) -> None:
        async with transaction(SYSTEM):
            stored = await fetch_value("SELECT $1::timestamptz", instant)

        assert stored == instant
        assert stored.utcoffset() == timedelta(hours=8)

    async def test_without_an_offset_are_refused(self) -> None:
        with pytest.raises(asyncpg.DataError, match="without its offset"):
            async with transaction(SYSTEM):
                await fetch_value("SELECT $1::timestamptz", datetime(2026, 11, 22))  # noqa: DTZ001 - that is the point


class TestStatements:
    async def test_execute_counts_the_rows_that_it_changed(self) -> None:
        async with transaction(SYSTEM):
            await keep("counted 1")
            await keep("counted 2")

            changed = await execute("UPDATE short_lived SET count = 7 WHERE purpose = 'tests' AND key LIKE 'counted%'")
            created = await execute("CREATE TEMP TABLE nothing () ON COMMIT DROP")

        assert (changed, created) == (2, 0)

    async def test_fetching_gives_rows_a_row_or_a_value(self) -> None:
        async with transaction(SYSTEM):
            assert [row["n"] for row in await fetch_all("SELECT generate_series(1, 3) AS n")] == [1, 2, 3]
            assert await fetch_one("SELECT 1 WHERE false") is None
            assert await fetch_value("SELECT 1 WHERE false") is None

    async def test_a_broken_constraint_has_a_name(self) -> None:
        with pytest.raises(asyncpg.UniqueViolationError) as broken:
            async with transaction(SYSTEM):
                await keep("twice")
                await keep("twice")

        assert violated_constraint(broken.value) == "short_lived_pkey"
        broken.value.constraint_name = "short_lived_pkey_102008"
        assert violated_constraint(broken.value) == "short_lived_pkey"

    async def test_piccolo_finds_the_same_transaction(self) -> None:
        from app.audit.tables import ActRow

        owned = new_person_id()
        async with transaction(SYSTEM):
            rows = await ActRow.select().where(mine(ActRow, owned))
            condition = str(ActRow.select().where(mine(ActRow, owned)))

        assert rows == []
        assert f'"act".shard = {shard_of(owned)}' in condition

    async def test_short_lived_values_join_the_transaction(self) -> None:
        with pytest.raises(Conflict):
            async with transaction(SYSTEM):
                await short_lived.put("tests", "joined", b"1", timedelta(minutes=1))
                raise Conflict

        assert await short_lived.get("tests", "joined") is None


class TestAddress:
    def test_is_split_into_its_parts(self) -> None:
        parts = database.dsn_config("postgresql://me%40home:p%2Fw@db.example:5433/city")

        assert parts == {
            "host": "db.example",
            "port": 5433,
            "user": "me@home",
            "password": "p/w",
            "database": "city",
        }
