"""Life events, their steps, and the rounds of those that a date brings."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.kernel.schema import Grants, OwnedTable, ReferenceTable, migration

ID = "2026-11-29T20:41:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Life events"

LIFE_EVENT = OwnedTable(
    "life_event",
    (
        "citizen_id uuid NOT NULL",
        "event text NOT NULL",
        "occurred_on date NOT NULL",
        "source text NOT NULL",
        "told_by text NOT NULL",
        "state text NOT NULL",
        "details bytea",
        "about_id uuid",
        "declared_by uuid",
        "made_at timestamptz NOT NULL",
        "changed_at timestamptz NOT NULL",
        "expires_on date",
        "CONSTRAINT life_event_once UNIQUE (shard, citizen_id, event, occurred_on, source)",
        "CONSTRAINT life_event_source CHECK (source IN ('declared', 'told', 'shared_data', 'date'))",
        "CONSTRAINT life_event_state CHECK (state IN ('suggested', 'standing', 'taken_back', 'ended'))",
        "CONSTRAINT life_event_declared_by_somebody CHECK (source <> 'declared' OR declared_by IS NOT NULL)",
        "CONSTRAINT life_event_suggested_by_shared_data CHECK (state <> 'suggested' OR source = 'shared_data')",
    ),
    Grants(
        citizen="select, insert, update (state, details, declared_by, changed_at)",
        system="select, insert, update (state, changed_at), delete",
    ),
)

LIFE_EVENT_STEP = OwnedTable(
    "life_event_step",
    (
        "citizen_id uuid NOT NULL",
        "event_id uuid NOT NULL",
        "at timestamptz NOT NULL",
        "step text NOT NULL",
        "actor text NOT NULL",
        "reason bytea",
        (
            "CONSTRAINT life_event_step_event FOREIGN KEY (shard, event_id) REFERENCES life_event (shard, id) "
            "ON DELETE RESTRICT"
        ),
        (
            "CONSTRAINT life_event_step_known CHECK (step IN ('declare', 'tell', 'suggest', 'fall_due', 'confirm', "
            "'take_back', 'end'))"
        ),
    ),
    Grants(citizen="select, insert", system="select, insert, delete"),
)

LIFE_EVENT_ROUND = ReferenceTable(
    "life_event_round",
    (
        "event text NOT NULL",
        "through date NOT NULL",
        "CONSTRAINT life_event_round_pkey PRIMARY KEY (event)",
    ),
    Grants(system="select, insert, update"),
)


async def forwards() -> MigrationManager:
    """Make the tables."""
    return migration(
        ID,
        "life_events",
        DESCRIPTION,
        (
            LIFE_EVENT,
            LIFE_EVENT_STEP,
            LIFE_EVENT_ROUND,
            "CREATE INDEX life_event_of_citizen ON life_event (shard, citizen_id, id)",
            "CREATE INDEX life_event_expiring ON life_event (expires_on) WHERE state IN ('suggested', 'standing')",
            "CREATE INDEX life_event_step_of_event ON life_event_step (shard, event_id, id)",
        ),
    )
