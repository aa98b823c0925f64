"""Certificates for paying without a line, the sales made by them, and what terminals brought in."""

from typing import Final

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.kernel.schema import Grants, OwnedTable, ReferenceTable, migration

ID = "2026-11-30T10:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Certificates for paying without a line, the sales made by them, and what terminals brought in"

CERTIFICATE: Final = OwnedTable(
    "offline_certificate",
    (
        "citizen_id uuid NOT NULL",
        "card_id uuid NOT NULL",
        "device_id uuid NOT NULL",
        "account text NOT NULL",
        "not_before timestamptz NOT NULL",
        "not_after timestamptz NOT NULL",
        "payment_max_fen int8 NOT NULL",
        "sum_max_fen int8 NOT NULL",
        "content bytea NOT NULL",
        "CONSTRAINT offline_certificate_account UNIQUE (shard, account)",
        "CONSTRAINT offline_certificate_lasts CHECK (not_after > not_before)",
    ),
    Grants(citizen="select", system="select, insert, delete"),
)

SALE: Final = OwnedTable(
    "offline_sale",
    (
        "citizen_id uuid NOT NULL",
        "principal text NOT NULL",
        "merchant_code text NOT NULL",
        "batch_number int8 NOT NULL",
        "counter int8 NOT NULL",
        "sold_at timestamptz NOT NULL",
        "received_at timestamptz NOT NULL",
        "amount_fen int8 NOT NULL",
        "code_id uuid NOT NULL",
        "digest bytea NOT NULL",
        "state text NOT NULL",
        "reason text",
        "transfer_id uuid",
        "CONSTRAINT offline_sale_once UNIQUE (shard, principal, counter)",
        "CONSTRAINT offline_sale_amount_is_positive CHECK (amount_fen > 0)",
        "CONSTRAINT offline_sale_state_known CHECK (state IN ('posted', 'owed', 'borne', 'refused'))",
        "CONSTRAINT offline_sale_posted_by_transfer CHECK ((state = 'posted') = (transfer_id IS NOT NULL))",
        "CONSTRAINT offline_sale_says_why CHECK (state = 'posted' OR reason IS NOT NULL)",
    ),
    Grants(citizen="select", system="select, insert, update (state, reason, transfer_id)"),
)

BATCH: Final = ReferenceTable(
    "offline_batch",
    (
        "principal text NOT NULL",
        "batch_number int8 NOT NULL",
        "digest text NOT NULL",
        "previous_digest text NOT NULL",
        "merchant_code text NOT NULL",
        "first_counter int8 NOT NULL",
        "last_counter int8 NOT NULL",
        "count int4 NOT NULL",
        "total_fen int8 NOT NULL",
        "ended_at timestamptz NOT NULL",
        "received_at timestamptz NOT NULL",
        "state text NOT NULL",
        "content bytea NOT NULL",
        "CONSTRAINT offline_batch_pkey PRIMARY KEY (principal, batch_number, digest)",
        "CONSTRAINT offline_batch_state_known CHECK (state IN ('received', 'judged', 'edited', 'cloned'))",
        "CONSTRAINT offline_batch_counters CHECK (last_counter >= first_counter AND count > 0)",
    ),
    Grants(system="select, insert, update (state)"),
)

COUNTER: Final = ReferenceTable(
    "offline_counter",
    (
        "principal text NOT NULL",
        "counter int8 NOT NULL",
        "batch_number int8 NOT NULL",
        "digest bytea NOT NULL",
        "state text",
        "reason text",
        "transfer_id uuid",
        "CONSTRAINT offline_counter_pkey PRIMARY KEY (principal, counter)",
    ),
    Grants(system="select, insert, update (state, reason, transfer_id)"),
)

FINDING: Final = ReferenceTable(
    "offline_finding",
    (
        "id uuid NOT NULL",
        "principal text NOT NULL",
        "merchant_code text NOT NULL",
        "kind text NOT NULL",
        "about text NOT NULL",
        "batch_number int8 NOT NULL",
        "first_counter int8",
        "last_counter int8",
        "amount_fen int8",
        "found_at timestamptz NOT NULL",
        "ended_at timestamptz",
        "CONSTRAINT offline_finding_pkey PRIMARY KEY (id)",
        "CONSTRAINT offline_finding_once UNIQUE (principal, kind, about)",
    ),
    Grants(system="select, insert, update (ended_at)"),
)

DENIED: Final = ReferenceTable(
    "offline_denial",
    (
        "version int8 NOT NULL",
        "account text NOT NULL",
        "change text NOT NULL",
        "at timestamptz NOT NULL",
        "expires_at timestamptz NOT NULL",
        "CONSTRAINT offline_denial_pkey PRIMARY KEY (version)",
        "CONSTRAINT offline_denial_change_known CHECK (change IN ('add', 'remove'))",
    ),
    Grants(system="select, insert, delete"),
)

HEAD: Final = ReferenceTable(
    "offline_denial_head",
    (
        "id int4 NOT NULL",
        "version int8 NOT NULL",
        "CONSTRAINT offline_denial_head_pkey PRIMARY KEY (id)",
        "CONSTRAINT offline_denial_head_one CHECK (id = 1)",
    ),
    Grants(system="select, update (version)"),
)

SERVED: Final = ReferenceTable(
    "offline_denial_served",
    (
        "principal text NOT NULL",
        "version int8 NOT NULL",
        "at timestamptz NOT NULL",
        "CONSTRAINT offline_denial_served_pkey PRIMARY KEY (principal, version)",
    ),
    Grants(system="select, insert, delete"),
)

ISSUER: Final = ReferenceTable(
    "offline_issuer_key",
    (
        "kid text NOT NULL",
        "public_key text NOT NULL",
        "not_after timestamptz NOT NULL",
        "CONSTRAINT offline_issuer_key_pkey PRIMARY KEY (kid)",
    ),
    Grants(system="select, insert, update (not_after)"),
)


async def forwards() -> MigrationManager:
    """Make the tables."""
    return migration(
        ID,
        "offline",
        DESCRIPTION,
        (
            *(CERTIFICATE, SALE, BATCH, COUNTER, FINDING, DENIED, HEAD, SERVED, ISSUER),
            "INSERT INTO offline_denial_head (id, version) VALUES (1, 0)",
            "CREATE INDEX offline_certificate_of_card ON offline_certificate (shard, card_id, not_after)",
            "CREATE INDEX offline_sale_owed ON offline_sale (shard, citizen_id, id) WHERE state = 'owed'",
            "CREATE INDEX offline_sale_of_citizen ON offline_sale (shard, citizen_id, id)",
            "CREATE INDEX offline_sale_received ON offline_sale (received_at)",
            "CREATE INDEX offline_batch_previous ON offline_batch (principal, previous_digest)",
            "CREATE INDEX offline_batch_received ON offline_batch (received_at) WHERE state = 'received'",
            "CREATE INDEX offline_denial_account ON offline_denial (account, version)",
        ),
    )
