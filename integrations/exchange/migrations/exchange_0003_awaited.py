"""Answers that departments have promised for later."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.kernel.schema import Grants, OwnedTable, migration

ID = "2026-11-29T16:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Answers that departments have promised"

_OUTCOMES = "'ok', 'not_found', 'refused', 'later', 'unavailable', 'wrong'"
AWAITED_ANSWER = OwnedTable(
    "awaited_answer",
    (
        "citizen_id uuid NOT NULL",
        "department text NOT NULL",
        "service text NOT NULL",
        "question bytea NOT NULL CONSTRAINT awaited_answer_question_is_a_hash CHECK (octet_length(question) = 32)",
        "ticket text NOT NULL",
        "asked_at timestamptz NOT NULL",
        "expected_by timestamptz NOT NULL",
        "closes_at timestamptz NOT NULL",
        "asked_times int4 NOT NULL CONSTRAINT awaited_answer_was_asked CHECK (asked_times > 0)",
        "ask_again_at timestamptz",
        "answer_id uuid",
        "answered_at timestamptz",
        "used_at timestamptz",
        "CONSTRAINT awaited_answer_has_come CHECK ((answer_id IS NULL) = (answered_at IS NULL))",
        "CONSTRAINT awaited_answer_is_awaited_or_has_come CHECK (ask_again_at IS NULL OR answer_id IS NULL)",
    ),
    Grants(system="select, insert, update, delete"),
)


async def forwards() -> MigrationManager:
    """Make the table, and let an exchange's outcome be a ticket."""
    return migration(
        ID,
        "exchange",
        DESCRIPTION,
        (
            AWAITED_ANSWER,
            "CREATE INDEX awaited_answer_of_question ON awaited_answer (shard, citizen_id, question)",
            "CREATE INDEX awaited_answer_due ON awaited_answer (ask_again_at) WHERE ask_again_at IS NOT NULL",
            "ALTER TABLE exchange_message DROP CONSTRAINT exchange_message_outcome",
            f"ALTER TABLE exchange_message ADD CONSTRAINT exchange_message_outcome CHECK (outcome IN ({_OUTCOMES}))",
        ),
    )
