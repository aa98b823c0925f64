"""What this room exports of a person, and what it may erase."""

from typing import Final
from uuid import UUID

import msgspec

from app.kernel.database import fetch_all, transaction
from app.kernel.ids import shard_of
from lifecycle.licences import reading
from lifecycle.licences.issuing import ISSUER

TABLES: Final = ("licence", "licence_document")


class LicenceExporter:
    """Exports a person's licences with everything that stands on them, and their documents' digests."""

    tables = TABLES

    async def export(self, citizen_id: UUID) -> dict[str, list[dict[str, object]]]:
        """Everything of the person in these tables; the documents themselves are fetched from `/v1/licences`."""
        async with transaction(ISSUER):
            ids = await fetch_all(
                "SELECT id FROM licence WHERE shard = $1 AND citizen_id = $2 ORDER BY id",
                shard_of(citizen_id),
                citizen_id,
            )
            documents = await fetch_all(
                "SELECT licence_id, made_at, sha256 FROM licence_document WHERE shard = $1 AND citizen_id = $2 ORDER BY id",
                *(shard_of(citizen_id), citizen_id),
            )
            licences = [msgspec.to_builtins(await reading.find(row["id"])) for row in ids]
        return {"licence": licences, "licence_document": [dict(row) for row in documents]}


class LicenceEraser:
    """Keeps licences: they are the office's decisions, and others rely on them (国务院关于在线政务服务的若干规定 art. 10)."""

    tables = TABLES

    async def erase(self, citizen_id: UUID) -> int:  # noqa: ARG002 - the protocol's shape
        """Erase nothing."""
        return 0
