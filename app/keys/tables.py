"""Tables of the keys."""

from piccolo.columns import UUID, BigInt, Bytea, Date, Integer, Text, Timestamptz
from piccolo.table import Table


class PersonKey(Table, tablename="person_key"):
    """A person's data keys, sealed under the master key; the id is the person's.

    A destroyed key stays as a row without a key, so that none is made again. The retention's key outlives it.
    """

    id = UUID(primary_key=True, default=None, help_text="The resident's id.")
    shard = Integer(default=None)
    wrapped_key = Bytea(default=None, null=True)
    retained_key = Bytea(default=None, null=True, help_text="Opens what a law retains.")
    version = Integer(default=None)
    made_at = Timestamptz(default=None)
    destroyed_at = Timestamptz(default=None, null=True)
    retained_until = Date(default=None, null=True, help_text="The last day of the retention's key, once erased.")


class KeyRotation(Table, tablename="key_rotation"):
    """How far one sealed column came under a version of the master key: the last row that was looked at."""

    version = Integer(primary_key=True, default=None)
    place = Text(default=None, help_text="Table and column.")
    last_shard = Integer(default=None, help_text="-1 before the first row; 0 in tables without shards.")
    last_id = UUID(default=None)
    resealed = BigInt(default=None)
    finished_at = Timestamptz(default=None, null=True)
