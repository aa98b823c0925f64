"""What each role sees of every table, tried in a transaction that is undone: as a citizen, and with the context forgotten."""

from typing import Any, Final
from uuid import UUID

import asyncpg

from app.kernel.schema import ROLES
from tests.architecture.schema import CITIZEN, ME, STRANGER, Connection, owned_tables, tables, undone

FORGOTTEN: Final = (
    "",
    "SET LOCAL fuhai.people = ''; SET LOCAL fuhai.principal = ''",
    "SET LOCAL fuhai.people = '{}'; SET LOCAL fuhai.principal = 'citizen:nobody'",
)
"""Ways in which a role may be taken without saying who acts."""
_POLICY: Final = "SELECT qual, with_check FROM pg_policies WHERE tablename = $1 AND $2 = ANY (roles)"
_MAY_READ: Final = "SELECT has_any_column_privilege($1, $2, 'SELECT')"
_PERSONS: Final = """
SELECT attname FROM pg_attribute WHERE attrelid = to_regclass($1) AND atttypid = 'uuid'::regtype AND attnum > 0 AND NOT attisdropped
"""


async def unlike(connection: Connection) -> dict[str, str]:
    """Owned tables of which a citizen doesn't see, change and delete exactly their own of two people's rows; needs a superuser.

    Each policy is tried on a bare copy of its table, with every right that may be given where citizens may read at all.
    """
    found = {}
    for table in await owned_tables(connection):
        policy = await connection.fetchrow(_POLICY, table, CITIZEN)
        if policy is not None and await connection.fetchval(_MAY_READ, CITIZEN, table):
            async with undone(connection):
                await _copy(connection, table, policy)
                flaw = await _flaw(connection)
            if flaw:
                found[table] = flaw
    return found


async def _copy(connection: Connection, table: str, policy: Any) -> None:
    columns = [row["attname"] for row in await connection.fetch(_PERSONS, table)]
    await connection.execute(f"CREATE TABLE probe AS SELECT * FROM {table} WITH NO DATA")
    for person in (ME, STRANGER):
        names, values = ", ".join(columns), ", ".join([f"'{person}'"] * len(columns))
        await connection.execute(f"INSERT INTO probe ({names}) VALUES ({values})")
    if "principal" in [
        row[0] for row in await connection.fetch("SELECT attname FROM pg_attribute WHERE attrelid = 'probe'::regclass")
    ]:
        await connection.execute("UPDATE probe SET principal = 'citizen:' || id")
    await connection.execute("ALTER TABLE probe ENABLE ROW LEVEL SECURITY")
    await connection.execute(
        f"CREATE POLICY probe ON probe TO {CITIZEN} USING ({policy['qual']}) WITH CHECK ({policy['with_check']})"
    )
    await connection.execute(f"GRANT SELECT, UPDATE, DELETE ON probe TO {CITIZEN}")


async def _flaw(connection: Connection) -> str:
    await connection.execute(
        f"SET LOCAL ROLE {CITIZEN}; SET LOCAL fuhai.people = '{{{ME}}}'; SET LOCAL fuhai.principal = 'citizen:{ME}'"
    )
    seen = {row["id"] for row in await connection.fetch("SELECT id FROM probe")}
    if seen != {ME}:
        return f"sees {_named(seen)}"
    for change in ("UPDATE probe SET id = id", "DELETE FROM probe"):
        done = await connection.execute(change)
        if not done.endswith(" 1"):
            return f"{change}: {done}"
    return ""


def _named(seen: set[UUID]) -> str:
    return "nobody's rows" if not seen else "a stranger's row"


async def open_without_context(connection: Connection, context: str) -> set[str]:
    """Owned tables of which a citizen's transaction sees rows although it didn't say who acts."""
    found = set()
    for table in await owned_tables(connection):
        async with undone(connection):
            await connection.execute(f"SET LOCAL ROLE {CITIZEN}; {context}")
            try:
                rows = await connection.fetch(f"SELECT 1 FROM {table} LIMIT 1")
            except asyncpg.PostgresError:
                continue
        if rows:
            found.add(table)
    return found


async def seen_of_others(connection: Connection, people: set[UUID]) -> dict[str, int]:
    """Rows of all the owned tables' present content that a citizen sees although they name none of these people as owner."""
    context = f"SET LOCAL fuhai.people = '{{{','.join(map(str, people))}}}'; SET LOCAL fuhai.principal = 'citizen:{min(people)}'"
    found = {}
    for table in await owned_tables(connection):
        columns = {row["attname"] for row in await connection.fetch(_PERSONS, table)}
        owner = "citizen_id" if "citizen_id" in columns else "id"
        async with undone(connection):
            await connection.execute(f"SET LOCAL ROLE {CITIZEN}; {context}")
            try:
                rows = await connection.fetch(
                    f"SELECT {owner} AS owner FROM {table} WHERE {owner} <> ALL ($1)", list(people)
                )
            except asyncpg.InsufficientPrivilegeError:
                continue
        if rows:
            found[table] = len(rows)
    return found


async def filled(connection: Connection) -> set[str]:
    """Owned tables that hold rows just now."""
    return {
        table for table in await owned_tables(connection) if await connection.fetchval(f"SELECT 1 FROM {table} LIMIT 1")
    }


async def rights_without_policy(connection: Connection) -> list[str]:
    """Rights of a role on a table for which it has no policy (it would see nothing), and policies without any right."""
    found = []
    for table in await tables(connection):
        for role in ROLES:
            has_right = await connection.fetchval(
                "SELECT has_any_column_privilege($1, $2, 'SELECT, INSERT, UPDATE')", role, table
            )
            has_policy = await connection.fetchrow(_POLICY, table, role) is not None
            if bool(has_right) != has_policy:
                found.append(f"{role} on {table}: right {bool(has_right)}, policy {has_policy}")
    return found
