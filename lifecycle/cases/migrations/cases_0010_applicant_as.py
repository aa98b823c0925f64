"""In which capacity an applicant applies."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.kernel.schema import migration

ID = "2026-11-29T01:30:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "In which capacity an applicant applies"

CHECK = (
    "ALTER TABLE matter_case ALTER COLUMN applicant_as SET NOT NULL, ADD CONSTRAINT matter_case_applicant_as "
    "CHECK (applicant_as IN ('self', 'guardian', 'power') AND (applicant_as = 'self') = (applicant_id = citizen_id))"
)


async def forwards() -> MigrationManager:
    """Add the column; until now only guardians applied for others."""
    return migration(
        ID,
        "cases",
        DESCRIPTION,
        (
            "ALTER TABLE matter_case ADD COLUMN applicant_as text",
            "UPDATE matter_case SET applicant_as = CASE WHEN applicant_id = citizen_id THEN 'self' ELSE 'guardian' END",
            CHECK,
        ),
    )
