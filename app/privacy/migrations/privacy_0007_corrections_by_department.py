"""Requests for correction of what several departments say: one of each department's fact may be open."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.kernel.schema import migration

ID = "2026-11-29T22:25:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Which department's fact is to be corrected"

_FIELD = "shard, citizen_id, about_table, about_column, department, about_fact"


async def forwards() -> MigrationManager:
    """Add the fact, and count it when telling whether a request is open already."""
    return migration(
        ID,
        "privacy",
        DESCRIPTION,
        (
            "ALTER TABLE correction_request ADD COLUMN about_fact text NOT NULL DEFAULT ''",
            "DROP INDEX correction_request_one",
            f"CREATE UNIQUE INDEX correction_request_one ON correction_request ({_FIELD}) WHERE state = 'open' AND about_id IS NULL",
        ),
    )
