"""Rotating the master key: everything sealed anew while the product is in use, then the old version destroyed."""

import asyncio
from typing import Any, Final
from uuid import UUID

import asyncpg
import msgspec
import pytest
from click.testing import CliRunner

from app import bytes_at_rest, cli
from app.identity import sessions, tokens
from app.kernel.actors import System
from app.kernel.database import execute, fetch_value, transaction
from app.kernel.ids import shard_of
from app.kernel.settings import Settings
from app.keys import rotation
from app.keys.fields import open_field
from app.keys.master import VersionNeeded, master_key
from app.keys.persons import open_for_person, seal_for_person
from app.keys.rotation import Reseal, SealedColumn, needed, reseal
from app.keys.sealing import version_of
from app.residents.directory import find_by_phone
from app.residents.people import fill_blanks
from app.residents.structs import Person
from tests.app.test_cli import fuhai
from tests.architecture.schema import NOT_OURS
from tests.makers.callers import an_enrolled_officer, signed_in
from tests.makers.people import a_citizen, a_newborn, a_phone, the_resident

pytestmark = pytest.mark.usefixtures("app")
TESTS: Final = System("tests")


async def rotated(settings: Settings) -> int:
    """A new version, with everything sealed anew; gives the version before."""
    before = master_key().newest
    await reseal(Reseal(await rotation.rotate(settings.secrets)))
    return before


async def left(version: int) -> dict[str, int]:
    """What is still under a version, by place."""
    return {place.place: place.by_version[version] for place in await needed() if version in place.by_version}


