"""Files on their way in and out, through the real object store."""

import asyncio
import hashlib

import msgspec
import pytest

from app.kernel.actors import Citizen, System
from app.kernel.database import fetch_all, transaction
from app.kernel.ids import new_id
from app.kernel.settings import load
from app.keys.persons import PersonErased
from cloud_disk import nodes, uploads
from cloud_disk.errors import BytesMissing, DiskFull, FileNotReady, FileTooLarge, NameTaken, NodeNotFound
from cloud_disk.keeping import Document, keep
from cloud_disk.structs import NewFolder, NodeChange
from cloud_disk.uploads import DELETE_LATE_JOB, CheckFile, DeleteLate, prefix_of
from integrations.object_store.s3 import S3Store
from tests.makers.callers import the_authorities_of_the_product
from tests.makers.erasure import erased
from tests.makers.files import a_file, a_photograph, a_store, an_upload, posted
from tests.makers.people import a_citizen
from tests.makers.web import a_web_client

pytestmark = pytest.mark.usefixtures("app")


class TestUpload:
    async def test_bytes_go_straight_to_the_store_and_come_back_the_same(self) -> None:
        citizen, content = await a_citizen(), a_photograph()
        node = await a_file(citizen, content, "海边 㐂.jpg")

        address = await uploads.download(citizen, node.id, a_store())
        async with a_web_client() as client:
            got = await client.get(address.url)

        assert got.content == content
        assert hashlib.sha256(got.content).hexdigest() == address.sha256
        assert got.headers["content-disposition"].startswith("attachment")
        assert "%E6%B5%B7" in got.headers["content-disposition"]

    async def test_the_store_takes_no_other_size(self) -> None:
        citizen, content = await a_citizen(), a_photograph()
        upload = await an_upload(citizen, content)

        assert not (await posted(upload, content + b"more")).is_success
        assert not (await posted(upload, content[:-1])).is_success

    async def test_the_store_takes_no_other_key_or_type(self) -> None:
        citizen, content = await a_citizen(), a_photograph()
        upload = await an_upload(citizen, content)

        for field, value in (("key", "disk/elsewhere"), ("Content-Type", "text/html")):
            changed = msgspec.structs.replace(upload, fields=upload.fields | {field: value})
            assert (await posted(changed, content)).status_code in {400, 403}

    async def test_is_not_complete_before_its_bytes_came(self) -> None:
        citizen, content = await a_citizen(), a_photograph()
        upload = await an_upload(citizen, content)

        with pytest.raises(BytesMissing):
            await uploads.complete(citizen, upload.node.id, a_store())

    async def test_other_bytes_of_the_same_size_are_refused_and_deleted(self) -> None:
        citizen, content = await a_citizen(), a_photograph()
        upload = await an_upload(citizen, content)
        assert (await posted(upload, a_photograph())).is_success
        await uploads.complete(citizen, upload.node.id, a_store())

        await uploads.check(a_store(), CheckFile(upload.node.id))

        assert (await nodes.node(citizen, upload.node.id)).state == "refused"
        assert await a_store().stat(upload.fields["key"]) is None
        with pytest.raises(FileNotReady):
            await uploads.download(citizen, upload.node.id, a_store())

    async def test_a_type_that_the_bytes_belie_is_refused(self) -> None:
        citizen, content = await a_citizen(), b"<script>alert(1)</script>"
        upload = await an_upload(citizen, content)
        await posted(upload, content)
        await uploads.complete(citizen, upload.node.id, a_store())

        await uploads.check(a_store(), CheckFile(upload.node.id))

        assert (await nodes.node(citizen, upload.node.id)).state == "refused"

    async def test_a_form_that_is_still_good_doesnt_write_over_what_was_checked(self) -> None:
        citizen, content = await a_citizen(), a_photograph()
        upload = await an_upload(citizen, content)
        await posted(upload, content)
        await uploads.complete(citizen, upload.node.id, a_store())
        await uploads.check(a_store(), CheckFile(upload.node.id))

        assert (await posted(upload, a_photograph())).is_success

        address = await uploads.download(citizen, upload.node.id, a_store())
        async with a_web_client() as client:
            assert (await client.get(address.url)).content == content

    async def test_what_a_form_wrote_a_second_time_is_deleted_when_no_form_lasts(self) -> None:
        citizen, content = await a_citizen(), a_photograph()
        upload = await an_upload(citizen, content)
        await posted(upload, content)
        await uploads.complete(citizen, upload.node.id, a_store())
        await uploads.check(a_store(), CheckFile(upload.node.id))
        key = upload.fields["key"]

        assert (await posted(upload, content)).status_code in {200, 204}
        assert await a_store().stat(key) is not None
        async with transaction(System("tests")):
            rows = await fetch_all(
                "SELECT payload, execute_after > updated AS later FROM pgqueuer WHERE entrypoint = $1", DELETE_LATE_JOB
            )
        due = {msgspec.json.decode(row["payload"], type=DeleteLate).prefix: row["later"] for row in rows}
        assert due[key] is True
        await uploads.delete_late(a_store(), DeleteLate(key))

        assert await a_store().stat(key) is None

    async def test_completing_and_checking_again_change_nothing(self) -> None:
        citizen = await a_citizen()
        node = await a_file(citizen)
        before = await nodes.node(citizen, node.id)

        await uploads.complete(citizen, node.id, a_store())
        await uploads.check(a_store(), CheckFile(node.id))

        assert await nodes.node(citizen, node.id) == before

    async def test_refuses_what_is_too_large_or_does_not_fit(self) -> None:
        citizen = await a_citizen()

        with pytest.raises(FileTooLarge):
            await an_upload(citizen, b"x", size_bytes=2**40)
        for number in range(10):
            await an_upload(citizen, b"x", name=f"{number}", size_bytes=2**30)
        with pytest.raises(DiskFull):
            await an_upload(citizen, b"x", name="one more", size_bytes=1)

    async def test_several_at_once_dont_pass_the_quota(self) -> None:
        citizen = await a_citizen()

        announced = await asyncio.gather(
            *(an_upload(citizen, b"x", name=f"{number}", size_bytes=2**30) for number in range(14)),
            return_exceptions=True,
        )

        assert sum(isinstance(one, DiskFull) for one in announced) == 4

    async def test_a_strangers_file_does_not_exist(self) -> None:
        citizen, stranger = await a_citizen(), await a_citizen()
        node = await a_file(citizen)

        with pytest.raises(NodeNotFound):
            await uploads.download(stranger, node.id, a_store())
        with pytest.raises(NodeNotFound):
            await uploads.complete(stranger, node.id, a_store())
        with pytest.raises(NodeNotFound):
            await nodes.change(stranger, node.id, NodeChange(name="mine"), None)
        with pytest.raises(NodeNotFound):
            await nodes.put_into_trash(stranger, node.id)

    async def test_a_form_can_be_had_again_until_the_bytes_came(self) -> None:
        citizen, content = await a_citizen(), a_photograph()
        upload = await an_upload(citizen, content)

        again = await uploads.form_again(citizen, upload.node.id, a_store())
        assert (await posted(again, content)).is_success
        await uploads.complete(citizen, upload.node.id, a_store())

        with pytest.raises(FileNotReady):
            await uploads.form_again(citizen, upload.node.id, a_store())


