"""Custody, and how far birthdays were looked through."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.kernel.schema import Grants, ReferenceTable, migration

ID = "2026-11-29T01:10:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Custody, and how far birthdays were looked through"

BIRTHDAY_ROUND = ReferenceTable(
    "birthday_round",
    (
        "age int4 NOT NULL",
        "through date NOT NULL",
        "CONSTRAINT birthday_round_pkey PRIMARY KEY (age)",
    ),
    Grants(system="select, insert, update"),
)

CUSTODY = (
    "ALTER TABLE kinship ADD COLUMN custody boolean, ADD CONSTRAINT kinship_custody_is_a_guardians "
    "CHECK (custody IS NULL OR relation IN ('guardian_of', 'ward_of'))"
)


async def forwards() -> MigrationManager:
    """Add the column, the index that finds birthdays, and the table of rounds."""
    return migration(
        ID,
        "residents",
        DESCRIPTION,
        (
            CUSTODY,
            "CREATE INDEX resident_birth_date ON resident (birth_date)",
            BIRTHDAY_ROUND,
        ),
    )
