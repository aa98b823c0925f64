"""PostgreSQL behind one door: pools, our own transaction, and row security's context.

Every statement runs inside `transaction(actor)`. The application's role has no rights of its own: the transaction takes
the database role of the actor's kind and names whose rows may be seen, so a statement outside it fails closed.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from functools import partial
from typing import Any, Final
from urllib.parse import unquote, urlsplit
from uuid import UUID

import asyncpg
import structlog
from asyncpg.pool import PoolConnectionProxy
from piccolo.columns.combination import Where, WhereRaw
from piccolo.engine.postgres import PostgresEngine
from piccolo.table import Table

from app.kernel import clock
from app.kernel.actors import Actor, Citizen, Officer
from app.kernel.ids import shard_of
from app.kernel.settings import Settings

Row = asyncpg.Record
_log = structlog.get_logger()


class _Engine(PostgresEngine):
    """Piccolo's engine without its own look at the server: `fuhai check` does that."""

    async def prep_database(self) -> None:
        """Nothing to prepare; migrations do it."""

    async def check_version(self) -> None:
        """Not at every start."""


DB: Final = _Engine(config={})
_PRINCIPAL: Final = re.compile(r"\A[a-z]+(:[A-Za-z0-9_.-]+)?\Z")
_EPOCH_2000: Final = 946_684_800
_MOST_ALONE: Final = 4
_CLOSING_SECONDS: Final = 20
_alone: Final[dict[int, dict[bool, "_Standing"]]] = {}
"""Beside a pool, connections for statements that stand alone, by whether they wait for the disk."""


class NoTransaction(RuntimeError):  # noqa: N818 - named as a fact
    """A statement was tried outside `transaction(actor)`."""


class TransactionLost(RuntimeError):  # noqa: N818 - named as a fact
    """PostgreSQL rolled back where COMMIT was asked: a statement had failed, and its error was swallowed."""


class Transaction:
    """The transaction in progress; Piccolo finds its connection here."""

    def __init__(self, connection: "asyncpg.Connection[asyncpg.Record]", actor: Actor) -> None:
        self.connection = connection
        self.actor = actor
        self.depth = 0


def dsn_config(url: str) -> dict[str, Any]:
    """Split `postgresql://user:password@host:port/name` into asyncpg's arguments."""
    parts = urlsplit(url)
    return {
        "host": parts.hostname,
        "port": parts.port or 5432,
        "user": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "database": parts.path.lstrip("/"),
    }


async def prepare_connection(connection: "asyncpg.Connection[asyncpg.Record]") -> None:
    """Make a connection give instants at +08:00."""
    await connection.set_type_codec(
        "timestamptz", schema="pg_catalog", encoder=_instant_to_tuple, decoder=_instant_from_tuple, format="tuple"
    )


def _instant_to_tuple(instant: Any) -> tuple[int]:
    if instant.tzinfo is None:
        message = "an instant without its offset"
        raise ValueError(message)
    seconds = int(instant.replace(microsecond=0).timestamp()) - _EPOCH_2000
    return (seconds * 1_000_000 + instant.microsecond,)


def _instant_from_tuple(value: tuple[int]) -> Any:
    return clock.from_epoch_micros(value[0] + _EPOCH_2000 * 1_000_000)


async def open_pool(settings: Settings) -> None:
    """Open this process's pools; call once, from the lifespan.

    Nothing is reset between two uses of a connection, which would cost as much as a statement: a transaction sets what it needs for
    itself alone.
    """
    DB.config = dsn_config(settings.database_url)
    await DB.start_connection_pool(
        min_size=1,
        max_size=settings.database_pool,
        init=prepare_connection,
        reset=_as_it_is,
        max_inactive_connection_lifetime=60,
    )
    _alone[id(DB.pool)] = {
        durable: _Standing(
            await asyncpg.create_pool(
                **DB.config,
                min_size=0,
                max_size=_MOST_ALONE,
                init=partial(_prepare_for_system, durable=durable),
                reset=_as_it_is,
            )
        )
        for durable in (True, False)
    }


async def close_pool() -> None:
    """Close this process's pools. What is under way may come to its end, but not for ever: a process that stops has to stop."""
    closing = [standing.close() for standing in _alone.pop(id(DB.pool), {}).values()]
    if DB.pool:
        closing.append(DB.close_connection_pool())
    try:
        async with asyncio.timeout(_CLOSING_SECONDS):
            await asyncio.gather(*closing)
    except TimeoutError:
        _log.warning("connections_cut_off", after_seconds=_CLOSING_SECONDS)
        DB.pool = None


async def _as_it_is(_connection: object) -> None:
    """Leave a connection as its transaction left it."""


async def _prepare_for_system(connection: "asyncpg.Connection[asyncpg.Record]", *, durable: bool) -> None:
    await prepare_connection(connection)
    await connection.execute(
        f"SET ROLE fuhai_system; SET fuhai.people = '{{}}'; SET fuhai.principal = 'system:alone'; SET synchronous_commit = {'on' if durable else 'off'}"
    )


