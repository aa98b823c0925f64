"""Folders and files."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.kernel.schema import Grants, OwnedTable, migration

ID = "2026-11-22T13:45:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Folders and files"

NODE = OwnedTable(
    "disk_node",
    (
        "citizen_id uuid NOT NULL",
        "parent_id uuid",
        "kind text NOT NULL",
        "name text NOT NULL",
        "compared_name text NOT NULL",
        "version int4 NOT NULL DEFAULT 1",
        "created_at timestamptz NOT NULL",
        "changed_at timestamptz NOT NULL",
        "trashed_at timestamptz",
        "state text NOT NULL",
        "object_key text",
        "content_type text",
        "size_bytes int8",
        "sha256 text",
        "source_ref text",
        "CONSTRAINT disk_node_kind_known CHECK (kind IN ('folder', 'file'))",
        "CONSTRAINT disk_node_state_known CHECK (state IN ('uploading', 'checking', 'ready', 'refused'))",
        "CONSTRAINT disk_node_file_has_object CHECK ((kind = 'file') = (object_key IS NOT NULL AND size_bytes IS NOT NULL))",
        "CONSTRAINT disk_node_parent FOREIGN KEY (shard, parent_id) REFERENCES disk_node (shard, id) ON DELETE RESTRICT",
        "CONSTRAINT disk_node_source_once UNIQUE (shard, citizen_id, source_ref)",
    ),
    Grants(citizen="select, insert, update", system="select, insert, update, delete"),
)


async def forwards() -> MigrationManager:
    """Make this room's tables."""
    return migration(
        ID,
        "cloud_disk",
        DESCRIPTION,
        (
            NODE,
            (
                "CREATE UNIQUE INDEX disk_node_name_once ON disk_node (shard, citizen_id, parent_id, compared_name) "
                "NULLS NOT DISTINCT WHERE trashed_at IS NULL AND state <> 'refused'"
            ),
            "CREATE INDEX disk_node_listing ON disk_node (shard, citizen_id, parent_id, id)",
        ),
    )
