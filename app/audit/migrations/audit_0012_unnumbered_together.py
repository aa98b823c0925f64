"""Acts that wait for their numbers, in rows of what was sealed together."""

from typing import Final

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.kernel.schema import Grants, ReferenceTable, migration

ID = "2026-11-30T19:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Acts that wait for their numbers, in rows of what was sealed together"

UNNUMBERED_ACTS: Final = ReferenceTable(
    "unnumbered_acts",
    (
        "id uuid NOT NULL",
        "shards int4[] NOT NULL",
        "acts uuid[] NOT NULL",
        "CONSTRAINT unnumbered_acts_pkey PRIMARY KEY (id)",
        "CONSTRAINT unnumbered_acts_shards_each CHECK (cardinality(shards) = cardinality(acts))",
    ),
    Grants(citizen="insert", officer="insert", system="select, insert, delete"),
)


async def forwards() -> MigrationManager:
    """Make the table anew; what waits keeps its place."""
    return migration(
        ID,
        "audit",
        DESCRIPTION,
        (
            UNNUMBERED_ACTS,
            "INSERT INTO unnumbered_acts (id, shards, acts) SELECT id, ARRAY[shard], ARRAY[id] FROM unnumbered_act",
            "DROP TABLE unnumbered_act",
        ),
    )
