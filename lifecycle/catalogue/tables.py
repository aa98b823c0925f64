"""The catalogue's table."""

from piccolo.columns import JSONB, Integer, Text, Timestamptz
from piccolo.table import Table


class MatterVersion(Table, tablename="matter_version"):
    """One version of a matter's text, published or still a draft.

    A reference table: the files are version 1 of each matter; from then on the database holds what is published, and a
    changed file becomes a draft that a department reviews. The migration adds the key (code, version).
    """

    code = Text(
        primary_key=True, default=None, help_text="With version, the key; Piccolo knows keys of one column only."
    )
    version = Integer(default=None)
    stage = Text(default=None)
    state = Text(default=None, help_text="draft, published, rejected or withdrawn")
    content = JSONB(default=None)
    search = JSONB(default=None, help_text="What is searched: names, terms, pinyin, initials.")
    sha256 = Text(default=None, help_text="Of the canonical content; tells whether a file changed.")
    at = Timestamptz(default=None)
    proposed_by = Text(default=None, help_text="A principal; the files' is system:catalogue.")
    note = Text(default=None, null=True, help_text="Why it was proposed.")
    decided_by = Text(default=None, null=True)
    decided_at = Timestamptz(default=None, null=True)
    reason = Text(default=None, null=True, help_text="Why it was rejected.")
