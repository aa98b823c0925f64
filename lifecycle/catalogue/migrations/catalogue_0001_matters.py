"""The published matters."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.kernel.schema import Grants, ReferenceTable, migration

ID = "2026-11-22T13:25:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "The published matters"

MATTER_VERSION = ReferenceTable(
    "matter_version",
    (
        "code text NOT NULL",
        "version int4 NOT NULL",
        "stage text NOT NULL",
        "state text NOT NULL",
        "content jsonb NOT NULL",
        "search jsonb NOT NULL",
        "sha256 text NOT NULL",
        "at timestamptz NOT NULL",
        "CONSTRAINT matter_version_pkey PRIMARY KEY (code, version)",
        "CONSTRAINT matter_version_is_numbered CHECK (version > 0)",
        "CONSTRAINT matter_version_state_known CHECK (state IN ('published', 'draft'))",
    ),
    Grants(citizen="select", officer="select", system="select, insert, update"),
    citizen_sees="state = 'published'",
)


async def forwards() -> MigrationManager:
    """Make this room's tables."""
    return migration(ID, "catalogue", DESCRIPTION, (MATTER_VERSION,))
