"""Bring a database to the present schema: roles first, then every room's migrations, all or nothing."""

import io
from contextlib import redirect_stdout
from typing import Final
from urllib.parse import urlsplit

import asyncpg
from piccolo.apps.migrations.commands.forwards import run_forwards

from app.kernel.actors import System
from app.kernel.database import DB, Transaction, dsn_config, prepare_connection
from app.kernel.schema import ROLES
from app.kernel.settings import Settings

_LOCK: Final = 370_600
_MIGRATOR: Final = System("migrate")


async def migrate(settings: Settings) -> None:
    """Run what hasn't been run yet, in one transaction of the owner's role; a second caller waits and finds nothing to do."""
    owner = dsn_config(settings.database_owner_url)
    connection = await asyncpg.connect(**owner)
    try:
        await prepare_connection(connection)
        async with connection.transaction():
            await connection.execute("SELECT pg_advisory_xact_lock($1)", _LOCK)
            await _roles(connection, urlsplit(settings.database_url).username or "")
            token = DB.current_transaction.set(Transaction(connection, _MIGRATOR))  # type: ignore[arg-type]
            try:
                with redirect_stdout(io.StringIO()) as told:
                    result = await run_forwards("all")
            finally:
                DB.current_transaction.reset(token)
            if not result.success:
                raise RuntimeError(result.message or told.getvalue())
    finally:
        await connection.close()


async def _roles(connection: "asyncpg.Connection[asyncpg.Record]", application: str) -> None:
    """Make the roles that row security's policies are bound to; the application may become each, and inherits none."""
    for role in ROLES:
        known = await connection.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", role)
        if not known:
            await connection.execute(f"CREATE ROLE {role} NOLOGIN")
        await connection.execute(f'GRANT {role} TO "{application}"')
        await connection.execute(f"GRANT USAGE ON SCHEMA public TO {role}")
