"""Exports of everything about a person: ordered, made by the worker, fetched for a week, then deleted (个人信息保护法 art. 45).

Everybody orders their own; for a child below 14 its guardians do (art. 31).
"""

import asyncio
import hashlib
import secrets
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

import msgspec

from app.audit.acts import Act, seal_act
from app.audit.ward_looks import note_ward_look
from app.kernel import clock
from app.kernel.actors import Citizen, System
from app.kernel.database import Row, execute, fetch_all, fetch_one, fetch_value, transaction
from app.kernel.events import tell
from app.kernel.ids import new_id, shard_of
from app.kernel.jobs import enqueue
from app.privacy import archives
from app.privacy.deciding import refuse_unless_deciding
from app.privacy.errors import ExportNotFound, ExportNotReady, ExportTooSoon
from app.privacy.events import ExportFailed, ExportReady
from app.privacy.limits import limit_today
from app.privacy.structs import ExportDownload, ExportList, ExportView
from app.residents.people import merged_with
from integrations.object_store.port import ObjectStore

JOB: Final = "privacy.make_export"
TRIES: Final = 5
_KEEPER: Final = System("rights")
_TYPE: Final = "application/zip"
_INSERT: Final = """
INSERT INTO data_export (id, shard, citizen_id, ordered_at, state, attempts, done, total, object_key)
VALUES ($1, $2, $3, $4, 'queued', 0, 0, 0, $5) RETURNING *
"""


class MakeExport(msgspec.Struct, frozen=True):
    """The job of making one archive."""

    export_id: UUID


async def order(citizen: Citizen, person_id: UUID | None = None) -> ExportView:
    """Order an archive of everything about oneself, or about a ward below 14.

    Refuses `ExportTooSoon` within a day of the last about the same person, and what `refuse_unless_deciding` refuses.
    """
    person = person_id or citizen.id
    async with transaction(citizen):
        await refuse_unless_deciding(citizen, person)
        await fetch_value("SELECT pg_advisory_xact_lock(hashtextextended($1, 2))", f"exports {person}")
        await _refuse_if_too_soon(person)
        row_id = new_id(person)
        key = f"exports/{person}/{secrets.token_hex(32)}.zip"
        row = await fetch_one(_INSERT, row_id, shard_of(row_id), person, clock.now(), key)
        await seal_act(Act.EXPORT_ORDERED, citizen, about=person, subject=row_id)
        async with transaction(_KEEPER):
            await enqueue(JOB, MakeExport(row_id), once=f"{JOB}:{row_id}")
    return _view(_there(row))


async def my_exports(citizen: Citizen, person_id: UUID | None = None) -> ExportList:
    """The exports about the citizen, or about a ward below 14, newest first; those of the last months."""
    person = person_id or citizen.id
    async with transaction(citizen):
        await refuse_unless_deciding(citizen, person)
        await note_ward_look(citizen, person)
        rows = await fetch_all(
            "SELECT * FROM data_export WHERE shard = $1 AND citizen_id = $2 ORDER BY id DESC LIMIT 100",
            *(shard_of(person), person),
        )
    return ExportList([_view(row) for row in rows])


async def my_export(citizen: Citizen, export_id: UUID) -> ExportView:
    """An export about the citizen, or about a ward below 14; refuses `ExportNotFound`."""
    async with transaction(citizen):
        row = await _find(citizen, export_id)
        await note_ward_look(citizen, row["citizen_id"])
        return _view(row)


async def download(citizen: Citizen, export_id: UUID, store: ObjectStore) -> ExportDownload:
    """A signed address to get an archive from, for a minute; giving one is an act. Refuses `ExportNotReady`."""
    seconds = limit_today("export_download_seconds")
    async with transaction(citizen):
        row = await _find(citizen, export_id)
        if row["state"] != "ready" or row["expires_at"] <= clock.now():
            raise ExportNotReady(state="expired" if row["state"] == "ready" else row["state"])
        await seal_act(Act.EXPORT_DOWNLOADED, citizen, about=row["citizen_id"], subject=export_id)
    name = f"fuhai-{row['ordered_at']:%Y-%m-%d}.zip"
    return ExportDownload(
        url=store.download_address(row["object_key"], name, _TYPE, seconds),
        expires_at=clock.now() + timedelta(seconds=seconds),
        size_bytes=row["size_bytes"],
        sha256=row["sha256"],
    )


