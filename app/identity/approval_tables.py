"""The table of approvals."""

from piccolo.columns import UUID, Bytea, Integer, Text, Timestamptz
from piccolo.table import Table


class ApprovalRow(Table, tablename="approval"):
    """Something that one session of a citizen asks an enrolled device of theirs to approve; it counts once, for some minutes.

    `digest` is of what exactly is approved: a form that changed needs another approval.
    """

    id = UUID(primary_key=True, default=None)
    shard = Integer(default=None)
    citizen_id = UUID(default=None)
    kind = Text(default=None, help_text="case or sign_in.")
    subject_id = UUID(default=None)
    digest = Bytea(default=None)
    session_id = UUID(default=None, help_text="The session that asks, and may use the approval.")
    asked_at = Timestamptz(default=None)
    expires_at = Timestamptz(default=None)
    state = Text(default=None, help_text="asked, approved, refused or used.")
    device_id = UUID(default=None, null=True, help_text="The device that decided.")
