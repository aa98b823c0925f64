"""Delegations."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.kernel.schema import Grants, OwnedTable, migration

ID = "2026-11-29T01:20:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Delegations"

DELEGATION = OwnedTable(
    "delegation",
    (
        "citizen_id uuid NOT NULL",
        "delegate_id uuid",
        "state text NOT NULL",
        "scopes text[] NOT NULL",
        "matters text[]",
        "valid_from date NOT NULL",
        "valid_to date NOT NULL",
        "told bytea NOT NULL",
        "offered_at timestamptz NOT NULL",
        "answer_by timestamptz NOT NULL",
        "answered_at timestamptz",
        "ended_at timestamptz",
        "ended_by text",
        "CONSTRAINT delegation_state CHECK (state IN ('offered', 'accepted', 'declined', 'ended'))",
        "CONSTRAINT delegation_window CHECK (valid_from <= valid_to)",
        "CONSTRAINT delegation_of_two CHECK (citizen_id <> delegate_id)",
        "CONSTRAINT delegation_answer_is_somebodys CHECK (answered_at IS NULL OR delegate_id IS NOT NULL)",
        "CONSTRAINT delegation_accepted_is_answered CHECK (state <> 'accepted' OR answered_at IS NOT NULL)",
        "CONSTRAINT delegation_ending CHECK (ended_by IN ('giver', 'delegate', 'time', 'guardian', 'death', 'freeze'))",
        "CONSTRAINT delegation_end_is_whole CHECK ((state = 'ended') = (ended_at IS NOT NULL) AND (ended_at IS NULL) = (ended_by IS NULL))",
    ),
    Grants(citizen="select", system="select, insert, update, delete"),
)

DELEGATION_RECEIVED = OwnedTable(
    "delegation_received",
    (
        "citizen_id uuid NOT NULL",
        "delegation_id uuid NOT NULL",
        "CONSTRAINT delegation_received_once UNIQUE (shard, citizen_id, delegation_id)",
    ),
    Grants(citizen="select", system="select, insert, delete"),
)


async def forwards() -> MigrationManager:
    """Make the tables."""
    return migration(
        ID,
        "identity",
        DESCRIPTION,
        (
            DELEGATION,
            "CREATE INDEX delegation_citizen ON delegation (shard, citizen_id, id DESC)",
            "CREATE INDEX delegation_last_day ON delegation (valid_to) WHERE state = 'accepted'",
            DELEGATION_RECEIVED,
        ),
    )