class _Standing:
    """A pool's connections, kept at hand between two statements: to give one back and take it again costs as much as a short statement."""

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]") -> None:
        self._pool = pool
        self._idle: list[PoolConnectionProxy[Row]] = []
        # Whoever waits for a connection waits here: what is given back doesn't come to the pool.
        self._turns = asyncio.Semaphore(_MOST_ALONE)

    async def fetch(self, sql: str, arguments: Sequence[object]) -> list[Row]:
        async with self._turns:
            connection = await self._open()
            try:
                rows: list[Row] = await connection.fetch(sql, *arguments)
            except BaseException:
                # It may be closed, or still be cancelling its statement: the pool knows what to do.
                await self._pool.release(connection)
                raise
            self._idle.append(connection)
            return rows

    async def _open(self) -> "PoolConnectionProxy[Row]":
        while self._idle:
            with suppress(
                asyncpg.InterfaceError
            ):  # it is nobody's any more: the server closed it, and the pool took it back
                connection = self._idle.pop()
                if not connection.is_closed():
                    return connection
                await self._pool.release(connection)
        return await self._pool.acquire()

    async def close(self) -> None:
        for connection in self._idle:
            await self._pool.release(connection)  # one that the server closed was given back already: that is no fault
        self._idle.clear()
        await self._pool.close()


async def alone(sql: str, *arguments: object, durable: bool = True) -> list[Row]:
    """Rows of one statement of the system's that is a transaction by itself, in one round trip; no part of one in progress.

    What isn't `durable` doesn't wait for the disk: a power cut may lose its last moment.
    """
    if id(DB.pool) not in _alone:
        raise NoTransaction
    return await _alone[id(DB.pool)][durable].fetch(sql, arguments)


@asynccontextmanager
async def transaction(actor: Actor) -> AsyncIterator[None]:
    """Run statements for an actor; all of them hold, or none.

    Inside another transaction it is a savepoint: a refusal that is caught outside it undoes only what it did. Another
    actor may take over for the inner part (a citizen's payment credits a clearing account that no citizen sees).
    """
    current: Transaction | None = DB.current_transaction.get()  # type: ignore[assignment]
    if current is None:
        async with _outermost(actor):
            yield
    else:
        async with _nested(current, actor):
            yield


@asynccontextmanager
async def _outermost(actor: Actor) -> AsyncIterator[None]:
    pool = DB.pool
    if pool is None:
        raise NoTransaction
    connection = await pool.acquire()
    try:
        token = DB.current_transaction.set(Transaction(connection, actor))  # type: ignore[arg-type]
        try:
            await connection.execute(f"BEGIN; {_context(actor)}")
            yield
        except BaseException:
            await asyncio.shield(connection.execute("ROLLBACK"))
            raise
        finally:
            DB.current_transaction.reset(token)
        if await connection.execute("COMMIT") != "COMMIT":
            raise TransactionLost
    finally:
        # Shielded by the pool; a connection whose COMMIT failed is reset there.
        await pool.release(connection)


@asynccontextmanager
async def _nested(current: Transaction, actor: Actor) -> AsyncIterator[None]:
    outer = current.actor
    savepoint = f"inner_{current.depth + 1}"
    await current.connection.execute(f"SAVEPOINT {savepoint}; {_context(actor) if actor != outer else ''}")
    current.depth += 1
    current.actor = actor
    try:
        yield
    except BaseException:
        await asyncio.shield(
            current.connection.execute(f"ROLLBACK TO SAVEPOINT {savepoint}; RELEASE SAVEPOINT {savepoint}")
        )
        raise
    else:
        await current.connection.execute(f"RELEASE SAVEPOINT {savepoint}; {_context(outer) if actor != outer else ''}")
    finally:
        current.actor = outer
        current.depth -= 1


def _context(actor: Actor) -> str:
    """The literal `SET LOCAL`s that row security reads (scale: never `set_config()`)."""
    role = (
        "fuhai_citizen"
        if isinstance(actor, Citizen)
        else "fuhai_officer"
        if isinstance(actor, Officer)
        else "fuhai_system"
    )
    people = ",".join(str(UUID(str(person))) for person in actor.people) if isinstance(actor, Citizen) else ""
    if not _PRINCIPAL.match(actor.principal):
        message = f"not a principal: {actor.principal!r}"
        raise ValueError(message)
    return f"SET LOCAL ROLE {role}; SET LOCAL fuhai.people = '{{{people}}}'; SET LOCAL fuhai.principal = '{actor.principal}'"


def current_transaction() -> Transaction:
    """The transaction in progress; refuses (`NoTransaction`) where there is none."""
    current: Transaction | None = DB.current_transaction.get()  # type: ignore[assignment]
    if current is None:
        raise NoTransaction
    return current


def connection() -> "asyncpg.Connection[asyncpg.Record]":
    """The connection of the transaction in progress."""
    return current_transaction().connection


async def fetch_all(sql: str, *arguments: object) -> list[Row]:
    """Rows of one statement (`$1` placeholders)."""
    return await connection().fetch(sql, *arguments)


async def fetch_one(sql: str, *arguments: object) -> Row | None:
    """The first row of one statement, if any."""
    return await connection().fetchrow(sql, *arguments)


async def fetch_value(sql: str, *arguments: object) -> Any:
    """The first column of the first row, if any."""
    return await connection().fetchval(sql, *arguments)


async def execute(sql: str, *arguments: object) -> int:
    """Run one statement that changes rows, and say how many it changed."""
    status = await connection().execute(sql, *arguments)
    last = status.rsplit(" ", 1)[-1]
    return int(last) if last.isdigit() else 0


def mine(table: type[Table], owned_id: UUID) -> Where | WhereRaw:
    """The condition that finds one owned row: its shard and its id."""
    name = table._meta.tablename  # noqa: SLF001 - Piccolo offers no public name
    return WhereRaw(f'"{name}".shard = {{}} AND "{name}".id = {{}}', shard_of(owned_id), owned_id)


def violated_constraint(error: asyncpg.IntegrityConstraintViolationError) -> str:
    """The name of the constraint that a statement broke (a cluster appends suffixes to it)."""
    return re.sub(r"_\d{5,}$", "", error.constraint_name or "")
