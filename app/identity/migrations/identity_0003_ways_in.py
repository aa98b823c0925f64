"""WeChat accounts that sign in, what each session has proved, and what devices approve."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.kernel.schema import Grants, OwnedTable, ReferenceTable, migration

ID = "2026-11-29T01:02:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "WeChat accounts that sign in, what each session has proved, and what devices approve"

WECHAT_BINDING = OwnedTable(
    "wechat_binding",
    (
        "citizen_id uuid NOT NULL",
        "appid text NOT NULL",
        "openid bytea NOT NULL",
        "unionid bytea",
        "bound_at timestamptz NOT NULL",
        "ended_at timestamptz",
    ),
    Grants(citizen="select", system="select, insert, update, delete"),
)

WECHAT_IDENTIFIER = ReferenceTable(
    "wechat_identifier",
    (
        "kind text NOT NULL CONSTRAINT wechat_identifier_kind CHECK (kind IN ('openid', 'unionid'))",
        "blind_index bytea NOT NULL",
        "citizen_id uuid NOT NULL",
        "CONSTRAINT wechat_identifier_pkey PRIMARY KEY (kind, blind_index)",
    ),
    Grants(system="select, insert, update, delete"),
)


APPROVAL = OwnedTable(
    "approval",
    (
        "citizen_id uuid NOT NULL",
        "kind text NOT NULL CONSTRAINT approval_kind CHECK (kind IN ('case', 'sign_in'))",
        "subject_id uuid NOT NULL",
        "digest bytea NOT NULL",
        "session_id uuid NOT NULL",
        "asked_at timestamptz NOT NULL",
        "expires_at timestamptz NOT NULL",
        "state text NOT NULL CONSTRAINT approval_state CHECK (state IN ('asked', 'approved', 'refused', 'used'))",
        "device_id uuid",
        "CONSTRAINT approval_names_its_device CHECK (state = 'asked' OR device_id IS NOT NULL)",
    ),
    Grants(citizen="select", system="select, insert, update, delete"),
)

SESSION_BINDING = (
    "ALTER TABLE session ADD CONSTRAINT session_binding FOREIGN KEY (shard, binding_id) "
    "REFERENCES wechat_binding (shard, id) ON DELETE RESTRICT"
)

SESSION_LEVEL = (
    "UPDATE session s SET level = CASE WHEN s.device_id IS NOT NULL THEN 3 "
    "WHEN r.real_name_at IS NOT NULL OR r.merged_into IS NOT NULL THEN 2 ELSE 1 END "
    "FROM resident r WHERE r.shard = s.shard AND r.id = s.citizen_id"
)


async def forwards() -> MigrationManager:
    """Make the tables, and add the columns."""
    return migration(
        ID,
        "identity",
        DESCRIPTION,
        (
            WECHAT_BINDING,
            "CREATE UNIQUE INDEX wechat_binding_open ON wechat_binding (shard, citizen_id, appid) WHERE ended_at IS NULL",
            WECHAT_IDENTIFIER,
            "CREATE INDEX wechat_identifier_citizen ON wechat_identifier (citizen_id)",
            "ALTER TABLE session ADD COLUMN binding_id uuid",
            APPROVAL,
            "CREATE INDEX approval_citizen ON approval (shard, citizen_id, id)",
            SESSION_BINDING,
            "ALTER TABLE session ADD COLUMN level int4",
            SESSION_LEVEL,
            "ALTER TABLE session ALTER COLUMN level SET NOT NULL",
            "ALTER TABLE session ADD CONSTRAINT session_level CHECK (level BETWEEN 1 AND 3)",
            "CREATE INDEX session_key ON session (shard, citizen_id, jkt) WHERE jkt IS NOT NULL",
        ),
    )
