"""Putting a document of ours (a licence, a statement) into somebody's disk."""

import hashlib
from typing import Final
from uuid import UUID

import msgspec

from app.kernel import clock
from app.kernel.actors import System
from app.kernel.database import execute, fetch_value, transaction
from app.kernel.ids import new_id, shard_of
from app.keys.persons import PersonErased
from app.privacy.erasure import has_begun
from app.residents.people import locked
from cloud_disk import names
from cloud_disk.uploads import prefix_of
from integrations.object_store.port import ObjectStore

_KEEPER: Final = System("disk")


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """A document for one citizen. `source_ref` names where it comes from, so that keeping it again changes nothing."""

    citizen_id: UUID
    folder: str
    name: str
    content: bytes
    content_type: str
    source_ref: str


async def keep(document: Document, store: ObjectStore) -> UUID:
    """Put a document into its folder (made where it's missing); a name that is taken gets a number.

    Refuses (`PersonErased`) the disk of somebody who is being erased, or is.
    """
    async with transaction(_KEEPER):
        await _refuse_erased(document.citizen_id)
        kept = await _known(document)
    if kept is not None:
        return kept
    key = f"{prefix_of(document.citizen_id)}{hashlib.sha256(document.source_ref.encode()).hexdigest()[:32]}"
    await store.put(key, document.content, document.content_type)
    try:
        return await _file(document, key)
    except PersonErased:
        await store.delete(key)
        raise


async def _file(document: Document, key: str) -> UUID:
    async with transaction(_KEEPER):
        # An erasure begins with the person locked, and empties the disk afterwards.
        await locked(document.citizen_id)
        await _refuse_erased(document.citizen_id)
        folder_id = await _folder(document.citizen_id, document.folder)
        for number in range(1, 1000):
            node_id = await _insert(document, folder_id, key, _numbered(document.name, number))
            if node_id is not None:
                return node_id
            kept = await _known(document)
            if kept is not None:
                return kept
    message = f"no free name for {document.source_ref}"
    raise RuntimeError(message)


async def _refuse_erased(citizen_id: UUID) -> None:
    if await has_begun(citizen_id):
        raise PersonErased


async def _known(document: Document) -> UUID | None:
    kept: UUID | None = await fetch_value(
        "SELECT id FROM disk_node WHERE shard = $1 AND citizen_id = $2 AND source_ref = $3",
        *(shard_of(document.citizen_id), document.citizen_id, document.source_ref),
    )
    return kept


async def _folder(citizen_id: UUID, name: str) -> UUID:
    await execute(
        "INSERT INTO disk_node (id, shard, citizen_id, kind, name, compared_name, created_at, changed_at, state) "
        "VALUES ($1, $2, $3, 'folder', $4, $5, $6, $6, 'ready') ON CONFLICT DO NOTHING",
        *(new_id(citizen_id), shard_of(citizen_id), citizen_id, name, names.compared(name), clock.now()),
    )
    found: UUID = await fetch_value(
        "SELECT id FROM disk_node WHERE shard = $1 AND citizen_id = $2 AND parent_id IS NULL AND compared_name = $3 "
        "AND trashed_at IS NULL ORDER BY kind DESC LIMIT 1",
        *(shard_of(citizen_id), citizen_id, names.compared(name)),
    )
    return found


async def _insert(document: Document, folder_id: UUID, key: str, name: str) -> UUID | None:
    node_id = new_id(document.citizen_id)
    inserted: UUID | None = await fetch_value(
        "INSERT INTO disk_node (id, shard, citizen_id, parent_id, kind, name, compared_name, created_at, changed_at, state, "
        "object_key, content_type, size_bytes, sha256, source_ref) "
        "VALUES ($1, $2, $3, $4, 'file', $5, $6, $7, $7, 'ready', $8, $9, $10, $11, $12) ON CONFLICT DO NOTHING RETURNING id",
        *(node_id, shard_of(node_id), document.citizen_id, folder_id, name, names.compared(name), clock.now(), key),
        *(
            document.content_type,
            len(document.content),
            hashlib.sha256(document.content).hexdigest(),
            document.source_ref,
        ),
    )
    return inserted


def _numbered(name: str, number: int) -> str:
    stem, dot, ending = name.rpartition(".")
    return name if number == 1 else f"{stem} ({number}){dot}{ending}"
