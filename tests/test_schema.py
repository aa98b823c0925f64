"""The migrated database keeps the rules of an id that says where it lives; each check is also shown a broken table."""

from collections.abc import AsyncIterator
from typing import Any, Final
from urllib.parse import urlsplit

import asyncpg
import pytest
import pytest_asyncio
from piccolo.columns import UUID, Integer, Text
from piccolo.conf.apps import Finder
from piccolo.table import Table

from app.kernel.settings import Settings
from tests.architecture import schema
from tests.architecture.schema import Connection, undone
from tests.makers import cluster

EVIDENCE: Final = {
    *("act", "transfer", "declined_payment", "channel_notice", "ledger_day", "record"),
    *("exchange_message", "case_event", "case_signature", "licence_document", "licence_event", "identity_freeze"),
    *("log_entry", "log_tile", "log_heads", "log_checkpoint"),
    *("person_look", "access_finding"),
    *("settled_shard", "settled_transfer", "settled_borne_sale", "settlement_entry", "merchant_settlement"),
    *("terminal_day_end", "discrepancy_step", "settlement_file", "settlement_manifest"),
}
"""Tables of evidence: their rows are never changed or deleted."""
WRITTEN_FOR_OTHERS: Final = {
    "outbox takes a stranger's row": "an event may be about a ward or a payee; citizens can't read the outbox",
}
BROKEN: Final = """
CREATE TABLE reference (id uuid CONSTRAINT reference_pkey PRIMARY KEY);
CREATE TABLE home (id uuid NOT NULL, shard int4 NOT NULL, CONSTRAINT home_pkey PRIMARY KEY (shard, id), CONSTRAINT home_id UNIQUE (id));
CREATE TABLE broken (
  id uuid NOT NULL DEFAULT gen_random_uuid() UNIQUE, shard int4 NOT NULL, number serial, citizen_id uuid, home_id uuid,
  CONSTRAINT broken_pkey PRIMARY KEY (id, number, shard), CHECK (number > 0),
  CONSTRAINT broken_home FOREIGN KEY (home_id) REFERENCES home (id) ON DELETE CASCADE
);
ALTER TABLE reference ADD CONSTRAINT reference_to_home FOREIGN KEY (id) REFERENCES home (id);
CREATE TABLE leaky (id uuid NOT NULL, shard int4 NOT NULL, citizen_id uuid NOT NULL);
ALTER TABLE leaky ENABLE ROW LEVEL SECURITY;
CREATE POLICY leaky_citizen ON leaky TO fuhai_citizen USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON leaky TO fuhai_citizen, fuhai_app;
CREATE TRIGGER leaky_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON leaky
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""


@pytest_asyncio.fixture(scope="module")
async def owner(settings: Settings) -> AsyncIterator[Connection]:
    """The role that owns the schema."""
    connection = await asyncpg.connect(settings.database_owner_url)
    yield connection
    await connection.close()


@pytest_asyncio.fixture(scope="module")
async def superuser(settings: Settings) -> AsyncIterator[Connection]:
    """A role that may take any other."""
    connection = await asyncpg.connect(cluster.superuser_url(settings))
    yield connection
    await connection.close()


@pytest_asyncio.fixture
async def broken(owner: Connection) -> AsyncIterator[Connection]:
    """A database with tables that break every rule."""
    async with undone(owner):
        await owner.execute(BROKEN)
        yield owner


class TestKeys:
    async def test_every_key_of_an_owned_table_contains_its_shard(self, owner: Connection) -> None:
        assert len(await schema.owned_tables(owner)) > 10
        assert await schema.keys_without_shard(owner) == []

    async def test_a_key_without_shard_is_found(self, broken: Connection) -> None:
        found = await schema.keys_without_shard(broken)

        assert "broken: broken_id_key leaves shard out" in found
        assert "broken has another primary key than (shard, id) or (id, shard)" in found
        assert "home doesn't check that its ids name its shard" in found

    async def test_an_id_of_another_shard_is_refused(self, owner: Connection) -> None:
        async with undone(owner):
            with pytest.raises(asyncpg.CheckViolationError, match="outbox_id_names_shard"):
                await owner.execute(
                    "INSERT INTO outbox (id, shard, at, stream, kind, version, subject_id, actor, try_at) "
                    "VALUES ($1, 61, '2026-11-22', $1, 'x', 1, $1, 'x', '2026-11-22')",
                    schema.ME,
                )


class TestReferences:
    async def test_every_foreign_key_carries_its_shard_and_restricts(self, owner: Connection) -> None:
        assert await schema.wrong_references(owner) == []

    async def test_a_wrong_foreign_key_is_found(self, broken: Connection) -> None:
        assert set(await schema.wrong_references(broken)) == {
            "broken: broken_home changes other rows",
            "broken: broken_home leaves shard out",
            "reference: reference_to_home points at an owned table",
        }


class TestColumns:
    async def test_the_database_fills_nothing_in(self, owner: Connection) -> None:
        assert await schema.counted_columns(owner) == []

    async def test_a_serial_and_a_computed_default_are_found(self, broken: Connection) -> None:
        found = await schema.counted_columns(broken)

        assert found == ["broken.id is filled in by the database", "broken.number is filled in by the database"]

    async def test_every_constraint_was_named(self, owner: Connection) -> None:
        assert await schema.unnamed_constraints(owner) == []

    async def test_an_unnamed_constraint_is_found(self, broken: Connection) -> None:
        found = await schema.unnamed_constraints(broken)

        assert sorted(found) == ["broken: broken_id_key wasn't named", "broken: broken_number_check wasn't named"]

    async def test_every_class_says_what_its_table_is(self, owner: Connection) -> None:
        classes = [table for app in Finder().get_app_modules() for table in app.APP_CONFIG.table_classes]

        assert len(classes) > 5
        assert await schema.differing_columns(owner, classes) == []

    async def test_a_class_that_differs_is_found(self, broken: Connection) -> None:
        class Home(Table, tablename="home"):
            id = UUID(primary_key=True, default=None)
            shard = Text(default=None)
            floor = Integer(default=None, null=True)

        assert await schema.differing_columns(broken, [Home]) == [
            "home.floor: ('integer', True) is None",
            "home.shard: ('text', False) is ('integer', False)",
        ]


class TestRights:
    async def test_every_table_has_row_security(self, owner: Connection) -> None:
        assert await schema.unguarded(owner) == []

    async def test_a_table_without_row_security_is_found(self, broken: Connection) -> None:
        assert sorted(await schema.unguarded(broken)) == [
            f"{name} has no row security" for name in ("broken", "home", "reference")
        ]

    async def test_the_application_has_no_rights_of_its_own(self, owner: Connection, settings: Settings) -> None:
        application = urlsplit(settings.database_url).username or ""

        assert await schema.own_rights(owner, application) == []

    async def test_rights_of_its_own_are_found(self, broken: Connection, settings: Settings) -> None:
        application = urlsplit(settings.database_url).username or ""

        found = await schema.own_rights(broken, application)

        assert f"leaky grants SELECT to {application}" in found

    async def test_no_citizen_sees_or_writes_a_strangers_row(self, superuser: Connection) -> None:
        assert set(await schema.seen_by_strangers(superuser)) == set(WRITTEN_FOR_OTHERS)

    async def test_a_leak_is_found(self, superuser: Connection) -> None:
        async with undone(superuser):
            await superuser.execute(BROKEN)
            found = await schema.seen_by_strangers(superuser)

        assert {"leaky shows a stranger's row", "leaky takes a stranger's row"} <= set(found)

    async def test_statements_outside_a_role_see_nothing(self, settings: Settings) -> None:
        connection: Any = await asyncpg.connect(settings.database_url)
        try:
            for table in await schema.tables(connection):
                with pytest.raises(asyncpg.InsufficientPrivilegeError):
                    await connection.fetch(f"SELECT * FROM {table}")
        finally:
            await connection.close()


class TestEvidence:
    async def test_nobody_may_change_evidence(self, owner: Connection) -> None:
        append_only = await schema.append_only_tables(owner)

        assert set(append_only) >= EVIDENCE
        assert await schema.changeable(owner, append_only) == []

    async def test_a_right_to_change_evidence_is_found(self, broken: Connection) -> None:
        assert await schema.changeable(broken, ["leaky"]) == ["fuhai_citizen may UPDATE leaky"]

    async def test_even_the_owner_is_refused(self, owner: Connection) -> None:
        for table in await schema.append_only_tables(owner):
            column = await owner.fetchval(
                "SELECT attname FROM pg_attribute WHERE attrelid = $1::regclass AND attnum = 1", table
            )
            for change in (f"UPDATE {table} SET {column} = {column}", f"DELETE FROM {table}", f"TRUNCATE {table}"):
                async with undone(owner):
                    with pytest.raises(asyncpg.PostgresError, match="are never changed or deleted"):
                        await owner.execute(change)
