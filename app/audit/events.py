"""What the log tells."""

from typing import ClassVar

from app.kernel.events import Event


class DataLookedAt(Event, frozen=True, kw_only=True):
    """Somebody of an office looked at a citizen's data; `subject_id` is the act."""

    kind: ClassVar[str] = "data_looked_at"


class AccessAnswered(Event, frozen=True, kw_only=True):
    """An office answered why it looked; `citizen_id` is who asked, `subject_id` the question."""

    kind: ClassVar[str] = "access_answered"


class AccessOverdue(Event, frozen=True, kw_only=True):
    """Nobody answered in time why they looked; `citizen_id` is who asked, `subject_id` the question."""

    kind: ClassVar[str] = "access_overdue"
