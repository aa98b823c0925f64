"""Consents."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.kernel.schema import Grants, OwnedTable, migration

ID = "2026-11-22T13:55:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Consents"

CONSENT = OwnedTable(
    "consent",
    (
        "citizen_id uuid NOT NULL",
        "purpose text NOT NULL",
        "version int4 NOT NULL",
        "given boolean NOT NULL",
        "at timestamptz NOT NULL",
        "CONSTRAINT consent_version UNIQUE (shard, citizen_id, purpose, version)",
    ),
    Grants(citizen="select, insert", system="select, insert"),
    append_only=True,
)


async def forwards() -> MigrationManager:
    """Make this room's table."""
    return migration(ID, "privacy", DESCRIPTION, (CONSENT,))
