"""Residents, their identifiers and their kin."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.kernel.schema import Grants, OwnedTable, ReferenceTable, migration

ID = "2026-11-22T13:20:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Residents, their identifiers and their kin"

RESIDENT = OwnedTable(
    "resident",
    (
        "known_since timestamptz NOT NULL",
        "name text",
        "birth_date date",
        "sex text CONSTRAINT resident_sex CHECK (sex IN ('male', 'female'))",
        "division_code text",
        "died_on date",
        "real_name_at timestamptz",
        "id_number bytea",
        "phone bytea",
        "birth_certificate_no bytea",
        "merged_into uuid",
        "CONSTRAINT resident_proved_has_number CHECK (real_name_at IS NULL OR (id_number IS NOT NULL AND name IS NOT NULL))",
    ),
    Grants(citizen="select", system="select, insert, update"),
    owner="id",
)

IDENTIFIER = ReferenceTable(
    "identifier",
    (
        "kind text NOT NULL CONSTRAINT identifier_kind CHECK (kind IN ('id_number', 'phone', 'birth_certificate'))",
        "blind_index bytea NOT NULL",
        "citizen_id uuid NOT NULL",
        "CONSTRAINT identifier_pkey PRIMARY KEY (kind, blind_index)",
    ),
    Grants(system="select, insert, update, delete"),
)

KINSHIP = OwnedTable(
    "kinship",
    (
        "citizen_id uuid NOT NULL",
        "other_id uuid NOT NULL",
        "relation text NOT NULL",
        "source text NOT NULL",
        "since date NOT NULL",
        "until date",
        "CONSTRAINT kinship_once UNIQUE (shard, citizen_id, other_id, relation)",
        "CONSTRAINT kinship_relation CHECK (relation IN ('guardian_of', 'ward_of', 'parent_of', 'child_of', 'spouse_of'))",
        "CONSTRAINT kinship_of_two CHECK (citizen_id <> other_id)",
    ),
    Grants(citizen="select", system="select, insert, update"),
)

RECEIVED_PUSH = ReferenceTable(
    "received_push",
    (
        "department text NOT NULL",
        "id uuid NOT NULL",
        "kind text NOT NULL",
        "at timestamptz NOT NULL",
        "CONSTRAINT received_push_pkey PRIMARY KEY (department, id)",
    ),
    Grants(system="select, insert"),
)


async def forwards() -> MigrationManager:
    """Make this room's tables."""
    return migration(
        ID,
        "residents",
        DESCRIPTION,
        (
            RESIDENT,
            "CREATE INDEX resident_facets ON resident (division_code text_pattern_ops, birth_date)",
            IDENTIFIER,
            "CREATE INDEX identifier_citizen ON identifier (citizen_id)",
            KINSHIP,
            RECEIVED_PUSH,
        ),
    )
