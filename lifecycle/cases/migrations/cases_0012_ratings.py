"""Ratings of how a case was handled (好差评), and the departments' list of them without personal data."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.kernel.schema import Grants, OwnedTable, ReferenceTable, migration

ID = "2026-11-29T06:20:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Ratings of cases"

CASE_RATING = OwnedTable(
    "case_rating",
    (
        "citizen_id uuid NOT NULL",
        "case_id uuid NOT NULL",
        "at timestamptz NOT NULL",
        "stars int2 NOT NULL",
        "text bytea",
        "answer bytea",
        "answered_at timestamptz",
        "answered_by text",
        "version int4 NOT NULL",
        "CONSTRAINT case_rating_once UNIQUE (shard, case_id)",
        "CONSTRAINT case_rating_stars CHECK (stars BETWEEN 1 AND 5)",
        "CONSTRAINT case_rating_answer_is_whole CHECK ((answered_at IS NULL) = (answered_by IS NULL))",
        "CONSTRAINT case_rating_case FOREIGN KEY (shard, case_id) REFERENCES matter_case (shard, id) ON DELETE RESTRICT",
    ),
    Grants(
        citizen="select, insert, update (at, stars, text, version)",
        officer="select, update (answer, answered_at, answered_by, version)",
        system="select, insert, update, delete",
    ),
)

RATING_ENTRY = ReferenceTable(
    "rating_entry",
    (
        "case_id uuid NOT NULL",
        "department text NOT NULL",
        "matter_code text NOT NULL",
        "division text NOT NULL",
        "number text NOT NULL",
        "stars int2 NOT NULL",
        "rated_at timestamptz NOT NULL",
        "answer_by date",
        "answered_at timestamptz",
        "version int4 NOT NULL",
        "CONSTRAINT rating_entry_pkey PRIMARY KEY (department, case_id)",
    ),
    Grants(officer="select", system="select, insert, update, delete"),
)


async def forwards() -> MigrationManager:
    """Make the tables."""
    return migration(
        ID,
        "cases",
        DESCRIPTION,
        (
            CASE_RATING,
            RATING_ENTRY,
            "CREATE INDEX rating_entry_newest ON rating_entry (department, rated_at DESC, case_id)",
        ),
    )
