"""Files on their way in and out: signed forms and addresses for the client, one check by the worker.

The store takes exactly the announced number of bytes; the worker then reads them once, and a file whose checksum or type is
not what was announced is refused, and its bytes deleted.
"""

import hashlib
import secrets
from datetime import timedelta
from typing import Final
from uuid import UUID

import msgspec

from app.audit.acts import Act, seal_act
from app.kernel import clock
from app.kernel.actors import Citizen, System
from app.kernel.database import Row, execute, fetch_one, transaction
from app.kernel.events import tell
from app.kernel.ids import new_id, shard_of
from app.kernel.jobs import enqueue
from cloud_disk import names
from cloud_disk.errors import BytesMissing, DiskFull, FileNotReady, FileTooLarge, NameTaken, NodeNotFound
from cloud_disk.events import FileArrived, FileKept
from cloud_disk.nodes import find, lock_disk, require_folder, used_bytes, view
from cloud_disk.rules import FIRST_BYTES, LIMITS, is_what_it_says
from cloud_disk.structs import DownloadView, NewUpload, NodeView, UploadView
from integrations.object_store.port import ObjectStore

CHECK_JOB: Final = "disk.check_file"
DELETE_LATE_JOB: Final = "disk.delete_late"
_CHECKER: Final = System("disk")


class DeleteLate(msgspec.Struct, frozen=True):
    """The job of deleting, once no form lasts any more, what may have been posted a second time."""

    prefix: str


class CheckFile(msgspec.Struct, frozen=True):
    """The job of reading a file once."""

    node_id: UUID


async def announce(citizen: Citizen, upload: NewUpload, store: ObjectStore) -> UploadView:
    """Announce a file, and get the form to post its bytes with; refuses what doesn't fit."""
    today = clock.today()
    largest = LIMITS.on(today, "largest_file_bytes")
    if upload.size_bytes > largest:
        raise FileTooLarge(largest_bytes=largest)
    async with transaction(citizen):
        await require_folder(citizen, upload.parent_id)
        await lock_disk(citizen)
        quota = LIMITS.on(today, "quota_bytes")
        if await used_bytes(citizen) + upload.size_bytes > quota:
            raise DiskFull(quota_bytes=quota)
        node_id = await _insert(citizen, upload)
        row = await find(citizen, node_id)
    return _form(row, store)


async def form_again(citizen: Citizen, node_id: UUID, store: ObjectStore) -> UploadView:
    """A new form for a file whose bytes haven't come yet."""
    async with transaction(citizen):
        row = await find(citizen, node_id)
    if row["state"] != "uploading":
        raise FileNotReady(state=row["state"])
    return _form(row, store)


def _form(row: Row, store: ObjectStore) -> UploadView:
    minutes = LIMITS.on(clock.today(), "upload_minutes")
    form = store.upload_form(row["object_key"], row["size_bytes"], row["content_type"], minutes)
    return UploadView(node=view(row), url=form.url, fields=form.fields, expires_at=form.expires_at)


async def _insert(citizen: Citizen, upload: NewUpload) -> UUID:
    node_id, now = new_id(citizen.id), clock.now()
    made = await execute(
        "INSERT INTO disk_node (id, shard, citizen_id, parent_id, kind, name, compared_name, created_at, changed_at, state, "
        "object_key, content_type, size_bytes, sha256) "
        "VALUES ($1, $2, $3, $4, 'file', $5, $6, $7, $7, 'uploading', $8, $9, $10, $11) ON CONFLICT DO NOTHING",
        *(node_id, shard_of(node_id), citizen.id, upload.parent_id),
        *(names.kept(upload.name), names.compared(upload.name), now, _new_key(citizen.id)),
        *(upload.content_type, upload.size_bytes, upload.sha256),
    )
    if not made:
        raise NameTaken
    return node_id


def _new_key(citizen_id: UUID) -> str:
    """A random key below the citizen's own prefix, so that erasing a person finds all of theirs; names are never in it."""
    return f"{prefix_of(citizen_id)}{secrets.token_urlsafe(24)}"


def prefix_of(citizen_id: UUID) -> str:
    """Below which a citizen's objects lie in the store."""
    return f"disk/{citizen_id}/"


