"""Officers' sessions and one-time enrolment; grants that are never overwritten, show kinds of data, and exclude each other."""

from typing import Final

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.kernel.schema import Grants, ReferenceTable, migration

ID = "2026-11-29T01:14:10:000000"
VERSION = "1.38.0"
DESCRIPTION = "Officers' sessions, enrolment, and grants with their history"

ADMINISTRATIONS: Final = "'administer.system', 'administer.security', 'administer.audit'"
SENSITIVE: Final = f"{ADMINISTRATIONS}, 'break_glass.approve'"

OFFICER_SESSION = ReferenceTable(
    "officer_session",
    (
        "id uuid NOT NULL",
        "officer_id uuid NOT NULL",
        "jkt text",
        "started_at timestamptz NOT NULL",
        "expires_at timestamptz NOT NULL",
        "ended_at timestamptz",
        "end_reason text",
        "CONSTRAINT officer_session_pkey PRIMARY KEY (id)",
        "CONSTRAINT officer_session_officer FOREIGN KEY (officer_id) REFERENCES officer (id) ON DELETE RESTRICT",
        "CONSTRAINT officer_session_end_is_whole CHECK ((ended_at IS NULL) = (end_reason IS NULL))",
    ),
    Grants(system="select, insert, update, delete"),
)

OFFICER = (
    (
        "ALTER TABLE officer ALTER COLUMN serial DROP NOT NULL, ALTER COLUMN certificate DROP NOT NULL, "
        "ALTER COLUMN not_after DROP NOT NULL, ALTER COLUMN totp_secret DROP NOT NULL, "
        "ADD COLUMN person_index bytea, ADD COLUMN enrolment_hash bytea, ADD COLUMN enrolment_ends_at timestamptz, "
        "ADD COLUMN appointed_by text, ADD COLUMN appointed_at timestamptz, ADD COLUMN dismissed_by text"
    ),
    (
        "ALTER TABLE officer ADD CONSTRAINT officer_enrolment_is_whole CHECK "
        "((enrolment_hash IS NULL) = (enrolment_ends_at IS NULL))"
    ),
    (
        "ALTER TABLE officer ADD CONSTRAINT officer_certificate_is_whole CHECK "
        "((serial IS NULL) = (certificate IS NULL) AND (serial IS NULL) = (not_after IS NULL) "
        "AND (serial IS NULL) = (totp_secret IS NULL))"
    ),
    "CREATE INDEX officer_person ON officer (person_index) WHERE person_index IS NOT NULL",
)

GRANTS = (
    "ALTER TABLE officer_grant DROP CONSTRAINT officer_grant_once",
    (
        "ALTER TABLE officer_grant ADD COLUMN data_classes text[], ADD COLUMN granted_by text, "
        "ADD COLUMN granted_at timestamptz, ADD COLUMN confirmed_by text, ADD COLUMN confirmed_at timestamptz, "
        "ADD COLUMN withdrawn_by text, ADD COLUMN withdrawn_at timestamptz, ADD COLUMN withdrawn_because text"
    ),
    (
        "UPDATE officer_grant SET data_classes = '{*}', granted_by = 'system:officers', confirmed_by = 'system:officers', "
        "granted_at = valid_from::timestamp AT TIME ZONE 'Asia/Shanghai', "
        "confirmed_at = valid_from::timestamp AT TIME ZONE 'Asia/Shanghai'"
    ),
    (
        "ALTER TABLE officer_grant ALTER COLUMN data_classes SET NOT NULL, ALTER COLUMN granted_by SET NOT NULL, "
        "ALTER COLUMN granted_at SET NOT NULL"
    ),
    (
        "ALTER TABLE officer_grant ADD CONSTRAINT officer_grant_confirmation_is_whole CHECK "
        "((confirmed_by IS NULL) = (confirmed_at IS NULL))"
    ),
    (
        "ALTER TABLE officer_grant ADD CONSTRAINT officer_grant_withdrawal_is_whole CHECK "
        "((withdrawn_by IS NULL) = (withdrawn_at IS NULL) AND (withdrawn_by IS NULL) = (withdrawn_because IS NULL))"
    ),
    (
        "ALTER TABLE officer_grant ADD CONSTRAINT officer_grant_isnt_ones_own CHECK "
        "(granted_by <> 'officer:' || officer_id::text)"
    ),
    (
        "ALTER TABLE officer_grant ADD CONSTRAINT officer_grant_four_eyes CHECK "
        f"(action NOT IN ({SENSITIVE}) OR confirmed_by IS NULL OR confirmed_by <> granted_by OR granted_by LIKE 'system:%')"
    ),
    "CREATE INDEX officer_grant_held ON officer_grant (officer_id, id) WHERE withdrawn_at IS NULL",
    (
        f"CREATE UNIQUE INDEX officer_grant_one_administration ON officer_grant (officer_id) "
        f"WHERE withdrawn_at IS NULL AND action IN ({ADMINISTRATIONS})"
    ),
    "REVOKE UPDATE, DELETE ON officer_grant FROM fuhai_system",
    (
        "GRANT UPDATE (confirmed_by, confirmed_at, withdrawn_by, withdrawn_at, withdrawn_because) ON officer_grant "
        "TO fuhai_system"
    ),
)


async def forwards() -> MigrationManager:
    """Add what administrators need; rights that were granted before keep showing what they showed."""
    return migration(
        ID,
        "identity",
        DESCRIPTION,
        (
            *OFFICER,
            OFFICER_SESSION,
            "CREATE INDEX officer_session_open ON officer_session (officer_id, id) WHERE ended_at IS NULL",
            "CREATE INDEX officer_session_expires ON officer_session (expires_at)",
            *GRANTS,
        ),
    )
