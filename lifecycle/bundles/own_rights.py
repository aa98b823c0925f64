"""What this room exports of a person, and what it erases."""

from typing import Final
from uuid import UUID

import msgspec

from app.kernel.database import execute, fetch_all, transaction
from app.kernel.ids import shard_of
from lifecycle.bundles import bundlebook
from lifecycle.bundles.bundlebook import OFFICE, BundleFile

TABLES: Final = ("bundle", "bundle_step")


class BundleExporter:
    """Exports every bundle about a person: what was filled in, what departments said, what was signed, and how far each step is."""

    tables = TABLES

    async def export(self, citizen_id: UUID) -> dict[str, list[dict[str, object]]]:
        """Everything of the person in these tables, with sealed values opened."""
        async with transaction(OFFICE):
            rows = await fetch_all(
                "SELECT * FROM bundle WHERE shard = $1 AND citizen_id = $2 ORDER BY id",
                shard_of(citizen_id),
                citizen_id,
            )
            steps = await fetch_all(
                "SELECT bundle_id, code, case_id, outcome, reason, at FROM bundle_step WHERE shard = $1 AND citizen_id = $2 ORDER BY id",
                *(shard_of(citizen_id), citizen_id),
            )
            return {
                "bundle": [await _told(bundlebook.read_row(row)) for row in rows],
                "bundle_step": [dict(row) for row in steps],
            }


class BundleEraser:
    """Erases a person's bundles. The cases that were their steps stay as administrative files, each with a proof of its own."""

    tables = TABLES

    async def erase(self, citizen_id: UUID) -> int:
        """Delete every bundle, and say how many those were; harmless when repeated."""
        async with transaction(OFFICE):
            key = shard_of(citizen_id), citizen_id
            await execute("DELETE FROM bundle_step WHERE shard = $1 AND citizen_id = $2", *key)
            return await execute("DELETE FROM bundle WHERE shard = $1 AND citizen_id = $2", *key)


async def _told(bundle: BundleFile) -> dict[str, object]:
    answers, known = await bundlebook.opened(bundle)
    signed = {name: await bundlebook.unsealed(bundle, name) for name in ("payload", "proof", "evidence")}
    return {
        "id": bundle.id,
        "code": bundle.code,
        "state": bundle.state,
        "left_out": list(bundle.left_out),
        "opened_at": bundle.opened_at,
        "submitted_at": bundle.submitted_at,
        "answers": answers,
        "known": msgspec.to_builtins(known),
        **{name: value.decode() if value else None for name, value in signed.items()},
    }