async def delete_late(store: ObjectStore, job: DeleteLate) -> None:
    """Delete what lies below a prefix; a job, harmless when repeated."""
    await store.delete_below(job.prefix)


async def order_late_deletion(prefix: str) -> None:
    """Have what lies below a prefix deleted when every form that may still write there has ended, in the transaction in progress."""
    ends = clock.now() + timedelta(minutes=LIMITS.on(clock.today(), "upload_minutes") + 1)
    await enqueue(DELETE_LATE_JOB, DeleteLate(prefix), run_at=ends, once=f"{DELETE_LATE_JOB}:{prefix}")


async def complete(citizen: Citizen, node_id: UUID, store: ObjectStore) -> NodeView:
    """Say that the bytes have been posted; they're checked next. Saying it again changes nothing."""
    async with transaction(citizen):
        row = await find(citizen, node_id)
    if row["state"] != "uploading":
        return view(row)
    stored = await store.stat(row["object_key"])
    if stored is None or stored.size_bytes != row["size_bytes"]:
        raise BytesMissing
    async with transaction(citizen):
        moved = await execute(
            "UPDATE disk_node SET state = 'checking', changed_at = $3, version = version + 1 "
            "WHERE shard = $1 AND id = $2 AND state = 'uploading'",
            *(shard_of(node_id), node_id, clock.now()),
        )
        if moved:
            await tell(FileArrived(subject_id=node_id, citizen_id=citizen.id))
        return view(await find(citizen, node_id))


async def on_arrived(event: FileArrived) -> None:
    """Have the worker read the file."""
    await enqueue(CHECK_JOB, CheckFile(event.subject_id), once=f"disk:{event.subject_id}")


async def check(store: ObjectStore, job: CheckFile) -> None:
    """Read a file once: it is ready, or refused and its bytes deleted."""
    async with transaction(_CHECKER):
        row = await fetch_one(
            "SELECT * FROM disk_node WHERE shard = $1 AND id = $2", shard_of(job.node_id), job.node_id
        )
    if row is None or row["state"] != "checking":
        return
    # The form stays good for some minutes, so what is read and kept is a copy that its holder can't write over.
    kept_key = _new_key(row["citizen_id"])
    await store.copy(row["object_key"], kept_key)
    good = await _is_as_announced(store, kept_key, row)
    concluded = await _conclude(row, kept_key if good else row["object_key"], good=good)
    await store.delete(row["object_key"] if concluded else kept_key)
    if concluded and not good:
        await store.delete(kept_key)


async def _is_as_announced(store: ObjectStore, key: str, row: Row) -> bool:
    digest, first = hashlib.sha256(), b""
    async for piece in store.read(key):
        first = first or piece[:FIRST_BYTES]
        digest.update(piece)
    return digest.hexdigest() == row["sha256"] and is_what_it_says(row["content_type"], first)


async def _conclude(row: Row, key: str, *, good: bool) -> bool:
    """Write what became of a file and where its bytes lie; says False if that was written before."""
    async with transaction(_CHECKER):
        concluded = await execute(
            "UPDATE disk_node SET state = $3, object_key = $4, changed_at = $5, version = version + 1 "
            "WHERE shard = $1 AND id = $2 AND state = 'checking'",
            *(row["shard"], row["id"], "ready" if good else "refused", key, clock.now()),
        )
        if concluded:
            await order_late_deletion(row["object_key"])
        if concluded and good:
            await tell(FileKept(subject_id=row["id"], citizen_id=row["citizen_id"]))
    return bool(concluded)


async def download(citizen: Citizen, node_id: UUID, store: ObjectStore) -> DownloadView:
    """A signed address to get a file's bytes from, once it is ready; giving one is an act."""
    seconds = LIMITS.on(clock.today(), "download_seconds")
    async with transaction(citizen):
        row = await find(citizen, node_id)
        if row["kind"] != "file":
            raise NodeNotFound
        if row["state"] != "ready":
            raise FileNotReady(state=row["state"])
        await seal_act(Act.FILE_DOWNLOADED, citizen, about=citizen.id, subject=node_id)
    return DownloadView(
        url=store.download_address(row["object_key"], row["name"], row["content_type"], seconds),
        expires_at=clock.now() + timedelta(seconds=seconds),
        size_bytes=row["size_bytes"],
        sha256=row["sha256"],
    )
