"""Life events of people, the steps of each, and how far birthdays were looked through for them."""

from piccolo.columns import UUID, Bytea, Date, Text, Timestamptz
from piccolo.columns import Integer as Int
from piccolo.table import Table


class LifeEventRow(Table, tablename="life_event"):
    """Something that happened in somebody's life, and how that came to be known here."""

    id = UUID(primary_key=True, default=None)
    shard = Int(default=None)
    citizen_id = UUID(default=None, help_text="In whose life it happened.")
    event = Text(default=None, help_text="Its code in the catalogue.")
    occurred_on = Date(default=None)
    source = Text(default=None, help_text="`declared`, `told`, `shared_data` or `date`.")
    told_by = Text(default=None, help_text="The department that told it; else empty.")
    state = Text(default=None)
    details = Bytea(default=None, null=True, help_text="What was said of it, sealed: JSON by the names of its details.")
    about_id = UUID(default=None, null=True, help_text="The child who was born, the spouse, whoever died.")
    declared_by = UUID(default=None, null=True, help_text="Who declared or confirmed it: themselves or a guardian.")
    made_at = Timestamptz(default=None)
    changed_at = Timestamptz(default=None)
    expires_on = Date(default=None, null=True, help_text="The first day on which it matters no more.")


class LifeEventStepRow(Table, tablename="life_event_step"):
    """One step of an event; steps are never changed."""

    id = UUID(primary_key=True, default=None)
    shard = Int(default=None)
    citizen_id = UUID(default=None)
    event_id = UUID(default=None)
    at = Timestamptz(default=None)
    step = Text(default=None)
    actor = Text(default=None, help_text="The principal who took it.")
    reason = Bytea(default=None, null=True, help_text="Why it was taken back, sealed.")


class LifeEventRoundRow(Table, tablename="life_event_round"):
    """Through which day people were looked through for an event that a date brings."""

    event = Text(primary_key=True, default=None)
    through = Date(default=None)
