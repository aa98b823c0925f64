"""Checks of the migrated database, against the rules of an id that says where it lives. Each gives the violations it finds."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Any, Final
from uuid import UUID

import asyncpg
from piccolo.table import Table

from app.kernel.schema import ROLES

Connection = Any
"""An asyncpg connection; its class is generic for type checkers only."""
NOT_OURS: Final = ("migration", "pgqueuer", "pgqueuer_log", "pgqueuer_statistics", "pgqueuer_schedules")
"""Piccolo's and pgqueuer's own tables."""
CITIZEN: Final = ROLES[0]
ME: Final = UUID("01900000-0000-7000-8000-00000000003c")
STRANGER: Final = UUID("01900000-0000-7000-8000-000000000008")

_TABLES: Final = """
SELECT c.oid, c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND c.relname <> ALL ($1) ORDER BY c.relname
"""
_OWNED: Final = """
c.oid IN (SELECT attrelid FROM pg_attribute WHERE attname = 'shard' AND NOT attisdropped) AND c.relkind IN ('r', 'p')
"""
_UNSHARDED_KEYS: Final = f"""
SELECT c.relname || ': ' || i.relname || ' leaves shard out' FROM pg_index x
JOIN pg_class c ON c.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid
WHERE (x.indisunique OR x.indisexclusion) AND {_OWNED} AND NOT EXISTS (
  SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'shard' AND a.attnum = ANY (x.indkey))
"""
_KEYS: Final = f"""
SELECT c.relname || ' has another primary key than (shard, id) or (id, shard)' FROM pg_class c
WHERE {_OWNED} AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'p'
  AND pg_get_constraintdef(k.oid) IN ('PRIMARY KEY (shard, id)', 'PRIMARY KEY (id, shard)'))
UNION ALL
SELECT c.relname || ' doesn''t check that its ids name its shard' FROM pg_class c
WHERE {_OWNED} AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'c'
  AND pg_get_constraintdef(k.oid) LIKE '%shard = %(get_byte(uuid_send(id), 14) & 15) * 256) + get_byte(uuid_send(id), 15)%')
"""
_REFERENCES: Final = """
SELECT c.relname AS name, k.conname, k.confdeltype = ANY ('{a,r}') AND k.confupdtype = ANY ('{a,r}') AS restricts,
  from_shard.attnum IS NOT NULL AS from_owned, to_shard.attnum IS NOT NULL AS to_owned,
  coalesce(from_shard.attnum = ANY (k.conkey) AND
    k.confkey[array_position(k.conkey, from_shard.attnum)] = to_shard.attnum, false) AS carries_shard
FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
LEFT JOIN pg_attribute from_shard ON from_shard.attrelid = k.conrelid AND from_shard.attname = 'shard'
LEFT JOIN pg_attribute to_shard ON to_shard.attrelid = k.confrelid AND to_shard.attname = 'shard'
WHERE k.contype = 'f' AND c.relname <> ALL ($1)
"""
_COUNTED: Final = """
SELECT c.relname || '.' || a.attname || ' is filled in by the database' FROM pg_attribute a
JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND a.attnum > 0 AND c.relname <> ALL ($1)
  AND (a.attidentity <> '' OR pg_get_expr(d.adbin, d.adrelid) LIKE '%(%')
"""
_UNNAMED: Final = """
SELECT c.relname || ': ' || k.conname || ' wasn''t named' FROM pg_constraint k
JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND k.contype <> 'n' AND c.relname <> ALL ($1)
  AND k.conname ~ ('^' || c.relname || '_.*_(check|key|fkey|excl)[0-9]*$')
"""
_UNGUARDED: Final = """
SELECT c.relname || ' has no row security' FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND c.relname <> ALL ($1)
  AND (NOT c.relrowsecurity OR NOT EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid))
