"""Erasure where it meets freezing, devices, and an archive that is being made at the same time."""

from pathlib import Path

import pytest

from app.identity import freezing
from app.identity.freeze_structs import Freezing
from app.kernel.actors import System
from app.kernel.database import fetch_value, transaction
from app.kernel.ids import shard_of
from app.pki.revocation import standing
from app.privacy import erasing, exporting
from app.privacy.erasure import mine
from app.privacy.exporting import MakeExport, make
from app.privacy.own_rights import ExportRights
from integrations.object_store.s3 import S3Store
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


class TestArchive:
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