class TestRotate:
    async def test_leaves_nothing_under_the_old_version(self, settings: Settings) -> None:
        citizen, officer = await a_citizen(), await an_enrolled_officer()
        before = await the_resident(citizen.id)
        pair = await sessions.open_session(sessions.Opening(citizen.id, "tests", 2))
        await sessions.refresh(pair.refresh_token, None)
        async with transaction(TESTS):
            sealed = await seal_for_person(citizen.id, "record", "facts", citizen.id, b"born")

        old = await rotated(settings)

        assert await left(old) == {}
        assert await the_resident(citizen.id) == before
        assert await find_by_phone(before.phone or "") == citizen.id
        async with transaction(TESTS):
            assert await open_for_person(citizen.id, "record", "facts", citizen.id, sealed) == b"born"
            secret = await fetch_value("SELECT totp_secret FROM officer WHERE id = $1", officer.officer.id)
        assert open_field("officer", "totp_secret", officer.officer.id, secret).decode() == officer.totp_secret
        assert version_of(secret) == master_key().newest
        tokens.read((await signed_in(citizen)).token, "citizen")

    async def test_goes_on_under_load(self, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(rotation, "BATCH", 7)
        citizens = [await a_citizen() for _ in range(30)]
        known = {citizen.id: await the_resident(citizen.id) for citizen in citizens}
        stop = asyncio.Event()

        async def use(citizen_id: UUID) -> int:
            rounds = 0
            while not stop.is_set():
                assert await the_resident(citizen_id) == known[citizen_id]
                pair = await sessions.open_session(sessions.Opening(citizen_id, "tests", 2))
                again = await sessions.refresh(pair.refresh_token, None)
                assert await sessions.refresh(pair.refresh_token, None) == again
                rounds += 1
            return rounds

        load = [asyncio.create_task(use(citizen.id)) for citizen in citizens[:4]]
        await asyncio.sleep(0.05)
        old = await rotated(settings)
        await asyncio.sleep(0.05)
        stop.set()

        assert all(await asyncio.gather(*load))
        await rotation.reseal_newest()
        await reseal(Reseal(master_key().newest))
        assert await left(old) == {}
        assert [await the_resident(citizen.id) for citizen in citizens] == list(known.values())

    async def test_continues_where_it_was_interrupted(
        self, settings: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(rotation, "BATCH", 2)
        for _ in range(6):
            await a_citizen()
        batches = 0
        real = rotation._reseal_batch

        async def killed(column: SealedColumn, version: int) -> bool:
            nonlocal batches
            batches += 1
            if batches > 2:
                raise ConnectionError
            return await real(column, version)

        monkeypatch.setattr(rotation, "_reseal_batch", killed)
        with pytest.raises(ConnectionError):
            await rotated(settings)
        done = await rotation.progress()
        monkeypatch.setattr(rotation, "_reseal_batch", real)

        await reseal(Reseal(master_key().newest))

        assert 0 < sum(done.values()) <= 4
        assert await left(master_key().newest - 1) == {}

    async def test_leaves_what_was_written_meanwhile(self, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
        child, phone = await a_newborn(), a_phone()
        real = rotation._next

        async def slowly(column: SealedColumn, version: int, after: tuple[int, UUID]) -> Any:
            rows = await real(column, version, after)
            if column.column == "birth_certificate_no":
                async with transaction(System("residents")):
                    await fill_blanks(child, Person(phone=phone))
            return rows

        monkeypatch.setattr(rotation, "_next", slowly)
        before = await the_resident(child)
        await rotated(settings)

        assert await the_resident(child) == msgspec.structs.replace(before, phone=phone)

    async def test_two_workers_at_once_do_no_harm(self, settings: Settings) -> None:
        citizen = await a_citizen()
        before = await the_resident(citizen.id)
        order = Reseal(await rotation.rotate(settings.secrets))

        await asyncio.gather(reseal(order), reseal(order))

        assert await left(order.version - 1) == {}
        assert await the_resident(citizen.id) == before

    async def test_a_broken_value_holds_up_no_other(self, settings: Settings) -> None:
        broken, sound = await a_citizen(), await a_citizen()
        async with transaction(TESTS):
            await execute(
                "UPDATE resident SET phone = substring(phone FROM 1 FOR 40) WHERE shard = $1 AND id = $2",
                *(shard_of(broken.id), broken.id),
            )
        before = await the_resident(sound.id)

        old = await rotated(settings)

        assert await left(old) == {"resident.phone": 1}
        assert await the_resident(sound.id) == before
        with pytest.raises(VersionNeeded, match=r"resident\.phone \(1\)"):
            await retired(settings, old)
        async with transaction(TESTS):
            await execute(
                "UPDATE resident SET phone = NULL WHERE shard = $1 AND id = $2", shard_of(broken.id), broken.id
            )


async def retired(settings: Settings, version: int) -> None:
    """Retire a version as if the newest had been added long ago."""
    patch = pytest.MonkeyPatch()
    with patch.context() as changed:
        changed.setattr(rotation, "TRANSIENT", rotation.TRANSIENT * 0)
        await rotation.retire(settings.secrets, version)


class TestRetire:
    async def test_destroys_what_nothing_needs(self, settings: Settings) -> None:
        citizen = await a_citizen()
        before = await the_resident(citizen.id)
        old = await rotated(settings)

        await retired(settings, old)

        assert old not in master_key().versions
        assert await the_resident(citizen.id) == before
        assert await find_by_phone(before.phone or "") == citizen.id
        tokens.read((await signed_in(citizen)).token, "citizen")

    async def test_refuses_while_something_needs_it(self, settings: Settings) -> None:
        await a_citizen()
        old = master_key().newest
        await rotation.rotate(settings.secrets)

        with pytest.raises(VersionNeeded, match=r"resident\.phone"):
            await retired(settings, old)

        assert old in master_key().versions
        await reseal(Reseal(master_key().newest))

    async def test_refuses_while_codes_may_live(self, settings: Settings) -> None:
        old = await rotated(settings)

        with pytest.raises(VersionNeeded, match="codes"):
            await rotation.retire(settings.secrets, old)


class TestCommands:
    async def test_rotate_show_and_refuse_to_retire(self) -> None:
        await a_citizen()
        old = master_key().newest

        told = await asyncio.to_thread(fuhai, "keys", "rotate")
        shown = await asyncio.to_thread(fuhai, "keys", "show")
        refused = await asyncio.to_thread(fuhai, "keys", "retire", str(old))

        assert f"version {old + 1} seals from now on" in told.stdout
        assert master_key().newest == old + 1
        assert f"under version {old}" in shown.stdout
        assert (refused.returncode, "Error" in refused.stderr) == (1, True)
        await reseal(Reseal(old + 1))
        after = await asyncio.to_thread(fuhai, "keys", "show")
        assert f"under version {old}" not in after.stdout

    def test_refuse_what_is_no_version(self) -> None:
        assert CliRunner().invoke(cli.main, ["keys", "retire", "x"]).exit_code == 2


class TestRegistry:
    async def test_says_what_lies_in_every_column_of_bytes(self, settings: Settings) -> None:
        connection: Any = await asyncpg.connect(settings.database_owner_url)
        try:
            rows = await connection.fetch(
                "SELECT c.relname || '.' || a.attname AS place FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid "
                "JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') "
                "AND a.atttypid = 'bytea'::regtype AND NOT a.attisdropped AND c.relname <> ALL ($1)",
                NOT_OURS,
            )
        finally:
            await connection.close()
        under_master = {column.place for column in bytes_at_rest.UNDER_MASTER}

        listed = [*under_master, *bytes_at_rest.UNDER_PERSON, *bytes_at_rest.NOT_SEALED]

        assert sorted(listed) == sorted(row["place"] for row in rows)
        assert set(rotation.sealed_columns()) == set(bytes_at_rest.UNDER_MASTER)
