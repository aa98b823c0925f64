"""What is told and erased of break-glass requests about a person: why they were made is theirs, that they were made is evidence."""

from uuid import UUID

from app.identity.break_glass import reason_text
from app.identity.officers import DIRECTORY
from app.kernel.database import execute, fetch_all, transaction

TABLES = ("break_glass",)


class BreakGlassExporter:
    """Exports requests of which the person was told; an investigation's follow once its period is over."""

    tables = TABLES

    async def export(self, citizen_id: UUID) -> dict[str, list[dict[str, object]]]:
        """When, by which department, why, and how it ended; oldest first."""
        async with transaction(DIRECTORY):
            rows = await fetch_all(
                "SELECT * FROM break_glass WHERE citizen_id = $1 AND told_at IS NOT NULL ORDER BY id", citizen_id
            )
        shown = (
            "id",
            "department",
            "reason",
            "data_classes",
            "state",
            "asked_at",
            "opened_at",
            "open_until",
            "told_at",
        )
        return {"break_glass": [{name: row[name] for name in shown} | {"text": reason_text(row)} for row in rows]}


class BreakGlassEraser:
    """Erases what was written about the person; who asked, when, and who saw it stay."""

    tables = TABLES

    async def erase(self, citizen_id: UUID) -> int:
        """Blank the words. Harmless when repeated."""
        async with transaction(DIRECTORY):
            return await execute(
                "UPDATE break_glass SET text = NULL WHERE citizen_id = $1 AND text IS NOT NULL", citizen_id
            )
