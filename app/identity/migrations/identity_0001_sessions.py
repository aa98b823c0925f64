"""Sessions, devices, officers and terminals."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.kernel.schema import Grants, OwnedTable, ReferenceTable, migration

ID = "2026-11-22T13:30:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Sessions, devices, officers and terminals"

DEVICE = OwnedTable(
    "device",
    (
        "citizen_id uuid NOT NULL",
        "name text NOT NULL",
        "serial text NOT NULL",
        "jkt text NOT NULL",
        "certificate text NOT NULL",
        "enrolled_at timestamptz NOT NULL",
        "not_after timestamptz NOT NULL",
        "removed_at timestamptz",
        "CONSTRAINT device_serial UNIQUE (shard, serial)",
    ),
    Grants(citizen="select", system="select, insert, update"),
)

SESSION = OwnedTable(
    "session",
    (
        "citizen_id uuid NOT NULL",
        "client_id text NOT NULL",
        "device_id uuid",
        "jkt text",
        "started_at timestamptz NOT NULL",
        "expires_at timestamptz NOT NULL",
        "ended_at timestamptz",
        "end_reason text",
        "generation int4 NOT NULL",
        "refresh_hash bytea NOT NULL",
        "previous_hash bytea",
        "rotated_at timestamptz NOT NULL",
        "pair bytea",
        "CONSTRAINT session_device FOREIGN KEY (shard, device_id) REFERENCES device (shard, id) ON DELETE RESTRICT",
        "CONSTRAINT session_device_is_bound CHECK (device_id IS NULL OR jkt IS NOT NULL)",
        "CONSTRAINT session_end_is_whole CHECK ((ended_at IS NULL) = (end_reason IS NULL))",
    ),
    Grants(system="select, insert, update, delete"),
)

OFFICER = ReferenceTable(
    "officer",
    (
        "id uuid NOT NULL",
        "code text NOT NULL",
        "department text NOT NULL",
        "post text NOT NULL",
        "name text NOT NULL",
        "serial text NOT NULL",
        "certificate text NOT NULL",
        "not_after timestamptz NOT NULL",
        "totp_secret bytea NOT NULL",
        "last_step int4 NOT NULL",
        "dismissed_at timestamptz",
        "CONSTRAINT officer_pkey PRIMARY KEY (id)",
        "CONSTRAINT officer_code UNIQUE (code)",
    ),
    Grants(system="select, insert, update"),
)

OFFICER_GRANT = ReferenceTable(
    "officer_grant",
    (
        "id uuid NOT NULL",
        "officer_id uuid NOT NULL",
        "action text NOT NULL",
        "matters text[] NOT NULL",
        "divisions text[] NOT NULL",
        "valid_from date NOT NULL",
        "valid_to date NOT NULL",
        "CONSTRAINT officer_grant_pkey PRIMARY KEY (id)",
        "CONSTRAINT officer_grant_officer FOREIGN KEY (officer_id) REFERENCES officer (id) ON DELETE RESTRICT",
        "CONSTRAINT officer_grant_once UNIQUE (officer_id, action, matters, divisions)",
    ),
    Grants(system="select, insert, update, delete"),
)

TERMINAL = ReferenceTable(
    "terminal",
    (
        "id uuid NOT NULL",
        "code text NOT NULL",
        "merchant_code text NOT NULL",
        "merchant_name text NOT NULL",
        "keyid text NOT NULL",
        "serial text NOT NULL",
        "certificate text NOT NULL",
        "not_after timestamptz NOT NULL",
        "state text NOT NULL CONSTRAINT terminal_state CHECK (state IN ('active', 'closed'))",
        "CONSTRAINT terminal_pkey PRIMARY KEY (id)",
        "CONSTRAINT terminal_code UNIQUE (code)",
        "CONSTRAINT terminal_keyid UNIQUE (keyid)",
    ),
    Grants(system="select, insert, update"),
)


async def forwards() -> MigrationManager:
    """Make this room's tables."""
    return migration(
        ID,
        "identity",
        DESCRIPTION,
        (
            DEVICE,
            "CREATE INDEX device_citizen ON device (shard, citizen_id)",
            SESSION,
            "CREATE INDEX session_citizen ON session (shard, citizen_id)",
            OFFICER,
            OFFICER_GRANT,
            TERMINAL,
        ),
    )
