"""Agendas as they were last looked at, and the addresses under which calendars read them."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.kernel.schema import Grants, OwnedTable, ReferenceTable, migration

ID = "2026-11-29T22:10:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Agendas, and their feeds"

AGENDA_BOOK = OwnedTable(
    "agenda_book",
    (
        "looked_on date",
        "look_on date",
        "stale_at timestamptz",
        "edition text NOT NULL DEFAULT ''",
        "facts bytea",
        "book bytea",
        "choices bytea",
        "CONSTRAINT agenda_book_looked CHECK ((looked_on IS NULL) = (book IS NULL) AND (book IS NULL) = (facts IS NULL))",
    ),
    Grants(citizen="select", system="select, insert, update, delete"),
    owner="id",
)
AGENDA_FEED = ReferenceTable(
    "agenda_feed",
    (
        "token_index bytea NOT NULL",
        "citizen_id uuid NOT NULL",
        "made_at timestamptz NOT NULL",
        "read_at timestamptz",
        "CONSTRAINT agenda_feed_pkey PRIMARY KEY (token_index)",
        "CONSTRAINT agenda_feed_citizen UNIQUE (citizen_id)",
    ),
    Grants(system="select, insert, update, delete"),
)


async def forwards() -> MigrationManager:
    """Make the tables."""
    return migration(
        ID,
        "agenda",
        DESCRIPTION,
        (
            AGENDA_BOOK,
            AGENDA_FEED,
            "CREATE INDEX agenda_book_look_on ON agenda_book (look_on)",
            "CREATE INDEX agenda_book_stale ON agenda_book (stale_at) WHERE stale_at IS NOT NULL",
            "CREATE INDEX agenda_book_edition ON agenda_book (edition)",
        ),
    )
