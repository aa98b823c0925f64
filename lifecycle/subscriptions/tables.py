"""What people switched on."""

from piccolo.columns import UUID, Array, Boolean, Integer, Text, Timestamptz
from piccolo.table import Table


class SubscriptionRow(Table, tablename="subscription"):
    """A push matter that was switched on for a person. One that ended stays as evidence, without what was chosen of it.

    `citizen_id` is whose data are used; `reader_id` is who is told: that person, or a guardian of a child below 14.
    """

    id = UUID(primary_key=True, default=None)
    shard = Integer(default=None)
    citizen_id = UUID(default=None)
    reader_id = UUID(default=None)
    matter = Text(default=None)
    matter_version = Integer(default=None, help_text="The version of the matter's text that was read.")
    terms = Text(default=None, help_text="The digest of what was agreed to: other terms are agreed to anew.")
    advertising = Boolean(default=None, help_text="Whether advertising was agreed to.")
    sensitive = Boolean(default=None, help_text="Whether the use of sensitive data was agreed to.")
    topics = Array(base_column=Text(), default=None)
    reminded = Array(base_column=Text(), default=None, help_text="Digests of what was told of it already.")
    agreed_at = Timestamptz(default=None)
    level = Integer(default=None, help_text="At which level of assurance.")
    client_id = Text(default=None, help_text="By which client.")
    changed_at = Timestamptz(default=None)
    ended_at = Timestamptz(default=None, null=True)
    ended_by = Text(default=None, null=True)
