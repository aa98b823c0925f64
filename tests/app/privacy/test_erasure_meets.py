"""Erasure where it meets freezing, devices, and an archive that is being made at the same time."""

import io
import json
import zipfile
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from app.identity import freezing
from app.identity.freeze_structs import Freezing
from app.kernel.actors import System
from app.kernel.database import execute, fetch_value, transaction
from app.kernel.idempotency import Once
from app.kernel.ids import shard_of
from app.pki.revocation import standing
from app.privacy import erasing, exporting
from app.privacy.erasure import mine
from app.privacy.exporting import MakeExport, make
from app.privacy.own_rights import ExportRights
from integrations.object_store.s3 import S3Store
from tests.app.notices.test_inbox import a_notice
from tests.makers.callers import the_authorities_of_the_product
from tests.makers.devices import an_enrolled_device
from tests.makers.erasure import due, erased, ordered
from tests.makers.files import a_store
from tests.makers.people import a_citizen, the_resident

pytestmark = pytest.mark.usefixtures("app")
TESTS = System("tests")


@pytest.fixture(autouse=True)
def sealing() -> None:
    the_authorities_of_the_product()


async def a_secret() -> str:
    return "370602199708230021"


class TestFrozen:
    async def test_is_erased_on_nobodys_order(self) -> None:
        citizen = await a_citizen()
        given = await ordered(citizen)
        await freezing.freeze(citizen, Freezing("不是我下的单"))

        await erasing.erase(await due(given))

        assert (await mine(citizen)).state == "blocked"
        assert (await the_resident(citizen.id)).phone is not None


class TestDevices:
    async def test_have_no_certificate_left_that_holds(self) -> None:
        citizen = await a_citizen(2)
        device = await an_enrolled_device(citizen)

        await erased(citizen)

        held = await standing(device.serial)
        assert held is not None
        assert held.revoked_at is not None


class TestAnswers:
    async def test_that_were_kept_for_a_repeat_are_gone(self) -> None:
        citizen = await a_citizen()
        once = Once(uuid4().hex, "POST", "/v1/x", b"")
        await once(citizen, str, a_secret)

        await erased(citizen)

        async with transaction(TESTS):
            kept = await fetch_value(
                "SELECT count(*) FROM idempotent_answer WHERE shard = $1 AND principal = $2",
                *(shard_of(citizen.id), citizen.principal),
            )
        assert kept == 0


class TestArchive:
    async def test_tells_what_was_done_before_two_residents_were_one(self) -> None:
        citizen, before = await a_citizen(), await a_citizen(1)
        await a_notice(before)
        async with transaction(TESTS):
            await execute(
                "UPDATE resident SET merged_into = $3 WHERE shard = $1 AND id = $2",
                *(shard_of(before.id), before.id, citizen.id),
            )
        await a_notice(citizen)

        export = await exporting.order(citizen)
        await make(a_store(), MakeExport(export.id))

        given = await exporting.download(citizen, export.id, a_store())
        async with httpx.AsyncClient(trust_env=False) as web:
            archive = zipfile.ZipFile(io.BytesIO((await web.get(given.url)).content))
        assert len(json.loads(archive.read("data/notice.json"))) == 2
        assert {row["id"] for row in json.loads(archive.read("data/resident.json"))} == {
            str(citizen.id),
            str(before.id),
        }

    async def test_that_was_being_made_leaves_nothing_in_the_store(self, monkeypatch: pytest.MonkeyPatch) -> None:
        citizen, store = await a_citizen(), a_store()
        ordered_export = await exporting.order(citizen)
        async with transaction(TESTS):
            key = await fetch_value(
                "SELECT object_key FROM data_export WHERE shard = $1 AND id = $2",
                *(shard_of(ordered_export.id), ordered_export.id),
            )
        put = type(store).put_file

        async def erased_meanwhile(self: S3Store, to: str, path: Path, content_type: str) -> None:
            await ExportRights(store).erase(citizen.id)
            await put(self, to, path, content_type)

        monkeypatch.setattr(type(store), "put_file", erased_meanwhile)
        await make(store, MakeExport(ordered_export.id))

        assert await store.stat(key) is None
