"""Requests for correction that name one row."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.kernel.schema import migration

ID = "2026-11-29T13:02:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Requests for correction of one row"

_FIELD = "shard, citizen_id, about_table, about_column"
_OPEN = "WHERE state = 'open' AND about_id IS NOT NULL"


async def forwards() -> MigrationManager:
    """Let a request name a row; of requests about a row one is open, as of those about a field."""
    return migration(
        ID,
        "privacy",
        DESCRIPTION,
        (
            "ALTER TABLE correction_request ADD COLUMN about_id uuid",
            "DROP INDEX correction_request_one",
            f"CREATE UNIQUE INDEX correction_request_one ON correction_request ({_FIELD}) WHERE state = 'open' AND about_id IS NULL",
            f"CREATE UNIQUE INDEX correction_request_one_row ON correction_request (shard, about_id) {_OPEN}",
            "CREATE INDEX correction_request_row ON correction_request (shard, about_id, id) WHERE about_id IS NOT NULL",
        ),
    )