def a_document(citizen: Citizen, source_ref: str = "licence:1", name: str = "户口页.pdf") -> Document:
    return Document(
        citizen_id=citizen.id,
        folder="证照",
        name=name,
        content=b"%PDF-" + source_ref.encode(),
        content_type="application/pdf",
        source_ref=source_ref,
    )


class SlowStore(S3Store):
    """A store that is so slow that a citizen's erasure is over before it has put something."""

    def __init__(self, citizen: Citizen) -> None:
        super().__init__(load())
        self._citizen = citizen

    async def put(self, key: str, content: bytes, content_type: str) -> None:
        await erased(self._citizen)
        await super().put(key, content, content_type)


class TestKeep:
    async def test_keeps_a_document_once_and_finds_a_free_name(self) -> None:
        citizen = await a_citizen()

        first = await keep(a_document(citizen, "licence:1"), a_store())
        again = await keep(a_document(citizen, "licence:1"), a_store())
        other = await keep(a_document(citizen, "licence:2"), a_store())

        top = await nodes.listing(citizen, None, None, 10)
        held = await nodes.listing(citizen, top.items[0].id, None, 10)
        assert first == again != other
        assert [node.name for node in top.items] == ["证照"]
        assert [node.name for node in held.items] == ["户口页.pdf", "户口页 (2).pdf"]

    async def test_a_folder_of_that_name_is_used(self) -> None:
        citizen = await a_citizen()
        folder = await nodes.make_folder(citizen, NewFolder(name="证照"))

        node = await nodes.node(citizen, await keep(a_document(citizen, name="a.pdf"), a_store()))

        assert node.parent_id == folder.id
        with pytest.raises(NameTaken):
            await nodes.make_folder(citizen, NewFolder(name="A.PDF", parent_id=folder.id))
        with pytest.raises(NodeNotFound):
            await nodes.node(citizen, new_id(citizen.id))

    async def test_leaves_nothing_for_whoever_is_erased_while_the_bytes_are_stored(self) -> None:
        the_authorities_of_the_product()
        citizen = await a_citizen()

        with pytest.raises(PersonErased):
            await keep(a_document(citizen), SlowStore(citizen))

        assert (await nodes.listing(citizen, None, None, 10)).items == []
        assert await a_store().delete_below(prefix_of(citizen.id)) == 0
        with pytest.raises(PersonErased):
            await keep(a_document(citizen), a_store())
