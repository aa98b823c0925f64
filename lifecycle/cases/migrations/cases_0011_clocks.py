"""The clocks of cases: which one runs, since when, until when, and what is left of one that stands still."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.kernel.schema import migration

ID = "2026-11-29T04:40:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Clocks of cases"

_KINDS = "('acceptance', 'decision', 'correction')"
_UNITS = "('wd', 'd')"


async def forwards() -> MigrationManager:
    """Add the columns; cases that were submitted before have no clock."""
    return migration(
        ID,
        "cases",
        DESCRIPTION,
        (
            (
                "ALTER TABLE matter_case ADD COLUMN clock text, ADD COLUMN clock_since date, ADD COLUMN clock_count int4, "
                "ADD COLUMN clock_unit text, ADD COLUMN due_on date, ADD COLUMN stopped_clock text, ADD COLUMN stopped_left int4, "
                "ADD COLUMN stopped_unit text, ADD COLUMN warned_on date, ADD COLUMN overdue_on date"
            ),
            (
                "ALTER TABLE matter_case ADD CONSTRAINT matter_case_clock_is_whole CHECK "
                f"((clock IS NULL OR clock IN {_KINDS}) AND (clock_unit IS NULL OR clock_unit IN {_UNITS}) "
                "AND (clock IS NULL) = (clock_since IS NULL) AND (clock IS NULL) = (clock_count IS NULL) "
                "AND (clock IS NULL) = (clock_unit IS NULL) AND (clock IS NOT NULL OR due_on IS NULL))"
            ),
            (
                "ALTER TABLE matter_case ADD CONSTRAINT matter_case_stopped_clock_is_whole CHECK "
                f"((stopped_clock IS NULL OR stopped_clock IN {_KINDS}) AND (stopped_unit IS NULL OR stopped_unit IN {_UNITS}) "
                "AND (stopped_clock IS NULL) = (stopped_left IS NULL) AND (stopped_clock IS NULL) = (stopped_unit IS NULL))"
            ),
            "CREATE INDEX matter_case_due ON matter_case (due_on, id) WHERE clock IS NOT NULL",
            "CREATE INDEX matter_case_untouched ON matter_case (changed_at, id) WHERE state = 'draft'",
            "ALTER TABLE desk_entry ADD COLUMN clock text, ADD COLUMN due_on date",
            "CREATE INDEX desk_entry_due ON desk_entry (department, due_on) WHERE due_on IS NOT NULL",
        ),
    )
