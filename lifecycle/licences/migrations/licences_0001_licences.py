"""Licences and their documents."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.kernel.schema import Grants, OwnedTable, migration

ID = "2026-11-22T14:50:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Licences and their documents"

LICENCE = OwnedTable(
    "licence",
    (
        "citizen_id uuid NOT NULL",
        "type_code text NOT NULL",
        "number text NOT NULL",
        "check_code bytea NOT NULL",
        "department text NOT NULL",
        "case_id uuid NOT NULL",
        "issued_at timestamptz NOT NULL",
        "valid_to date",
        "state text NOT NULL CONSTRAINT licence_state CHECK (state IN ('valid', 'expired', 'revoked', 'annulled', 'suspended'))",
        "lines bytea NOT NULL",
        "CONSTRAINT licence_number UNIQUE (shard, number)",
        "CONSTRAINT licence_once_per_case UNIQUE (shard, case_id, type_code)",
    ),
    Grants(citizen="select", system="select, insert, update"),
)

LICENCE_DOCUMENT = OwnedTable(
    "licence_document",
    (
        "citizen_id uuid NOT NULL",
        "licence_id uuid NOT NULL",
        "made_at timestamptz NOT NULL",
        "sha256 text NOT NULL",
        "pdf bytea NOT NULL",
        "CONSTRAINT licence_document_once UNIQUE (shard, licence_id)",
        "CONSTRAINT licence_document_licence FOREIGN KEY (shard, licence_id) REFERENCES licence (shard, id) ON DELETE RESTRICT",
    ),
    Grants(citizen="select", system="select, insert"),
    append_only=True,
)


async def forwards() -> MigrationManager:
    """Make this room's tables."""
    return migration(
        ID,
        "licences",
        DESCRIPTION,
        (LICENCE, "CREATE INDEX licence_citizen ON licence (shard, citizen_id, id DESC)", LICENCE_DOCUMENT),
    )
