"""How far a rotation of the master key came, and the right to seal stored answers anew."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.kernel.schema import Grants, ReferenceTable, migration

ID = "2026-11-29T01:10:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Rotation of the master key"

KEY_ROTATION = ReferenceTable(
    "key_rotation",
    (
        "version int4 NOT NULL",
        "place text NOT NULL",
        "last_shard int4 NOT NULL",
        "last_id uuid NOT NULL",
        "resealed int8 NOT NULL",
        "finished_at timestamptz",
        "CONSTRAINT key_rotation_pkey PRIMARY KEY (version, place)",
    ),
    Grants(system="select, insert, update, delete"),
)


async def forwards() -> MigrationManager:
    """Make the table."""
    return migration(
        ID, "keys", DESCRIPTION, (KEY_ROTATION, "GRANT UPDATE (answer) ON idempotent_answer TO fuhai_system")
    )
