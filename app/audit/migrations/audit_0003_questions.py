"""Citizens ask why somebody looked."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.kernel.schema import Grants, OwnedTable, migration

ID = "2026-11-29T01:11:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Citizens ask why somebody looked"

ACCESS_QUESTION = OwnedTable(
    "access_question",
    (
        "citizen_id uuid NOT NULL",
        "asker_id uuid NOT NULL",
        "act_id uuid NOT NULL",
        "officer_id uuid",
        "department text NOT NULL",
        "asked_at timestamptz NOT NULL",
        "due_on date NOT NULL",
        "question bytea",
        "escalated_at timestamptz",
        "answered_at timestamptz",
        "answered_by uuid",
        "answer bytea",
        "CONSTRAINT access_question_is_asked_once UNIQUE (shard, act_id)",
        "CONSTRAINT access_question_answer_is_dated CHECK ((answer IS NULL) = (answered_at IS NULL))",
        "CONSTRAINT access_question_answer_is_somebodys CHECK ((answer IS NULL) = (answered_by IS NULL))",
    ),
    Grants(
        citizen="select, insert",
        officer="select, update (answered_at, answered_by, answer)",
        system="select, update (escalated_at)",
    ),
)


async def forwards() -> MigrationManager:
    """Make the table."""
    return migration(
        ID,
        "audit",
        DESCRIPTION,
        (
            ACCESS_QUESTION,
            "CREATE INDEX access_question_about ON access_question (shard, citizen_id, id DESC)",
            "CREATE INDEX access_question_open ON access_question (department, id) WHERE answered_at IS NULL",
            "CREATE INDEX access_question_due ON access_question (due_on) WHERE answered_at IS NULL AND escalated_at IS NULL",
        ),
    )
