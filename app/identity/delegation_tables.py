"""Tables of delegations."""

from piccolo.columns import UUID, Array, Bytea, Date, Integer, Text, Timestamptz
from piccolo.table import Table


class DelegationRow(Table, tablename="delegation"):
    """A power that `citizen_id` offered or gave. Nobody is `delegate_id` while the name and number offered to are unknown."""

    id = UUID(primary_key=True, default=None)
    shard = Integer(default=None)
    citizen_id = UUID(default=None)
    delegate_id = UUID(default=None, null=True)
    state = Text(default=None)
    scopes = Array(base_column=Text(), default=None)
    matters = Array(base_column=Text(), default=None, null=True)
    valid_from = Date(default=None)
    valid_to = Date(default=None, help_text="The last day on which it holds.")
    told = Bytea(default=None, help_text="The name offered to, and the note; sealed under the giver's key.")
    offered_at = Timestamptz(default=None)
    answer_by = Timestamptz(default=None)
    answered_at = Timestamptz(default=None, null=True)
    ended_at = Timestamptz(default=None, null=True)
    ended_by = Text(default=None, null=True)


class DelegationReceivedRow(Table, tablename="delegation_received"):
    """Says to a delegate, in their own shard, which delegation was offered to them; all else stands with its giver."""

    id = UUID(primary_key=True, default=None)
    shard = Integer(default=None)
    citizen_id = UUID(default=None)
    delegation_id = UUID(default=None)
