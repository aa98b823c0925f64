"""What this room exports of a person, and what it erases beyond the records, which go with the person's key."""

from typing import Final
from uuid import UUID

from app.kernel.database import execute, transaction
from app.kernel.ids import shard_of
from app.privacy.under_key import UnderKey
from app.records.lines import KEEPER


class OwnRows(UnderKey):
    """Exporter and eraser of a table that is no evidence: its rows are deleted."""

    async def erase(self, citizen_id: UUID) -> int:
        """Delete every row of the person's, and say how many those were; harmless when repeated."""
        async with transaction(KEEPER):
            return await execute(
                f"DELETE FROM {self.tables[0]} WHERE shard = $1 AND citizen_id = $2",
                *(shard_of(citizen_id), citizen_id),
            )


OWN_ROWS: Final = (
    OwnRows("record_attachment", ("entry_id", "node_id", "at")),
    OwnRows("timeline_line", ("happened_at", "kind", "source", "hidden")),
    OwnRows("timeline_month", ("month", "kind", "shown", "hidden")),
    OwnRows("memory", ("made_at", "changed_at", "day"), sealed=("content",)),
)
"""In the order in which they are erased: attachments hold on to their lines."""
