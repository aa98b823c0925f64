"""The outbox, idempotent answers, short-lived secrets and the job queue."""

from pgqueuer.adapters.persistence.qb import QueryBuilderEnvironment
from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.kernel.schema import Grants, OwnedTable, ReferenceTable, migration

ID = "2026-11-22T13:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "The outbox, idempotent answers, short-lived secrets and the job queue"

OUTBOX = OwnedTable(
    "outbox",
    (
        "at timestamptz NOT NULL",
        "stream uuid NOT NULL",
        "citizen_id uuid",
        "kind text NOT NULL",
        "version int4 NOT NULL",
        "subject_id uuid NOT NULL",
        "actor text NOT NULL",
        "cause_id uuid",
        "delivered_at timestamptz",
        "attempts int4 NOT NULL DEFAULT 0",
        "try_at timestamptz NOT NULL",
    ),
    Grants(citizen="insert", officer="insert", system="select, insert, update, delete"),
    citizen_sees="true",
)

_OWN_PRINCIPAL = "principal = current_setting('fuhai.principal')"

IDEMPOTENCY = OwnedTable(
    "idempotent_answer",
    (
        "at timestamptz NOT NULL",
        "principal text NOT NULL",
        "key text NOT NULL",
        "fingerprint bytea NOT NULL",
        "answer bytea NOT NULL",
        "CONSTRAINT idempotent_answer_once UNIQUE (shard, principal, key)",
    ),
    Grants(citizen="select, insert", officer="select, insert", system="select, insert, delete"),
    citizen_sees=_OWN_PRINCIPAL,
    officer_sees=_OWN_PRINCIPAL,
)

SHORT_LIVED = ReferenceTable(
    "short_lived",
    (
        "purpose text NOT NULL",
        "key text NOT NULL",
        "value bytea",
        "count int4 NOT NULL DEFAULT 0",
        "expires_at timestamptz NOT NULL",
        "CONSTRAINT short_lived_pkey PRIMARY KEY (purpose, key)",
    ),
    Grants(system="select, insert, update, delete"),
    unlogged=True,
)


REFUSE_CHANGE = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'rows of % are never changed or deleted', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$
"""


async def forwards() -> MigrationManager:
    """Make this room's tables."""
    return migration(
        ID,
        "kernel",
        DESCRIPTION,
        (
            REFUSE_CHANGE,
            OUTBOX,
            "CREATE INDEX outbox_pending ON outbox (id) WHERE delivered_at IS NULL",
            "CREATE INDEX outbox_stream_pending ON outbox (shard, stream, id) WHERE delivered_at IS NULL",
            IDEMPOTENCY,
            SHORT_LIVED,
            "CREATE INDEX short_lived_expires_at ON short_lived (expires_at)",
            QueryBuilderEnvironment().build_install_query(),
            *QUEUE_RIGHTS,
        ),
    )


QUEUE_RIGHTS = (
    "GRANT SELECT, INSERT, UPDATE, DELETE ON pgqueuer, pgqueuer_log, pgqueuer_statistics, pgqueuer_schedules TO fuhai_system",
    "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO fuhai_system",
)
