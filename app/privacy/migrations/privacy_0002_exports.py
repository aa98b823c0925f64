"""Exports of everything about a person."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.kernel.schema import Grants, OwnedTable, migration

ID = "2026-11-29T01:20:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Exports"

_WHOLE = "(size_bytes IS NOT NULL AND sha256 IS NOT NULL AND expires_at IS NOT NULL)"

DATA_EXPORT = OwnedTable(
    "data_export",
    (
        "citizen_id uuid NOT NULL",
        "ordered_at timestamptz NOT NULL",
        "state text NOT NULL",
        "attempts int4 NOT NULL",
        "done int4 NOT NULL",
        "total int4 NOT NULL",
        "object_key text NOT NULL",
        "size_bytes int8",
        "sha256 text",
        "ready_at timestamptz",
        "expires_at timestamptz",
        "CONSTRAINT data_export_state_known CHECK (state IN ('queued', 'running', 'ready', 'expired', 'failed'))",
        f"CONSTRAINT data_export_ready_is_whole CHECK (state <> 'ready' OR {_WHOLE})",
    ),
    Grants(citizen="select, insert", system="select, insert, update, delete"),
)


async def forwards() -> MigrationManager:
    """Make the table."""
    return migration(
        ID,
        "privacy",
        DESCRIPTION,
        (
            DATA_EXPORT,
            "CREATE INDEX data_export_citizen ON data_export (shard, citizen_id, id DESC)",
            "CREATE INDEX data_export_ends ON data_export (expires_at) WHERE state = 'ready'",
        ),
    )
