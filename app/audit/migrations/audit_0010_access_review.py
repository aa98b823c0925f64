"""What the detector finds in the log, and the indexes that it reads by."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.kernel.schema import Grants, ReferenceTable, migration

ID = "2026-11-29T01:14:20:000000"
VERSION = "1.38.0"
DESCRIPTION = "The review of officers' looks"

ACCESS_FINDING = ReferenceTable(
    "access_finding",
    (
        "id uuid NOT NULL",
        "kind text NOT NULL",
        "at timestamptz NOT NULL",
        "day date NOT NULL",
        "officer_id uuid NOT NULL",
        "subject_id uuid NOT NULL",
        "CONSTRAINT access_finding_pkey PRIMARY KEY (id)",
        "CONSTRAINT access_finding_once UNIQUE (kind, subject_id, day)",
    ),
    Grants(system="select, insert"),
    append_only=True,
)

REVIEW_MARK = ReferenceTable(
    "review_mark",
    (
        "id int4 NOT NULL",
        "reviewed_until timestamptz NOT NULL",
        "CONSTRAINT review_mark_pkey PRIMARY KEY (id)",
        "CONSTRAINT review_mark_is_one CHECK (id = 1)",
    ),
    Grants(system="select, update"),
)


async def forwards() -> MigrationManager:
    """Make the tables; the review starts with the log's beginning."""
    return migration(
        ID,
        "audit",
        DESCRIPTION,
        (
            ACCESS_FINDING,
            "CREATE INDEX access_finding_kind ON access_finding (kind, id DESC)",
            REVIEW_MARK,
            "INSERT INTO review_mark (id, reviewed_until) VALUES (1, '2026-01-01 00:00:00+08')",
            "CREATE INDEX act_of_officers ON act (at, id) WHERE actor_kind = 'officer'",
            "CREATE INDEX act_of_officer ON act (actor, act, at, id) WHERE actor_kind = 'officer'",
        ),
    )
