"""Venues, slots, appointments, and who waits for a slot."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.kernel.schema import Grants, OwnedTable, ReferenceTable, migration

ID = "2026-11-29T07:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Appointments"

VENUE = ReferenceTable(
    "venue",
    (
        "code text NOT NULL",
        "matter_code text NOT NULL",
        "department text NOT NULL",
        "division text NOT NULL",
        "content bytea NOT NULL",
        "as_of timestamptz NOT NULL",
        "offered boolean NOT NULL",
        "CONSTRAINT venue_pkey PRIMARY KEY (matter_code, code)",
    ),
    Grants(citizen="select", officer="select", system="select, insert, update"),
)

SLOT = ReferenceTable(
    "slot",
    (
        "id uuid NOT NULL",
        "matter_code text NOT NULL",
        "venue_code text NOT NULL",
        "department text NOT NULL",
        "division text NOT NULL",
        "starts_at timestamptz NOT NULL",
        "ends_at timestamptz NOT NULL",
        "places int4 NOT NULL",
        "taken int4 NOT NULL DEFAULT 0",
        "waiting int4 NOT NULL DEFAULT 0",
        "CONSTRAINT slot_pkey PRIMARY KEY (id)",
        "CONSTRAINT slot_once UNIQUE (matter_code, venue_code, starts_at)",
        "CONSTRAINT slot_never_over_capacity CHECK (taken BETWEEN 0 AND places)",
        "CONSTRAINT slot_waiting CHECK (waiting >= 0)",
        "CONSTRAINT slot_ends CHECK (ends_at > starts_at)",
    ),
    Grants(citizen="select", officer="select", system="select, insert, update, delete"),
)

APPOINTMENT = OwnedTable(
    "appointment",
    (
        "citizen_id uuid NOT NULL",
        "booked_by uuid NOT NULL",
        "slot_id uuid NOT NULL",
        "matter_code text NOT NULL",
        "department text NOT NULL",
        "starts_at timestamptz NOT NULL",
        "ends_at timestamptz NOT NULL",
        "code text NOT NULL",
        "state text NOT NULL",
        "made_at timestamptz NOT NULL",
        "changed_at timestamptz NOT NULL",
        "reminded_at timestamptz",
        "CONSTRAINT appointment_code UNIQUE (shard, code)",
        "CONSTRAINT appointment_state CHECK (state IN ('booked', 'waiting', 'cancelled', 'attended', 'missed', 'lapsed'))",
    ),
    Grants(
        citizen="select, insert, update (state, changed_at)",
        officer="select, update (state, changed_at)",
        system="select, insert, update, delete",
    ),
)

SLOT_WAITING = ReferenceTable(
    "slot_waiting",
    (
        "slot_id uuid NOT NULL",
        "appointment_id uuid NOT NULL",
        "at timestamptz NOT NULL",
        "CONSTRAINT slot_waiting_pkey PRIMARY KEY (slot_id, appointment_id)",
    ),
    Grants(system="select, insert, delete"),
)


ONE_OPEN = """
CREATE UNIQUE INDEX appointment_one_open ON appointment (shard, citizen_id, matter_code) WHERE state IN ('booked', 'waiting')
"""


async def forwards() -> MigrationManager:
    """Make the tables."""
    return migration(
        ID,
        "appointments",
        DESCRIPTION,
        (
            VENUE,
            SLOT,
            APPOINTMENT,
            SLOT_WAITING,
            "CREATE INDEX slot_to_book ON slot (matter_code, starts_at, id)",
            ONE_OPEN,
            "CREATE INDEX appointment_to_come ON appointment (starts_at) WHERE state IN ('booked', 'waiting')",
            "CREATE INDEX appointment_of_slot ON appointment (slot_id)",
            "CREATE INDEX appointment_of_citizen ON appointment (shard, citizen_id, id)",
        ),
    )
