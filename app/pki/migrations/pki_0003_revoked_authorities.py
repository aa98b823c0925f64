"""Authorities that were revoked, and the standing of a certificate: its own, or its authority's if that was revoked before."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.kernel.schema import Grants, ReferenceTable, migration

ID = "2026-11-29T03:55:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Revoked authorities"

REVOKED_AUTHORITY = ReferenceTable(
    "revoked_authority",
    (
        "authority text NOT NULL",
        "serial text NOT NULL",
        "revoked_at timestamptz NOT NULL",
        "reason text NOT NULL",
        "CONSTRAINT revoked_authority_pkey PRIMARY KEY (authority)",
        "CONSTRAINT revoked_authority_serial_is_hexadecimal CHECK (serial ~ '^[0-9a-f]{40}$')",
    ),
    Grants(system="select, insert"),
)

STANDING = """
CREATE VIEW certificate_standing WITH (security_invoker = true) AS
SELECT c.serial, c.kind, c.authority, c.owner_id, c.not_after, least(c.revoked_at, a.revoked_at) AS revoked_at,
    CASE WHEN a.revoked_at <= c.revoked_at OR c.revoked_at IS NULL THEN a.reason ELSE c.reason END AS reason
FROM certificate c LEFT JOIN revoked_authority a ON a.authority = c.authority
"""


async def forwards() -> MigrationManager:
    """Make the table, and the view by which every look at a certificate sees both."""
    return migration(
        ID,
        "pki",
        DESCRIPTION,
        (
            REVOKED_AUTHORITY,
            STANDING,
            "REVOKE ALL ON certificate_standing FROM PUBLIC",
            "GRANT SELECT ON certificate_standing TO fuhai_system",
        ),
    )
