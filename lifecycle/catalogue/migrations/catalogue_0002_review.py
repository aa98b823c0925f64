"""Who proposed a version and who decided about it, so that a change of a matter's text takes two people."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.kernel.schema import migration

ID = "2026-11-29T04:10:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Review of matters"


async def forwards() -> MigrationManager:
    """Add the columns; what there is until now came from the files."""
    return migration(
        ID,
        "catalogue",
        DESCRIPTION,
        (
            (
                "ALTER TABLE matter_version ADD COLUMN proposed_by text, ADD COLUMN note text, ADD COLUMN decided_by text, "
                "ADD COLUMN decided_at timestamptz, ADD COLUMN reason text"
            ),
            "UPDATE matter_version SET proposed_by = 'system:catalogue'",
            "ALTER TABLE matter_version ALTER COLUMN proposed_by SET NOT NULL",
            "ALTER TABLE matter_version DROP CONSTRAINT matter_version_state_known",
            (
                "ALTER TABLE matter_version ADD CONSTRAINT matter_version_state_known "
                "CHECK (state IN ('draft', 'published', 'rejected', 'withdrawn'))"
            ),
            (
                "ALTER TABLE matter_version ADD CONSTRAINT matter_version_decision_is_whole "
                "CHECK ((decided_by IS NULL) = (decided_at IS NULL) AND (state <> 'draft' OR decided_by IS NULL))"
            ),
            "CREATE INDEX matter_version_drafts ON matter_version (code, version) WHERE state = 'draft'",
        ),
    )
