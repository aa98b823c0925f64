"""Travel documents beside the identity card."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.kernel.schema import migration

ID = "2026-11-29T02:10:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Travel documents beside the identity card"

DOCUMENT = (
    "ALTER TABLE resident ADD COLUMN document_type text, ADD COLUMN document_number bytea, "
    "ADD CONSTRAINT resident_document CHECK ((document_type IS NULL) = (document_number IS NULL)), "
    "ADD CONSTRAINT resident_document_type CHECK (document_type IN ('hm_permit', 'tw_permit', 'passport', 'foreign_pr')), "
    "DROP CONSTRAINT resident_proved_has_number, ADD CONSTRAINT resident_proved_has_number CHECK "
    "(real_name_at IS NULL OR (name IS NOT NULL AND (id_number IS NOT NULL OR document_number IS NOT NULL)))"
)
KINDS = (
    "ALTER TABLE identifier DROP CONSTRAINT identifier_kind, ADD CONSTRAINT identifier_kind CHECK (kind IN "
    "('id_number', 'phone', 'birth_certificate', 'hm_permit', 'tw_permit', 'passport', 'foreign_pr'))"
)


async def forwards() -> MigrationManager:
    """Add the columns, and the kinds by which such numbers are looked up."""
    return migration(ID, "residents", DESCRIPTION, (DOCUMENT, KINDS))
