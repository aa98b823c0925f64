"""A terminal's keys, apart from the terminal: while one is renewed, two hold."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.kernel.schema import Grants, ReferenceTable, migration

ID = "2026-11-29T01:35:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "A terminal's keys, apart from the terminal"

TERMINAL_KEY = ReferenceTable(
    "terminal_key",
    (
        "keyid text NOT NULL",
        "terminal_id uuid NOT NULL",
        "generation int4 NOT NULL",
        "serial text NOT NULL",
        "certificate text NOT NULL",
        "not_after timestamptz NOT NULL",
        "ended_at timestamptz",
        "CONSTRAINT terminal_key_pkey PRIMARY KEY (keyid)",
        "CONSTRAINT terminal_key_generation UNIQUE (terminal_id, generation)",
        "CONSTRAINT terminal_key_terminal FOREIGN KEY (terminal_id) REFERENCES terminal (id) ON DELETE RESTRICT",
    ),
    Grants(system="select, insert, update"),
)


MOVE_KEYS = """
INSERT INTO terminal_key (keyid, terminal_id, generation, serial, certificate, not_after)
SELECT keyid, id, 1, serial, certificate, not_after FROM terminal
"""


async def forwards() -> MigrationManager:
    """Make the table, and move every terminal's key into it."""
    return migration(
        ID,
        "identity",
        DESCRIPTION,
        (
            TERMINAL_KEY,
            MOVE_KEYS,
            "ALTER TABLE terminal DROP COLUMN keyid, DROP COLUMN serial, DROP COLUMN certificate, DROP COLUMN not_after",
        ),
    )
