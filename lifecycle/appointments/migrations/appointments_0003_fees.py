"""What booking costs, who paid it, until when it is given back; and several things that can be booked at one time."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.kernel.schema import migration

ID = "2026-11-29T18:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Fees of appointments"
OPEN = "('booked', 'waiting', 'awaiting_payment')"

VENUE = (
    "ALTER TABLE venue ADD COLUMN hours bytea",
    "UPDATE venue SET hours = convert_to((convert_from(content, 'UTF8')::jsonb -> 'hours')::text, 'UTF8')",
    "ALTER TABLE venue ALTER COLUMN hours SET NOT NULL",
)
SLOT = (
    "ALTER TABLE slot ADD COLUMN offer text NOT NULL DEFAULT ''",
    "ALTER TABLE slot ADD COLUMN specialty text",
    "ALTER TABLE slot ADD COLUMN doctor text",
    "ALTER TABLE slot ADD COLUMN title text",
    "ALTER TABLE slot ADD COLUMN fee_fen int8 NOT NULL DEFAULT 0",
    "ALTER TABLE slot ADD CONSTRAINT slot_fee CHECK (fee_fen >= 0)",
    "ALTER TABLE slot ADD COLUMN refund_hours int4",
    "ALTER TABLE slot ADD COLUMN one_per text NOT NULL DEFAULT 'matter'",
    "ALTER TABLE slot ADD COLUMN withdrawn_at timestamptz",
    "ALTER TABLE slot DROP CONSTRAINT slot_once",
    "ALTER TABLE slot ADD CONSTRAINT slot_once UNIQUE (matter_code, venue_code, offer, starts_at)",
    "CREATE INDEX slot_withdrawn ON slot (id) WHERE withdrawn_at IS NOT NULL AND taken + waiting > 0",
)
APPOINTMENT = (
    "ALTER TABLE appointment ADD COLUMN one_of text NOT NULL DEFAULT ''",
    "ALTER TABLE appointment ADD COLUMN fee_fen int8 NOT NULL DEFAULT 0",
    "ALTER TABLE appointment ADD COLUMN refund_until timestamptz",
    "ALTER TABLE appointment ADD COLUMN pay_until timestamptz",
    "ALTER TABLE appointment ADD COLUMN paid_by uuid",
    "ALTER TABLE appointment ADD COLUMN charge_id uuid",
    "ALTER TABLE appointment ADD COLUMN return_id uuid",
    "ALTER TABLE appointment ADD COLUMN returned_fen int8 NOT NULL DEFAULT 0",
    "ALTER TABLE appointment DROP CONSTRAINT appointment_state",
    (
        "ALTER TABLE appointment ADD CONSTRAINT appointment_state CHECK (state IN ('booked', 'waiting', 'awaiting_payment', "
        "'cancelled', 'called_off', 'attended', 'missed', 'lapsed'))"
    ),
    "ALTER TABLE appointment ADD CONSTRAINT appointment_fee CHECK (fee_fen >= 0 AND returned_fen BETWEEN 0 AND fee_fen)",
    "ALTER TABLE appointment ADD CONSTRAINT appointment_paid_by_somebody CHECK ((charge_id IS NULL) = (paid_by IS NULL))",
    (
        "ALTER TABLE appointment ADD CONSTRAINT appointment_returned CHECK ((return_id IS NULL) = (returned_fen = 0) "
        "AND (return_id IS NULL OR charge_id IS NOT NULL))"
    ),
    "ALTER TABLE appointment ADD CONSTRAINT appointment_held_until CHECK (state <> 'awaiting_payment' OR pay_until IS NOT NULL)",
    (
        "ALTER TABLE appointment ADD CONSTRAINT appointment_paid_for CHECK (fee_fen = 0 OR charge_id IS NOT NULL "
        "OR state NOT IN ('booked', 'attended', 'missed'))"
    ),
    "DROP INDEX appointment_one_open",
    f"CREATE UNIQUE INDEX appointment_one_open ON appointment (shard, citizen_id, matter_code, one_of) WHERE state IN {OPEN}",
    "DROP INDEX appointment_to_come",
    f"CREATE INDEX appointment_to_come ON appointment (starts_at) WHERE state IN {OPEN}",
    "CREATE INDEX appointment_to_pay ON appointment (pay_until) WHERE state = 'awaiting_payment'",
    "CREATE INDEX appointment_paid_by ON appointment (paid_by) WHERE state = 'booked'",
)


async def forwards() -> MigrationManager:
    """Add the columns, and what the database itself holds them to."""
    return migration(ID, "appointments", DESCRIPTION, (*VENUE, *SLOT, *APPOINTMENT))
