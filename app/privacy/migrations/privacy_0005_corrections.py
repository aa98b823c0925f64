"""Requests for correction."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.kernel.schema import Grants, OwnedTable, migration

ID = "2026-11-29T01:44:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Requests for correction"

_FIELD = "shard, citizen_id, about_table, about_column"

CORRECTION_REQUEST = OwnedTable(
    "correction_request",
    (
        "citizen_id uuid NOT NULL",
        "asked_at timestamptz NOT NULL",
        "department text NOT NULL",
        "about_table text NOT NULL",
        "about_column text NOT NULL",
        "content bytea NOT NULL",
        "state text NOT NULL",
        "due_on date NOT NULL",
        "decided_at timestamptz",
        "officer_id uuid",
        "answer bytea",
        "CONSTRAINT correction_request_state_known CHECK (state IN ('open', 'granted', 'refused', 'withdrawn'))",
        "CONSTRAINT correction_request_decision_is_whole CHECK ((state IN ('granted', 'refused')) = (answer IS NOT NULL))",
    ),
    Grants(
        citizen="select, insert, update (state)",
        officer="select, update (state, decided_at, officer_id, answer)",
        system="select, insert, update",
    ),
)


async def forwards() -> MigrationManager:
    """Make the table."""
    return migration(
        ID,
        "privacy",
        DESCRIPTION,
        (
            CORRECTION_REQUEST,
            f"CREATE UNIQUE INDEX correction_request_one ON correction_request ({_FIELD}) WHERE state = 'open'",
            "CREATE INDEX correction_request_desk ON correction_request (department, due_on, id) WHERE state = 'open'",
        ),
    )
