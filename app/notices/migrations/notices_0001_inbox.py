"""Inbox and campaigns."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.kernel.schema import Grants, OwnedTable, ReferenceTable, migration

ID = "2026-11-22T13:30:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Inbox and campaigns"

NOTICE = OwnedTable(
    "notice",
    (
        "citizen_id uuid NOT NULL",
        "at timestamptz NOT NULL",
        "phrase text",
        "facts bytea",
        "campaign_id uuid",
        "about_id uuid",
        "source_ref text NOT NULL",
        "read_at timestamptz",
        "CONSTRAINT notice_comes_once UNIQUE (shard, citizen_id, source_ref)",
        "CONSTRAINT notice_says_something CHECK ((phrase IS NULL) = (facts IS NULL) AND (phrase IS NULL) <> (campaign_id IS NULL))",
    ),
    Grants(citizen="select, update (read_at)", system="select, insert"),
)

CAMPAIGN = ReferenceTable(
    "campaign",
    (
        "id uuid NOT NULL",
        "department text NOT NULL",
        "title_zh text NOT NULL",
        "title_en text NOT NULL",
        "text_zh text NOT NULL",
        "text_en text NOT NULL",
        "audience jsonb NOT NULL",
        "state text NOT NULL",
        "reach int4 NOT NULL",
        "prepared_by uuid NOT NULL",
        "prepared_at timestamptz NOT NULL",
        "decided_by uuid",
        "decided_at timestamptz",
        "published_at timestamptz",
        "delivered int4 NOT NULL DEFAULT 0",
        "CONSTRAINT campaign_pkey PRIMARY KEY (id)",
        "CONSTRAINT campaign_state_known CHECK (state IN ('prepared', 'approved', 'rejected', 'published'))",
        "CONSTRAINT campaign_has_two_officers CHECK (decided_by IS DISTINCT FROM prepared_by)",
    ),
    Grants(citizen="select", officer="select, insert, update", system="select, update"),
)


async def forwards() -> MigrationManager:
    """Make this room's tables."""
    return migration(
        ID,
        "notices",
        DESCRIPTION,
        (
            CAMPAIGN,
            "CREATE INDEX campaign_department ON campaign (department, id DESC)",
            NOTICE,
            "CREATE INDEX notice_inbox ON notice (shard, citizen_id, id DESC)",
            "CREATE INDEX notice_unread ON notice (shard, citizen_id) WHERE read_at IS NULL",
        ),
    )
