"""Tables of the keys."""

from piccolo.columns import UUID, Bytea, Integer, Timestamptz
from piccolo.table import Table


class PersonKey(Table, tablename="person_key"):
    """A person's data key, sealed under the master key; the id is the person's.

    A destroyed key stays as a row without a key, so that none is made again.
    """

    id = UUID(primary_key=True, default=None, help_text="The resident's id.")
    shard = Integer(default=None)
    wrapped_key = Bytea(default=None, null=True)
    version = Integer(default=None)
    made_at = Timestamptz(default=None)
    destroyed_at = Timestamptz(default=None, null=True)
