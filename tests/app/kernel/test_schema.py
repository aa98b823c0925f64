"""How tables are made."""

from collections.abc import AsyncIterator

import asyncpg
import pytest
import pytest_asyncio

from app.kernel.ids import new_person_id, shard_of
from app.kernel.migrating import migrate
from app.kernel.schema import Grants, OwnedTable, ReferenceTable, migration
from app.kernel.settings import Settings
from tests.architecture.schema import Connection, undone

TOY = OwnedTable(
    "toy",
    ("citizen_id uuid NOT NULL", "name text NOT NULL"),
    Grants(citizen="select, insert", officer="select", system="select, insert"),
    append_only=True,
)
SHELF = ReferenceTable(
    "shelf", ("code text NOT NULL", "CONSTRAINT shelf_pkey PRIMARY KEY (code)"), Grants(citizen="select")
)


@pytest_asyncio.fixture
async def owner(settings: Settings) -> AsyncIterator[Connection]:
    """The owner of the schema, in a transaction that is undone."""
    link = await asyncpg.connect(settings.database_owner_url)
    async with undone(link):
        for table in (TOY, SHELF):
            for sql in table.statements():
                await link.execute(sql)
        yield link
    await link.close()


class TestOwnedTable:
    async def test_lets_each_kind_of_actor_do_what_was_granted_and_no_more(self, owner: Connection) -> None:
        rights = {
            (role, right)
            for role in ("fuhai_citizen", "fuhai_officer", "fuhai_system")
            for right in ("SELECT", "INSERT", "UPDATE", "DELETE")
            if await owner.fetchval("SELECT has_table_privilege($1, 'toy', $2)", role, right)
        }

        assert rights == {
            *(("fuhai_citizen", "SELECT"), ("fuhai_citizen", "INSERT"), ("fuhai_officer", "SELECT")),
            *(("fuhai_system", "SELECT"), ("fuhai_system", "INSERT")),
        }

    async def test_refuses_an_id_of_another_shard(self, owner: Connection) -> None:
        person = new_person_id()

        with pytest.raises(asyncpg.CheckViolationError, match="toy_id_names_shard"):
            await owner.execute("INSERT INTO toy VALUES ($1, $2, $1, 'kite')", person, shard_of(person) + 1)

    async def test_keeps_its_rows_as_they_are(self, owner: Connection) -> None:
        person = new_person_id()
        await owner.execute("INSERT INTO toy VALUES ($1, $2, $1, 'kite')", person, shard_of(person))

        with pytest.raises(asyncpg.RestrictViolationError, match="rows of toy are never changed or deleted"):
            await owner.execute("UPDATE toy SET name = 'ball'")


class TestReferenceTable:
    async def test_has_no_shard_and_its_own_key(self, owner: Connection) -> None:
        columns = await owner.fetch(
            "SELECT attname FROM pg_attribute WHERE attrelid = 'shelf'::regclass AND attnum > 0"
        )

        assert [row["attname"] for row in columns] == ["code"]
        assert await owner.fetchval("SELECT relrowsecurity FROM pg_class WHERE oid = 'shelf'::regclass")


class TestMigration:
    async def test_done_again_does_nothing(self, settings: Settings) -> None:
        await migrate(settings)
        await migrate(settings)

    def test_lists_its_statements_in_order(self) -> None:
        made = migration("2026-11-22T00:00:00:000000", "toys", "Toys", (SHELF, "SELECT 1"))

        assert (made.migration_id, made.app_name) == ("2026-11-22T00:00:00:000000", "toys")
        assert len(made.raw) == 1
