"""How tables are made, so that each keeps the rules of an id that says where it lives.

A room's migration lists its tables as `OwnedTable` or `ReferenceTable`; keys, checks, grants, row security and the
append-only lock follow from a few words, and the schema test finds what doesn't.
"""

from collections.abc import Iterable
from typing import Final

import msgspec
from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.kernel.database import connection

ROLES: Final = ("fuhai_citizen", "fuhai_officer", "fuhai_system")
SHARD_OF_ID: Final = "(get_byte(uuid_send(id), 14) & 15) * 256 + get_byte(uuid_send(id), 15)"
"""The low 12 bits of an id, in SQL."""
_SEEN_BY_CITIZEN: Final = "{column} = ANY ((SELECT current_setting('fuhai.people'))::uuid[])"


class Grants(msgspec.Struct, frozen=True):
    """What each kind of actor may do with a table, as SQL writes it (`select, insert`); empty is nothing."""

    citizen: str = ""
    officer: str = ""
    system: str = "select, insert, update"


class OwnedTable(msgspec.Struct, frozen=True):
    """A table whose rows belong to a citizen (or to a shard itself).

    `columns` is the DDL between the key and the constraints; `owner` names the column that holds the citizen's id: citizens see only their own
    and their wards' rows. `citizen_sees` replaces that condition where it must be narrower; `officer_sees` narrows what officers see.
    """

    name: str
    columns: tuple[str, ...]
    grants: Grants = Grants()
    owner: str = "citizen_id"
    append_only: bool = False
    citizen_sees: str = ""
    officer_sees: str = "true"
    storage: str = ""

    def statements(self) -> Iterable[str]:
        """The DDL of this table, a statement each."""
        lines = [
            "id uuid NOT NULL",
            "shard int4 NOT NULL",
            *self.columns,
            f"CONSTRAINT {self.name}_pkey PRIMARY KEY (shard, id)",
            f"CONSTRAINT {self.name}_id_names_shard CHECK (shard = {SHARD_OF_ID})",
        ]
        yield f"CREATE TABLE {self.name} ({', '.join(lines)}) {self.storage}"
        yield from _rights(self.name, self.grants)
        seen = self.citizen_sees or _SEEN_BY_CITIZEN.format(column=self.owner)
        yield from _policies(self.name, self.grants, seen, self.officer_sees)
        if self.append_only:
            yield from _append_only(self.name)


class ReferenceTable(msgspec.Struct, frozen=True):
    """A table that belongs to no citizen: written rarely, hot nowhere. `columns` is its whole DDL body."""

    name: str
    columns: tuple[str, ...]
    grants: Grants = Grants(citizen="select", officer="select")
    append_only: bool = False
    citizen_sees: str = "true"
    unlogged: bool = False

    def statements(self) -> Iterable[str]:
        """The DDL of this table, a statement each."""
        yield f"CREATE {'UNLOGGED ' if self.unlogged else ''}TABLE {self.name} ({', '.join(self.columns)})"
        yield from _rights(self.name, self.grants)
        yield from _policies(self.name, self.grants, self.citizen_sees)
        if self.append_only:
            yield from _append_only(self.name)


def _rights(table: str, grants: Grants) -> Iterable[str]:
    yield f"REVOKE ALL ON {table} FROM PUBLIC"
    for role, rights in zip(ROLES, (grants.citizen, grants.officer, grants.system), strict=True):
        if rights:
            yield f"GRANT {rights} ON {table} TO {role}"


def _policies(table: str, grants: Grants, citizen_sees: str, officer_sees: str = "true") -> Iterable[str]:
    yield f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"
    conditions = zip(
        ROLES, (grants.citizen, grants.officer, grants.system), (citizen_sees, officer_sees, "true"), strict=True
    )
    for role, rights, seen in conditions:
        if rights:
            yield f"CREATE POLICY {table}_{role} ON {table} TO {role} USING ({seen}) WITH CHECK ({seen})"


def _append_only(table: str) -> Iterable[str]:
    yield (
        f"CREATE TRIGGER {table}_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


def keyed_by_time(table: str) -> str:
    """The statement that puts the id, which begins with the time, before the shard in an owned table's primary key.

    For tables that only grow, and fast: new rows then belong to the index's last page, instead of one page for each shard.
    """
    return f"ALTER TABLE {table} DROP CONSTRAINT {table}_pkey, ADD CONSTRAINT {table}_pkey PRIMARY KEY (id, shard)"


def migration(
    migration_id: str, app_name: str, description: str, parts: Iterable[str | OwnedTable | ReferenceTable]
) -> MigrationManager:
    """A Piccolo migration of tables and single SQL statements, run in order."""
    manager = MigrationManager(migration_id=migration_id, app_name=app_name, description=description)
    statements = [sql for part in parts for sql in ([part] if isinstance(part, str) else part.statements())]

    async def run() -> None:
        for sql in statements:
            await connection().execute(sql)

    manager.add_raw(run)
    return manager
