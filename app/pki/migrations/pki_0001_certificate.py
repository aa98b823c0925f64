"""The certificates that were issued."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.kernel.schema import Grants, ReferenceTable, migration

ID = "2026-11-22T13:30:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "The certificates that were issued"

CERTIFICATE = ReferenceTable(
    "certificate",
    (
        "serial text NOT NULL",
        "kind text NOT NULL",
        "name text NOT NULL",
        "owner_id uuid",
        "issued_at timestamptz NOT NULL",
        "not_after timestamptz NOT NULL",
        "revoked_at timestamptz",
        "reason text",
        "CONSTRAINT certificate_pkey PRIMARY KEY (serial)",
        "CONSTRAINT certificate_serial_is_hexadecimal CHECK (serial ~ '^[0-9a-f]{40}$')",
        "CONSTRAINT certificate_revoked_for_a_reason CHECK ((revoked_at IS NULL) = (reason IS NULL))",
    ),
    Grants(),
)


async def forwards() -> MigrationManager:
    """Make this room's table."""
    return migration(
        ID,
        "pki",
        DESCRIPTION,
        (
            CERTIFICATE,
            "CREATE INDEX certificate_revoked ON certificate (kind, not_after) WHERE revoked_at IS NOT NULL",
            "CREATE INDEX certificate_owner ON certificate (owner_id) WHERE owner_id IS NOT NULL",
        ),
    )
