"""What this room tells; `subject_id` is the sale."""

from typing import ClassVar

from app.kernel.events import Event


class OfflineSaleOwed(Event, frozen=True, kw_only=True):
    """A card lacks the money for what it bought without a line; the subject is the sale."""

    kind: ClassVar[str] = "offline.sale_owed"
