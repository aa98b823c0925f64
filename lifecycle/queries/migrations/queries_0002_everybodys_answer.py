"""What departments told everybody last: lists, prices, timetables. It is about nobody."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.kernel.schema import Grants, ReferenceTable, migration

ID = "2026-11-29T06:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "What departments told everybody last"

EVERYBODYS_ANSWER = ReferenceTable(
    "everybodys_answer",
    (
        "fact text NOT NULL",
        "question bytea NOT NULL",
        "department text NOT NULL",
        "as_of timestamptz NOT NULL",
        "asked_at timestamptz NOT NULL",
        "answer bytea NOT NULL",
        "CONSTRAINT everybodys_answer_pkey PRIMARY KEY (fact, question)",
        "CONSTRAINT everybodys_answer_question_is_a_hash CHECK (octet_length(question) = 32)",
    ),
    Grants(system="select, insert, update, delete"),
)


async def forwards() -> MigrationManager:
    """Make the table."""
    return migration(ID, "queries", DESCRIPTION, (EVERYBODYS_ANSWER,))
