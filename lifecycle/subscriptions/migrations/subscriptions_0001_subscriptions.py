"""What people switched on, and what they agreed to."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.kernel.schema import Grants, OwnedTable, migration

ID = "2026-11-29T16:10:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Subscriptions"

_ENDINGS = "('switched_off', 'agreed_anew', 'decides_themselves', 'guardianship_ended', 'erased')"

SUBSCRIPTION = OwnedTable(
    "subscription",
    (
        "citizen_id uuid NOT NULL",
        "reader_id uuid NOT NULL",
        "matter text NOT NULL",
        "matter_version int4 NOT NULL",
        "terms text NOT NULL",
        "advertising boolean NOT NULL",
        "sensitive boolean NOT NULL",
        "topics text[] NOT NULL",
        "reminded text[] NOT NULL DEFAULT '{}'",
        "agreed_at timestamptz NOT NULL",
        "level int4 NOT NULL",
        "client_id text NOT NULL",
        "changed_at timestamptz NOT NULL",
        "ended_at timestamptz",
        "ended_by text",
        "CONSTRAINT subscription_ends_whole CHECK ((ended_at IS NULL) = (ended_by IS NULL))",
        f"CONSTRAINT subscription_ending_known CHECK (ended_by IN {_ENDINGS})",
        "CONSTRAINT subscription_forgets_topics CHECK (ended_at IS NULL OR (topics = '{}' AND reminded = '{}'))",
    ),
    Grants(
        citizen="select, insert, update (topics, reminded, changed_at, ended_at, ended_by)",
        system="select, update (topics, reminded, changed_at, ended_at, ended_by)",
    ),
)


async def forwards() -> MigrationManager:
    """Make the table; a row is never deleted, since it proves that what was sent had been asked for."""
    on = "ON subscription"
    return migration(
        ID,
        "subscriptions",
        DESCRIPTION,
        (
            SUBSCRIPTION,
            f"CREATE UNIQUE INDEX subscription_one {on} (shard, citizen_id, matter, reader_id) WHERE ended_at IS NULL",
            f"CREATE INDEX subscription_audience {on} (matter, shard, citizen_id) WHERE ended_at IS NULL",
            f"CREATE INDEX subscription_told {on} (shard, citizen_id, reader_id, id)",
        ),
    )
