"""What officers do at the desk beyond deciding: notes, opinions of other departments, proposed decisions; and how fast it goes."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.kernel.schema import Grants, OwnedTable, ReferenceTable, migration

ID = "2026-11-29T08:10:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Notes, opinions, proposed decisions, statistics of the desk"

CASE_NOTE = OwnedTable(
    "case_note",
    (
        "citizen_id uuid NOT NULL",
        "case_id uuid NOT NULL",
        "at timestamptz NOT NULL",
        "officer_id uuid NOT NULL",
        "text bytea NOT NULL",
        "CONSTRAINT case_note_case FOREIGN KEY (shard, case_id) REFERENCES matter_case (shard, id) ON DELETE RESTRICT",
    ),
    Grants(officer="select, insert", system="select, insert"),
    append_only=True,
)

CASE_OPINION = OwnedTable(
    "case_opinion",
    (
        "citizen_id uuid NOT NULL",
        "case_id uuid NOT NULL",
        "department text NOT NULL",
        "matter_code text NOT NULL",
        "division text NOT NULL",
        "asked_by text NOT NULL",
        "asked_at timestamptz NOT NULL",
        "due_on date",
        "content bytea NOT NULL",
        "state text NOT NULL",
        "answer bytea",
        "closed_by text",
        "closed_at timestamptz",
        "reminded_on date",
        "CONSTRAINT case_opinion_state CHECK (state IN ('open', 'agreed', 'disagreed', 'withdrawn', 'lapsed'))",
        "CONSTRAINT case_opinion_closing_is_whole CHECK ((state = 'open') = (closed_at IS NULL) AND (closed_at IS NULL) = (closed_by IS NULL))",
        "CONSTRAINT case_opinion_answer_is_given CHECK ((answer IS NOT NULL) = (state IN ('agreed', 'disagreed')))",
        "CONSTRAINT case_opinion_case FOREIGN KEY (shard, case_id) REFERENCES matter_case (shard, id) ON DELETE RESTRICT",
    ),
    Grants(
        citizen="select",
        officer="select, insert, update (state, answer, closed_by, closed_at)",
        system="select, insert, update (state, answer, closed_by, closed_at, reminded_on)",
    ),
)

OPINION_ENTRY = ReferenceTable(
    "opinion_entry",
    (
        "opinion_id uuid NOT NULL",
        "department text NOT NULL",
        "asked_by text NOT NULL",
        "matter_code text NOT NULL",
        "division text NOT NULL",
        "number text NOT NULL",
        "asked_at timestamptz NOT NULL",
        "due_on date",
        "CONSTRAINT opinion_entry_pkey PRIMARY KEY (department, opinion_id)",
    ),
    Grants(officer="select", system="select, insert, update, delete"),
)

DECIDED_ENTRY = ReferenceTable(
    "decided_entry",
    (
        "case_id uuid NOT NULL",
        "department text NOT NULL",
        "matter_code text NOT NULL",
        "division text NOT NULL",
        "decided_on date NOT NULL",
        "outcome text NOT NULL",
        "working_days int4",
        "in_time boolean",
        "CONSTRAINT decided_entry_pkey PRIMARY KEY (department, case_id)",
        "CONSTRAINT decided_entry_outcome CHECK (outcome IN ('approved', 'rejected', 'declined'))",
    ),
    Grants(officer="select", system="select, insert, update"),
)

PROPOSED = (
    "ALTER TABLE matter_case ADD COLUMN proposed_step text, ADD COLUMN proposed_by text, ADD COLUMN proposed_reason bytea, "
    "ADD COLUMN escalated_on date, ADD CONSTRAINT matter_case_proposal_is_whole CHECK "
    "((proposed_step IS NULL OR proposed_step IN ('approve', 'reject')) AND (proposed_step IS NULL) = (proposed_by IS NULL) "
    "AND (proposed_step IS NULL) = (proposed_reason IS NULL))"
)


async def forwards() -> MigrationManager:
    """Make the tables, and the indexes by which the desk is listed."""
    return migration(
        ID,
        "cases",
        DESCRIPTION,
        (
            CASE_NOTE,
            "CREATE INDEX case_note_case_id ON case_note (shard, case_id, id)",
            CASE_OPINION,
            "CREATE UNIQUE INDEX case_opinion_one_open ON case_opinion (shard, case_id, department) WHERE state = 'open'",
            "CREATE INDEX case_opinion_case_id ON case_opinion (shard, case_id, id)",
            "CREATE INDEX case_opinion_due ON case_opinion (due_on, id) WHERE state = 'open' AND reminded_on IS NULL",
            OPINION_ENTRY,
            "CREATE INDEX opinion_entry_oldest ON opinion_entry (department, asked_at, opinion_id)",
            DECIDED_ENTRY,
            "CREATE INDEX decided_entry_on ON decided_entry (department, decided_on)",
            PROPOSED,
            (
                "ALTER TABLE desk_entry ADD COLUMN proposed boolean NOT NULL DEFAULT false, "
                "ADD COLUMN escalated boolean NOT NULL DEFAULT false"
            ),
            "DROP INDEX desk_entry_due",
            (
                "CREATE INDEX desk_entry_due ON desk_entry (department, due_on, case_id) "
                "WHERE due_on IS NOT NULL AND clock <> 'correction'"
            ),
            "CREATE INDEX desk_entry_matter ON desk_entry (department, matter_code, submitted_at, case_id)",
            'CREATE INDEX desk_entry_district ON desk_entry (department, "left"(division, 6), submitted_at, case_id)',
            (
                "CREATE INDEX desk_entry_matter_district ON desk_entry "
                '(department, matter_code, "left"(division, 6), submitted_at, case_id)'
            ),
            "CREATE INDEX desk_entry_state ON desk_entry (department, state, submitted_at, case_id)",
            (
                "CREATE INDEX desk_entry_claimed ON desk_entry (department, officer_id, submitted_at, case_id) "
                "WHERE officer_id IS NOT NULL"
            ),
            "CREATE INDEX desk_entry_proposed ON desk_entry (department, submitted_at, case_id) WHERE proposed",
            "CREATE INDEX desk_entry_escalated ON desk_entry (department, submitted_at, case_id) WHERE escalated",
        ),
    )