UNION ALL
SELECT c.relname || ': two policies for ' || r.rolname FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid
JOIN pg_roles r ON r.oid = ANY (p.polroles) GROUP BY c.relname, r.rolname HAVING count(*) > 1
"""
_OWN_RIGHTS: Final = """
SELECT c.relname || ' grants ' || a.privilege_type || ' to ' || coalesce(nullif(a.grantee, 0)::regrole::text, 'PUBLIC')
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace, aclexplode(c.relacl) a
WHERE n.nspname = 'public' AND (a.grantee = 0 OR a.grantee = $1::regrole)
"""
_COLUMNS: Final = """
SELECT attname, atttypid::regtype::text AS type, NOT attnotnull AS optional FROM pg_attribute
WHERE attrelid = to_regclass('public.' || quote_ident($1)) AND attnum > 0 AND NOT attisdropped
"""
_APPEND_ONLY: Final = """
SELECT c.relname AS name FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc f ON f.oid = t.tgfoid
WHERE f.proname = 'refuse_change' AND t.tgenabled <> 'D' AND t.tgtype & 56 = 56 ORDER BY c.relname
"""


@asynccontextmanager
async def undone(connection: Connection) -> AsyncIterator[None]:
    """Undo whatever is done inside."""
    transaction = connection.transaction()
    await transaction.start()
    try:
        yield
    finally:
        await transaction.rollback()


async def tables(connection: Connection) -> list[str]:
    """Every table of ours."""
    return [row["name"] for row in await connection.fetch(_TABLES, NOT_OURS)]


async def owned_tables(connection: Connection) -> list[str]:
    """Every table whose rows live in a shard."""
    return [
        row["name"]
        for row in await connection.fetch(f"SELECT c.relname AS name FROM pg_class c WHERE {_OWNED} ORDER BY 1")
    ]


async def keys_without_shard(connection: Connection) -> list[str]:
    """Keys that hold on one node only, and ids that don't say where they live."""
    return await _told(connection, _UNSHARDED_KEYS) + await _told(connection, _KEYS)


async def wrong_references(connection: Connection) -> list[str]:
    """Foreign keys that leave the shard out, point from a reference table to an owned one, or do more than restrict."""
    found = []
    for row in await connection.fetch(_REFERENCES, NOT_OURS):
        named = f"{row['name']}: {row['conname']}"
        found += [f"{named} changes other rows"] if not row["restricts"] else []
        found += (
            [f"{named} leaves shard out"] if row["from_owned"] and row["to_owned"] and not row["carries_shard"] else []
        )
        found += [f"{named} points at an owned table"] if row["to_owned"] and not row["from_owned"] else []
    return found


async def counted_columns(connection: Connection) -> list[str]:
    """Serials, identities and defaults that are computed."""
    return await _told(connection, _COUNTED, NOT_OURS)


async def unnamed_constraints(connection: Connection) -> list[str]:
    """Constraints that PostgreSQL had to name."""
    return await _told(connection, _UNNAMED, NOT_OURS)


async def unguarded(connection: Connection) -> list[str]:
    """Tables without row security, and roles for which two policies are or-ed (slow)."""
    return await _told(connection, _UNGUARDED, NOT_OURS)


async def own_rights(connection: Connection, application: str) -> list[str]:
    """What the application may do without taking a role, or anybody may."""
    inherits = await connection.fetchval(
        "SELECT rolinherit OR rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = $1", application
    )
    return (["the application inherits rights"] if inherits else []) + await _told(connection, _OWN_RIGHTS, application)


async def append_only_tables(connection: Connection) -> list[str]:
    """Tables whose rows no statement can change or delete."""
    return [row["name"] for row in await connection.fetch(_APPEND_ONLY)]


async def changeable(connection: Connection, append_only: Iterable[str]) -> list[str]:
    """Append-only tables that some role may change all the same."""
    return [
        f"{role} may {right} {table}"
        for table in append_only
        for role in ROLES
        for right in ("UPDATE", "DELETE", "TRUNCATE")
        if await connection.fetchval("SELECT has_table_privilege($1, $2, $3)", role, table, right)
        or (
            right == "UPDATE"
            and await connection.fetchval("SELECT has_any_column_privilege($1, $2, 'UPDATE')", role, table)
        )
    ]


