"""Files of the cloud disk beside entries. Only their ids are kept: whoever deletes a file leaves a place that says it is gone."""

from typing import Final
from uuid import UUID

from app.kernel import clock
from app.kernel.actors import Citizen
from app.kernel.database import execute, fetch_value, transaction
from app.kernel.ids import new_id, shard_of
from app.records import lines
from app.records.errors import AttachmentsTooMany, FileNotAttachable
from app.records.files import known_files
from app.records.hiding import decided, lock
from app.records.limits import limit_today
from app.records.queries import as_shown, found
from app.records.structs import TimelineEntry

_BESIDE: Final = "SELECT count(*) FROM record_attachment WHERE shard = $1 AND entry_id = $2 AND node_id <> $3"
_INSERT: Final = """
INSERT INTO record_attachment (id, shard, citizen_id, entry_id, node_id, at) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT ON CONSTRAINT record_attachment_once DO NOTHING
"""


async def attach(citizen: Citizen, entry_id: UUID, node_id: UUID) -> TimelineEntry:
    """Put a file of the citizen's disk beside an entry; again changes nothing.

    Refuses `RecordNotFound`, `DecidesThemselves`, `FileNotAttachable` and `AttachmentsTooMany`.
    """
    async with transaction(citizen):
        await lock(citizen, entry_id)
        row = await decided(citizen, entry_id)
        await put_beside(citizen, row["citizen_id"], entry_id, node_id)
        return await as_shown(citizen, await found(citizen, entry_id))


async def detach(citizen: Citizen, entry_id: UUID, node_id: UUID) -> TimelineEntry:
    """Take a file away from an entry; it stays in the disk. Again changes nothing. Refuses `RecordNotFound`, `DecidesThemselves`."""
    async with transaction(citizen):
        row = await decided(citizen, entry_id)
        await execute(
            "DELETE FROM record_attachment WHERE shard = $1 AND entry_id = $2 AND node_id = $3",
            *(shard_of(entry_id), entry_id, node_id),
        )
        return await as_shown(citizen, row)


async def put_beside(citizen: Citizen, person: UUID, entry_id: UUID, node_id: UUID) -> None:
    """Put a file beside a locked or new entry of a person's; refuses `FileNotAttachable` and `AttachmentsTooMany`."""
    if node_id not in await known_files(citizen, [node_id]):
        raise FileNotAttachable
    most = limit_today("attachments")
    if await fetch_value(_BESIDE, shard_of(entry_id), entry_id, node_id) >= most:
        raise AttachmentsTooMany(most=most)
    row_id = new_id(person)
    await execute(_INSERT, row_id, shard_of(row_id), person, entry_id, node_id, clock.now())
    async with transaction(lines.KEEPER):
        await lines.note_extras(entry_id)
