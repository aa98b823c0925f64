"""Materials attached to cases: one row for each file that ever was, and the bytes in the object store."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.kernel.schema import Grants, OwnedTable, migration

ID = "2026-11-29T06:55:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Materials of cases"

CASE_MATERIAL = OwnedTable(
    "case_material",
    (
        "citizen_id uuid NOT NULL",
        "case_id uuid NOT NULL",
        "field text NOT NULL",
        "source text NOT NULL CONSTRAINT case_material_source CHECK (source IN ('disk', 'licence'))",
        "source_id uuid NOT NULL",
        "object_key text NOT NULL",
        "name bytea NOT NULL",
        "content_type text NOT NULL",
        "size_bytes int8 NOT NULL",
        "sha256 text NOT NULL CONSTRAINT case_material_sha256 CHECK (sha256 ~ '^[0-9a-f]{64}$')",
        "attached_at timestamptz NOT NULL",
        "signed_at timestamptz",
        "bytes_gone_at timestamptz",
        "CONSTRAINT case_material_object UNIQUE (shard, object_key)",
        "CONSTRAINT case_material_case FOREIGN KEY (shard, case_id) REFERENCES matter_case (shard, id) ON DELETE RESTRICT",
    ),
    Grants(
        citizen="select, insert, update (signed_at)",
        officer="select",
        system="select, insert, update (signed_at, bytes_gone_at), delete",
    ),
)


async def forwards() -> MigrationManager:
    """Make the table; what was signed can't be deleted, nor signed at another time."""
    return migration(
        ID,
        "cases",
        DESCRIPTION,
        (
            CASE_MATERIAL,
            "CREATE INDEX case_material_of_case ON case_material (shard, case_id, id)",
            "CREATE INDEX case_material_of_person ON case_material (shard, citizen_id, id)",
            (
                "CREATE TRIGGER case_material_signed_stays BEFORE UPDATE OF signed_at OR DELETE ON case_material "
                "FOR EACH ROW WHEN (OLD.signed_at IS NOT NULL) EXECUTE FUNCTION refuse_change()"
            ),
        ),
    )
