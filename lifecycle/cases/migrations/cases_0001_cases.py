"""Cases, their events and signatures, the desk's projection, and the sequences of case numbers."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.kernel.schema import Grants, OwnedTable, ReferenceTable, migration

ID = "2026-11-22T15:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Cases, their events and signatures, the desk, case numbers"

MATTER_CASE = OwnedTable(
    "matter_case",
    (
        "citizen_id uuid NOT NULL",
        "applicant_id uuid NOT NULL",
        "matter_code text NOT NULL",
        "matter_version int4 NOT NULL",
        "department text NOT NULL",
        "division text NOT NULL",
        "number text",
        "state text NOT NULL",
        "interrupted_in text",
        "version int4 NOT NULL",
        "officer_id uuid",
        "answers bytea",
        "known bytea",
        "known_at timestamptz",
        "opened_at timestamptz NOT NULL",
        "changed_at timestamptz NOT NULL",
        "submitted_at timestamptz",
        "CONSTRAINT matter_case_number UNIQUE (shard, number)",
        "CONSTRAINT matter_case_submitted_is_numbered CHECK ((number IS NULL) = (submitted_at IS NULL))",
        "CONSTRAINT matter_case_interruption_remembers CHECK ((interrupted_in IS NOT NULL) = (state IN ('correction_requested', 'suspended')))",
        "CONSTRAINT matter_case_state CHECK (state IN ('draft', 'submitted', 'not_accepted', 'accepted', 'correction_requested', 'reviewing', 'suspended', 'approved', 'rejected', 'issued', 'closed', 'withdrawn', 'lapsed'))",
    ),
    Grants(citizen="select, insert, update", officer="select, update", system="select, insert, update"),
)

CASE_EVENT = OwnedTable(
    "case_event",
    (
        "citizen_id uuid NOT NULL",
        "case_id uuid NOT NULL",
        "at timestamptz NOT NULL",
        "what text NOT NULL",
        "state text NOT NULL",
        "actor text NOT NULL",
        "detail bytea",
        "CONSTRAINT case_event_case FOREIGN KEY (shard, case_id) REFERENCES matter_case (shard, id) ON DELETE RESTRICT",
    ),
    Grants(citizen="select, insert", officer="select, insert", system="select, insert"),
    append_only=True,
)

CASE_SIGNATURE = OwnedTable(
    "case_signature",
    (
        "citizen_id uuid NOT NULL",
        "case_id uuid NOT NULL",
        "at timestamptz NOT NULL",
        "kind text NOT NULL CONSTRAINT case_signature_kind CHECK (kind IN ('none', 'confirmed', 'device'))",
        "payload bytea NOT NULL",
        "proof bytea",
        "CONSTRAINT case_signature_device_is_proved CHECK ((kind = 'device') = (proof IS NOT NULL))",
        "CONSTRAINT case_signature_case FOREIGN KEY (shard, case_id) REFERENCES matter_case (shard, id) ON DELETE RESTRICT",
    ),
    Grants(citizen="select, insert", officer="select", system="select, insert"),
    append_only=True,
)

DESK_ENTRY = ReferenceTable(
    "desk_entry",
    (
        "case_id uuid NOT NULL",
        "department text NOT NULL",
        "matter_code text NOT NULL",
        "division text NOT NULL",
        "state text NOT NULL",
        "number text NOT NULL",
        "submitted_at timestamptz NOT NULL",
        "changed_at timestamptz NOT NULL",
        "officer_id uuid",
        "version int4 NOT NULL",
        "CONSTRAINT desk_entry_pkey PRIMARY KEY (department, case_id)",
    ),
    Grants(officer="select", system="select, insert, update, delete"),
)

LAST_STAGE = 11
"""Stages are numbered 01 (birth) to 10 (living), and 11 (citizen card)."""


async def forwards() -> MigrationManager:
    """Make this room's tables.

    A case number ends in a sequence of its stage: no row is locked for it, and a million a day and stage stay unique.
    """
    stages = range(1, LAST_STAGE + 1)
    return migration(
        ID,
        "cases",
        DESCRIPTION,
        (
            MATTER_CASE,
            "CREATE INDEX matter_case_citizen ON matter_case (shard, citizen_id, id DESC)",
            "CREATE UNIQUE INDEX matter_case_one_draft ON matter_case (shard, citizen_id, matter_code) WHERE state = 'draft'",
            CASE_EVENT,
            "CREATE INDEX case_event_case_id ON case_event (shard, case_id, id)",
            CASE_SIGNATURE,
            "CREATE INDEX case_signature_case_id ON case_signature (shard, case_id, id)",
            DESK_ENTRY,
            "CREATE INDEX desk_entry_queue ON desk_entry (department, submitted_at, case_id)",
            *(f"CREATE SEQUENCE case_number_{stage:02d} AS int4 MAXVALUE 999999 CYCLE" for stage in stages),
            *(f"GRANT USAGE ON SEQUENCE case_number_{stage:02d} TO fuhai_citizen, fuhai_system" for stage in stages),
        ),
    )
