"""Numbers, the tree, checkpoints and heads of the sealed log; acts that say more of who acted."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.kernel.schema import Grants, OwnedTable, ReferenceTable, migration

ID = "2026-11-29T01:10:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Numbers, tree, checkpoints and heads of the sealed log"

_NOBODY_ELSE = Grants(system="select, insert")

UNNUMBERED_ACT = OwnedTable(
    "unnumbered_act",
    ("citizen_id uuid NOT NULL",),
    Grants(citizen="insert", officer="insert", system="select, insert, delete"),
)

LOG_ENTRY = OwnedTable(
    "log_entry",
    (
        "number int8 NOT NULL",
        "citizen_id uuid NOT NULL",
        "person_number int8 NOT NULL",
        "person_previous bytea NOT NULL",
        "CONSTRAINT log_entry_follows_one UNIQUE (shard, citizen_id, person_number)",
    ),
    Grants(citizen="select", system="select, insert"),
    append_only=True,
)

LOG_HEAD = OwnedTable(
    "log_head",
    (
        "bucket int4 NOT NULL",
        "entries int8 NOT NULL",
        "head bytea NOT NULL",
        "committed_entries int8 NOT NULL",
        "committed_head bytea NOT NULL",
        "CONSTRAINT log_head_never_goes_back CHECK (entries >= committed_entries AND committed_entries >= 0)",
    ),
    Grants(citizen="select"),
    owner="id",
)

LOG_STATE = ReferenceTable(
    "log_state",
    (
        "id int4 NOT NULL",
        "size int8 NOT NULL",
        "edges bytea[] NOT NULL",
        "heads_day date",
        "CONSTRAINT log_state_pkey PRIMARY KEY (id)",
        "CONSTRAINT log_state_is_one CHECK (id = 1)",
    ),
    Grants(system="select, update"),
)

LOG_TILE = ReferenceTable(
    "log_tile",
    (
        "level int4 NOT NULL",
        "position int8 NOT NULL",
        "hashes bytea NOT NULL",
        "CONSTRAINT log_tile_pkey PRIMARY KEY (level, position)",
        "CONSTRAINT log_tile_is_full CHECK (octet_length(hashes) = 8192)",
    ),
    _NOBODY_ELSE,
    append_only=True,
)

LOG_HEADS = ReferenceTable(
    "log_heads",
    (
        "day date NOT NULL",
        "number int8 NOT NULL",
        "root bytea NOT NULL",
        "persons int8 NOT NULL",
        "CONSTRAINT log_heads_pkey PRIMARY KEY (day)",
        "CONSTRAINT log_heads_has_one_number UNIQUE (number)",
    ),
    _NOBODY_ELSE,
    append_only=True,
)

LOG_MAP_NODE = ReferenceTable(
    "log_map_node",
    (
        "level int4 NOT NULL",
        "position int4 NOT NULL",
        "hash bytea NOT NULL",
        "CONSTRAINT log_map_node_pkey PRIMARY KEY (level, position)",
    ),
    Grants(),
)

LOG_CHECKPOINT = ReferenceTable(
    "log_checkpoint",
    (
        "number int8 NOT NULL",
        "at timestamptz NOT NULL",
        "size int8 NOT NULL",
        "root bytea NOT NULL",
        "note text NOT NULL",
        "timestamp bytea NOT NULL",
        "CONSTRAINT log_checkpoint_pkey PRIMARY KEY (number)",
    ),
    _NOBODY_ELSE,
    append_only=True,
)


async def forwards() -> MigrationManager:
    """Make the tables; acts that are there already wait for their numbers like new ones.

    The salt of an act isn't stored any more: it follows from its person's key, so that destroying the key hides it.
    """
    return migration(
        ID,
        "audit",
        DESCRIPTION,
        (
            "ALTER TABLE act ADD COLUMN actor_department text, ADD COLUMN on_behalf_of uuid, DROP COLUMN salt",
            UNNUMBERED_ACT,
            "INSERT INTO unnumbered_act (id, shard, citizen_id) SELECT id, shard, citizen_id FROM act",
            LOG_ENTRY,
            "CREATE INDEX log_entry_number ON log_entry (number)",
            LOG_HEAD,
            "CREATE INDEX log_head_moved ON log_head (bucket) WHERE committed_entries <> entries",
            "CREATE INDEX log_head_bucket ON log_head (bucket) WHERE committed_entries > 0",
            LOG_STATE,
            "INSERT INTO log_state (id, size, edges) VALUES (1, 0, '{}')",
            LOG_TILE,
            "ALTER TABLE log_tile ALTER COLUMN hashes SET STORAGE EXTERNAL",
            LOG_HEADS,
            LOG_MAP_NODE,
            LOG_CHECKPOINT,
        ),
    )
