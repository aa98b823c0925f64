"""Bundles and their steps."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.kernel.schema import Grants, OwnedTable, migration

ID = "2026-11-29T09:30:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Bundles"

BUNDLE = OwnedTable(
    "bundle",
    (
        "citizen_id uuid NOT NULL",
        "applicant_id uuid NOT NULL",
        "code text NOT NULL",
        "state text NOT NULL",
        "version int4 NOT NULL",
        "left_out text[] NOT NULL",
        "answers bytea",
        "known bytea",
        "known_at timestamptz",
        "opened_at timestamptz NOT NULL",
        "changed_at timestamptz NOT NULL",
        "submitted_at timestamptz",
        "payload bytea",
        "proof bytea",
        "evidence bytea",
        "CONSTRAINT bundle_state CHECK (state IN ('draft', 'under_way', 'ended', 'withdrawn'))",
        "CONSTRAINT bundle_submitted_is_signed CHECK ((submitted_at IS NULL) = (payload IS NULL))",
    ),
    Grants(citizen="select, insert, update", officer="select", system="select, insert, update, delete"),
)

BUNDLE_STEP = OwnedTable(
    "bundle_step",
    (
        "citizen_id uuid NOT NULL",
        "bundle_id uuid NOT NULL",
        "code text NOT NULL",
        "case_id uuid",
        "outcome text",
        "reason text",
        "at timestamptz NOT NULL",
        "CONSTRAINT bundle_step_once UNIQUE (shard, bundle_id, code)",
        "CONSTRAINT bundle_step_outcome CHECK (outcome IN ('done_already', 'not_admitted'))",
        "CONSTRAINT bundle_step_case_or_outcome CHECK ((case_id IS NULL) <> (outcome IS NULL))",
        "CONSTRAINT bundle_step_bundle FOREIGN KEY (shard, bundle_id) REFERENCES bundle (shard, id) ON DELETE RESTRICT",
    ),
    Grants(citizen="select, insert, update", officer="select", system="select, insert, update, delete"),
)
ONE_OPEN = """
CREATE UNIQUE INDEX bundle_one_open ON bundle (shard, citizen_id, code) WHERE state IN ('draft', 'under_way')
"""


async def forwards() -> MigrationManager:
    """Make the tables."""
    return migration(
        ID,
        "bundles",
        DESCRIPTION,
        (BUNDLE, BUNDLE_STEP, ONE_OPEN, "CREATE INDEX bundle_of_citizen ON bundle (shard, citizen_id, id)"),
    )