async def make(store: ObjectStore, job: MakeExport) -> None:
    """Make one archive and put it into the store; harmless when repeated. After five tries it has failed, and may be ordered anew."""
    row = await _begin(job.export_id)
    if row is None or row["state"] == "failed":
        return

    async def note(done: int, total: int) -> None:
        await _update(row, "done = $3, total = $4", done, total)

    with tempfile.TemporaryDirectory(prefix="fuhai-export-") as folder:
        path = Path(folder) / "export.zip"
        async with transaction(_KEEPER):
            people = [*await merged_with(row["citizen_id"]), row["citizen_id"]]
        await archives.write(people, path, store, clock.now(), note)
        size, digest = path.stat().st_size, await asyncio.to_thread(_digest, path)
        await store.put_file(row["object_key"], path, _TYPE)
    expires_at = clock.now() + timedelta(days=limit_today("export_kept_days"))
    async with transaction(_KEEPER):
        changes = "state = 'ready', size_bytes = $3, sha256 = $4, ready_at = $5, expires_at = $6"
        if await _update(row, changes, size, digest, clock.now(), expires_at):
            await tell(ExportReady(citizen_id=row["citizen_id"], subject_id=row["id"]))
            return
    await _delete_unless_kept(store, row)


async def _delete_unless_kept(store: ObjectStore, row: Row) -> None:
    """Delete what was put into the store for an order that was erased meanwhile; another try's is the same object, and stays."""
    async with transaction(_KEEPER):
        known = await fetch_value("SELECT true FROM data_export WHERE shard = $1 AND id = $2", row["shard"], row["id"])
    if known is None:
        await store.delete(row["object_key"])


async def sweep(store: ObjectStore) -> None:
    """Delete archives whose days are over; the order stays, and says so."""
    async with transaction(_KEEPER):
        rows = await fetch_all(
            "SELECT * FROM data_export WHERE state = 'ready' AND expires_at <= $1 LIMIT 1000", clock.now()
        )
    for row in rows:
        await store.delete(row["object_key"])
        async with transaction(_KEEPER):
            await execute(
                "UPDATE data_export SET state = 'expired' WHERE shard = $1 AND id = $2", row["shard"], row["id"]
            )


async def _refuse_if_too_soon(person_id: UUID) -> None:
    last = await fetch_value(
        "SELECT max(ordered_at) FROM data_export WHERE shard = $1 AND citizen_id = $2 AND state <> 'failed'",
        *(shard_of(person_id), person_id),
    )
    if last is not None:
        left = last + timedelta(hours=limit_today("export_pause_hours")) - clock.now()
        if left > timedelta():
            raise ExportTooSoon(retry_after_seconds=int(left.total_seconds()) + 1)


async def _begin(export_id: UUID) -> Row | None:
    """Count a try of an order that isn't done; one that was tried too often has failed."""
    async with transaction(_KEEPER):
        row = await fetch_one(
            "UPDATE data_export SET attempts = attempts + 1, state = CASE WHEN attempts >= $3 THEN 'failed' ELSE 'running' END "
            "WHERE shard = $1 AND id = $2 AND state IN ('queued', 'running') RETURNING *",
            *(shard_of(export_id), export_id, TRIES),
        )
        if row is not None and row["state"] == "failed":
            await tell(ExportFailed(citizen_id=row["citizen_id"], subject_id=export_id))
    return row


async def _update(row: Row, changes: str, *values: object) -> bool:
    async with transaction(_KEEPER):
        sql = f"UPDATE data_export SET {changes} WHERE shard = $1 AND id = $2 AND state = 'running'"
        return bool(await execute(sql, row["shard"], row["id"], *values))


async def _find(citizen: Citizen, export_id: UUID) -> Row:
    row = _there(
        await fetch_one(
            "SELECT * FROM data_export WHERE shard = $1 AND id = $2 AND citizen_id = ANY ($3)",
            *(shard_of(export_id), export_id, list(citizen.people)),
        )
    )
    await refuse_unless_deciding(citizen, row["citizen_id"])
    return row


def _there(row: Row | None) -> Row:
    if row is None:
        raise ExportNotFound
    return row


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _view(row: Row) -> ExportView:
    return ExportView(
        id=row["id"],
        state=row["state"],
        ordered_at=row["ordered_at"],
        done=row["done"],
        total=row["total"],
        ready_at=row["ready_at"],
        expires_at=row["expires_at"],
        size_bytes=row["size_bytes"],
        sha256=row["sha256"],
    )
