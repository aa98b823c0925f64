"""Terminals are enrolled by one-time codes; each key that was ever certified for one is known, so that no two have the same."""

from hashlib import sha256

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.kernel.database import connection
from app.kernel.schema import Grants, ReferenceTable, migration

ID = "2026-11-30T14:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Terminals are enrolled by one-time codes"

TERMINAL_INVITATION = ReferenceTable(
    "terminal_invitation",
    (
        "id uuid NOT NULL",
        "terminal_id uuid NOT NULL",
        "terminal_code text NOT NULL",
        "merchant_code text NOT NULL",
        "merchant_name text NOT NULL",
        "offline bool NOT NULL",
        "label text NOT NULL",
        "code_hash bytea NOT NULL",
        "invited_by text NOT NULL",
        "invited_at timestamptz NOT NULL",
        "expires_at timestamptz NOT NULL",
        "withdrawn_at timestamptz",
        "used_at timestamptz",
        "key_digest bytea",
        "keyid text",
        "disputed_at timestamptz",
        "CONSTRAINT terminal_invitation_pkey PRIMARY KEY (id)",
        "CONSTRAINT terminal_invitation_label UNIQUE (label)",
        "CONSTRAINT terminal_invitation_used CHECK (num_nonnulls(used_at, key_digest, keyid) IN (0, 3))",
        "CONSTRAINT terminal_invitation_disputed CHECK (disputed_at IS NULL OR used_at IS NOT NULL)",
    ),
    Grants(system="select, insert, update"),
)
TERMINAL_KNOWN_KEY = ReferenceTable(
    "terminal_known_key",
    (
        "digest bytea NOT NULL",
        "terminal_id uuid NOT NULL",
        "CONSTRAINT terminal_known_key_pkey PRIMARY KEY (digest)",
        "CONSTRAINT terminal_known_key_terminal FOREIGN KEY (terminal_id) REFERENCES terminal (id) ON DELETE RESTRICT",
    ),
    Grants(system="select, insert"),
)


async def forwards() -> MigrationManager:
    """Make the tables, and know every key that there is."""
    manager = migration(
        ID,
        "identity",
        DESCRIPTION,
        (
            TERMINAL_INVITATION,
            TERMINAL_KNOWN_KEY,
            "CREATE INDEX terminal_invitation_of ON terminal_invitation (terminal_id, invited_at)",
            "ALTER TABLE terminal ADD COLUMN offline bool NOT NULL DEFAULT false",
        ),
    )
    manager.add_raw(_know_keys)
    return manager


async def _know_keys() -> None:
    for row in await connection().fetch("SELECT terminal_id, certificate FROM terminal_key ORDER BY generation"):
        await connection().execute(
            "INSERT INTO terminal_known_key (digest, terminal_id) VALUES ($1, $2) ON CONFLICT DO NOTHING",
            *(_digest(row["certificate"]), row["terminal_id"]),
        )


def _digest(certificate: str) -> bytes:
    key = x509.load_pem_x509_certificate(certificate.encode()).public_key()
    return sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).digest()
