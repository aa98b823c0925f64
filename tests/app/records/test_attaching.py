"""Files of the cloud disk beside entries."""

import asyncio
from uuid import UUID, uuid4

import msgspec
import pytest

from app.kernel.actors import Acting
from app.records import attaching, memories, queries
from app.records.errors import AttachmentsTooMany, FileNotAttachable, RecordNotFound
from app.records.structs import AttachedFile, TimelineEntry
from cloud_disk import nodes
from cloud_disk.structs import NewFolder, NodeChange
from tests.makers.files import a_file
from tests.makers.people import a_citizen, a_guardian_of, a_newborn
from tests.makers.timeline import a_memory, a_record

pytestmark = pytest.mark.usefixtures("app")


def named(entry: TimelineEntry) -> list[str | None]:
    return [None if file.gone else file.name for file in entry.attachments]


class TestAttach:
    async def test_shows_the_file_once(self) -> None:
        citizen = await a_citizen()
        record, file = await a_record(citizen.id), await a_file(citizen, name="结婚照.jpg")

        await asyncio.gather(*(attaching.attach(citizen, record, file.id) for _ in range(3)))
        entry = await queries.entry(citizen, record)

        assert [(one.node_id, one.name, one.content_type) for one in entry.attachments] == [
            (file.id, "结婚照.jpg", "image/jpeg")
        ]
        assert named(await attaching.detach(citizen, record, file.id)) == []
        assert named(await attaching.detach(citizen, record, file.id)) == []

    async def test_a_file_in_the_trash_is_gone_and_comes_back(self) -> None:
        citizen = await a_citizen()
        folder = await nodes.make_folder(citizen, NewFolder("相册"))
        file = await a_file(citizen)
        await nodes.change(citizen, file.id, NodeChange(parent_id=folder.id), None)
        memory = await a_memory(citizen, node_ids=(file.id, file.id))

        await nodes.put_into_trash(citizen, folder.id)
        gone = await queries.entry(citizen, memory.id)
        await nodes.restore(citizen, folder.id)

        assert named(memory) == ["photo.jpg"]
        assert gone.attachments == [AttachedFile(file.id, True, None, None, None)]
        assert named(await queries.entry(citizen, memory.id)) == ["photo.jpg"]

    async def test_takes_whole_files_of_ones_own_only(self) -> None:
        citizen, stranger = await a_citizen(), await a_citizen()
        record = await a_record(citizen.id)
        folder = await nodes.make_folder(citizen, NewFolder("相册"))

        for node_id in (folder.id, (await a_file(stranger)).id, uuid4()):
            with pytest.raises(FileNotAttachable):
                await attaching.attach(citizen, record, node_id)
        with pytest.raises(RecordNotFound):
            await attaching.attach(stranger, record, (await a_file(stranger, name="b.jpg")).id)

    async def test_stops_at_twenty_however_many_come_at_once(self) -> None:
        citizen = await a_citizen()
        record = await a_record(citizen.id)
        files: list[UUID] = [(await a_file(citizen, name=f"{at}.jpg")).id for at in range(21)]

        outcomes = await asyncio.gather(
            *(attaching.attach(citizen, record, file) for file in files), return_exceptions=True
        )

        assert sum(isinstance(outcome, AttachmentsTooMany) for outcome in outcomes) == 1
        assert len((await queries.entry(citizen, record)).attachments) == 20

    async def test_a_guardians_file_beside_a_childs_entry_is_the_guardians_to_see(self) -> None:
        child = await a_newborn()
        mother, father = await a_guardian_of(child), await a_guardian_of(child)
        memory = await a_memory(mother, person_id=child, node_ids=((await a_file(mother)).id,))

        assert named(await queries.entry(mother, memory.id)) == ["photo.jpg"]
        assert named(await queries.entry(father, memory.id)) == [None]

    async def test_who_acts_by_a_power_is_shown_no_files(self) -> None:
        citizen = await a_citizen()
        memory = await a_memory(citizen, node_ids=((await a_file(citizen)).id,))
        acting = msgspec.structs.replace(citizen, agent_id=(await a_citizen()).id, acting=Acting("power"))

        assert (await queries.entry(acting, memory.id)).attachments == []

    async def test_goes_with_its_memory_and_the_file_stays(self) -> None:
        citizen = await a_citizen()
        file = await a_file(citizen)
        memory = await a_memory(citizen, node_ids=(file.id,))

        await memories.forget(citizen, memory.id)

        assert (await nodes.node(citizen, file.id)).id == file.id
