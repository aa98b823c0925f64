"""Officers' looks at people, how many a day, and break-glass requests."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.kernel.schema import Grants, OwnedTable, ReferenceTable, migration

ID = "2026-11-29T01:14:30:000000"
VERSION = "1.38.0"
DESCRIPTION = "Officers' looks at people, and break-glass requests"

PERSON_LOOK = OwnedTable(
    "person_look",
    (
        "citizen_id uuid NOT NULL",
        "at timestamptz NOT NULL",
        "officer_id uuid NOT NULL",
        "purpose bytea NOT NULL",
        "data_classes text[] NOT NULL",
    ),
    Grants(officer="insert", system="select, insert"),
    append_only=True,
)

OFFICER_DAY = ReferenceTable(
    "officer_day",
    (
        "officer_id uuid NOT NULL",
        "day date NOT NULL",
        "looks int4 NOT NULL",
        "CONSTRAINT officer_day_pkey PRIMARY KEY (officer_id, day)",
        "CONSTRAINT officer_day_officer FOREIGN KEY (officer_id) REFERENCES officer (id) ON DELETE RESTRICT",
    ),
    Grants(),
)

BREAK_GLASS = ReferenceTable(
    "break_glass",
    (
        "id uuid NOT NULL",
        "officer_id uuid NOT NULL",
        "department text NOT NULL",
        "citizen_id uuid",
        "reason text NOT NULL",
        "text bytea",
        "data_classes text[] NOT NULL",
        "state text NOT NULL",
        "asked_at timestamptz NOT NULL",
        "opened_at timestamptz",
        "open_until timestamptz",
        "see_by timestamptz NOT NULL",
        "decided_by uuid",
        "decided_at timestamptz",
        "escalated_at timestamptz",
        "tell_at timestamptz",
        "told_at timestamptz",
        "CONSTRAINT break_glass_pkey PRIMARY KEY (id)",
        "CONSTRAINT break_glass_officer FOREIGN KEY (officer_id) REFERENCES officer (id) ON DELETE RESTRICT",
        "CONSTRAINT break_glass_state CHECK (state IN ('pending', 'open', 'approved', 'refused'))",
        "CONSTRAINT break_glass_opening_is_whole CHECK ((opened_at IS NULL) = (open_until IS NULL))",
        (
            "CONSTRAINT break_glass_decision_is_whole CHECK ((decided_by IS NULL) = (decided_at IS NULL) "
            "AND (decided_by IS NULL) = (state IN ('pending', 'open')))"
        ),
        "CONSTRAINT break_glass_second_person CHECK (decided_by <> officer_id)",
    ),
    Grants(),
)


async def forwards() -> MigrationManager:
    """Make the tables."""
    return migration(
        ID,
        "identity",
        DESCRIPTION,
        (
            PERSON_LOOK,
            "CREATE INDEX person_look_citizen ON person_look (shard, citizen_id, id)",
            OFFICER_DAY,
            BREAK_GLASS,
            "CREATE INDEX break_glass_department ON break_glass (department, id DESC)",
            "CREATE INDEX break_glass_officer_id ON break_glass (officer_id, id DESC)",
            "CREATE INDEX break_glass_citizen ON break_glass (citizen_id)",
            "CREATE INDEX break_glass_unseen ON break_glass (see_by) WHERE state = 'open' AND escalated_at IS NULL",
            "CREATE INDEX break_glass_untold ON break_glass (tell_at) WHERE told_at IS NULL",
        ),
    )
