"""How licences stand: what was done with each after its issue, and what holders present of them."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.kernel.schema import Grants, OwnedTable, migration

ID = "2026-11-29T08:10:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Steps and presentations of licences"

LICENCE_EVENT = OwnedTable(
    "licence_event",
    (
        "citizen_id uuid NOT NULL",
        "licence_id uuid NOT NULL",
        "department text NOT NULL",
        "at timestamptz NOT NULL",
        "step text NOT NULL",
        "state text NOT NULL",
        "ground text NOT NULL",
        "reason bytea",
        "actor text NOT NULL",
        "CONSTRAINT licence_event_licence FOREIGN KEY (shard, licence_id) REFERENCES licence (shard, id) ON DELETE RESTRICT",
    ),
    Grants(citizen="select", system="select, insert"),
    append_only=True,
)

LICENCE_PRESENTATION = OwnedTable(
    "licence_presentation",
    (
        "citizen_id uuid NOT NULL",
        "licence_id uuid NOT NULL",
        "presented_by uuid NOT NULL",
        "code_index bytea NOT NULL",
        "content bytea NOT NULL",
        "made_at timestamptz NOT NULL",
        "expires_at timestamptz NOT NULL",
        "ended_at timestamptz",
        "checked int4 NOT NULL DEFAULT 0",
        "checked_at timestamptz",
        "CONSTRAINT licence_presentation_code UNIQUE (shard, code_index)",
        "CONSTRAINT licence_presentation_ends CHECK (expires_at > made_at)",
        "CONSTRAINT licence_presentation_licence FOREIGN KEY (shard, licence_id) REFERENCES licence (shard, id) ON DELETE RESTRICT",
    ),
    Grants(citizen="select, insert, update (ended_at)", system="select, update (checked, checked_at), delete"),
)

MORE_COLUMNS = """
ALTER TABLE licence ADD COLUMN matter_code text NOT NULL DEFAULT '', ADD COLUMN division text NOT NULL DEFAULT '',
    ADD COLUMN expiry_told int2, ADD COLUMN replaced_by uuid, DROP CONSTRAINT licence_state
"""
STATES = """
ALTER TABLE licence ADD CONSTRAINT licence_state
    CHECK (state IN ('valid', 'expired', 'revoked', 'annulled', 'suspended', 'replaced'))
"""
KNOWN_CASES = """
DO $$ BEGIN
  IF to_regclass('matter_case') IS NOT NULL THEN
    UPDATE licence l SET matter_code = c.matter_code, division = coalesce(c.division, '')
    FROM matter_case c WHERE c.shard = l.shard AND c.id = l.case_id;
  END IF;
END $$
"""


async def forwards() -> MigrationManager:
    """Make the tables, and say of each licence which matter and division it comes from."""
    return migration(
        ID,
        "licences",
        DESCRIPTION,
        (
            MORE_COLUMNS,
            STATES,
            KNOWN_CASES,
            "CREATE INDEX licence_ending ON licence (valid_to) WHERE state = 'valid' AND valid_to IS NOT NULL",
            LICENCE_EVENT,
            "CREATE INDEX licence_event_of_licence ON licence_event (shard, licence_id, id)",
            "CREATE INDEX licence_event_proposed ON licence_event (department, at) WHERE step IN ('propose_revoke', 'propose_annul')",
            LICENCE_PRESENTATION,
            "CREATE INDEX licence_presentation_of_licence ON licence_presentation (shard, licence_id, id DESC)",
            "CREATE INDEX licence_presentation_of_citizen ON licence_presentation (shard, citizen_id)",
            "CREATE INDEX licence_presentation_made ON licence_presentation (made_at)",
        ),
    )
