"""Agendas as they were last looked at, and where calendars read them."""

from piccolo.columns import UUID, Bytea, Date, Integer, Text, Timestamptz
from piccolo.table import Table


class AgendaBookRow(Table, tablename="agenda_book"):
    """A person's agenda; the id is the person's. Facts, items and choices are sealed under their key.

    `look_on` is the next day on which it may change although nothing new is known; `stale_at` says since when something new is.
    """

    id = UUID(primary_key=True, default=None)
    shard = Integer(default=None)
    looked_on = Date(default=None, null=True)
    look_on = Date(default=None, null=True)
    stale_at = Timestamptz(default=None, null=True)
    edition = Text(default=None, help_text="By which rules and parameters it was worked out.")
    facts = Bytea(default=None, null=True)
    book = Bytea(default=None, null=True)
    choices = Bytea(default=None, null=True, help_text="What the person chose to put off, hide, or add.")


class AgendaFeedRow(Table, tablename="agenda_feed"):
    """A private address under which a calendar reads an agenda; only a keyed hash of it is kept."""

    token_index = Bytea(primary_key=True, default=None)
    citizen_id = UUID(default=None)
    made_at = Timestamptz(default=None)
    read_at = Timestamptz(default=None, null=True)
