"""Folders: names once, trees that stay trees, trash and back."""

import asyncio

import pytest

from app.kernel.errors import PreconditionFailed
from app.kernel.paging import CursorWrong
from cloud_disk import nodes
from cloud_disk.errors import FolderTooDeep, MoveIntoItself, NameTaken, NodeNotFound, NotAFolder
from cloud_disk.structs import NewFolder, NodeChange
from tests.makers.files import a_file
from tests.makers.people import a_citizen

pytestmark = pytest.mark.usefixtures("app")


class TestMakeFolder:
    async def test_a_name_is_there_once_in_its_place(self) -> None:
        citizen = await a_citizen()
        album = await nodes.make_folder(citizen, NewFolder(name="相册"))

        with pytest.raises(NameTaken):
            await nodes.make_folder(citizen, NewFolder(name=" 相册 "))
        assert (await nodes.make_folder(citizen, NewFolder(name="相册", parent_id=album.id))).parent_id == album.id

    async def test_of_several_at_once_one_is_made(self) -> None:
        citizen = await a_citizen()

        made = await asyncio.gather(
            *(nodes.make_folder(citizen, NewFolder(name="相册")) for _ in range(8)), return_exceptions=True
        )

        assert sum(isinstance(one, NameTaken) for one in made) == 7

    async def test_two_citizens_may_use_one_name(self) -> None:
        for citizen in (await a_citizen(), await a_citizen()):
            assert (await nodes.make_folder(citizen, NewFolder(name="相册"))).name == "相册"

    async def test_refuses_a_strangers_folder_a_file_and_a_depth_without_end(self) -> None:
        citizen, stranger = await a_citizen(), await a_citizen()
        theirs = await nodes.make_folder(stranger, NewFolder(name="相册"))
        file = await a_file(citizen)

        with pytest.raises(NodeNotFound):
            await nodes.make_folder(citizen, NewFolder(name="x", parent_id=theirs.id))
        with pytest.raises(NotAFolder):
            await nodes.make_folder(citizen, NewFolder(name="x", parent_id=file.id))
        parent = None
        for _ in range(20):
            parent = (await nodes.make_folder(citizen, NewFolder(name="x", parent_id=parent))).id
        with pytest.raises(FolderTooDeep):
            await nodes.make_folder(citizen, NewFolder(name="x", parent_id=parent))


class TestListing:
    async def test_pages_without_a_gap(self) -> None:
        citizen = await a_citizen()
        for number in range(5):
            await nodes.make_folder(citizen, NewFolder(name=str(number)))

        first = await nodes.listing(citizen, None, None, 3)
        second = await nodes.listing(citizen, None, first.next, 3)

        assert [node.name for node in (*first.items, *second.items)] == list("01234")
        with pytest.raises(CursorWrong):
            await nodes.listing(citizen, None, "nonsense", 3)


class TestChange:
    async def test_refuses_what_somebody_changed_meanwhile(self) -> None:
        citizen = await a_citizen()
        folder = await nodes.make_folder(citizen, NewFolder(name="a"))

        renamed = await nodes.change(citizen, folder.id, NodeChange(name="b"), folder.version)

        assert renamed.name == "b"
        with pytest.raises(PreconditionFailed):
            await nodes.change(citizen, folder.id, NodeChange(name="c"), folder.version)

    async def test_moves_and_keeps_the_tree_a_tree(self) -> None:
        citizen = await a_citizen()
        outer = await nodes.make_folder(citizen, NewFolder(name="outer"))
        inner = await nodes.make_folder(citizen, NewFolder(name="inner", parent_id=outer.id))

        for place in (outer.id, inner.id):
            with pytest.raises(MoveIntoItself):
                await nodes.change(citizen, outer.id, NodeChange(parent_id=place), None)
        moved = await nodes.change(citizen, inner.id, NodeChange(to_top=True), None)

        assert moved.parent_id is None

    async def test_two_moves_at_once_make_no_loop(self) -> None:
        citizen = await a_citizen()
        for number in range(5):
            one = await nodes.make_folder(citizen, NewFolder(name=f"one {number}"))
            other = await nodes.make_folder(citizen, NewFolder(name=f"other {number}"))

            moved = await asyncio.gather(
                nodes.change(citizen, one.id, NodeChange(parent_id=other.id), None),
                nodes.change(citizen, other.id, NodeChange(parent_id=one.id), None),
                return_exceptions=True,
            )

            assert sum(isinstance(what, MoveIntoItself) for what in moved) == 1


class TestTrash:
    async def test_what_lay_in_a_trashed_folder_comes_back_at_the_top(self) -> None:
        citizen = await a_citizen()
        outer = await nodes.make_folder(citizen, NewFolder(name="outer"))
        middle = await nodes.make_folder(citizen, NewFolder(name="middle", parent_id=outer.id))
        inner = await nodes.make_folder(citizen, NewFolder(name="inner", parent_id=middle.id))
        await nodes.put_into_trash(citizen, inner.id)
        await nodes.put_into_trash(citizen, outer.id)

        assert (await nodes.restore(citizen, inner.id)).parent_id is None
        assert (await nodes.restore(citizen, outer.id)).parent_id is None

    async def test_what_is_trashed_can_be_taken_back_unless_its_name_was_taken(self) -> None:
        citizen = await a_citizen()
        folder = await nodes.make_folder(citizen, NewFolder(name="a"))

        await nodes.put_into_trash(citizen, folder.id)
        await nodes.put_into_trash(citizen, folder.id)
        with pytest.raises(NodeNotFound):
            await nodes.node(citizen, folder.id)
        assert [node.id for node in (await nodes.trash(citizen, None, 10)).items] == [folder.id]
        await nodes.make_folder(citizen, NewFolder(name="A"))
        with pytest.raises(NameTaken):
            await nodes.restore(citizen, folder.id)
