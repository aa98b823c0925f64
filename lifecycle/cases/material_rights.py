"""The bytes of materials: dropped when nothing names them, exported, erased, and gone once no law retains them any more."""

from typing import Final
from uuid import UUID

from app.kernel import clock
from app.kernel.database import Row, execute, fetch_all, fetch_value, transaction
from app.kernel.events import Event
from app.kernel.ids import shard_of
from app.privacy.rights import StoredFile
from integrations.object_store.port import ObjectStore
from lifecycle.cases import casebook, material_rows
from lifecycle.cases.carrying_out import OFFICE
from lifecycle.cases.material_rows import ObjectToDrop
from lifecycle.cases.states import State

TABLES: Final = ("case_material",)
_OF_PERSON: Final = "SELECT * FROM case_material WHERE shard = $1 AND citizen_id = $2 ORDER BY id"
_PLAIN: Final = ("id", "case_id", "field", "source", "content_type", "size_bytes", "sha256", "attached_at", "signed_at")
_OUTLIVED: Final = """
SELECT m.* FROM case_material m JOIN person_key k ON k.shard = m.shard AND k.id = m.citizen_id
WHERE k.destroyed_at IS NOT NULL AND k.retained_key IS NULL AND m.bytes_gone_at IS NULL LIMIT 1000
"""


async def on_ended(event: Event) -> None:
    """Drop what was never signed of a case that was withdrawn or has lapsed; a subscriber."""
    case = await casebook.find(event.subject_id)
    if case.state in {State.WITHDRAWN, State.LAPSED}:
        await material_rows.drop_unsigned(case)


async def drop_object(store: ObjectStore, job: ObjectToDrop) -> None:
    """Delete an object that no row names; a job, harmless when repeated."""
    async with transaction(OFFICE):
        named = await fetch_value(
            "SELECT true FROM case_material WHERE shard = $1 AND object_key = $2", shard_of(job.citizen_id), job.key
        )
    if named is None:
        await store.delete(job.key)


async def sweep_outlived(store: ObjectStore) -> None:
    """Delete the bytes of erased people's materials once the law's term has ended; the digests stay. A job of each night."""
    async with transaction(OFFICE):
        rows = await fetch_all(_OUTLIVED)
    for row in rows:
        await store.delete(row["object_key"])
        async with transaction(OFFICE):
            await execute(
                "UPDATE case_material SET bytes_gone_at = $3 WHERE shard = $1 AND id = $2",
                *(row["shard"], row["id"], clock.now()),
            )


class MaterialExporter:
    """Exports what was attached to a person's cases: names and digests; the bytes come as files."""

    tables = TABLES

    async def export(self, citizen_id: UUID) -> dict[str, list[dict[str, object]]]:
        """Every material of the person's cases."""
        async with transaction(OFFICE):
            rows = await fetch_all(_OF_PERSON, shard_of(citizen_id), citizen_id)
            return {"case_material": [await _exported(row) for row in rows]}


class MaterialFiles:
    """Tells which materials of a person's cases have their bytes in the store."""

    async def files(self, citizen_id: UUID) -> list[StoredFile]:
        """Every material."""
        async with transaction(OFFICE):
            rows = await fetch_all(_OF_PERSON, shard_of(citizen_id), citizen_id)
            return [
                StoredFile(row["object_key"], await material_rows.name_of(row), row["size_bytes"], row["sha256"])
                for row in rows
            ]


class MaterialEraser:
    """Keeps what was signed, which belongs to an administrative file (档案法), and deletes the rest with its bytes."""

    tables = TABLES

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    async def erase(self, citizen_id: UUID) -> int:
        """Delete what was never signed; a store that is away is tried again with the whole."""
        async with transaction(OFFICE):
            rows = await fetch_all(_OF_PERSON, shard_of(citizen_id), citizen_id)
        unsigned = [row for row in rows if row["signed_at"] is None]
        for row in unsigned:
            await self._store.delete(row["object_key"])
        async with transaction(OFFICE):
            return await execute(
                "DELETE FROM case_material WHERE shard = $1 AND id = ANY ($2::uuid[]) AND signed_at IS NULL",
                *(shard_of(citizen_id), [row["id"] for row in unsigned]),
            )


async def _exported(row: Row) -> dict[str, object]:
    return {name: row[name] for name in _PLAIN} | {"name": await material_rows.name_of(row)}
