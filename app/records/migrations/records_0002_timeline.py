"""The timeline: a line for each record and memory, its months counted, memories, attachments, corrections."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.kernel.schema import Grants, OwnedTable, migration

ID = "2026-11-29T13:05:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "The timeline"

LINE = OwnedTable(
    "timeline_line",
    (
        "citizen_id uuid NOT NULL",
        "happened_at timestamptz NOT NULL",
        "kind text NOT NULL",
        "source text NOT NULL",
        "hidden boolean NOT NULL",
        "extras boolean NOT NULL",
        "tokens int8[]",
    ),
    Grants(citizen="select", system="select, insert, update, delete"),
)
MONTH = OwnedTable(
    "timeline_month",
    (
        "citizen_id uuid NOT NULL",
        "month date NOT NULL",
        "kind text NOT NULL",
        "shown int8 NOT NULL",
        "hidden int8 NOT NULL",
        "CONSTRAINT timeline_month_once UNIQUE (shard, citizen_id, month, kind)",
        "CONSTRAINT timeline_month_not_below_nothing CHECK (shown >= 0 AND hidden >= 0)",
    ),
    Grants(citizen="select", system="select, insert, update, delete"),
)
MEMORY = OwnedTable(
    "memory",
    (
        "citizen_id uuid NOT NULL",
        "made_at timestamptz NOT NULL",
        "changed_at timestamptz NOT NULL",
        "day date NOT NULL",
        "content bytea NOT NULL",
    ),
    Grants(citizen="select, insert, update (changed_at, day, content), delete", system="select, delete"),
)
ATTACHMENT = OwnedTable(
    "record_attachment",
    (
        "citizen_id uuid NOT NULL",
        "entry_id uuid NOT NULL",
        "node_id uuid NOT NULL",
        "at timestamptz NOT NULL",
        "CONSTRAINT record_attachment_once UNIQUE (shard, entry_id, node_id)",
        "CONSTRAINT record_attachment_of_line FOREIGN KEY (shard, entry_id) REFERENCES timeline_line (shard, id)",
    ),
    Grants(citizen="select, insert, delete", system="select, delete"),
)
INDEX = "CREATE INDEX timeline_by_token ON timeline_line USING gin (tokens) WITH (fastupdate = off)"
_LINES = """
INSERT INTO timeline_line (id, shard, citizen_id, happened_at, kind, source, hidden, extras)
SELECT id, shard, citizen_id, happened_at, kind, source, false, false FROM record
"""
_MONTHS = """
INSERT INTO timeline_month (id, shard, citizen_id, month, kind, shown, hidden)
SELECT min(id::text)::uuid, shard, citizen_id, date_trunc('month', happened_at AT TIME ZONE 'Asia/Shanghai')::date, kind, count(*), 0
FROM record GROUP BY 2, 3, 4, 5
"""


async def forwards() -> MigrationManager:
    """Make the tables, and a line for each record so far; a job makes their words findable."""
    return migration(
        ID,
        "records",
        DESCRIPTION,
        (
            "ALTER TABLE record ADD COLUMN corrects_id uuid",
            "CREATE INDEX record_corrections ON record (shard, corrects_id) WHERE corrects_id IS NOT NULL",
            "DROP INDEX record_timeline",
            LINE,
            MONTH,
            MEMORY,
            ATTACHMENT,
            _LINES,
            _MONTHS,
            "CREATE INDEX timeline_by_time ON timeline_line (shard, citizen_id, hidden, happened_at DESC, id DESC)",
            "CREATE INDEX timeline_by_kind ON timeline_line (shard, citizen_id, hidden, kind, happened_at DESC, id DESC)",
            "CREATE INDEX timeline_by_source ON timeline_line (shard, citizen_id, hidden, source, kind, happened_at DESC, id DESC)",
            INDEX,
            "CREATE INDEX timeline_without_tokens ON timeline_line (shard, id) WHERE tokens IS NULL",
        ),
    )
