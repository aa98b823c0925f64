"""What this room tells."""

from typing import ClassVar

from app.kernel.events import Event


class DisputeMoved(Event, frozen=True, kw_only=True):
    """A step was taken with a dispute; the subject is the step, the cause the dispute."""

    kind: ClassVar[str] = "card.dispute_moved"
