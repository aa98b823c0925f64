"""What the disk and the sealed tables hand out of a person, and that nothing readable stays."""

import pytest

from app.kernel.actors import System
from app.kernel.database import fetch_value, transaction
from app.keys.persons import PersonErased, person_key
from app.notices import inbox
from app.privacy.rights import erasers, exporters
from app.privacy.under_key import UnderKey
from cloud_disk import nodes
from cloud_disk.own_rights import DiskEraser, DiskExporter
from cloud_disk.structs import NewFolder, NodeChange
from cloud_disk.uploads import prefix_of
from tests.app.notices.test_inbox import a_notice
from tests.makers.files import a_file, a_store
from tests.makers.people import a_citizen

pytestmark = pytest.mark.usefixtures("app")


class TestDisk:
    async def test_hands_out_names_and_deletes_objects_and_rows(self) -> None:
        citizen, other = await a_citizen(), await a_citizen()
        folder = await nodes.make_folder(citizen, NewFolder(name="a"))
        file, theirs = await a_file(citizen), await a_file(other)
        await nodes.change(citizen, file.id, NodeChange(parent_id=folder.id), None)
        async with transaction(System("test")):
            key = await fetch_value("SELECT object_key FROM disk_node WHERE id = $1", file.id)

        exported = await DiskExporter().export(citizen.id)
        erased = await DiskEraser(a_store()).erase(citizen.id)

        assert {row["name"] for row in exported["disk_node"]} == {"a", "photo.jpg"}
        assert erased == 2
        assert await a_store().stat(key) is None
        assert (await nodes.disk(citizen)).used_bytes == 0
        assert await a_store().delete_below(prefix_of(citizen.id)) == 0
        assert (await nodes.node(other, theirs.id)).id == theirs.id


class TestUnderKey:
    async def test_opens_what_is_sealed_for_the_person(self) -> None:
        citizen = await a_citizen()
        await a_notice(citizen)

        exported = await UnderKey("notice", ("at", "phrase"), sealed=("facts",)).export(citizen.id)

        assert [row["facts"] for row in exported["notice"]] == [{"name": "小红", "n": "1"}]

    async def test_every_room_hands_out_what_it_holds(self) -> None:
        citizen = await a_citizen()
        await a_notice(citizen)

        for exporter in exporters():
            handed_out = await exporter.export(citizen.id)
            assert set(handed_out) <= set(exporter.tables)

    async def test_after_erasure_nothing_sealed_opens(self) -> None:
        citizen = await a_citizen()
        await a_notice(citizen)

        for eraser in erasers():
            await eraser.erase(citizen.id)

        with pytest.raises(PersonErased):
            await inbox.inbox(citizen, None, 20)
        async with transaction(System("test")):
            with pytest.raises(PersonErased):
                await person_key(citizen.id)
