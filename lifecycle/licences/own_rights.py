"""What this room exports of a person, and what it may erase."""

from typing import Final
from uuid import UUID

import msgspec

from app.kernel.database import Row, execute, fetch_all, transaction
from app.kernel.ids import shard_of
from app.keys.persons import open_for_person
from lifecycle.licences import reading
from lifecycle.licences.presenting import content_of
from lifecycle.licences.stepping import ISSUER

TABLES: Final = ("licence", "licence_document", "licence_event", "licence_presentation")
_STEP: Final = ("licence_id", "at", "step", "state", "ground")
_SHOWN: Final = ("id", "licence_id", "presented_by", "made_at", "expires_at", "ended_at", "checked", "checked_at")


class LicenceExporter:
    """Exports a person's licences with everything that stands on them, their documents' digests, what was done with them, and shown."""

    tables = TABLES

    async def export(self, citizen_id: UUID) -> dict[str, list[dict[str, object]]]:
        """Everything of the person in these tables; the documents themselves are fetched from `/v1/licences`."""
        async with transaction(ISSUER):
            ids = await _rows("licence", citizen_id)
            documents = await _rows("licence_document", citizen_id)
            licences = [msgspec.to_builtins(await reading.find(row["id"])) for row in ids]
            steps = [await _step(row) for row in await _rows("licence_event", citizen_id)]
            shown = [await _presentation(row) for row in await _rows("licence_presentation", citizen_id)]
        return {
            "licence": licences,
            "licence_document": [
                {name: row[name] for name in ("licence_id", "made_at", "sha256")} for row in documents
            ],
            "licence_event": steps,
            "licence_presentation": shown,
        }


class LicenceEraser:
    """Keeps licences: they are the office's decisions, and others rely on them (国务院关于在线政务服务的若干规定 art. 10).

    What their holder showed to whom goes.
    """

    tables = TABLES

    async def erase(self, citizen_id: UUID) -> int:
        """Delete the presentations, and say how many those were; harmless when repeated."""
        async with transaction(ISSUER):
            return await execute(
                "DELETE FROM licence_presentation WHERE shard = $1 AND citizen_id = $2",
                shard_of(citizen_id),
                citizen_id,
            )


async def _rows(table: str, citizen_id: UUID) -> list[Row]:
    return await fetch_all(
        f"SELECT * FROM {table} WHERE shard = $1 AND citizen_id = $2 ORDER BY id", shard_of(citizen_id), citizen_id
    )


async def _step(row: Row) -> dict[str, object]:
    reason = None
    if row["reason"] is not None:
        sealed = await open_for_person(row["citizen_id"], "licence_event", "reason", row["id"], row["reason"])
        reason = msgspec.json.decode(sealed, type=str)
    return {**{name: row[name] for name in _STEP}, "reason": reason}


async def _presentation(row: Row) -> dict[str, object]:
    content: dict[str, object] = msgspec.to_builtins(await content_of(row))
    return {**{name: row[name] for name in _SHOWN}, **content}