async def seen_by_strangers(connection: Connection) -> list[str]:
    """Owned tables of which a citizen could read or write another's row: each policy is tried on a bare copy of its table."""
    found = []
    for table in await owned_tables(connection):
        policy = await connection.fetchrow(
            "SELECT qual, with_check FROM pg_policies WHERE tablename = $1 AND $2 = ANY (roles)", table, CITIZEN
        )
        if policy is not None:
            async with undone(connection):
                found += await _trespasses(connection, table, await _copy(connection, table, policy))
    return found


async def _copy(connection: Connection, table: str, policy: Any) -> list[str]:
    """Make a copy without constraints and with the same policy and rights, that holds one row of a stranger.

    Gives the columns that may name a person.
    """
    columns = await connection.fetch(_COLUMNS, table)
    names = [f'"{row["attname"]}"' for row in columns]
    of_person = [f'"{row["attname"]}"' for row in columns if row["type"] == "uuid"]
    await connection.execute(f"CREATE TABLE probe AS SELECT {', '.join(names)} FROM {table} WITH NO DATA")
    await connection.execute(_row_of_stranger(of_person))
    await connection.execute("ALTER TABLE probe ENABLE ROW LEVEL SECURITY")
    await connection.execute(
        f"CREATE POLICY probe ON probe TO {CITIZEN} USING ({policy['qual']}) WITH CHECK ({policy['with_check']})"
    )
    for right in ("SELECT", "INSERT"):
        if await connection.fetchval("SELECT has_any_column_privilege($1, $2, $3)", CITIZEN, table, right):
            await connection.execute(f"GRANT {right} ON probe TO {CITIZEN}")
    return of_person


def _row_of_stranger(of_person: list[str]) -> str:
    values = ", ".join([f"'{STRANGER}'"] * len(of_person))
    return f"INSERT INTO probe ({', '.join(of_person)}) VALUES ({values})"


async def _trespasses(connection: Connection, table: str, of_person: list[str]) -> list[str]:
    ask = "SELECT has_table_privilege($1, 'probe', $2)"
    may_read, may_write = [await connection.fetchval(ask, CITIZEN, right) for right in ("SELECT", "INSERT")]
    await connection.execute(
        f"SET LOCAL ROLE {CITIZEN}; SET LOCAL fuhai.people = '{{{ME}}}'; SET LOCAL fuhai.principal = 'citizen:{ME}'"
    )
    found = (
        [f"{table} shows a stranger's row"]
        if may_read and await connection.fetchval("SELECT count(*) FROM probe")
        else []
    )
    if may_write:
        try:
            async with connection.transaction():
                await connection.execute(_row_of_stranger(of_person))
        except asyncpg.InsufficientPrivilegeError:
            return found
        found.append(f"{table} takes a stranger's row")
    return found


async def differing_columns(connection: Connection, classes: Iterable[type[Table]]) -> list[str]:
    """Where a Piccolo class says something else than its table."""
    found = []
    for table in classes:
        name = table._meta.tablename
        said = {
            column._meta.name: (await _type(connection, column.column_type), column._meta.null)
            for column in table._meta.columns
        }
        stored = {row["attname"]: (row["type"], row["optional"]) for row in await connection.fetch(_COLUMNS, name)}
        found += [
            f"{name}.{column}: {said.get(column)} is {stored.get(column)}"
            for column in sorted({*said, *stored})
            if said.get(column) != stored.get(column)
        ]
    return found


async def _type(connection: Connection, written: str) -> str:
    known: str = await connection.fetchval("SELECT to_regtype($1)::text", written)
    return known


async def _told(connection: Connection, sql: str, *arguments: object) -> list[str]:
    return [row[0] for row in await connection.fetch(sql, *arguments)]
