"""Tables of what the detector finds in the sealed log."""

from piccolo.columns import UUID, Date, Integer, Text, Timestamptz
from piccolo.table import Table


class AccessFinding(Table, tablename="access_finding"):
    """Something about an officer's look that somebody should ask about. It names the act, and holds no personal data itself."""

    id = UUID(primary_key=True, default=None)
    kind = Text(default=None)
    at = Timestamptz(default=None, help_text="When it happened.")
    day = Date(default=None)
    officer_id = UUID(default=None)
    subject_id = UUID(default=None, help_text="The act, or what else it is about.")


class ReviewMark(Table, tablename="review_mark"):
    """How far the log was reviewed."""

    id = Integer(primary_key=True, default=None)
    reviewed_until = Timestamptz(default=None)
